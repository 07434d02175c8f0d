import PlaitCore
import PlaitNetwork
import PlaitScenario
import PlaitSimulator

/// Turns a scenario's timeline into faults: partitions into one-way pairs, ramps into their steps.
struct TimelineBuilder {
    private let scenario: Scenario
    private let models: ModelBuilder
    /// What each direction's numbers are at the point in time that was reached: where a ramp begins.
    private var present: [DirectionDescription]
    private var faults: [(time: Instant, fault: Fault)] = []

    init(scenario: Scenario, models: ModelBuilder) {
        self.scenario = scenario
        self.models = models
        present = scenario.links.flatMap { [$0.forward, $0.backward] }
    }

    consuming func faults(_ errors: inout [BlueprintError]) -> [(time: Instant, fault: Fault)] {
        for item in scenario.timeline {
            do throws(BlueprintError) {
                try add(item)
            } catch {
                errors.append(error)
            }
        }
        // In order of time, so that the simulator appends them; those of one instant stay in the file's order.
        return faults.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .map(\.element)
    }

    private mutating func add(_ item: TimelineItem) throws(BlueprintError) {
        let time = Instant.start + item.at
        switch item.action {
        case .link(let directions, let action):
            for direction in directions { try add(action, to: direction, at: time, item.origin) }
        case .host(let host, let action):
            add(action, to: host, at: time)
        case .partition(let groups):
            for (first, second) in pairs(of: groups) {
                faults.append((time, .partition(Partition(from: first, to: second))))
            }
        case .cut(let from, let to):
            faults.append((time, .partition(Partition(from: from, to: to))))
        case .heal:
            faults.append((time, .heal))
        }
    }

    private func pairs(of groups: [[HostID]]) -> [([HostID], [HostID])] {
        groups.indices.flatMap { first in
            groups.indices.filter { $0 != first }.map { (groups[first], groups[$0]) }
        }
    }

    private mutating func add(_ action: HostAction, to host: HostID, at time: Instant) {
        let changes: [HostFault] =
            switch action {
            case .crash: [.crash]
            case .restart: [.restart]
            case .pause: [.pause]
            case .resume: [.resume]
            case .drift(let drift): [.drift(drift)]
            case .wallStep(let step): [.stepWall(step)]
            case .rebind(.port, _): [.rebindPorts]
            case .rebind(.address, let link): uplinks(of: host, on: link).map { .rebindAddress($0) }
            }
        for change in changes { faults.append((time, .host(host, change))) }
    }

    private func uplinks(of host: HostID, on link: LinkID?) -> [DirectionID] {
        scenario.links.indices.filter { link == nil || LinkID($0) == link }.flatMap { index -> [DirectionID] in
            let ends = scenario.links[index]
            return (ends.first == host ? [LinkID(index).forward] : [])
                + (ends.second == host ? [LinkID(index).backward] : [])
        }
    }

    private mutating func add(
        _ action: LinkAction,
        to direction: DirectionID,
        at time: Instant,
        _ origin: Origin
    ) throws(BlueprintError) {
        switch action {
        case .up: change(direction, .availability(.up), at: time)
        case .down(let holdsQueue): change(direction, .availability(holdsQueue ? .downHoldingQueue : .down), at: time)
        case .clog: change(direction, .clog(true), at: time)
        case .release: change(direction, .clog(false), at: time)
        case .set(let properties):
            for property in properties { try set(property, of: direction, at: time) }
        case .ramp(let ramp):
            for target in ramp.targets { try add(target, of: ramp, to: direction, at: time, origin) }
        }
    }

    private mutating func change(_ direction: DirectionID, _ change: LinkDirection.Change, at time: Instant) {
        faults.append((time, .direction(direction, change)))
    }

    private mutating func set(
        _ property: PropertyChange,
        of direction: DirectionID,
        at time: Instant
    ) throws(BlueprintError) {
        let index = Int(direction.index)
        switch property {
        case .rate(let rate):
            present[index].rate = rate
            change(direction, .rate(rate), at: time)
        case .delay(let delay):
            present[index].delay = delay
            change(direction, .delay(delay), at: time)
        case .overhead(let bytes):
            present[index].overhead = bytes
            change(direction, .overhead(Int(bytes)), at: time)
        case .mtu(let bytes):
            change(direction, .mtu(Int(bytes)), at: time)
        case .jitter(let chosen):
            var model: (any JitterModel)?
            if let chosen { model = try models.jitter(chosen, of: direction) }
            change(direction, .jitter(model), at: time)
        case .loss(let chosen):
            present[index].loss = chosen
            var model: (any LossModel)?
            if let chosen { model = try models.loss(chosen, of: direction) }
            change(direction, .loss(model), at: time)
        case .queue(let chosen):
            change(direction, .queue(try models.queue(chosen, of: direction)), at: time)
        case .duplicate(let chance):
            present[index].duplicate = chance
            change(direction, .duplication(chance), at: time)
        case .reorder(let reordering):
            change(direction, .reordering(reordering.map(PlaitNetwork.Reordering.init) ?? .init()), at: time)
        case .corrupt(let corruption):
            present[index].corrupt = corruption
            change(direction, .corruption(.init(corruption, truncation: present[index].truncate)), at: time)
        case .truncate(let chance):
            present[index].truncate = chance
            change(direction, .corruption(.init(present[index].corrupt, truncation: chance)), at: time)
        }
    }

    // MARK: Ramps

    private mutating func add(
        _ target: Ramp.Target,
        of ramp: Ramp,
        to direction: DirectionID,
        at start: Instant,
        _ origin: Origin
    ) throws(BlueprintError) {
        let now = present[Int(direction.index)]
        let (from, to) = try range(of: target, now, origin)
        let steps = max(1, (ramp.over.nanoseconds + ramp.every.nanoseconds - 1) / ramp.every.nanoseconds)
        let whole = ramp.over.nanoseconds
        for step in 0..<steps {
            // Each step has the value of its middle, so that the staircase is as much above the line as below it.
            let (begin, end) = (step * ramp.every.nanoseconds, min(whole, (step + 1) * ramp.every.nanoseconds))
            let value = Self.between(from, to, share: begin + (end - begin) / 2, of: max(1, whole))
            try set(Self.property(of: target, value), of: direction, at: start + Interval(nanoseconds: begin))
        }
        try set(Self.property(of: target, to), of: direction, at: start + ramp.over)
    }

    private func range(
        of target: Ramp.Target,
        _ now: DirectionDescription,
        _ origin: Origin
    ) throws(BlueprintError) -> (Int64, Int64) {
        switch target {
        case .rate(let rate):
            guard !now.rate.isUnlimited else {
                throw BlueprintError(origin, "a ramp needs a rate to begin with, and this direction is unlimited")
            }
            return (Int64(now.rate.bitsPerSecond), Int64(rate.bitsPerSecond))
        case .delay(let delay): return (now.delay.nanoseconds, delay.nanoseconds)
        case .overhead(let bytes): return (now.overhead, bytes)
        case .loss(let chance):
            if let loss = now.loss, loss.choice.name != "independent" {
                throw BlueprintError(
                    origin,
                    "only independent loss can be ramped, and this direction has \(loss.choice.name)"
                )
            }
            let present = now.loss?.choice.probability("probability") ?? .never
            return (Int64(present.partsPerBillion), Int64(chance.partsPerBillion))
        case .duplicate(let chance): return (Int64(now.duplicate.partsPerBillion), Int64(chance.partsPerBillion))
        case .truncate(let chance): return (Int64(now.truncate.partsPerBillion), Int64(chance.partsPerBillion))
        }
    }

    private static func property(of target: Ramp.Target, _ value: Int64) -> PropertyChange {
        switch target {
        case .rate: .rate(Rate(bitsPerSecond: UInt64(max(1, value))))
        case .delay: .delay(Interval(nanoseconds: value))
        case .overhead: .overhead(value)
        case .loss:
            .loss(
                ChosenModel(
                    ModelChoice(
                        "independent",
                        [.init("probability", .probability(Probability(partsPerBillion: UInt32(value))))]
                    )
                )
            )
        case .duplicate: .duplicate(Probability(partsPerBillion: UInt32(value)))
        case .truncate: .truncate(Probability(partsPerBillion: UInt32(value)))
        }
    }

    /// from + (to - from) * share / whole, rounded towards `from`.
    static func between(_ from: Int64, _ to: Int64, share: Int64, of whole: Int64) -> Int64 {
        let distance = (to - from).magnitude
        let (quotient, _) = UInt64(whole).dividingFullWidth(distance.multipliedFullWidth(by: UInt64(share)))
        return to >= from ? from + Int64(quotient) : from - Int64(quotient)
    }
}
