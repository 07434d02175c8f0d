import PlaitCore
import PlaitScenario
import Testing

@Suite("Scenarios as text")
struct RoundTripTests {
    @Test("what is written out reads back as an equal scenario", arguments: 0..<300 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var maker = ScenarioMaker(seed: seed)
        let scenario = maker.scenario()
        let text = scenario.text
        #expect(try read(text) == scenario, "\(text)")
        #expect(try read(text).text == text)
    }

    @Test("values in the file's own words come out in one spelling")
    func spelling() throws {
        let text = try read(
            "stop: 0.5 min\nhosts: {a: {}, b: {}}\nlinks: {l: {between: [a, b], rate: 0.05 Gbps, loss: 0.5}}\n"
        ).text
        let direction =
            "{rate: 50 Mbps, delay: 0 s, overhead: 0 B, mtu: 1.5 kB, jitter: none, "
            + "loss: {independent: {probability: 50 %}}, duplicate: 0 %, reorder: none, corrupt: none, truncate: 0 %}"
        #expect(
            text == """
                name: test
                seed: 1
                stop: 30 s
                interval: 100 ms
                addresses: ipv4
                hosts:
                  a: {forward: false, drift: 0 ppb, wall: 0 s, receive-buffer: 212.992 kB}
                  b: {forward: false, drift: 0 ppb, wall: 0 s, receive-buffer: 212.992 kB}
                links:
                  l: {between: [a, b], forward: \(direction), backward: \(direction)}

                """
        )
    }
}

/// Draws scenarios that use everything the language has.
private struct ScenarioMaker {
    private var random: TestRandom

    init(seed: UInt64) { random = TestRandom(seed: seed) }

    mutating func scenario() -> Scenario {
        let hosts = hosts()
        var links: [LinkDescription] = []
        // A ring of forwarding hosts: every host reaches every other.
        for index in hosts.indices {
            var link = link("link-\(index)", HostID(index), HostID((index + 1) % hosts.count))
            if index == 0 {
                for change in [PropertyChange.rate(rate()), .loss(nil)] {
                    link.forward.apply(change)
                    link.backward.apply(change)
                }
            }
            links.append(link)
        }
        let endpoints = hosts.indices.filter { !hosts[$0].isRouter }.map { HostID($0) }
        let flows = (0..<random.below(4)).compactMap { flow($0, endpoints, links) }
        let stop = StopConditions(
            time: interval(1),
            events: optional { Int64($0.random.below(1_000) + 1) },
            whenQuiet: random.chance(2)
        )
        let workload = workload(endpoints, links)
        let items = (0..<random.below(8)).map { _ in TimelineItem(at: interval(0), action: action(hosts, links)) }
        return Scenario(
            name: "drawn_\(random.below(9))",
            summary: optional { $0.text() },
            seed: random.next(),
            stop: stop,
            interval: Interval(nanoseconds: 1_000 + Int64(random.below(1_000_000_000))),
            hosts: hosts,
            links: links,
            flows: flows,
            transport: transport(
                links.indices.filter { index in
                    workload.contains { $0.client == links[index].first || $0.client == links[index].second }
                }
            ),
            workload: workload,
            timeline: items.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(
                \.element
            ),
            expectations: (0..<random.below(3)).map { _ in expectation() },
            addresses: random.chance(2) ? .ipv4 : .ipv6
        )
    }

    private mutating func optional<Value>(_ make: (inout Self) -> Value) -> Value? {
        random.chance(2) ? make(&self) : nil
    }

    private mutating func text() -> String {
        let pieces = ["rain", ": ", "\"", "\\", "ü", "#", " ", "{", "true", "\u{2028}", "'", "x"]
        return "s" + (0..<random.below(6)).map { _ in random.pick(pieces) }.joined() + "e"
    }

    /// Of any magnitude, at least `least` nanoseconds.
    private mutating func interval(_ least: Int64) -> Interval {
        Interval(nanoseconds: max(least, Int64((random.next() >> 2) >> random.below(62)) % 3_600_000_000_000_000_000))
    }

    private mutating func probability() -> Probability {
        Probability(partsPerBillion: UInt32(random.below(1_000_000_001)))
    }
    private mutating func bytes(_ most: Int) -> Int64 { Int64(random.below(most) + 1) }
    private mutating func rate() -> Rate {
        Rate(bitsPerSecond: (random.next() >> random.below(50)) % 1_000_000_000_000_000 + 1)
    }
    private mutating func drift() -> Int64 { Int64(random.below(1_000_000_001)) - 500_000_000 }

    private mutating func hosts() -> [HostDescription] {
        let count = 2 + random.below(3)
        let names = (0..<count).map { "host\($0)" } + (0..<random.below(3)).map { "router\($0)" }
        return names.enumerated().map { index, name in
            HostDescription(
                name: name,
                forwards: true,
                isRouter: index >= count,
                driftPartsPerBillion: drift(),
                wallOffset: .zero - interval(0),
                receiveBuffer: bytes(1_000_000)
            )
        }
    }

    private mutating func link(_ name: String, _ first: HostID, _ second: HostID) -> LinkDescription {
        LinkDescription(name: name, first: first, second: second, forward: direction(), backward: direction())
    }

    private mutating func direction() -> DirectionDescription {
        var direction = DirectionDescription(queue: optional { $0.queue() })
        for change in changes() {
            if case .queue = change { continue }
            direction.apply(change)
        }
        return direction
    }

    private mutating func changes() -> [PropertyChange] {
        var changes: [PropertyChange] = [
            .rate(random.chance(3) ? .unlimited : rate()), .delay(interval(0)), .overhead(bytes(100)),
            .mtu(bytes(65_000)),
            .jitter(optional { $0.jitter() }), .loss(optional { $0.loss() }), .queue(queue()),
            .duplicate(probability()),
        ]
        let distance: Reordering.Distance = random.chance(2) ? .packets(bytes(50)) : .interval(interval(1))
        changes += [
            .reorder(
                optional { Reordering(probability: $0.probability(), distance: distance, within: $0.interval(0)) }
            ),
            .corrupt(optional { Corruption(probability: $0.probability(), bits: $0.bytes(9)) }),
            .truncate(probability()),
        ]
        changes.removeAll { _ in random.chance(4) }
        return changes
    }

    private mutating func loss() -> ChosenModel {
        switch random.below(3) {
        case 0: return ChosenModel(ModelChoice("independent", [.init("probability", .probability(probability()))]))
        case 1:
            let ranges = (0..<random.below(4)).map { _ in
                let start = random.next() >> random.below(64)
                return
                    start...(random.chance(2) ? start : start.addingReportingOverflow(5).overflow ? start : start + 5)
            }
            return ChosenModel(ModelChoice("list", [.init("packets", .integers(ranges))]))
        default:
            return ChosenModel(
                ModelChoice(
                    "gilbert-elliott",
                    [
                        .init("mean", .probability(probability())),
                        .init("burst", .decimal(millionths: Int64(bitPattern: random.next() >> random.below(64)) / 2)),
                        .init("clock", .word("packets")),
                    ]
                )
            )
        }
    }

    private mutating func jitter() -> ChosenModel {
        let name = random.pick(["uniform", "normal"])
        let flag = ModelChoice.Argument("reorder", .flag(random.chance(2)))
        return ChosenModel(ModelChoice(name, [.init("deviation", .interval(interval(0))), flag]))
    }

    private mutating func queue() -> ChosenModel {
        switch random.below(3) {
        case 0: return ChosenModel(ModelChoice("unlimited"))
        case 1: return ChosenModel(ModelChoice("drop-tail", [.init("packets", .packets(bytes(5_000)))]))
        default: return ChosenModel(ModelChoice("codel", [.init("limit", .bytes(bytes(9_999_999)))]))
        }
    }

    private mutating func flow(_ index: Int, _ endpoints: [HostID], _ links: [LinkDescription]) -> FlowDescription? {
        let from = random.pick(endpoints)
        guard let to = endpoints.first(where: { $0 != from }) else { return nil }
        let over = links.firstIndex { $0.first == from || $0.second == from }
        let model =
            switch random.below(3) {
            case 0: ModelChoice("constant", [.init("rate", .rate(rate()))])
            case 1: ModelChoice("poisson", [.init("frequency", .frequency(perThousandSeconds: bytes(1_000_000)))])
            default: ModelChoice("closed-loop", random.chance(2) ? [] : [.init("bytes", .bytes(bytes(1 << 40)))])
            }
        let start = Interval(nanoseconds: Int64(random.below(1_000_000)))
        return FlowDescription(
            name: random.chance(2) ? "flow\(index)" : "flow.\(index)",
            from: from,
            to: to,
            over: random.chance(2) ? over.map { LinkID($0) } : nil,
            model: ChosenModel(model),
            size: random.chance(2) ? .fixed(23 + bytes(65_484)) : .exponential(mean: 23 + bytes(65_484)),
            start: start,
            stop: optional { start + $0.interval(1) },
            ecn: random.chance(2)
        )
    }

    /// Any of the links of clients, each once, the first of them no backup.
    private mutating func paths(_ links: [Int]) -> PathsChosen {
        switch random.below(3) {
        case 0: return .all
        case 1: return .one
        default:
            let own = links.filter { _ in random.chance(2) }
            let paths = own.enumerated().map { place, link in
                PathDescription(
                    over: LinkID(link),
                    to: optional { _ in LinkID(0) },
                    isBackup: place > 0 && random.chance(2)
                )
            }
            return paths.isEmpty ? .all : .listed(paths)
        }
    }

    /// `links` are those of the workload's clients.
    private mutating func transport(_ links: [Int]) -> TransportDescription {
        var transport = TransportDescription()
        guard random.chance(2) else { return transport }
        transport.handshake = random.pick(HandshakeKind.allCases)
        transport.suite = random.pick(SuiteName.allCases)
        transport.congestion = optional { maker in
            let window = ModelChoice.Argument("initial-window", .packets(maker.bytes(50)))
            return ChosenModel(ModelChoice("newreno", maker.random.chance(2) ? [window] : []))
        }
        transport.paths = paths(links)
        transport.scheduler = optional { maker in
            ChosenModel(
                ModelChoice("min-rtt", maker.random.chance(2) ? [.init("margin", .interval(maker.timer()))] : [])
            )
        }
        transport.reinjection = random.pick(ReinjectionKind.allCases)
        transport.acks = random.pick(AckRoute.allCases)
        transport.pathKeepAlive = optional { $0.timer() }
        transport.idleTimeout = timer()
        transport.keepAlive = optional { $0.timer() }
        transport.ackDelay = Interval(nanoseconds: timer().nanoseconds % 16_384_000_001)
        transport.initialRoundTrip = timer()
        transport.handshakeTimeout.first = Interval(nanoseconds: 1_000_000 + bytes(1 << 40))
        transport.handshakeTimeout.giveUp = transport.handshakeTimeout.first + timer()
        transport.windows.stream = 999 + bytes(1_000_000)
        transport.windows.streamMax = transport.windows.stream + bytes(1_000_000)
        transport.windows.connection = 999 + bytes(1_000_000)
        transport.windows.connectionMax = transport.windows.connection + bytes(1_000_000)
        transport.sendBuffer = 999 + bytes(1_000_000)
        transport.streams.bidirectional = bytes(100_000)
        transport.streams.unidirectional = bytes(100_001) - 1
        transport.packetSize = 1_199 + bytes(14_000)
        transport.constantSize = random.chance(2)
        transport.keyUpdate.bytes = 999 + bytes(1 << 39)
        transport.keyUpdate.packets = bytes(1 << 32)
        transport.keyUpdate.time = timer()
        transport.halfOpen = bytes(100_001) - 1
        transport.closesWhenDone = random.chance(2)
        return transport
    }

    private mutating func timer() -> Interval { Interval(nanoseconds: 1_000_000 + bytes(1 << 57)) }

    private mutating func workload(_ endpoints: [HostID], _ links: [LinkDescription]) -> [WorkloadItem] {
        (0..<random.below(5)).compactMap { index in
            let client = random.pick(endpoints)
            guard let server = endpoints.first(where: { $0 != client }) else { return nil }
            let over = links.firstIndex { $0.first == client || $0.second == client }
            let (work, link) = (work(), over.map { LinkID($0) })
            var (streams, priority): (Int64, Int64) = (bytes(100_000), bytes(256) - 1)
            var kind = random.below(3)
            if case .datagrams = work { (streams, priority, kind) = (1, 0, min(kind, 1)) }
            return WorkloadItem(
                name: "item\(index)",
                at: interval(0),
                client: client,
                server: server,
                over: kind == 1 ? link : nil,
                path: kind == 2 ? link : nil,
                connection: optional { "c\($0.random.below(2))" },
                streams: streams,
                priority: priority,
                work: work
            )
        }
    }

    private mutating func work() -> WorkloadItem.Work {
        switch random.below(4) {
        case 0: return .get(amount(1 << 48))
        case 1: return .put(amount(1 << 48))
        case 2:
            var requests = RequestWork(response: amount(1 << 48))
            requests.request = amount(1 << 48)
            requests.think = amount(1 << 48)
            requests.duration = optional { $0.interval(1) }
            requests.count = requests.duration == nil ? bytes(1_000) : optional { $0.bytes(1_000) }
            return .requests(requests)
        default:
            let messages = DatagramWork.Rate.messages(perThousandSeconds: bytes(1 << 48))
            var datagrams = DatagramWork(rate: random.chance(2) ? messages : .bits(rate()))
            datagrams.size = random.chance(2) ? .fixed(15 + bytes(1_000)) : .uniform(16, 15 + bytes(1_000))
            datagrams.deadline = optional { $0.interval(1) }
            datagrams.count = optional { $0.bytes(1_000) }
            datagrams.duration = optional { $0.interval(1) }
            datagrams.fromServer = random.chance(2)
            return .datagrams(datagrams)
        }
    }

    private mutating func amount(_ most: Int) -> Amount {
        switch random.below(3) {
        case 0: return .fixed(bytes(most))
        case 1:
            let first = bytes(most)
            return .uniform(first, first + bytes(most))
        default: return .exponential(mean: bytes(most))
        }
    }

    private mutating func action(_ hosts: [HostDescription], _ links: [LinkDescription]) -> TimelineItem.Action {
        let (a, b) = (HostID(0), HostID(1))
        switch random.below(6) {
        case 0: return .partition(groups: [[a], [b]])
        case 1: return .cut(from: [b], to: [a])
        case 2: return .heal
        case 3: return .host(HostID(random.below(hosts.count)), hostAction())
        default:
            let link = LinkID(random.below(links.count))
            return .link(
                random.pick([[link.forward, link.backward], [link.forward], [link.backward]]),
                linkAction(link)
            )
        }
    }

    private mutating func hostAction() -> HostAction {
        switch random.below(7) {
        case 0: .crash
        case 1: .restart
        case 2: .pause
        case 3: .resume
        case 4: .drift(partsPerBillion: drift())
        case 5: .wallStep(.zero - interval(0))
        default: .rebind(random.pick(Rebinding.allCases), nil)
        }
    }

    private mutating func linkAction(_ link: LinkID) -> LinkAction {
        switch random.below(6) {
        case 0: return .up
        case 1: return .down(holdsQueue: random.chance(2))
        case 2: return .clog
        case 3: return .release
        case 4 where link != LinkID(0):
            let changes = changes()
            return changes.isEmpty ? .up : .set(changes)
        default:
            var targets: [Ramp.Target] = [.delay(interval(0)), .overhead(bytes(100))]
            // Only the first link has a rate and no bursts to begin with, and is never set to anything else.
            if link == LinkID(0) { targets = [.rate(rate())] + targets + [.loss(probability())] }
            targets += [.duplicate(probability()), .truncate(probability())]
            return .ramp(Ramp(targets: targets, over: .seconds(3), every: Interval(nanoseconds: 4_000)))
        }
    }

    private mutating func expectation() -> PlaitScenario.Expectation {
        let comparison = random.pick(Comparison.allCases)
        let (text, value): (String, ParameterValue) = random.pick([
            ("1.5 s", .interval(.milliseconds(1_500))), ("-3", .integer(-3)), ("2 %", .probability(.percent(2))),
        ])
        if random.chance(3) {
            return PlaitScenario.Expectation(
                text: "flows.v-1.complete within 12 s",
                metric: ["flows", "v-1", "complete"],
                condition: .within(.seconds(12))
            )
        }
        return PlaitScenario.Expectation(
            text: "links.a>b.gap \(comparison.rawValue) \(text)",
            metric: ["links", "a>b", "gap"],
            condition: .compare(comparison, value)
        )
    }
}
