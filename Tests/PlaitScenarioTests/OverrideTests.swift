import PlaitCore
import PlaitScenario
import Testing

@Suite("Overrides of the command line")
struct OverrideTests {
    private let text = """
        stop: 5 s
        hosts: {a: {}, b: {}}
        links:
          wifi: {between: [a, b], rate: 10 Mbps, delay: 3 ms, loss: {list: [3]}, a>b: {mtu: 900 B}}
        traffic:
          v: {from: a, to: b, constant: 1 Mbps}
          w.2: {from: a, to: b, constant: 1 Mbps}
        timeline:
          - {at: 3 s, link: wifi, down: true}
        """

    @Test("replace a value wherever it stands")
    func replace() throws {
        let scenario = try read(
            text,
            [
                "links.wifi.loss=2%", "links.wifi.rtt=8 ms", "links.wifi.a>b.mtu=700 B", "traffic.v.poisson=40 pps",
                "traffic.w.2.start=1 s", "timeline.0.at=4 s", "seed=9", "stop=6 s", "hosts.a.drift=3 ppm", "name=other",
                "links.lte={between: [b, a]}",
            ]
        )
        let link = scenario.links[0].forward
        #expect(link.loss?.choice == ModelChoice("independent", [.init("probability", .probability(.percent(2)))]))
        #expect(link.delay == .milliseconds(4), "rtt replaces delay")
        #expect(link.mtu == 700 && scenario.links[0].backward.mtu == 1_500)
        #expect(scenario.flows.map(\.model.choice.name) == ["poisson", "constant"])
        #expect(scenario.flows[1].start == .seconds(1))
        #expect(scenario.timeline[0].at == .seconds(4))
        #expect(scenario.seed == 9 && scenario.stop.time == .seconds(6) && scenario.name == "other")
        #expect(scenario.hosts[0].driftPartsPerBillion == 3_000)
        #expect(scenario.links.map(\.name) == ["wifi", "lte"])
    }

    @Test(
        "that are wrong name the command line as their place, and what to write",
        arguments: [
            ("links.wfi.loss=2%", "there is no 'wfi' in links", "did you mean 'wifi'?"),
            ("links.wifi.los=2%", "unknown key 'los' in a link", "did you mean 'loss'?"),
            ("links.wifi.rate=20 ms", "'20 ms' is a time, not a rate", "kbps"),
            ("links.wifi.rate.x=20 ms", "'links.wifi.rate' is '10 Mbps' and holds no 'x'", "set links.wifi.rate={...}"),
            ("timeline.3.at=1 s", "'3' is no place in a list of 1", "count from 0 to 0"),
            ("seed", "an override is PATH=VALUE", "links.wifi.loss=2%"),
            ("links..loss=2%", "a name is missing", ""),
            ("seed=[1", "this is not YAML", ""),
            ("include=other.yaml", "cannot be included here", ""),
        ]
    )
    func wrong(override: String, message: String, remedy: String) {
        let text = complaints(text, [override])
        #expect(text.hasPrefix("--set \(override): error: "), "\(text)")
        #expect(text.contains(message) && text.contains(remedy), "\(text)")
    }

    @Test("have their carets under the value on the command line")
    func caret() {
        let lines = complaints(text, ["links.wifi.rate=20 ms"]).split(separator: "\n")
        #expect(lines[1] == "    links.wifi.rate=20 ms")
        #expect(lines[2].hasPrefix("                    ^"))
    }
}
