import Glibc
package import PlaitStatistics

/// What one row says of the scheduler that is judged.
///
/// Two contenders are compared seed by seed, as both met the same fates: with T the time of a fetch, the mean over the
/// seeds of ln(T_other / T_own) and its 95 % interval (Student's t). exp of that, less one, is how much faster the one
/// is than the other; so it does not matter which of the two is divided by, and a seed with a long fetch counts like
/// any other.
package struct PairVerdict: Sendable {
    package let row: PairRow
    package let times: PairTimes
    /// How much faster than the better path alone each scheduler is, in their order.
    package let againstSingle: [ConfidenceInterval]
    /// The fastest of the other schedulers, and how much faster than it the judged one is; nil without another one.
    package let best: (name: String, interval: ConfidenceInterval)?

    /// Nil with less than two seeds: one fetch has no interval.
    package init?(_ row: PairRow, _ times: PairTimes) {
        var against: [ConfidenceInterval] = []
        for scheduler in times.schedulers {
            guard let interval = Self.advantage(of: scheduler.times, over: times.singleTimes) else { return nil }
            against.append(interval)
        }
        guard let own = times.schedulers.first else { return nil }
        let others = times.schedulers.dropFirst()
        let best = others.min { PairTimes.meanLog($0.times) < PairTimes.meanLog($1.times) }
        self.best = best.flatMap { best in
            Self.advantage(of: own.times, over: best.times).map { (best.name, $0) }
        }
        self.row = row
        self.times = times
        againstSingle = against
    }

    /// Of ln(T_other / T_own), seed by seed.
    package static func advantage(of own: [PairTime], over other: [PairTime]) -> ConfidenceInterval? {
        ConfidenceInterval.ofMean(
            zip(own, other).map { own, other in log(Double(other.nanoseconds) / Double(own.nanoseconds)) },
            level: 0.95
        )
    }

    /// The lower bound of the judged scheduler's advantage over the better path alone is no more than 5 % below it.
    package var keepsUp: Bool { againstSingle[0].lower >= log(0.95) }
    package var isWorse: Bool { best.map { $0.interval.upper < 0 } ?? false }
    package var isBetter: Bool { best.map { $0.interval.lower > 0 } ?? false }

    /// Fetches that were not over in time, of all contenders.
    package var unfinished: Int {
        ([times.singleTimes] + times.schedulers.map(\.times)).joined().count { !$0.isComplete }
    }
}
