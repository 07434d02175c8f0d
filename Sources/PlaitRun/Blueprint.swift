package import PlaitCore
import PlaitNetwork
package import PlaitScenario
package import PlaitSimulator
import PlaitStatistics

/// A scenario turned into what the simulator understands, for one seed: models made, faults in order, flows seated.
///
/// Everything that can be wrong with a scenario beyond its text (arguments of a model that do not fit together, a flow
/// without a way) is found here, before anything runs.
package struct Blueprint {
    package let scenario: Scenario
    package let seed: UInt64
    package private(set) var plan = NetworkPlan()
    package private(set) var flows: [SeatedFlow] = []
    /// `nil` for a scenario without a workload.
    package private(set) var workload: WorkloadPlan?
    /// What the workload's endpoints are made with.
    private(set) var transport: TransportSetup?
    package private(set) var faults: [(time: Instant, fault: Fault)] = []
    package let topology: Topology
    package let distributions: Distributions
    let registry: Registry

    /// The two ends of a flow and where they sit.
    package struct SeatedFlow {
        package let name: String
        package let from: HostID
        package let to: HostID
        package let local: SocketAddress
        package let remote: SocketAddress
        package let ends: TrafficPair
    }

    /// `seed` is taken instead of the scenario's own.
    package init(
        _ scenario: Scenario,
        seed: UInt64? = nil,
        registry: Registry,
        distributions: Distributions
    ) throws(BlueprintErrors) {
        self.scenario = scenario
        self.seed = seed ?? scenario.seed
        self.registry = registry
        self.distributions = distributions
        plan.seed = self.seed
        plan.hosts = scenario.hosts.map(HostPlan.init)
        var errors: [BlueprintError] = []
        var builder = ModelBuilder(seed: self.seed, registry: registry, distributions: distributions)
        plan.links = builder.links(of: scenario)
        topology = Topology(plan)
        faults = TimelineBuilder(scenario: scenario, models: builder).faults(&errors)
        errors = builder.errors + errors
        flows = seatFlows(&errors)
        workload = seatWorkload(&errors)
        if !scenario.workload.isEmpty {
            let paths = workload?.connections.map(\.paths.count).max() ?? 1
            transport = TransportSetup(scenario.transport, paths: paths, registry, &errors)
        }
        let longest = scenario.flows.map { Self.sizes(of: $0, in: scenario).largest }.max() ?? 1_500
        plan.largestPacket = max(longest, scenario.workload.isEmpty ? 0 : Int(scenario.transport.packetLongest))
        if scenario.stop.time.nanoseconds / max(1, scenario.interval.nanoseconds) > Self.samplesMax {
            let message = "\(scenario.stop.time) in steps of \(scenario.interval) are more than 10,000,000 samples; "
            errors.append(BlueprintError(.none, message + "write a longer interval: or a shorter stop:"))
        }
        for expectation in scenario.expectations {
            guard let objection = MetricName.objection(to: expectation, in: scenario) else { continue }
            errors.append(BlueprintError(expectation.origin, objection))
        }
        guard errors.isEmpty else { throw BlueprintErrors(errors) }
    }

    private static let samplesMax: Int64 = 10_000_000

    // MARK: Flows

    private mutating func seatFlows(_ errors: inout [BlueprintError]) -> [SeatedFlow] {
        var seated: [SeatedFlow] = []
        var topology = topology
        for (index, flow) in scenario.flows.enumerated() {
            do throws(BlueprintError) {
                seated.append(try seat(flow, number: index, in: &topology))
            } catch {
                errors.append(error)
            }
        }
        return seated
    }

    private func seat(
        _ flow: FlowDescription,
        number: Int,
        in topology: inout Topology
    ) throws(BlueprintError) -> SeatedFlow {
        guard let ends = topology.shortestInterfaces(from: flow.from, to: flow.to) else {
            throw BlueprintError(
                flow.origin,
                "flow '\(flow.name)' has no way to its destination: no chain of links leads there"
            )
        }
        let source = try interface(of: flow.from, on: flow.over, flow) ?? ends.from
        // A link between the two hosts is used at both ends unless the other end is chosen as well.
        let sharedLink = flow.over.flatMap { link in
            topology.ends(of: link.forward).from == flow.to || topology.ends(of: link.forward).to == flow.to
                ? link : nil
        }
        let destination = try interface(of: flow.to, on: flow.toOver ?? sharedLink, flow) ?? ends.to
        guard number < 20_000 else {
            throw BlueprintError(flow.origin, "more than 20,000 flows: the ports of a host run out")
        }
        if case .fixed(let bytes) = flow.size, bytes < PacketSizes.least {
            throw BlueprintError(
                flow.origin,
                "a plain packet carries a header of \(PacketSizes.least) B; write size: \(PacketSizes.least) B or more"
            )
        }
        let local = SocketAddress(interface: source, port: UInt16(10_000 + number))
        let remote = SocketAddress(interface: destination, port: UInt16(30_000 + number))
        let context = TrafficContext(
            flow: FlowID(number),
            local: local,
            remote: remote,
            sizes: Self.sizes(of: flow, in: scenario),
            start: .start + flow.start,
            stop: stop(of: flow),
            ecn: flow.ecn ? .capable0 : .notCapable,
            stream: RandomStream(seed: seed, name: "flow/\(flow.name)"),
            distributions: distributions
        )
        return SeatedFlow(
            name: flow.name,
            from: flow.from,
            to: flow.to,
            local: local,
            remote: remote,
            ends: try make(flow, context)
        )
    }

    /// On the clock of the flow's source. Without a `stop:` it sends until the run ends: up to that instant, and not at
    /// it. A clock that drifts would show that instant early or late, so there only the end of the run ends the flow.
    private func stop(of flow: FlowDescription) -> Instant {
        if let stop = flow.stop { return .start + stop }
        let drifts = scenario.timeline.contains { item in
            if case .host(flow.from, .drift) = item.action { true } else { false }
        }
        let isTrue = scenario.hosts[Int(flow.from.index)].driftPartsPerBillion == 0 && !drifts
        return isTrue ? .start + scenario.stop.time : .never
    }

    private func make(_ flow: FlowDescription, _ context: TrafficContext) throws(BlueprintError) -> TrafficPair {
        let name = flow.model.choice.name
        guard let model = registry.traffic.traffic.first(where: { $0.signature.name == name }) else {
            throw BlueprintError(flow.model.origin, "there is no traffic model called '\(name)'")
        }
        do throws(ModelError) {
            return try model.make(flow.model.choice, context)
        } catch {
            throw BlueprintError(flow.model.origin(of: error.parameter), error.message)
        }
    }

    private func interface(
        of host: HostID,
        on link: LinkID?,
        _ flow: FlowDescription
    ) throws(BlueprintError) -> UInt32? {
        guard let link else { return nil }
        if let interface = interface(of: host, on: link) { return interface }
        let (linkName, hostName) = (scenario.links[Int(link.index)].name, scenario.hosts[Int(host.index)].name)
        throw BlueprintError(flow.origin, "link '\(linkName)' does not touch host '\(hostName)' of flow '\(flow.name)'")
    }

    func interface(of host: HostID, on link: LinkID) -> UInt32? {
        if topology.ends(of: link.forward).from == host { return UInt32(link.forward.index) }
        if topology.ends(of: link.backward).from == host { return UInt32(link.backward.index) }
        return nil
    }

    func name(_ host: HostID) -> String { scenario.hosts[Int(host.index)].name }

    private static func sizes(of flow: FlowDescription, in scenario: Scenario) -> PacketSizes {
        switch flow.size {
        case .fixed(let bytes):
            return .fixed(max(PacketSizes.least, Int(bytes)))
        case .exponential(let mean):
            let most = scenario.links.flatMap { [$0.forward, $0.backward] }.map { $0.mtu - $0.overhead }.max() ?? 1_500
            return .exponential(mean: Int(mean), most: max(PacketSizes.least, min(65_507, Int(most))))
        }
    }
}

extension HostPlan {
    fileprivate init(_ host: HostDescription) {
        self.init(name: host.name)
        forwards = host.forwards || host.isRouter
        drift = host.driftPartsPerBillion
        wallOffset = host.wallOffset
        receiveBuffer = Int(host.receiveBuffer)
    }
}

/// Something in a scenario that reads well but cannot be built.
package struct BlueprintError: Error, Sendable {
    package let origin: Origin
    package let message: String

    init(_ origin: Origin, _ message: String) {
        self.origin = origin
        self.message = message
    }
}

/// All that is wrong, at once.
package struct BlueprintErrors: Error, Sendable {
    package let errors: [BlueprintError]

    init(_ errors: [BlueprintError]) { self.errors = errors }
}
