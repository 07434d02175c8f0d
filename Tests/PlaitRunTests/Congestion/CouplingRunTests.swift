import PlaitCore
import PlaitReport
import PlaitRun
import TestSupport
import Testing

/// RFC 6356's first two goals, in the simulator.
@Suite("Paths coupled by LIA", .enabled(if: isOptimized))
struct CouplingRunTests {
    /// Of the single flow and the two paths beside it; on its one path LIA is NewReno, to the byte.
    private static func shares(seed: UInt64, congestion: String) throws -> (coupled: Double, sum: Double) {
        let trial = try Trial(
            """
            stop: 60 s
            hosts: {phone: {}, laptop: {}, server: {}}
            routers: {gateway: {}}
            links:
              wifi: {between: [phone, gateway], rate: 100 Mbps, delay: 5 ms, jitter: {normal: 1 ms}}
              lte: {between: [phone, gateway], rate: 100 Mbps, delay: 5 ms, jitter: {normal: 1 ms}}
              cable: {between: [laptop, gateway], rate: 100 Mbps, delay: 5 ms, jitter: {normal: 1 ms}}
              bottleneck: {between: [gateway, server], rate: 10 Mbps, delay: 15 ms, queue: 50 ms}
            transport: {congestion: \(congestion)}
            workload:
              - {at: 0 s, phone: {get: 1 GB, from: server}}
              - {at: 0 s, laptop: {get: 1 GB, from: server}}
            """
        )
        let outcome = try trial.run(seed: seed)
        #expect(outcome.workFailures == [])
        let rates = try [0, 1].map { host in
            try outcome.samples(host: host, connection: host, from: .zero, to: .seconds(60))
                .reduce(0) { $0 + Double($1.received.bytes) } * 8 / 60
        }
        return (rates[0] / (rates[0] + rates[1]), rates[0] + rates[1])
    }

    @Test(
        "two paths take 40 to 60 % of a bottleneck that they share with one NewReno flow",
        arguments: 1...20 as ClosedRange<UInt64>
    )
    func fairness(seed: UInt64) throws {
        let (share, sum) = try Self.shares(seed: seed, congestion: "lia")
        print("two paths coupled by LIA, seed \(seed): \(share) of \(sum) bit/s")
        #expect(share >= 0.4 && share <= 0.6)
        #expect(sum >= 0.9 * 10e6)
    }

    @Test("uncoupled, the same two paths take more than that")
    func unfairness() throws {
        let (share, _) = try Self.shares(seed: 1, congestion: "newreno")
        print("two uncoupled paths: \(share)")
        #expect(share > 0.6)
    }

    @Test("over links of their own two paths carry more than the better one has", arguments: [(8, 4), (12, 2)])
    func best(better: Int, worse: Int) throws {
        let trial = try Trial(
            """
            stop: 60 s
            hosts: {client: {}, server: {}}
            links:
              better: {between: [client, server], rate: \(better) Mbps, delay: 20 ms, queue: 50 ms}
              worse: {between: [client, server], rate: \(worse) Mbps, delay: 20 ms, queue: 50 ms}
            transport: {congestion: lia}
            workload: [{client: {get: 1 GB}}]
            """
        )
        let outcome = try trial.run()
        let rate =
            try outcome.samples(host: 0, from: .seconds(10), to: .seconds(60))
            .reduce(0) { $0 + Double($1.received.bytes) } * 8 / 50
        print("LIA over \(better) and \(worse) Mbps: \(rate) bit/s")
        #expect(rate >= Double(better) * 1e6)
    }
}
