import PlaitCore
import PlaitReport
import PlaitRun
import TestSupport
import Testing

@Suite("Two CUBIC flows through one bottleneck", .enabled(if: isOptimized))
struct SharingTests {
    /// Jain's index is (a + b)^2 / (2 (a^2 + b^2)): 0.99 stands for shares of 0.55 and 0.45, ten per cent from half.
    /// Counted is what each client received from 10 s after the second flow began, for 60 s.
    ///
    /// 20 ms and 10 Mbps, with a queue of one product, give each flow a hundred losses in that time, which is what
    /// makes the mean stand still: which of the two loses when the queue is full is chance. With four times the product
    /// it is twenty losses, and the index of a minute lies between 0.97 and 1.
    @Test(
        "they share it within ten per cent, whenever the second one begins",
        arguments: [1, 2, 3] as [UInt64],
        [1_000, 3_300, 7_700] as [Int64]
    )
    func sharing(seed: UInt64, second: Int64) throws {
        let trial = try Trial(
            """
            stop: \(70_000 + second) ms
            interval: 100 ms
            hosts: {left: {}, right: {}, server: {}}
            routers: {gateway: {}}
            links:
              left-access: {between: [left, gateway], rate: 1 Gbps, delay: 1 ms}
              right-access: {between: [right, gateway], rate: 1 Gbps, delay: 1 ms}
              bottleneck: {between: [gateway, server], rate: 10 Mbps, delay: 9 ms, queue: 20 ms}
            transport: {congestion: cubic}
            workload:
              - {at: 0 s, left: {name: first, get: 1 GB, from: server}}
              - {at: \(second) ms, right: {name: second, get: 1 GB, from: server}}
            """
        )
        let outcome = try trial.run(seed: seed)
        let from = Interval.milliseconds(second) + .seconds(10)
        let rates = try [0, 1].map { host in
            try outcome.samples(host: host, connection: host, from: from, to: from + .seconds(60))
                .reduce(0) { $0 + Double($1.received.bytes) } * 8 / 60
        }
        let (sum, squares) = (rates[0] + rates[1], rates[0] * rates[0] + rates[1] * rates[1])
        let jain = sum * sum / (2 * squares)
        print("two CUBIC flows, seed \(seed), the second after \(second) ms: \(rates) bit/s, Jain's index \(jain)")
        #expect(jain >= 0.99)
        #expect(sum >= 0.95 * 10e6)
        #expect(outcome.workFailures == [])
    }
}
