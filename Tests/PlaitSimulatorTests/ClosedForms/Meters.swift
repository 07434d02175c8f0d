import PlaitCore

/// Waits at one direction, from joining the queue to the start of serialisation, in milliseconds and in order.
final class WaitMeter: TraceObserver {
    private let place: Int32
    private let warmUp: Instant
    private var offered: [UInt64: Instant] = [:]
    private(set) var waits: [Double] = []
    private(set) var starts: [Instant] = []

    init(at place: Int = 0, after warmUp: Interval = .zero) {
        self.place = Int32(place)
        self.warmUp = .start + warmUp
    }

    func observe(_ events: Span<TraceEvent>) {
        for index in events.indices {
            let event = events[index]
            guard event.place == place else { continue }
            switch event.kind {
            case .offered: offered[event.packet] = event.time
            case .started:
                guard let since = offered.removeValue(forKey: event.packet), event.time >= warmUp else { continue }
                waits.append(Double((event.time - since).nanoseconds) / 1e6)
                starts.append(event.time)
            default: continue
            }
        }
    }

    func finish(at end: Instant) {}

    /// The least wait of each `window`: what stands in the queue even when it is shortest.
    func standing(every window: Interval) -> [Double] {
        var least: [Int64: Double] = [:]
        for (start, wait) in zip(starts, waits) {
            let key = start.nanoseconds / window.nanoseconds
            least[key] = min(least[key] ?? wait, wait)
        }
        return least.sorted { $0.key < $1.key }.map(\.value)
    }
}

/// Delays over one direction, from the last bit's departure to arrival, in milliseconds and in order of arrival.
final class DelayMeter: TraceObserver {
    private var departed: [UInt64: Instant] = [:]
    private(set) var delays: [Double] = []
    private(set) var overtakings = 0
    private var last: UInt64 = 0

    func observe(_ events: Span<TraceEvent>) {
        for index in events.indices {
            let event = events[index]
            guard event.place == 0 else { continue }
            if event.kind == .departed { departed[event.packet] = event.time }
            guard event.kind == .arrived, let since = departed.removeValue(forKey: event.packet) else { continue }
            delays.append(Double((event.time - since).nanoseconds) / 1e6)
            if event.packet < last { overtakings += 1 }
            last = max(last, event.packet)
        }
    }

    func finish(at end: Instant) {}
}
