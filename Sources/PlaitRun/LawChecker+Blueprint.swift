import PlaitCore
import PlaitNetwork
import PlaitScenario
import PlaitSimulator

extension LawChecker {
    /// A checker that knows what the scenario says, and asks the links nothing.
    ///
    /// Two facts are only known to the models that a scenario names, how far jitter can delay a packet and what bounds
    /// a queue; they are taken from the plan as it was before the run.
    convenience init(_ blueprint: Blueprint) {
        let scenario = blueprint.scenario
        let hosts = scenario.hosts.map { HostFacts(name: $0.name, isRouter: $0.forwards || $0.isRouter) }
        var facts: [LinkFacts] = []
        for (index, link) in scenario.links.enumerated() {
            let plan = blueprint.plan.links[index]
            let (first, second) = (hosts[Int(link.first.index)].name, hosts[Int(link.second.index)].name)
            let id = LinkID(index)
            var forward = LinkFacts(
                link.forward,
                plan.forward,
                "\(link.name)/\(first)>\(second)",
                link.first,
                link.second
            )
            var backward = LinkFacts(
                link.backward,
                plan.backward,
                "\(link.name)/\(second)>\(first)",
                link.second,
                link.first
            )
            forward.reorderHoldMax = max(forward.reorderHoldMax, blueprint.longestHold(on: id.forward))
            backward.reorderHoldMax = max(backward.reorderHoldMax, blueprint.longestHold(on: id.backward))
            facts += [forward, backward]
        }
        self.init(hosts: hosts, directions: facts, partitions: blueprint.partitionFacts)
    }
}

extension LinkFacts {
    fileprivate init(
        _ description: DirectionDescription,
        _ plan: LinkConfiguration,
        _ name: String,
        _ from: HostID,
        _ to: HostID
    ) {
        self.init(
            name: name,
            from: from,
            to: to,
            rate: description.rate,
            delay: description.delay,
            overheadBytes: Int(description.overhead),
            mtu: Int(description.mtu),
            jitterMax: plan.jitter?.largestDelay ?? .zero,
            jitterMayReorder: plan.jitter?.mayReorder ?? false,
            mayReorder: description.reorder.map { $0.probability != .never } ?? false,
            reorderHoldMax: description.reorder.map(\.longestHold) ?? .zero,
            queue: QueueBound(plan.queue.limit),
            isManaged: plan.queue.isManaged,
            mayLose: description.loss != nil,
            mayDuplicate: description.duplicate != .never,
            mayCorrupt: description.corrupt.map { $0.probability != .never } ?? false || description.truncate != .never
        )
    }
}

extension QueueBound {
    fileprivate init(_ limit: QueueLimit) {
        self =
            switch limit {
            case .unlimited: .unlimited
            case .packets(let count): .packets(count)
            case .bytes(let count): .bytes(count)
            case .delay(let bound): .delay(bound)
            case .other: .unknown
            }
    }
}

extension PlaitScenario.Reordering {
    /// How much later than without reordering a packet may arrive.
    fileprivate var longestHold: Interval {
        switch distance {
        case .packets: within
        case .interval(let extra): extra
        }
    }
}

extension Blueprint {
    /// The longest that the timeline's reordering holds a packet of a direction.
    fileprivate func longestHold(on direction: DirectionID) -> Interval {
        var longest = Interval.zero
        for item in scenario.timeline {
            guard case .link(let directions, .set(let changes)) = item.action, directions.contains(direction) else {
                continue
            }
            for case .reorder(let reordering?) in changes { longest = max(longest, reordering.longestHold) }
        }
        return longest
    }

    /// Who is kept from whom, and when.
    fileprivate var partitionFacts: [PartitionFacts] {
        var open: [(from: [HostID], to: [HostID], start: Instant)] = []
        var facts: [PartitionFacts] = []
        for (time, fault) in faults.sorted(by: { $0.time < $1.time }) {
            switch fault {
            case .partition(let partition):
                open.append((partition.from, partition.to, time))
            case .heal:
                facts += open.map { PartitionFacts(from: $0.from, to: $0.to, start: $0.start, end: time) }
                open.removeAll()
            case .direction, .host:
                break
            }
        }
        return facts + open.map { PartitionFacts(from: $0.from, to: $0.to, start: $0.start) }
    }
}
