import PlaitCore
import PlaitNetwork
import PlaitReport
import PlaitRun
import PlaitSimulator
import Testing

@Suite("From scenario to network")
struct BlueprintTests {
    private static func link(_ properties: String, _ rest: String = "", stop: String = "2 s") -> String {
        """
        stop: \(stop)
        hosts: {a: {}, b: {}}
        links: {w: {between: [a, b], \(properties)}}
        traffic: {f: {from: a, to: b, constant: 100 pps}}
        \(rest)
        """
    }

    @Test("a ramp carries as much as the straight line that it stands for, and ends at its target")
    func ramp() throws {
        let trial = try Trial(
            Self.link(
                "rate: 10 Mbps",
                "timeline: [{at: 0 s, link: w, direction: a>b, ramp: {rate: 20 Mbps}, over: 1 s}]"
            )
        )
        var (area, rate, since): (Int64, Int64, Int64) = (0, 10_000_000, 0)
        for (time, fault) in try trial.blueprint().faults {
            guard case .direction(_, .rate(let next)) = fault else { continue }
            area += rate * (time.nanoseconds - since)
            (rate, since) = (Int64(next.bitsPerSecond), time.nanoseconds)
        }
        #expect(rate == 20_000_000 && since == 1_000_000_000)
        #expect(area == 15_000_000 * 1_000_000_000)
    }

    @Test("faults are in order of time, whatever order the ramps of two directions were built in")
    func order() throws {
        let timeline = "timeline: [{at: 0 s, link: w, ramp: {rate: 20 Mbps, delay: 9 ms}, over: 1 s}]"
        let times = try Trial(Self.link("rate: 10 Mbps", timeline)).blueprint().faults.map(\.time)
        #expect(times.count > 300 && times == times.sorted())
    }

    @Test(
        "what no network has is refused with words, not with a trap",
        arguments: [
            ("jitter: {uniform: 1000000 h}", "1 h"), ("jitter: {normal: 1000000 h}", "1 h"),
            ("jitter: {exponential: 1000000 h}", "1 h"), ("jitter: {normal: {deviation: 1 ms, every: 1 ns}}", "1 us"),
        ]
    )
    func bounds(properties: String, word: String) throws {
        let objections = try Trial(Self.link(properties)).objections()
        #expect(objections.count == 2, "one for each direction")
        #expect(objections.allSatisfy { $0.contains(word) }, "\(objections)")
    }

    @Test("more samples than anyone can keep are refused")
    func samples() throws {
        let objections = try Trial(Self.link("rate: 1 Mbps", "interval: 1 us", stop: "1 h")).objections()
        #expect(objections.count == 1 && objections.allSatisfy { $0.contains("more than 10,000,000 samples") })
    }

    @Test("of two equal routes the one over the lower link is taken, whatever order the hosts come in")
    func ties() throws {
        let trial = try Trial(
            """
            stop: 1 s
            hosts: {a: {}, b: {}}
            routers: {q: {}, p: {}}
            links:
              l0: {between: [a, p], delay: 1 ms}
              l1: {between: [a, q], delay: 1 ms}
              l2: {between: [q, b], delay: 1 ms}
              l3: {between: [p, b], delay: 1 ms}
            traffic: {f: {from: a, to: b, constant: 10 pps}}
            """
        )
        let flow = try #require(try trial.blueprint().flows.first)
        #expect(flow.local.interface == LinkID(0).forward.index)
    }
}
