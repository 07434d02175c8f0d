import PlaitCore
import PlaitNetwork
import PlaitReport
import PlaitRun
import PlaitStatistics
import TestSupport
import Testing

/// Numbers that a user reads off a run, against what the scenario asked for.
@Suite("Traffic as asked for")
struct TrafficNumbersTests {
    private static func flow(_ traffic: String, link: String = "rate: 1 Gbps", rest: String = "stop: 10 s") -> String {
        """
        \(rest)
        hosts: {a: {}, b: {}}
        links: {w: {between: [a, b], \(link)}}
        traffic: {f: {from: a, to: b, \(traffic)}}
        """
    }

    @Test("a Poisson flow has its rate though its sizes are clipped to the link, within 4 deviations")
    func clippedSizes() throws {
        let outcome = try Trial(Self.flow("poisson: 80 Mbps, size: {exponential: 1200 B}")).run()
        // 94,000 packets; the sum of sizes deviates by 0.5 %.
        let rate = Double(try #require(outcome.summary.totals.flows.first).goodput)
        #expect(abs(rate - 80e6) < 0.02 * 80e6, "\(rate) bps")
        #expect(outcome.violationCount == 0)
    }

    @Test(
        "a fast Poisson flow loses no fraction of a nanosecond",
        .enabled(if: isOptimized),
        arguments: ["30000000 pps", "7000000 pps"]
    )
    func fastPoisson(frequency: String) throws {
        let text = Self.flow("poisson: \(frequency), size: 24 B", link: "delay: 1 ms", rest: "stop: 20 ms")
        let sent = Double(try Trial(text).run().summary.totals.flows[0].counts.sent.packets)
        let expected = (Double(frequency.dropLast(4)) ?? 0) * 0.02
        // Poisson: deviation is the root; 5 of them. Whole nanoseconds would be off by 6 and more.
        #expect(abs(sent - expected) < 5 * expected.squareRoot(), "\(sent) of \(expected)")
    }

    @Test("the first packet is as lucky as any other, also when p + r is above 1")
    func firstPacket() throws {
        let model = try #require(LinkModels.standard.loss.first { $0.signature.name == "gilbert-elliott" })
        let choice = ModelChoice(
            "gilbert-elliott",
            [
                .init("good-to-bad", .probability(.percent(10))),
                .init("bad-to-good", .probability(.percent(95))),
                .init("clock", .word("packets")),
            ]
        )
        var lost = 0
        for seed in 0..<4_000 as Range<UInt64> {
            let context = ModelContext(
                stream: RandomStream(seed: seed, name: "x"),
                rate: .unlimited,
                mtu: 1_500,
                distributions: Trial.distributions
            )
            if try model.make(choice, context).loses(index: 0, at: .start) { lost += 1 }
        }
        // 10 / 105 of 4,000 are 381, deviation 18.6; 5 of them.
        #expect(abs(lost - 381) < 93, "\(lost)")
    }

    @Test("a closed loop over a link without a rate is bounded by its window")
    func window() throws {
        let text = Self.flow("closed-loop: {window: 50 packets}", link: "delay: 10 ms", rest: "stop: 1 s")
        let outcome = try Trial(text).run()
        let sent = outcome.summary.totals.flows[0].counts.sent.packets
        // 50 packets a round trip of 20 ms.
        #expect(sent > 2_000 && sent <= 50 * 51, "\(sent)")
        #expect(outcome.violationCount == 0)
    }

    @Test("a queue that nobody bounds may hold more work than 64 bits count")
    func backlog() throws {
        let text = Self.flow(
            "constant: 1000000 pps, size: 24 B",
            link: "rate: 1 kbps, overhead: 65000 B, mtu: 65507 B",
            rest: "stop: 50 ms"
        )
        let violations = try Trial(text).run().violationCount
        #expect(violations == 0)
    }

    @Test("completion is told in true time, and a source without a stop sends to the end, however its clock drifts")
    func drift() throws {
        func text(_ drift: String) -> String {
            """
            stop: 4 s
            hosts: {a: {drift: \(drift)}, b: {}}
            links: {w: {between: [a, b], rate: 10 Mbps, delay: 5 ms}}
            traffic:
              f: {from: a, to: b, closed-loop: 1 MB}
              g: {from: a, to: b, constant: 100 pps, size: 100 B}
            expect: [flows.f.complete within 1.1 s]
            """
        }
        let (steady, fast) = (try Trial(text("0 ppm")).run(), try Trial(text("400000 ppm")).run())
        #expect(steady.verdicts.allSatisfy { $0.holds }, "\(steady.verdicts)")
        #expect(fast.verdicts.allSatisfy { $0.holds }, "on a clock that is 40 % fast it would be 1.2 s or more")
        #expect(steady.summary.totals.flows[1].counts.sent.packets == 400)
        #expect(fast.summary.totals.flows[1].counts.sent.packets == 561)
    }
}
