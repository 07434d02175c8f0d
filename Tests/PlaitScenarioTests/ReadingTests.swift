import PlaitCore
import PlaitScenario
import Testing

@Suite("Reading scenarios")
struct ReadingTests {
    private let base = """
        stop: 5 s
        hosts: {a: {}, b: {}}
        links:
          wifi: {between: [a, b], rate: 10 Mbps}

        """

    @Test("what is not written has the documented default")
    func defaults() throws {
        let scenario = try read("stop: 5 s\nhosts: {a: {}, b: }\nlinks: {wifi: {between: [a, b]}}\n")
        #expect(scenario.name == "test")
        #expect(scenario.seed == 1)
        #expect(scenario.interval == .milliseconds(100))
        #expect(scenario.addresses == .ipv4)
        #expect(scenario.stop == StopConditions(time: .seconds(5)))
        #expect(scenario.hosts == [HostDescription(name: "a"), HostDescription(name: "b")])
        #expect(scenario.hosts[0].receiveBuffer == 212_992)
        let direction = DirectionDescription()
        #expect(direction.mtu == 1_500 && direction.rate.isUnlimited && direction.queue == nil)
        #expect(
            scenario.links == [
                LinkDescription(
                    name: "wifi",
                    first: HostID(0),
                    second: HostID(1),
                    forward: direction,
                    backward: direction
                )
            ]
        )
        #expect(scenario.flows.isEmpty && scenario.timeline.isEmpty && scenario.expectations.isEmpty)
    }

    @Test("every property of a link is read, and one direction wins over both")
    func properties() throws {
        let scenario = try read(
            """
            stop: 5 s
            hosts: {a: {drift: -20 ppm, wall: -3 s, receive-buffer: 1 kB, forward: true}, b: {}}
            routers: {r: {drift: 3 ppb}}
            links:
              l:
                between: [b, a]
                rate: 5 Mbps
                rtt: 30 ms
                overhead: 28 B
                mtu: 1_400 B
                jitter: {normal: 4 ms}
                loss: {gilbert-elliott: {burst: 6, mean: 1 %}}
                queue: 50 packets
                duplicate: 1 %
                reorder: {probability: 2 %, distance: 3 packets}
                corrupt: 3 %
                truncate: 0.5 %
                a>b: {rate: unlimited, loss: none, reorder: {probability: 1 %, distance: 5 ms, within: 1 s}}
                forward: {corrupt: {probability: 1 %, bits: 7}}
            """
        )
        let millisecond = ParameterValue.interval(.milliseconds(4))
        let loss = ModelChoice(
            "gilbert-elliott",
            [.init("mean", .probability(.percent(1))), .init("burst", .decimal(millionths: 6_000_000))]
        )
        var expected = DirectionDescription(
            rate: .megabits(5),
            delay: .milliseconds(15),
            overhead: 28,
            mtu: 1_400,
            jitter: ChosenModel(ModelChoice("normal", [.init("deviation", millisecond)])),
            loss: ChosenModel(loss),
            queue: ChosenModel(ModelChoice("drop-tail", [.init("packets", .packets(50))])),
            duplicate: .percent(1),
            reorder: Reordering(probability: .percent(2), distance: .packets(3)),
            corrupt: Corruption(probability: .percent(1), bits: 7),
            truncate: Probability(partsPerBillion: 5_000_000)
        )
        #expect(scenario.links[0].forward == expected)
        #expect(scenario.links[0].first == HostID(1))
        expected.rate = .unlimited
        expected.loss = nil
        expected.reorder = Reordering(
            probability: .percent(1),
            distance: .interval(.milliseconds(5)),
            within: .seconds(1)
        )
        expected.corrupt = Corruption(probability: .percent(3))
        #expect(scenario.links[0].backward == expected)
        #expect(
            scenario.hosts == [
                HostDescription(
                    name: "a",
                    forwards: true,
                    driftPartsPerBillion: -20_000,
                    wallOffset: .seconds(-3),
                    receiveBuffer: 1_000
                ),
                HostDescription(name: "b"),
                HostDescription(name: "r", forwards: true, isRouter: true, driftPartsPerBillion: 3),
            ]
        )
    }

    @Test("a model's arguments keep the places they were written at")
    func modelPlaces() throws {
        let scenario = try read(
            "stop: 5 s\nhosts: {a: {}, b: {}}\nlinks:\n"
                + "  l: {between: [a, b], queue: {codel: {target: 5 ms, limit: 3 kB}}}\n"
        )
        let queue = try #require(scenario.links[0].forward.queue)
        #expect(queue.origin(of: "limit").place == Place(file: "test.yaml", line: 4, column: 61))
        #expect(queue.origin(of: nil).place == Place(file: "test.yaml", line: 4, column: 32))
        #expect(queue.origin(of: "ecn").place == queue.origin.place)
    }

    @Test("a preset is the ground, presets of presets below it, and the link's own keys win")
    func presets() throws {
        let files = [
            "presets/base.yaml": "rate: 1 Mbps\ndelay: 10 ms\nloss: 1 %\nforward: {mtu: 900 B}\n",
            "lib/presets/upper.yaml": "preset: base\nrate: 2 Mbps\n",
            "lib/presets/base.yaml": "rate: 3 Mbps\ndelay: 30 ms\n",
        ]
        let text = "stop: 5 s\nhosts: {a: {}, b: {}}\nlinks:\n  l: {between: [a, b], preset: %, rtt: 2 ms}\n"
        let near = try read(text.replacing("%", with: "base"), files: files, library: "lib")
        #expect(near.links[0].forward.rate == .megabits(1))
        #expect(near.links[0].forward.delay == .milliseconds(1))
        #expect(near.links[0].forward.mtu == 900 && near.links[0].backward.mtu == 1_500)
        #expect(
            near.links[0].backward.loss?.choice
                == ModelChoice("independent", [.init("probability", .probability(.percent(1)))])
        )
        let upper = try read(text.replacing("%", with: "upper"), files: files, library: "lib")
        #expect(upper.links[0].forward.rate == .megabits(2))
        #expect(upper.links[0].forward.loss == nil, "a preset of the library starts from the library's own")
    }

    @Test("a link's key for both directions wins over a preset's key for one")
    func presetDirection() throws {
        let scenario = try read(
            "stop: 5 s\nhosts: {a: {}, b: {}}\nlinks:\n  l: {between: [a, b], preset: p, mtu: 700 B}\n",
            files: ["presets/p.yaml": "mtu: 800 B\nforward: {mtu: 900 B}\n"]
        )
        #expect(scenario.links[0].forward.mtu == 700 && scenario.links[0].backward.mtu == 700)
    }

    @Test("included files are merged key by key, later over earlier, and models and lists are replaced")
    func includes() throws {
        let scenario = try read(
            """
            include: [one.yaml, sub/two.yaml]
            links: {l: {loss: {independent: 3 %}, delay: 5 ms}}
            traffic: {f: {poisson: 10 pps}}
            expect: [x < 3]
            """,
            files: [
                "one.yaml": """
                stop: 5 s
                seed: 1
                hosts: {a: {}, b: {}}
                links: {l: {between: [a, b], rate: 1 Mbps, loss: {list: [3]}, rtt: 2 ms}}
                traffic: {f: {from: a, to: b, constant: 3 Mbps}}
                expect: [y < 3, z < 3]
                """,
                "sub/two.yaml": "include: three.yaml\nseed: 2\n",
                "sub/three.yaml": "seed: 3\ninterval: 1 s\n",
            ]
        )
        #expect(scenario.seed == 2 && scenario.interval == .seconds(1))
        let link = scenario.links[0].forward
        #expect(link.rate == .megabits(1) && link.delay == .milliseconds(5) && link.loss?.choice.name == "independent")
        #expect(scenario.flows[0].model.choice.name == "poisson")
        #expect(scenario.expectations.map(\.text) == ["x < 3"])
    }

    @Test("many files that include each other twice are not read for ever")
    func includeBomb() {
        var files: [String: String] = [:]
        for level in 0..<40 { files["f\(level).yaml"] = "include: [f\(level + 1).yaml, f\(level + 1).yaml]\n" }
        files["f40.yaml"] = "seed: 1\n"
        #expect(complaints("include: f0.yaml\n", files: files).contains("more than 256 files"))
    }

    @Test("flows know their hosts, links, models and sizes, and repetitions are written out")
    func flows() throws {
        let scenario = try read(
            base + """
                traffic:
                  v: {from: a, to: b, over: wifi, to-over: wifi, constant: 50 pps, size: 160 B,
                      start: 1 s, stop: 2 s, ecn: true}
                  p: {from: b, to: a, poisson: {rate: 1 Mbps}, size: {exponential: 800 B}, count: 2}
                  d: {from: b, to: a, closed-loop: }
                """
        )
        let constant = ModelChoice("constant", [.init("frequency", .frequency(perThousandSeconds: 50_000))])
        let poisson = ModelChoice("poisson", [.init("rate", .rate(.megabits(1)))])
        let (a, b) = (HostID(0), HostID(1))
        let repeated = ["p.1", "p.2"].map {
            FlowDescription(name: $0, from: b, to: a, model: ChosenModel(poisson), size: .exponential(mean: 800))
        }
        let video = FlowDescription(
            name: "v",
            from: a,
            to: b,
            over: LinkID(0),
            toOver: LinkID(0),
            model: ChosenModel(constant),
            size: .fixed(160),
            start: .seconds(1),
            stop: .seconds(2),
            ecn: true
        )
        let download = FlowDescription(name: "d", from: b, to: a, model: ChosenModel(ModelChoice("closed-loop")))
        #expect(scenario.flows == [video] + repeated + [download])
    }

    @Test("the timeline is sorted by time, and items of one time keep their order")
    func timeline() throws {
        let scenario = try read(
            base + """
                timeline:
                  - {at: 3 s, link: wifi, down: hold}
                  - {at: 1 s, link: wifi, direction: b>a, set: {loss: 1 %, delay: 3 ms, jitter: none}}
                  - {at: 1 s, host: a, wall-step: -3 s, repeat: {every: 1500 ms, times: 3}}
                  - {at: 0 s, partition: [[a], [b]]}
                  - {at: 2 s, partition: {from: [a], to: [b]}}
                  - {at: 1 s, link: wifi, ramp: {rate: 1 Mbps, loss: 5 %}, over: 3 s}
                  - {at: 4 s, host: b, rebind: address, link: wifi}
                  - {at: 5 s, heal: true}
                """
        )
        let loss = ChosenModel(ModelChoice("independent", [.init("probability", .probability(.percent(1)))]))
        let both = [LinkID(0).forward, LinkID(0).backward]
        let step = TimelineItem.Action.host(HostID(0), .wallStep(.seconds(-3)))
        let ramp = Ramp(
            targets: [.rate(.megabits(1)), .loss(.percent(5))],
            over: .seconds(3),
            every: .milliseconds(10)
        )
        #expect(
            scenario.timeline == [
                TimelineItem(at: .zero, action: .partition(groups: [[HostID(0)], [HostID(1)]])),
                TimelineItem(
                    at: .seconds(1),
                    action: .link([LinkID(0).backward], .set([.delay(.milliseconds(3)), .jitter(nil), .loss(loss)]))
                ),
                TimelineItem(at: .seconds(1), action: step),
                TimelineItem(at: .seconds(1), action: .link(both, .ramp(ramp))),
                TimelineItem(at: .seconds(2), action: .cut(from: [HostID(0)], to: [HostID(1)])),
                TimelineItem(at: .milliseconds(2_500), action: step),
                TimelineItem(at: .seconds(3), action: .link(both, .down(holdsQueue: true))),
                TimelineItem(at: .seconds(4), action: step),
                TimelineItem(at: .seconds(4), action: .host(HostID(1), .rebind(.address, LinkID(0)))),
                TimelineItem(at: .seconds(5), action: .heal),
            ]
        )
    }

    @Test("a ramp may start from a rate and a loss that the timeline set before, and only from one set before")
    func rampAfterSet() {
        let ramp = "  - {at: %, link: l, ramp: {rate: 1 Mbps, loss: 2 %}, over: 1 s}\n"
        let text = """
            stop: 5 s
            hosts: {a: {}, b: {}}
            links: {l: {between: [a, b], loss: {list: [3]}}}
            timeline:
              - {at: 2 s, link: l, set: {rate: 5 Mbps, loss: 1 %}}

            """
        #expect(complaints(text + ramp.replacing("%,", with: "3 s,")) == "")
        #expect(complaints(text + ramp.replacing("%,", with: "1 s,")).split(separator: "error:").count == 3)
    }

    @Test("what comes after the end of the run is a warning")
    func late() throws {
        let text =
            base
            + "traffic:\n  v: {from: a, to: b, constant: 1 Mbps, start: 5 s}\ntimeline:\n  - {at: 6 s, heal: true}\n"
        let reader = ScenarioReader(source: ScenarioTexts(["t.yaml": text]), vocabulary: testVocabulary)
        let warnings = try reader.read("t.yaml").warnings
        #expect(warnings.entries.map(\.place.line) == [6, 8])
        #expect(warnings.entries.allSatisfy { $0.severity == .warning })
    }

    @Test("expectations keep the metric's path, the comparison and the kind of value")
    func expectations() throws {
        let scenario = try read(
            base + """
                expect:
                  - transfer.complete within 12 s
                  - links.wifi.client>server.gap   <=   1.5 s
                  - a == 0
                  - b != -0.5
                  - c >= 2 %
                  - d > 10 Mbps
                  - e < 3 packets
                  - f == true
                """
        )
        let conditions: [PlaitScenario.Expectation.Condition] = [
            .within(.seconds(12)), .compare(.atMost, .interval(.milliseconds(1_500))), .compare(.equal, .integer(0)),
            .compare(.notEqual, .decimal(millionths: -500_000)), .compare(.atLeast, .probability(.percent(2))),
            .compare(.greater, .rate(.megabits(10))), .compare(.less, .packets(3)), .compare(.equal, .flag(true)),
        ]
        #expect(scenario.expectations.map(\.condition) == conditions)
        #expect(scenario.expectations[1].metric == ["links", "wifi", "client>server", "gap"])
        #expect(scenario.expectations[1].text == "links.wifi.client>server.gap <= 1.5 s")
    }

    @Test("a route may lead through hosts that forward, and only through them")
    func routes() throws {
        let text = """
            stop: 5 s
            hosts: {a: {}, b: {}, c: {forward: true}}
            routers: {r: {}, s: {}}
            links:
              one: {between: [a, r]}
              two: {between: [r, s]}
              three: {between: [s, c]}
              four: {between: [c, b]}
            traffic:
              f: {from: a, to: b, constant: 1 Mbps}
              g: {from: c, to: a, constant: 1 Mbps}
            """
        #expect(complaints(text) == "")
        #expect(complaints(text.replacing("{forward: true}", with: "{}")).contains("no link leads from 'a' to 'b'"))
    }

    @Test("a thousand hosts and ten thousand flows are read")
    func large() throws {
        var text = "stop: 10 s\nhosts:\n"
        for host in 0..<1_000 { text += "  h\(host): {forward: true}\n" }
        text += "links:\n"
        for host in 0..<1_000 {
            text += "  l\(host): {between: [h\(host), h\((host + 1) % 1_000)], rate: 1 Gbps, delay: 1 ms}\n"
        }
        text += "traffic:\n"
        for flow in 0..<10_000 {
            text += "  f\(flow): {from: h\(flow % 1_000), to: h\((flow + 1 + flow / 1_000) % 1_000), poisson: 10 pps}\n"
        }
        #expect(try read(text).flows.count == 10_000)
    }
}

@Suite("Objections of a registry")
struct ObjectionTests {
    @Test("are shown at the argument they are about, among all other errors")
    func objections() {
        var vocabulary = testVocabulary
        vocabulary.objection = { category, choice in
            guard category == .loss, choice["burst"] == .decimal(millionths: 0) else { return nil }
            return ModelError(parameter: "burst", "a burst has at least one packet")
        }
        let text = """
            stop: 5 s
            hosts: {a: {}, b: {}}
            links:
              l: {between: [a, b], loss: {gilbert-elliott: {mean: 1 %, burst: 0}}, rate: 3}
            """
        let reader = ScenarioReader(source: ScenarioTexts(["t.yaml": text]), vocabulary: vocabulary)
        let error = #expect(throws: Diagnostics.self) { try reader.read("t.yaml") }
        #expect(
            error?.entries.map { "\($0.place) \($0.message)" } == [
                "t.yaml:4:67 'gilbert-elliott': a burst has at least one packet", "t.yaml:4:78 '3' has no unit",
            ]
        )
    }

    @Test("a file in JSON is a scenario, too")
    func json() throws {
        let text =
            #"{"stop": "5 s", "hosts": {"a":{}, "b":{}}, "links": {"l": {"between": ["a", "b"], "rate": "5 Mbps"}}}"#
        #expect(try read(text).links[0].forward.rate == .megabits(5))
    }

    @Test("files with the line ends of other systems have their places right")
    func lineEnds() {
        let text = "stop: 5 s\r\nhosts: {a: {}}\r\n# \u{2028} \u{85}x: 3\r\nlinks:\r\n  l: 5\r\n"
        #expect(complaints("stop: 5 s\r\nhosts: {a: {}}\r\nlinks: 5\r\n").contains("test.yaml:3:8: "))
        #expect(complaints("stop: 5 s\r\nhosts: {a: {}}\r\nlinks: 5\r\n").contains("    links: 5\n           ^"))
        #expect(!complaints(text).isEmpty)
    }
}
