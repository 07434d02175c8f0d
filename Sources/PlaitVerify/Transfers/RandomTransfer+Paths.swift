import PlaitCore
package import PlaitScenario

/// Random transfers over two to six links between the same two hosts.
///
/// One link, the anchor, is never away for longer than a third of the idle timeout; any other dies and returns as it
/// likes. The handshake knows only the first link: until it should be over, that one is spared.
extension RandomTransfer {
    /// The multipath scenario of a seed: the same in every process.
    package static func multipathScenario(seed: UInt64) -> Scenario {
        var transfer = RandomTransfer(choices: Choices(seed: seed, name: "verify/multipath"), seed: seed)
        return transfer.multipathScenario()
    }

    /// The multipath scenario that a sequence of choices stands for.
    package static func multipathScenario(from choices: Choices, seed: UInt64) -> Scenario {
        var transfer = RandomTransfer(choices: choices, seed: seed)
        return transfer.multipathScenario()
    }

    private mutating func multipathScenario() -> Scenario {
        chooseTimers()
        let hosts = [HostDescription(name: "client"), HostDescription(name: "server")]
        let count = choices.number(2...6)
        var links = (1...count).map { link("way-\($0)", Self.client, Self.server, of: 2) }
        chooseTransport()
        transport.congestion = ChosenModel(ModelChoice(choices.one(of: ["cubic", "newreno", "lia"])))
        choosePaths(links.count)
        var workload = workload()
        if choices.happens(percent: 60) {
            for item in workload.indices {
                workload[item].at = .zero
                workload[item].connection = nil
            }
        }
        var faults = PathFaults(links, startsAtOnce: workload.allSatisfy { $0.at == .zero }, silenceMax: silenceMax)
        var timeline = faults.timeline(&choices)
        choosePins(&workload, among: links.count)
        // Last, so that everything else is the same with and without.
        let resized = chooseSizes(&links, &timeline)
        return Scenario(
            name: "multipath-\(seed)",
            summary: "a random transfer over several paths, seed \(seed)",
            seed: seed,
            stop: StopConditions(time: bound(links, workload, healed: max(faults.healed, resized)), whenQuiet: true),
            interval: .seconds(10),
            hosts: hosts,
            links: links,
            transport: transport,
            workload: workload,
            timeline: timeline,
            expectations: Self.expectations(of: workload)
        )
    }

    private mutating func choosePaths(_ count: Int) {
        let schedulers = ["earliest", "min-rtt", "round-robin", "weighted-round-robin", "blest", "ecf", "redundant"]
        transport.scheduler = ChosenModel(ModelChoice(choices.one(of: schedulers)))
        transport.reinjection = choices.one(of: [.tail, .suspicion, .none])
        transport.acks = choices.one(of: [.fastest, .same])
        // A translator that forgets an end which only listens is found by asking, so nobody is silent for ever.
        transport.pathKeepAlive = .milliseconds(choices.one(of: [2_000, 500, 3_000]))
        // In this order: the first in the list carries the handshake, and is the link that is spared.
        let hasStandbys = choices.happens(percent: 40)
        transport.paths = .listed(
            (0..<count).map { link in
                let isBackup = hasStandbys && link > 0 && choices.happens(percent: 50)
                return PathDescription(over: LinkID(link), isBackup: isBackup)
            }
        )
    }

    /// Some items keep to a link. Drawn late, so that the rest of a scenario is what it was without.
    private mutating func choosePins(_ workload: inout [WorkloadItem], among count: Int) {
        guard choices.happens(percent: 40) else { return }
        for item in workload.indices {
            if case .datagrams = workload[item].work { continue }
            guard workload[item].over == nil, choices.happens(percent: 60) else { continue }
            workload[item].path = LinkID(Int(choices.number(0...Int64(count - 1))))
        }
    }

    /// In half of the runs the paths' MTUs are searched for, and change now and then, but never below what every path
    /// must carry. Answers when they last do.
    private mutating func chooseSizes(_ links: inout [LinkDescription], _ timeline: inout [TimelineItem]) -> Interval {
        guard choices.happens(percent: 50), !transport.constantSize else { return .zero }
        transport.packetMax = choices.one(of: [1_452, 1_472, 4_000, 9_000, 16_000])
        var last = Interval.zero
        for link in links.indices {
            links[link].forward.mtu = mtu(of: links[link].forward)
            links[link].backward.mtu = mtu(of: links[link].backward)
            guard choices.happens(percent: 50) else { continue }
            var time = Interval.zero
            for _ in 0..<choices.number(1...3) {
                time = time + .milliseconds(choices.magnitude(1...10_000))
                let isForward = choices.happens(percent: 50)
                let direction = isForward ? links[link].forward : links[link].backward
                let id = isForward ? LinkID(link).forward : LinkID(link).backward
                timeline.append(TimelineItem(at: time, action: .link([id], .set([.mtu(mtu(of: direction))]))))
            }
            last = max(last, time)
        }
        timeline = timeline.enumerated().sorted { ($0.1.at, $0.0) < ($1.1.at, $1.0) }.map(\.1)
        return last
    }

    /// Of a direction that carries what it must, and as much more as it likes.
    private mutating func mtu(of direction: DirectionDescription) -> Int64 {
        let spare = transport.packetLongest - transport.packetSize
        return transport.packetSize + direction.overhead + choices.one(of: [spare, choices.number(0...spare)])
    }

    /// By when all must be done: what is left when the last fault is over takes so many round trips at the least
    /// window, each over the slowest way with its queue full; before them comes a handshake, and a dead path's probe.
    private func bound(_ links: [LinkDescription], _ workload: [WorkloadItem], healed: Interval) -> Interval {
        var delay = Interval.zero
        for link in links { delay = max(delay, link.forward.delay + link.backward.delay) }
        let trip = delay + .seconds(4)
        let window = min(transport.windows.stream, transport.windows.connection, transport.sendBuffer, 2_400)
        var waiting = Interval.zero
        var exchanges: Int64 = 0
        for item in workload {
            waiting = max(waiting, item.at)
            var each: Int64 = 1
            if case .requests(let work) = item.work { each = work.count ?? 1 }
            exchanges += item.streams * each
            // The longest thought, and the longest flow of datagrams, of a random transfer.
            waiting = waiting + .seconds(2 * each + 5)
        }
        let trips = 4 * bytesMax / window + 8 * exchanges
        let work = min(trip.nanoseconds / 1_000_000 * trips, Self.patience.nanoseconds / 1_000_000)
        return healed + waiting + transport.idleTimeout + transport.handshakeTimeout.giveUp + .milliseconds(work)
    }
}

/// What is done to the links of one scenario, and when it is over.
private struct PathFaults {
    private let links: [LinkDescription]
    private let silenceMax: Interval
    /// When the handshakes should be over.
    private let spared: Interval
    /// By link: until then something is being done to it.
    private var busy: [Interval]
    private var items: [TimelineItem] = []
    /// When the last fault is over.
    private(set) var healed = Interval.zero

    init(_ links: [LinkDescription], startsAtOnce: Bool, silenceMax: Interval) {
        self.links = links
        self.silenceMax = silenceMax
        spared = startsAtOnce ? .seconds(2) : .seconds(12)
        busy = Array(repeating: .zero, count: links.count)
    }

    mutating func timeline(_ choices: inout Choices) -> [TimelineItem] {
        let anchor = Int(choices.number(0...Int64(links.count - 1)))
        let hasPartitions = choices.happens(percent: 40)
        // Nothing else comes in the way of a handshake that partitions may hold up.
        busy[0] = hasPartitions ? .seconds(60) : spared
        if hasPartitions { interrupt(anchor, &choices) }
        let others = links.indices.filter { $0 != anchor }
        for link in others where choices.happens(percent: 60) {
            for _ in 0..<choices.number(1...4) { harm(link, &choices) }
        }
        let mortal = others.filter { $0 > 0 || !hasPartitions }
        if mortal.count > 1, choices.happens(percent: 30) { killTogether(mortal, &choices) }
        if choices.happens(percent: 30) { change(anchor, &choices) }
        if choices.happens(percent: 40) { rebind(&choices) }
        return items.enumerated().sorted { ($0.1.at, $0.0) < ($1.1.at, $1.0) }.map(\.1)
    }

    private mutating func add(_ at: Interval, _ action: TimelineItem.Action) {
        items.append(TimelineItem(at: at, action: action))
        healed = max(healed, at)
    }

    private static func directions(of link: Int, _ choices: inout Choices) -> [DirectionID] {
        let link = LinkID(link)
        return choices.one(of: [[link.forward, link.backward], [link.forward], [link.backward]])
    }

    /// All ways at once, or the anchor alone, are away for a while, and then work for as long.
    private mutating func interrupt(_ anchor: Int, _ choices: inout Choices) {
        var time = Interval.zero
        for _ in 0..<choices.number(1...3) {
            time = time + .milliseconds(choices.magnitude(1...10_000))
            let end = time + .milliseconds(choices.magnitude(1...silenceMax.nanoseconds / 1_000_000))
            let (client, server) = (RandomTransfer.client, RandomTransfer.server)
            switch choices.number(0...3) {
            case 0, 1:
                add(time, .partition(groups: [[client], [server]]))
                add(end, .heal)
            case 2:
                let (from, to) = choices.one(of: [(client, server), (server, client)])
                add(time, .cut(from: [from], to: [to]))
                add(end, .heal)
            default:
                let (begin, over) = Self.death(Self.directions(of: anchor, &choices), &choices)
                add(time, begin)
                add(end, over)
            }
            time = end + silenceMax
        }
        busy[anchor] = max(busy[anchor], time)
    }

    private static func death(
        _ directions: [DirectionID],
        _ choices: inout Choices
    ) -> (begin: TimelineItem.Action, end: TimelineItem.Action) {
        switch choices.number(0...3) {
        case 0, 1: (.link(directions, .down(holdsQueue: false)), .link(directions, .up))
        case 2: (.link(directions, .down(holdsQueue: true)), .link(directions, .up))
        default: (.link(directions, .clog), .link(directions, .release))
        }
    }

    /// A link dies for up to a minute, or becomes worse.
    private mutating func harm(_ link: Int, _ choices: inout Choices) {
        guard choices.happens(percent: 70) else { return change(link, &choices) }
        let at = busy[link] + .milliseconds(choices.magnitude(1...8_000))
        let end = at + .milliseconds(choices.magnitude(1...60_000))
        let (begin, over) = Self.death(Self.directions(of: link, &choices), &choices)
        add(at, begin)
        add(end, over)
        busy[link] = end
    }

    /// Several links die at one instant, and come back at another.
    private mutating func killTogether(_ some: [Int], _ choices: inout Choices) {
        let at = (some.map { busy[$0] }.max() ?? .zero) + .milliseconds(choices.magnitude(1...5_000))
        let end = at + .milliseconds(choices.magnitude(1...60_000))
        for link in some {
            let directions = [LinkID(link).forward, LinkID(link).backward]
            add(at, .link(directions, .down(holdsQueue: false)))
            add(end, .link(directions, .up))
            busy[link] = end
        }
    }

    /// A direction becomes slower, longer or lossier, at once or step by step, and what it was again.
    private mutating func change(_ link: Int, _ choices: inout Choices) {
        let isForward = choices.happens(percent: 50)
        let direction = isForward ? LinkID(link).forward : LinkID(link).backward
        let was = isForward ? links[link].forward : links[link].backward
        let at = busy[link] + .milliseconds(choices.magnitude(1...8_000))
        let end = at + .milliseconds(choices.magnitude(100...10_000))
        let delay = Interval.milliseconds(choices.number(0...300))
        let rate = Rate(bitsPerSecond: max(100_000, was.rate.bitsPerSecond / UInt64(choices.number(2...20))))
        switch choices.number(0...3) {
        case 0:
            add(at, .link([direction], .set([.delay(delay)])))
            add(end, .link([direction], .set([.delay(was.delay)])))
        case 1:
            add(at, .link([direction], .set([.rate(rate)])))
            add(end, .link([direction], .set([.rate(was.rate)])))
        case 2:
            let loss = RandomTransfer.perMille(choices.number(100...400))
            let model = ChosenModel(ModelChoice("independent", [.init("probability", .probability(loss))]))
            add(at, .link([direction], .set([.loss(model)])))
            add(end, .link([direction], .set([.loss(was.loss)])))
        default:
            let over = Interval(nanoseconds: (end - at).nanoseconds / 2)
            add(at, .link([direction], .ramp(Ramp(targets: [.rate(rate), .delay(delay)], over: over))))
            add(end, .link([direction], .ramp(Ramp(targets: [.rate(was.rate), .delay(was.delay)], over: over))))
        }
        busy[link] = end + (end - at)
        healed = max(healed, busy[link])
    }

    /// Others see the client somewhere else, up to three times, by one link or by all.
    private mutating func rebind(_ choices: inout Choices) {
        var time = Interval.zero
        for _ in 0..<choices.number(1...3) {
            time = time + .milliseconds(choices.magnitude(100...8_000))
            let link = choices.happens(percent: 60) ? LinkID(Int(choices.number(0...Int64(links.count - 1)))) : nil
            add(time, .host(RandomTransfer.client, .rebind(choices.one(of: [.port, .address]), link)))
        }
    }
}
