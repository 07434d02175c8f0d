package import PlaitCore
import PlaitNetwork
import PlaitSimulator
import PlaitStatistics

/// Many hosts, many flows, long ways: hosts in a ring that all forward, flows between random ones.
///
/// A packet crosses a quarter of the ring on average, so 1,000 hosts and 10,000 flows of 10 packets a second make about
/// 25 million packet-hops a second of simulated time. Running hashes are on, nobody listens to the trace.
package struct RingBench: Sendable {
    package var hosts = 1_000
    package var flows = 10_000
    package var seconds: Int64 = 10
    package var seed: UInt64 = 1

    package init() {}

    /// Bytes of UDP payload in every packet.
    package static let packetSize = 1_200

    /// Builds the network and runs it once.
    ///
    /// - Parameter clock: Times the making of routes and seats, and then the run.
    /// - Returns: What happened, and how long it took.
    /// - Throws: `BenchError`, or `ModelError` when a model is not there any more.
    package func run(_ clock: BenchClock) throws -> RingResult {
        precondition(hosts >= 3 && flows <= 20_000, "a ring has three hosts or more, and ports run out at 20,000 flows")
        let distributions = Distributions.standard()
        let plan = try plan(distributions)
        var simulator = Simulator(plan)
        let (refusal, building) = clock.time { () -> ModelError? in
            var topology = Topology(plan)
            do throws(ModelError) {
                try seat(on: &simulator, &topology, distributions)
                return nil
            } catch { return error }
        }
        if let refusal { throw refusal }
        var stop = StopConditions()
        stop.time = .start + .seconds(seconds)
        let (reason, wall) = clock.time { simulator.run(until: stop) }
        guard case .timeReached = reason else { throw BenchError.ended(reason) }
        let result = RingResult(simulator, building: building, wall: wall)
        let known = result.delivered + result.dropped + result.inFlight
        guard result.sent == known else { throw BenchError.unaccounted(sent: result.sent, known: known) }
        return result
    }

    private func plan(_ distributions: Distributions) throws(ModelError) -> NetworkPlan {
        var plan = NetworkPlan()
        plan.seed = seed
        plan.largestPacket = Self.packetSize
        for host in 0..<hosts {
            var description = HostPlan(name: "h\(host)")
            description.forwards = true
            plan.hosts.append(description)
        }
        for host in 0..<hosts {
            plan.links.append(
                LinkPlan(
                    name: "l\(host)",
                    from: HostID(host),
                    to: HostID((host + 1) % hosts),
                    forward: try direction(distributions),
                    backward: try direction(distributions)
                )
            )
        }
        return plan
    }

    private func direction(_ distributions: Distributions) throws(ModelError) -> LinkConfiguration {
        let rate = Rate.megabits(1_000)
        let context = ModelContext(
            stream: RandomStream(seed: seed, name: "unused: a drop-tail queue draws nothing"),
            rate: rate,
            mtu: 1_500,
            distributions: distributions
        )
        let choice = ModelChoice("drop-tail", [.init("packets", .packets(1_000))])
        guard let model = LinkModels.standard.queue.first(where: { $0.signature.name == choice.name }) else {
            throw ModelError("there is no queue called \(choice.name)")
        }
        var configuration = LinkConfiguration(queue: try model.make(choice, context))
        configuration.rate = rate
        configuration.delay = .milliseconds(1)
        return configuration
    }

    /// Each host has as many sources as the next; destinations and starts, within one interval, are drawn.
    private func seat(
        on simulator: inout Simulator,
        _ topology: inout Topology,
        _ distributions: Distributions
    ) throws(ModelError) {
        let choice = ModelChoice("constant", [.init("frequency", .frequency(perThousandSeconds: 10_000))])
        guard let model = TrafficModels.standard.traffic.first(where: { $0.signature.name == choice.name }) else {
            throw ModelError("there is no traffic called \(choice.name)")
        }
        for number in 0..<flows {
            let stream = RandomStream(seed: seed, name: "flow/\(number)")
            let source = number % hosts
            let distance = 1 + Int(stream.draw(0).multipliedFullWidth(by: UInt64(hosts - 1)).high)
            let (from, to) = (HostID(source), HostID((source + distance) % hosts))
            guard let way = topology.shortestInterfaces(from: from, to: to) else {
                throw ModelError("a ring without a way")
            }
            let (local, remote) = (UInt16(10_000 + number), UInt16(30_000 + number))
            let start = Int64(stream.draw(1).multipliedFullWidth(by: 100_000_000).high)
            let context = TrafficContext(
                flow: FlowID(number),
                local: SocketAddress(interface: way.from, port: local),
                remote: SocketAddress(interface: way.to, port: remote),
                sizes: .fixed(Self.packetSize),
                start: Instant(nanoseconds: start),
                stop: .never,
                ecn: .notCapable,
                stream: stream,
                distributions: distributions
            )
            let pair = try model.make(choice, context)
            simulator.seat(pair.source, on: from, port: local, flow: FlowID(number), name: "flow \(number) source")
            simulator.seat(pair.sink, on: to, port: remote, flow: FlowID(number), name: "flow \(number) sink")
        }
    }
}

/// What one run of the ring did, and what it took.
package struct RingResult: Sendable {
    package private(set) var sent: UInt64 = 0
    package private(set) var delivered: UInt64 = 0
    package private(set) var dropped: UInt64 = 0
    /// Queued, in serialisation or on a wire at the end.
    package private(set) var inFlight: UInt64 = 0
    /// Packets that a link serialised.
    package private(set) var hops: UInt64 = 0
    package let events: UInt64
    package let hash: RunningHash
    /// Nanoseconds of wall time for the routes and the flows' seats.
    package let building: UInt64
    /// Nanoseconds of wall time for the simulation.
    package let wall: UInt64

    init(_ simulator: borrowing Simulator, building: UInt64, wall: UInt64) {
        events = simulator.events
        hash = simulator.hash
        self.building = building
        self.wall = wall
        for host in simulator.hosts.indices {
            let counters = simulator.hosts[host].counters
            sent += counters.sent
            delivered += counters.delivered
            dropped += counters.dropped
        }
        for place in simulator.directions.indices {
            let counters = simulator.directions[place].counters
            hops += counters.departed.packets
            dropped += counters[.queueFull].packets
            inFlight += counters.offered.packets - counters.arrived.packets - counters[.queueFull].packets
        }
    }

    /// - Parameter peakMemory: Of the process, in bytes.
    /// - Returns: All that is to be printed.
    package func figures(peakMemory: UInt64) -> [BenchFigure] {
        [
            BenchFigure("packets_sent", sent),
            BenchFigure("packets_delivered", delivered),
            BenchFigure("packets_dropped", dropped),
            BenchFigure("packets_in_flight", inFlight),
            BenchFigure("packet_hops", hops),
            BenchFigure("events", events),
            BenchFigure("hash", hash),
            BenchFigure("building_s", seconds(building)),
            BenchFigure("wall_s", seconds(wall)),
            BenchFigure("ns_per_packet_hop", decimal(wall, per: max(hops, 1), digits: 1)),
            BenchFigure("peak_memory_MiB", decimal(peakMemory, per: 1 << 20, digits: 1)),
        ]
    }
}
