import PlaitCore
import PlaitRun
import TestSupport
import Testing

@Suite("A get of 10 MB against an oracle", .enabled(if: isOptimized))
struct OracleTests {
    /// The best that a sender can do that begins with ten packets:
    ///
    ///     1 RTT      handshake IK, of which the initiation takes as long to send as any packet
    ///     1/2 RTT    the request
    ///     n RTT      slow start: 10, 20, 40, ... packets a round trip, as long as they take less than one to send
    ///     rest       what remains, at the link's rate, header and tag of every packet included
    ///     1/2 RTT    the last byte's way
    ///
    /// 1,162 of a packet's 1,200 bytes are the answer's: 8 + 1 header, 4 path, 2 number, 16 tag, and a STREAM frame's
    /// type, id, offset and length. The queue holds one product of rate and delay; nothing is lost on the way.
    private func oracle(bytes: Int, rate: Double, roundTrip: Double) -> Double {
        let packet = 1_200.0 * 8 / rate
        var left = (Double(bytes) / 1_162).rounded(.up)
        var time = 1.5 * roundTrip + packet
        var window = 10.0
        while window * packet < roundTrip, left > window {
            time += roundTrip
            left -= window
            window *= 2
        }
        return time + left * packet + roundTrip / 2
    }

    @Test(
        "it takes at most 3 % longer, at 10, 40 and 100 ms",
        arguments: [
            (50, 10, "cubic"), (50, 40, "cubic"), (50, 100, "cubic"),
            (50, 10, "newreno"), (50, 40, "newreno"), (50, 100, "newreno"),
        ] as [(Int, Int, String)]
    )
    func get(megabits: Int, milliseconds: Int, controller: String) throws {
        let trial = try Trial(
            """
            stop: {time: 60 s, quiet: true}
            hosts: {client: {}, server: {}}
            links:
              access:
                between: [client, server]
                rate: \(megabits) Mbps
                rtt: \(milliseconds) ms
                queue: \(milliseconds) ms
            transport: {handshake: IK, congestion: \(controller)}
            workload:
              - client: {get: 10 MB}
            """
        )
        let took = try trial.run().completion().inSeconds
        let best = oracle(bytes: 10_000_000, rate: Double(megabits) * 1e6, roundTrip: Double(milliseconds) / 1e3)
        print("10 MB at \(megabits) Mbps, \(milliseconds) ms, \(controller): \(took) s, \(took / best) of the oracle")
        #expect(took <= 1.03 * best)
        // Faster than the oracle would mean that one of the two is wrong.
        #expect(took >= best)
    }
}
