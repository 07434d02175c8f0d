import PlaitCore
import PlaitCrypto
import PlaitTransport
import Testing

@Suite("Silly round trips")
struct SillyRoundTripTests {
    @Test(
        "minutes and weeks one way, with timeouts set for them",
        arguments: [Interval.seconds(20 * 60), .seconds(7 * 24 * 3_600)],
        [HandshakeMode.ik, .xx]
    )
    func silly(latency: Interval, mode: HandshakeMode) throws {
        var configuration = EndpointConfiguration()
        configuration.handshake.timing = HandshakeTiming(firstTimeout: 3 * latency)
        configuration.handshake.parameters.idleTimeout = 20 * latency
        configuration.connection.recovery.initialRoundTrip = 2 * latency
        configuration.connection.keyLimits.packets = 100
        var pair = Pair(latency: latency, client: configuration, server: configuration)
        // Two of the packets are lost, which costs a few round trips.
        pair.fate = { _, number in number == 20 || number == 33 ? .lost : .delivered }
        let client = pair.connect(mode)
        pair.run(until: .start + 30 * latency) { $0.accepted == nil || $0.clientEvents.isEmpty }
        var talk = Talk()
        let id = try pair.client.open(.bidirectional, on: client, now: pair.now)
        talk.write(Talk.bytes(300_000, seed: 1), on: id, fromClient: true)
        talk.write(Talk.bytes(300_000, seed: 2), on: id, fromClient: false)
        var failure: StreamError?
        pair.run(until: .start + 100 * latency) { pair in
            do throws(StreamError) { try talk.advance(&pair, client) } catch { failure = error }
            return failure == nil && !talk.isComplete
        }
        let statistics = pair.client.statistics(of: client)
        #expect(failure == nil && talk.isComplete, "at \(pair.now)")
        let time = pair.now
        #expect(time < .start + 40 * latency)
        #expect((statistics?.path.smoothedRoundTrip ?? .zero) >= 2 * latency)
        pair.client.close(client, now: pair.now)
        pair.run(for: 60 * latency)
        let left = pair.client.connectionCount + pair.server.connectionCount
        #expect(left == 0)
    }
}
