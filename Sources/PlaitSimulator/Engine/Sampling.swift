package import PlaitCore

/// Someone who looks at the whole simulation at regular instants, for time series.
package protocol SimulationSampler: AnyObject {
    /// Called before anything else that is due at this instant, so that an interval is half open: [previous, now).
    func sample(_ simulator: borrowing Simulator)
}

/// Who samples and how often.
struct Sampling {
    var observer: (any SimulationSampler)?
    var interval = Interval.milliseconds(100)

    func next(after now: Instant) -> Instant? {
        guard interval > .zero else { return nil }
        return Instant(nanoseconds: (now.nanoseconds / interval.nanoseconds + 1) * interval.nanoseconds)
    }
}

extension Simulator {
    /// Calls `observer` every `interval` from now on.
    package mutating func sample(every interval: Interval, with observer: any SimulationSampler) {
        precondition(interval > .zero, "sampling all the time")
        sampling = Sampling(observer: observer, interval: interval)
    }
}
