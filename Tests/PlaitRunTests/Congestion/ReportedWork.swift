import PlaitCore
import PlaitReport
import PlaitRun
import Testing

/// What the tests of congestion control read from a run.
extension RunOutcome {
    /// What left a direction between two times, in bits per second. `place` is the direction's among the labels.
    func rate(ofDirection place: Int, from: Interval, to: Interval) -> Double {
        var bytes: UInt64 = 0
        for (interval, end) in series.ends.enumerated()
        where end > from.nanoseconds && end <= to.nanoseconds {
            bytes += series.directions[place][interval].departedBytes
        }
        return Double(bytes) * 8 / (to - from).inSeconds
    }

    /// The samples of one end's path, between two times.
    func samples(host: Int, connection: Int = 0, from: Interval, to: Interval) throws -> [PathSample] {
        let work = try #require(summary.work)
        return work.paths.filter {
            $0.host == host && $0.connection == connection && $0.time > .start + from && $0.time <= .start + to
        }
    }

    /// From the client's wish to the last byte of its only exchange.
    func completion() throws -> Interval {
        let work = try #require(summary.work)
        #expect(workFailures == [])
        return try #require(work.exchanges.first?.duration)
    }
}

extension Interval {
    var inSeconds: Double { Double(nanoseconds) / 1e9 }
}
