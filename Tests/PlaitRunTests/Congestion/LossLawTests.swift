import PlaitCore
import PlaitReport
import PlaitRun
import TestSupport
import Testing

/// How many packets NewReno keeps under way on a link that loses each packet with the same chance, independently.
///
/// The window is counted in packets sent a round trip: packets per second times the link's 0.1 s. 1 Gbps makes a queue
/// of nothing, and an acknowledgement is held back for a millisecond at most, so that this is the round trip. `p` is
/// the share that was lost of what was sent, rather than what the link was set to: it is off by the square root of the
/// number of losses, which says nothing of the protocol.
@Suite("NewReno under random loss", .enabled(if: isOptimized))
struct LossLawTests {
    private static let roundTrip = 0.1

    private struct Measured {
        let window: Double
        let loss: Double
        let packets: UInt64
    }

    private func measure(_ loss: Double, seconds: Int64, seed: UInt64) throws -> Measured {
        let trial = try Trial(
            """
            stop: \(seconds) s
            interval: 1 s
            hosts: {client: {}, server: {}}
            links:
              access:
                between: [client, server]
                rate: 1 Gbps
                rtt: 100 ms
                queue: 100 ms
                server>client: {loss: \(loss) %}
            transport: {congestion: newreno, ack-delay: 1 ms}
            workload:
              - client: {get: 10 GB}
            """
        )
        // The first slow start is none of the law's.
        let outcome = try Execution(trial.blueprint(seed: seed), checksLaws: false).run()
        let samples = try outcome.samples(host: 1, from: .seconds(20), to: .seconds(seconds))
        let packets = samples.reduce(0) { $0 + $1.sent.packets }
        let lost = samples.reduce(0) { $0 + $1.lostPackets - $1.spuriousPackets }
        #expect(outcome.workFailures == [])
        return Measured(
            window: Double(packets) / Double(seconds - 20) * Self.roundTrip,
            loss: Double(lost) / Double(packets),
            packets: packets
        )
    }

    /// Mathis and others, 1997: sqrt(3/2) / sqrt(p) for losses at equal distances. Independent ones, which leave longer
    /// runs in between, make it 1.31; that the window stands still in recovery takes more of it the smaller it is.
    @Test(
        "the window is 1.22 / sqrt(p) packets",
        arguments: [
            (0.1, 1_500, 0.05), (0.2, 1_500, 0.05), (0.5, 1_500, 0.05), (1, 1_500, 0.12), (2, 3_000, 0.12),
        ] as [(Double, Int64, Double)]
    )
    func squareRoot(loss: Double, seconds: Int64, tolerance: Double) throws {
        let measured = try measure(loss, seconds: seconds, seed: 1)
        let law = 1.22 / measured.loss.squareRoot()
        print(
            "NewReno at \(loss) % (\(measured.loss)): \(measured.window) packets, \(measured.window / law) of the law,"
                + " over \(measured.packets) packets"
        )
        #expect(abs(measured.window / law - 1) <= tolerance)
    }

    /// Padhye and others, 1998, equation 30, with an acknowledgement for each packet (b = 1, since growth counts bytes)
    /// and a first timeout T of 1.3 round trips:
    ///
    ///     1 / (sqrt(2 p / 3) + T/RTT min(1, 3 sqrt(3 p / 8)) p (1 + 32 p^2))
    @Test("at 3 % it is what the formula says that knows timeouts")
    func timeouts() throws {
        let measured = try measure(3, seconds: 3_000, seed: 1)
        let loss = measured.loss
        let often = min(1, 3 * (3 * loss / 8).squareRoot())
        let law = 1 / ((2 * loss / 3).squareRoot() + 1.3 * often * loss * (1 + 32 * loss * loss))
        print("NewReno at 3 % (\(loss)): \(measured.window) packets, \(measured.window / law) of the formula")
        #expect(abs(measured.window / law - 1) <= 0.15)
    }
}
