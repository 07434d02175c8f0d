import PlaitCore
import PlaitCrypto
import PlaitReport
import PlaitRun
import PlaitTransport
import TestSupport
import Testing

@Suite("CUBIC's window between two losses", .enabled(if: isOptimized))
struct CurveTests {
    /// Every change of the window at one end.
    private final class Windows: ConnectionObserver {
        private(set) var rows: [(time: Instant, window: Int)] = []

        func recoveryChanged(_ path: PathStatistics, of connection: ConnectionHandle, now: Instant) {
            if rows.last?.window != path.congestionWindow { rows.append((now, path.congestionWindow)) }
        }
        func packetLost(path: PathID, number: UInt64, of connection: ConnectionHandle, now: Instant) {}
        func packetSent(_ packet: ObservedPacket, payload: RawSpan, now: Instant) {}
        func packetReceived(_ packet: ObservedPacket, payload: RawSpan, now: Instant) {}
        func lifeChanged(of connection: ConnectionHandle, to life: ConnectionLife, now: Instant) {}
        func secretInstalled(receiver: ConnectionID, generation: UInt64, suite: Suite, secret: RawSpan) {}
    }

    /// RFC 9438, 4.2, in packets and seconds.
    private func curve(_ time: Double, from start: Double, origin: Double) -> Double {
        let plateau = cubeRoot((origin - start) / 0.4)
        let distance = time - plateau
        return 0.4 * distance * distance * distance + origin
    }

    /// By halving: the tests use no library for it either.
    private func cubeRoot(_ value: Double) -> Double {
        var (low, high) = (0.0, value + 1)
        for _ in 0..<100 {
            let middle = (low + high) / 2
            if middle * middle * middle < value { low = middle } else { high = middle }
        }
        return low
    }

    /// One packet of the first slow start is lost; then the link, which never has a queue, loses no more. Time counts
    /// from the first growth after the loss, which is the first arrival of a packet sent after it.
    ///
    /// The window grows by what arrives, and so in steps where a round trip's packets travel in a bunch, as slow start
    /// left them: a quarter of a round trip's growth up or down, which is less than a packet at 40 ms.
    @Test("it stays within a packet of RFC 9438's curve", arguments: [(700, 40), (1_200, 40)])
    func curve(lost number: Int, milliseconds: Int) throws {
        let trial = try Trial(
            """
            stop: 18 s
            hosts: {client: {}, server: {}}
            links:
              access:
                between: [client, server]
                rate: 10 Gbps
                rtt: \(milliseconds) ms
                server>client: {loss: {list: [\(number)]}}
            transport: {congestion: cubic, handshake: IK}
            workload:
              - client: {get: 10 GB}
            """
        )
        let windows = Windows()
        let outcome = try Execution(
            trial.blueprint(),
            checksLaws: false,
            transportObservers: { $0.index == 1 ? windows : nil }
        ).run()
        #expect(outcome.workFailures == [])
        let losses = try #require(outcome.summary.work).sum(\.lostPackets)
        #expect(losses == 1)
        let rows = windows.rows.map { (time: ($0.time - .start).inSeconds, window: Double($0.window) / 1_200) }
        let reduction = try #require(rows.indices.dropFirst().first { rows[$0].window < rows[$0 - 1].window })
        let origin = rows[reduction - 1].window
        let start = rows[reduction].window
        #expect(abs(start - 0.7 * origin) <= 1)
        let begin = rows[reduction + 1].time
        var worst = 0.0
        for row in rows[(reduction + 1)...] {
            worst = max(worst, abs(row.window - curve(row.time - begin, from: start, origin: origin)))
        }
        let last = try #require(rows.last)
        print(
            "CUBIC after a loss at \(origin) packets, \(milliseconds) ms: at most \(worst) packets from the curve,"
                + " over \(rows.count - reduction) changes, up to \(last.window) packets"
        )
        #expect(worst <= 1)
        #expect(last.window > origin, "the run reaches the part beyond the plateau")
    }
}
