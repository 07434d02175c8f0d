import PlaitCore
package import PlaitScenario

/// A scenario small enough that hundreds run in a second, made from choices by four generators: fault classes, a
/// connection, the links with their faults, and work.
///
/// As with `RandomTransfer`, whatever is chosen, every byte must arrive: at most three packets in ten are lost, and no
/// outage lasts longer than a third of the idle timeout.
package enum SmallTransfer {
    static let client = HostID(0)
    static let server = HostID(1)

    package static func scenario(_ choices: inout Choices) -> Scenario {
        let swarm = FaultClass.swarm(&choices)
        let seed = UInt64(choices.number(1...1_000_000))
        let transport = ConnectionGenerator(swarm: swarm).transport(&choices)
        let links = LinkGenerator(swarm: swarm)
        let link = links.link(&choices)
        let timeline = OutageGenerator(swarm: swarm, idleTimeout: transport.idleTimeout).timeline(&choices)
        let workload = WorkloadGenerator(transport: transport).workload(&choices)
        return Scenario(
            name: "case",
            seed: seed,
            stop: StopConditions(time: patience, whenQuiet: true),
            interval: .seconds(10),
            hosts: [HostDescription(name: "client"), HostDescription(name: "server")],
            links: [link],
            transport: transport,
            workload: workload,
            timeline: timeline,
            expectations: expectations(of: workload)
        )
    }

    /// What is not done by then hangs.
    private static let patience = Interval.seconds(4 * 3_600)

    /// What 'plait run' is to hold the scenario against.
    private static func expectations(of workload: [WorkloadItem]) -> [Expectation] {
        let movesBytes = workload.contains { if case .datagrams = $0.work { false } else { true } }
        guard movesBytes else { return [] }
        let nothing = Expectation.Condition.compare(.equal, .bytes(0))
        return [Expectation(text: "bytes.lost == 0 B", metric: ["bytes", "lost"], condition: nothing)]
    }

    static func perMille(_ share: Int64) -> Probability { Probability(partsPerBillion: UInt32(share) * 1_000_000) }
}

/// How the two ends talk.
struct ConnectionGenerator {
    let swarm: Swarm

    func transport(_ choices: inout Choices) -> TransportDescription {
        var transport = TransportDescription()
        transport.handshake = choices.one(of: [.ik, .xx])
        transport.suite = choices.one(of: [.chaChaPolySHA256, .chaChaPolySHA256, .chaChaPolyBLAKE2b, .aesGCMSHA256])
        transport.congestion = choices.happens(percent: 30) ? ChosenModel(ModelChoice("newreno")) : nil
        // The handshake has properties of its own; here it must come about.
        transport.handshakeTimeout.giveUp = .seconds(300)
        if choices.happens(percent: 30) { transport.ackDelay = .milliseconds(choices.one(of: [0, 1, 100])) }
        if choices.happens(percent: 20) { transport.initialRoundTrip = .milliseconds(choices.one(of: [50, 1_000])) }
        if swarm.isOn(.padding) { transport.constantSize = choices.happens(percent: 50) }
        if swarm.isOn(.smallWindows) {
            transport.windows.stream = choices.magnitude(1_000...100_000)
            transport.windows.connection = choices.magnitude(1_000...150_000)
            let grows = choices.happens(percent: 50)
            transport.windows.streamMax = grows ? 16_000_000 : transport.windows.stream
            transport.windows.connectionMax = grows ? 24_000_000 : transport.windows.connection
        }
        if swarm.isOn(.smallBuffer) { transport.sendBuffer = choices.magnitude(1_000...100_000) }
        if swarm.isOn(.fewStreams) { transport.streams.bidirectional = choices.magnitude(1...8) }
        if swarm.isOn(.keyUpdates) {
            transport.keyUpdate.packets = choices.magnitude(1...100)
            if choices.happens(percent: 30) { transport.keyUpdate.time = .milliseconds(choices.magnitude(1...1_000)) }
        }
        if swarm.isOn(.cookies) { transport.halfOpen = 1 }
        return transport
    }
}

/// One link, and how its two directions treat packets.
struct LinkGenerator {
    let swarm: Swarm

    func link(_ choices: inout Choices) -> LinkDescription {
        // The simplest is the fastest: it has the fewest events between two packets.
        let rate = 200_000_000 / choices.magnitude(1...200)
        let delay = Interval.milliseconds(choices.magnitude(1...100))
        let back = swarm.isOn(.asymmetry) ? rate / choices.number(1...10) : rate
        return LinkDescription(
            name: "link",
            first: SmallTransfer.client,
            second: SmallTransfer.server,
            forward: direction(rate: rate, delay: delay, &choices),
            backward: direction(rate: back, delay: delay, &choices)
        )
    }

    private func direction(rate: Int64, delay: Interval, _ choices: inout Choices) -> DirectionDescription {
        var direction = DirectionDescription(rate: Rate(bitsPerSecond: UInt64(rate)), delay: delay)
        // At most so many packets in a thousand do not arrive whole.
        var budget: Int64 = 300
        if swarm.isOn(.loss), choices.happens(percent: 70) {
            let share = choices.magnitude(1...200)
            direction.loss = loss(share, &choices)
            budget -= share
        }
        if swarm.isOn(.corruption), choices.happens(percent: 50) {
            let share = choices.number(1...min(60, budget / 2))
            direction.corrupt = Corruption(probability: SmallTransfer.perMille(share), bits: choices.number(1...8))
            budget -= share
        }
        if swarm.isOn(.truncation), choices.happens(percent: 50) {
            direction.truncate = SmallTransfer.perMille(choices.number(1...min(40, budget / 2)))
        }
        if swarm.isOn(.duplication), choices.happens(percent: 50) {
            direction.duplicate = SmallTransfer.perMille(choices.magnitude(1...200))
        }
        if swarm.isOn(.reordering), choices.happens(percent: 50) {
            direction.reorder = Reordering(
                probability: SmallTransfer.perMille(choices.magnitude(1...200)),
                distance: .packets(choices.number(1...20))
            )
        }
        if swarm.isOn(.jitter), choices.happens(percent: 50) { direction.jitter = jitter(&choices) }
        if swarm.isOn(.queue), choices.happens(percent: 50) {
            let packets = ModelChoice.Argument("packets", .packets(choices.magnitude(4...100)))
            direction.queue = ChosenModel(ModelChoice("drop-tail", [packets]))
        }
        return direction
    }

    private func loss(_ share: Int64, _ choices: inout Choices) -> ChosenModel {
        let mean = SmallTransfer.perMille(share)
        guard swarm.isOn(.bursts), choices.happens(percent: 50) else {
            return ChosenModel(ModelChoice("independent", [.init("probability", .probability(mean))]))
        }
        return ChosenModel(
            ModelChoice(
                "gilbert-elliott",
                [
                    .init("mean", .probability(mean)),
                    .init("burst", .decimal(millionths: 1_000_000 * choices.number(1...3))),
                    .init("clock", .word("packets")),
                ]
            )
        )
    }

    private func jitter(_ choices: inout Choices) -> ChosenModel {
        let deviation = ParameterValue.interval(.microseconds(choices.magnitude(10...10_000)))
        let more: [ModelChoice.Argument] =
            choices.happens(percent: 50) ? [.init("per-packet", .flag(true)), .init("reorder", .flag(true))] : []
        return ChosenModel(ModelChoice("uniform", [.init("deviation", deviation)] + more))
    }
}

/// When nothing passes.
struct OutageGenerator {
    let swarm: Swarm
    let idleTimeout: Interval

    /// Up to two outages, each at most a third of the idle timeout, with as long between them.
    func timeline(_ choices: inout Choices) -> [TimelineItem] {
        guard swarm.isOn(.outage) else { return [] }
        let longest = Interval(nanoseconds: idleTimeout.nanoseconds / 3)
        var items: [TimelineItem] = []
        var time = Interval.zero
        for _ in 0..<choices.number(0...2) {
            time = time + .milliseconds(choices.magnitude(1...2_000))
            let length = Interval.milliseconds(choices.magnitude(1...longest.nanoseconds / 1_000_000))
            let link = LinkID(0)
            let directions = choices.one(of: [[link.forward, link.backward], [link.forward], [link.backward]])
            let (begin, end): (LinkAction, LinkAction) =
                switch choices.number(0...2) {
                case 0: (.down(holdsQueue: false), .up)
                case 1: (.down(holdsQueue: true), .up)
                default: (.clog, .release)
                }
            items.append(TimelineItem(at: time, action: .link(directions, begin)))
            items.append(TimelineItem(at: time + length, action: .link(directions, end)))
            time = time + length + longest
        }
        return items
    }
}

/// What the applications do.
struct WorkloadGenerator {
    let transport: TransportDescription

    func workload(_ choices: inout Choices) -> [WorkloadItem] {
        (0..<choices.number(1...3)).map { index in
            var item = WorkloadItem(
                name: "work-\(index + 1)",
                client: SmallTransfer.client,
                server: SmallTransfer.server,
                work: .get(.fixed(1))
            )
            let bytes = choices.magnitude(1...bytesMax)
            switch choices.number(0...9) {
            case 0...2: item.work = .put(.fixed(bytes))
            case 3...5: item.work = .get(.fixed(bytes))
            case 6...8: item.work = .requests(requests(bytes, &choices))
            default: item.work = .datagrams(datagrams(&choices))
            }
            if case .datagrams = item.work { return item }
            item.streams = choices.magnitude(1...8)
            if choices.happens(percent: 30) { item.at = .milliseconds(choices.magnitude(1...2_000)) }
            if choices.happens(percent: 30) { item.priority = choices.number(0...255) }
            return item
        }
    }

    /// Small, so that many cases run; and no more than a small window a hundred times over.
    private var bytesMax: Int64 {
        min(60_000, 100 * min(transport.windows.stream, transport.windows.connection, transport.sendBuffer))
    }

    private func requests(_ bytes: Int64, _ choices: inout Choices) -> RequestWork {
        let count = choices.magnitude(1...10)
        var work = RequestWork(response: .fixed(max(1, bytes / count)))
        work.request = .fixed(choices.magnitude(1...2_000))
        work.count = count
        if choices.happens(percent: 30) { work.think = .fixed(1_000_000 * choices.magnitude(1...500)) }
        return work
    }

    private func datagrams(_ choices: inout Choices) -> DatagramWork {
        var work = DatagramWork(rate: .messages(perThousandSeconds: 1_000 * choices.magnitude(1...50)))
        work.size = .fixed(choices.number(16...1_000))
        work.count = choices.magnitude(1...20)
        return work
    }
}
