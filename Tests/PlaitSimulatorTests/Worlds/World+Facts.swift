import PlaitCore
import PlaitNetwork
import PlaitSimulator

/// What a world's description says of its laws. No number here comes from a model or a link.
extension World {
    func checker() -> LawChecker {
        var directions: [LinkFacts] = []
        for index in 0..<2 * links.count { directions.append(facts(of: DirectionID(index))) }
        return LawChecker(
            hosts: hosts.map { HostFacts(name: $0.name, isRouter: $0.forwards) },
            directions: directions,
            partitions: partitions()
        )
    }

    private func facts(of direction: DirectionID) -> LinkFacts {
        let (way, link) = (way(direction), links[Int(direction.link.index)])
        return LinkFacts(
            name: "l\(direction.link.index)\(direction.isForward ? ">" : "<")",
            from: HostID(direction.isForward ? link.from : link.to),
            to: HostID(direction.isForward ? link.to : link.from),
            rate: way.rate,
            delay: way.delay,
            overheadBytes: way.overhead,
            mtu: way.mtu,
            jitterMax: way.jitter.map(Self.largest) ?? .zero,
            jitterMayReorder: way.jitter?.flag("reorder") ?? false,
            mayReorder: way.reordering.probability != .never,
            reorderHoldMax: longestHold(on: direction),
            queue: Self.bound(of: way.queue),
            isManaged: way.queue.name == "codel",
            mayLose: way.loss != nil,
            mayDuplicate: way.duplication != .never,
            mayCorrupt: way.corruption.probability != .never || way.corruption.truncation != .never
        )
    }

    /// No less than the model's largest extra delay, from the arguments and the documented cuts of the distributions.
    private static func largest(_ choice: ModelChoice) -> Interval {
        let times: (Interval?, Int64) -> Interval = { Interval(nanoseconds: ($0?.nanoseconds ?? 0) * $1 / 100) }
        switch choice.name {
        case "uniform": return choice.interval("to") ?? times(choice.interval("deviation"), 347)
        case "normal":
            // Between knots 1.2247 deviations, cut a little beyond 3.
            let most = times(choice.interval("deviation"), 374)
            return (choice.interval("mean") ?? most) + most
        default: return times(choice.interval("mean"), choice.flag("per-packet") ? 3_050 : 970)
        }
    }

    private static func bound(of choice: ModelChoice) -> QueueBound {
        if let delay = choice.interval("delay") { return .delay(delay) }
        if let packets = choice.packets("packets") { return .packets(packets) }
        if let bytes = choice.bytes("bytes") ?? choice.bytes("limit") { return .bytes(bytes) }
        return .unlimited
    }

    private func longestHold(on direction: DirectionID) -> Interval {
        var all = [way(direction).reordering]
        for (_, happening) in timeline {
            if case .way(direction, .reordering(let next)) = happening { all.append(next) }
        }
        return all.map { $0.distance > 0 ? $0.within : $0.extraDelay }.max() ?? .zero
    }

    private func partitions() -> [PartitionFacts] {
        var facts: [PartitionFacts] = []
        // The simulator takes the lines of one instant in the order of the scenario.
        let lines = timeline.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        let heals = lines.compactMap { line in if case .heal = line.element.happening { line } else { nil } }
        for line in lines {
            guard case .partition(let from, let to) = line.element.happening else { continue }
            let end = heals.first { ($0.element.time, $0.offset) > (line.element.time, line.offset) }
            facts.append(
                PartitionFacts(
                    from: from.map(HostID.init),
                    to: to.map(HostID.init),
                    start: .start + line.element.time,
                    end: end.map { .start + $0.element.time } ?? .never
                )
            )
        }
        return facts
    }
}
