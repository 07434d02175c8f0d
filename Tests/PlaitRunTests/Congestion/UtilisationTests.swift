import PlaitCore
import PlaitReport
import PlaitRun
import TestSupport
import Testing

@Suite("One flow on a link of 100 Mbps and 40 ms", .enabled(if: isOptimized))
struct UtilisationTests {
    /// Bytes on the wire, headers and tags included, from 5 to 35 s. 40 ms of queue are one product of rate and delay.
    @Test("it uses at least 95 % of the link", arguments: ["cubic", "newreno"])
    func utilisation(controller: String) throws {
        let trial = try Trial(
            """
            stop: 35 s
            interval: 100 ms
            hosts: {client: {}, server: {}}
            links:
              access: {between: [client, server], rate: 100 Mbps, rtt: 40 ms, queue: 40 ms}
            transport: {congestion: \(controller)}
            workload:
              - client: {get: 1 GB}
            """
        )
        let outcome = try trial.run()
        let used = try outcome.rate(ofDirection: #require(place(outcome)), from: .seconds(5), to: .seconds(35)) / 100e6
        print("one \(controller) flow uses \(used) of 100 Mbps at 40 ms")
        // A packet may end just inside the interval that began before it.
        #expect(used >= 0.95 && used <= 1.0001)
        #expect(outcome.workFailures == [])
        #expect(outcome.violations.isEmpty)
    }

    private func place(_ outcome: RunOutcome) -> Int? {
        outcome.labels.directions.firstIndex { $0.heading == "server>client" }
    }
}
