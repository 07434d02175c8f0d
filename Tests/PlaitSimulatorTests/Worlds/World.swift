import PlaitCore
import PlaitNetwork
import PlaitSimulator
import PlaitStatistics
import Testing

/// A network, its traffic and its timeline as a test describes them; `run` makes them real and holds the run against
/// every law.
///
/// What the law checker believes is derived from this description (`World+Facts`), never from a link or a model.
struct World {
    /// One direction of a link.
    struct Way {
        var rate = Rate.megabits(10)
        var delay = Interval.milliseconds(5)
        var overhead = 0
        var mtu = 1_500
        var loss: ModelChoice?
        var jitter: ModelChoice?
        var queue = ModelChoice("unlimited")
        var duplication = Probability.never
        var reordering = Reordering()
        var corruption = Corruption()
    }

    struct Link {
        var from: Int
        var to: Int
        var forward: Way
        var backward: Way
    }

    /// Plain traffic from one host to another. `link` names the first link to take; without it, the shortest way.
    struct Flow {
        var traffic: ModelChoice
        var from: Int
        var to: Int
        var size = PacketSizes.fixed(1_200)
        var start = Instant.start
        var stop = Instant.never
        var ecn = ECN.notCapable
        var link: Int?
    }

    /// One line of the timeline.
    enum Happening {
        case way(DirectionID, Change)
        case host(Int, HostFault)
        case partition(from: [Int], to: [Int])
        case heal
    }

    /// A new value of a direction's property, with models by their description: a run makes them anew.
    enum Change {
        case plain(LinkDirection.Change)
        case loss(ModelChoice?)
        case jitter(ModelChoice?)
        case queue(ModelChoice)
        case reordering(Reordering)
    }

    var hosts: [HostPlan] = []
    var links: [Link] = []
    var flows: [Flow] = []
    var timeline: [(time: Interval, happening: Happening)] = []
    var seed: UInt64 = 1
    var largestPacket = 1_500
    var stop = StopConditions()

    /// Two hosts, `a` and `b`, joined by one link that is the same both ways.
    init(_ way: Way = Way()) {
        hosts = [HostPlan(name: "a"), HostPlan(name: "b")]
        links = [Link(from: 0, to: 1, forward: way, backward: way)]
    }

    mutating func at(_ time: Interval, _ happening: Happening) { timeline.append((time, happening)) }

    /// Something that happens to the first link's forward direction.
    mutating func at(_ time: Interval, _ change: LinkDirection.Change) {
        at(time, .way(LinkID(0).forward, .plain(change)))
    }

    static let distributions = Distributions.standard()

    static func direction(_ index: Int) -> DirectionID { DirectionID(index) }
}

// MARK: Making it real

extension World {
    func plan() throws -> NetworkPlan {
        var plan = NetworkPlan()
        plan.hosts = hosts
        plan.seed = seed
        plan.largestPacket = largestPacket
        for (index, link) in links.enumerated() {
            plan.links.append(
                LinkPlan(
                    name: "l\(index)",
                    from: HostID(link.from),
                    to: HostID(link.to),
                    forward: try configuration(of: LinkID(index).forward),
                    backward: try configuration(of: LinkID(index).backward)
                )
            )
        }
        return plan
    }

    func simulator() throws -> Simulator {
        var simulator = Simulator(try plan())
        for (index, flow) in flows.enumerated() { try seat(flow, FlowID(index), in: &simulator) }
        for (time, happening) in timeline {
            simulator.schedule(try fault(of: happening), at: .start + time)
        }
        return simulator
    }

    private func configuration(of direction: DirectionID) throws -> LinkConfiguration {
        let way = way(direction)
        var configuration = LinkConfiguration(queue: try queue(way.queue, direction))
        configuration.rate = way.rate
        configuration.delay = way.delay
        configuration.overhead = way.overhead
        configuration.mtu = way.mtu
        configuration.loss = try loss(way.loss, direction)
        configuration.jitter = try jitter(way.jitter, direction)
        configuration.duplication = way.duplication
        configuration.reordering = way.reordering
        configuration.corruption = way.corruption
        return configuration
    }

    func way(_ direction: DirectionID) -> Way {
        let link = links[Int(direction.link.index)]
        return direction.isForward ? link.forward : link.backward
    }

    private func context(_ direction: DirectionID, _ purpose: String) -> ModelContext {
        let way = way(direction)
        return ModelContext(
            stream: RandomStream(seed: seed, name: "link/\(direction.index)/\(purpose)"),
            rate: way.rate,
            mtu: way.mtu,
            distributions: Self.distributions
        )
    }

    private func loss(_ choice: ModelChoice?, _ direction: DirectionID) throws -> (any LossModel)? {
        guard let choice else { return nil }
        let model = try #require(LinkModels.standard.loss.first { $0.signature.name == choice.name })
        return try model.make(choice, context(direction, "loss"))
    }

    private func jitter(_ choice: ModelChoice?, _ direction: DirectionID) throws -> (any JitterModel)? {
        guard let choice else { return nil }
        let model = try #require(LinkModels.standard.jitter.first { $0.signature.name == choice.name })
        return try model.make(choice, context(direction, "jitter"))
    }

    private func queue(_ choice: ModelChoice, _ direction: DirectionID) throws -> any QueueDiscipline {
        let model = try #require(LinkModels.standard.queue.first { $0.signature.name == choice.name })
        return try model.make(choice, context(direction, "queue"))
    }

    private func fault(of happening: Happening) throws -> PlaitSimulator.Fault {
        switch happening {
        case .way(let direction, .plain(let change)): .direction(direction, change)
        case .way(let direction, .loss(let choice)): .direction(direction, .loss(try loss(choice, direction)))
        case .way(let direction, .jitter(let choice)): .direction(direction, .jitter(try jitter(choice, direction)))
        case .way(let direction, .queue(let choice)): .direction(direction, .queue(try queue(choice, direction)))
        case .way(let direction, .reordering(let next)): .direction(direction, .reordering(next))
        case .host(let host, let fault): .host(HostID(host), fault)
        case .partition(let from, let to): .partition(Partition(from: from.map(HostID.init), to: to.map(HostID.init)))
        case .heal: .heal
        }
    }

    private func seat(_ flow: Flow, _ id: FlowID, in simulator: inout Simulator) throws {
        let model = try #require(TrafficModels.standard.traffic.first { $0.signature.name == flow.traffic.name })
        let ends = try #require(interfaces(of: flow, simulator.topology))
        let (sourcePort, sinkPort) = (UInt16(1_000 + id.index), UInt16(2_000 + id.index))
        let context = TrafficContext(
            flow: id,
            local: SocketAddress(interface: ends.from, port: sourcePort),
            remote: SocketAddress(interface: ends.to, port: sinkPort),
            sizes: flow.size,
            start: flow.start,
            stop: flow.stop,
            ecn: flow.ecn,
            stream: RandomStream(seed: seed, name: "flow/\(id.index)"),
            distributions: Self.distributions
        )
        let pair = try model.make(flow.traffic, context)
        simulator.seat(pair.source, on: HostID(flow.from), port: sourcePort, flow: id, name: "source \(id.index)")
        simulator.seat(pair.sink, on: HostID(flow.to), port: sinkPort, flow: id, name: "sink \(id.index)")
    }

    private func interfaces(of flow: Flow, _ topology: Topology) -> (from: UInt32, to: UInt32)? {
        guard let link = flow.link else {
            var topology = topology
            return topology.shortestInterfaces(from: HostID(flow.from), to: HostID(flow.to))
        }
        let id = LinkID(link)
        let isForward = links[link].from == flow.from
        let (there, back) = isForward ? (id.forward, id.backward) : (id.backward, id.forward)
        return (UInt32(there.index), UInt32(back.index))
    }
}
