import PlaitCore
import PlaitScenario

/// How links of a random transfer treat packets.
extension RandomTransfer {
    /// One of `count` links that every packet crosses, so that bounds hold of all of them together.
    mutating func link(_ name: String, _ first: HostID, _ second: HostID, of count: Int64) -> LinkDescription {
        let rate = choices.magnitude(100_000...1_000_000_000)
        // The way back is as fast, or up to ten times slower.
        let back = choices.happens(percent: 40) ? max(100_000, rate / choices.number(2...10)) : rate
        let delay = choices.happens(percent: 80) ? choices.number(0...300_000) : choices.number(0...1_000)
        let backDelay = choices.happens(percent: 30) ? choices.number(0...300_000) : delay
        return LinkDescription(
            name: name,
            first: first,
            second: second,
            forward: direction(rate: rate, delay: .microseconds(delay / count), of: count),
            backward: direction(rate: back, delay: .microseconds(backDelay / count), of: count)
        )
    }

    private mutating func direction(rate: Int64, delay: Interval, of count: Int64) -> DirectionDescription {
        let rate = Rate(bitsPerSecond: UInt64(rate))
        if rate.bitsPerSecond < slowest.bitsPerSecond { slowest = rate }
        var direction = DirectionDescription(rate: rate, delay: delay, overhead: choices.one(of: [0, 28]))
        // Of all links together, at most so many packets in a thousand do not arrive whole.
        var budget = 300 / count
        if choices.happens(percent: 70) {
            let share = choices.happens(percent: 40) ? choices.number(1...budget) : choices.magnitude(1...budget)
            direction.loss = loss(share, rate)
            budget -= share
        }
        if budget > 0, choices.happens(percent: 30) {
            let share = choices.number(1...min(50, budget))
            direction.corrupt = Corruption(probability: Self.perMille(share), bits: choices.number(1...8))
            budget -= share
        }
        if budget > 0, choices.happens(percent: 20) {
            direction.truncate = Self.perMille(choices.number(1...min(50, budget)))
        }
        if choices.happens(percent: 30) { direction.duplicate = Self.perMille(choices.number(1...200)) }
        if choices.happens(percent: 40) { direction.reorder = reordering() }
        if choices.happens(percent: 40) { direction.jitter = jitter() }
        direction.queue = queue(rate)
        return direction
    }

    static func perMille(_ share: Int64) -> Probability { Probability(partsPerBillion: UInt32(share) * 1_000_000) }

    private mutating func loss(_ share: Int64, _ rate: Rate) -> ChosenModel {
        let mean = Self.perMille(share)
        guard choices.happens(percent: 40) else {
            return ChosenModel(ModelChoice("independent", [.init("probability", .probability(mean))]))
        }
        let countsPackets = choices.happens(percent: 30)
        // Bursts that time ends last up to 300 ms on average; those that only packets end must not outlast the probes.
        let longest = countsPackets ? 3 : max(1, min(20, 300_000_000 / Self.serialisation(rate)))
        let burst = choices.number(1_000_000...1_000_000 * longest)
        return ChosenModel(
            ModelChoice(
                "gilbert-elliott",
                [
                    .init("mean", .probability(mean)),
                    .init("burst", .decimal(millionths: burst)),
                    .init("clock", .word(countsPackets ? "packets" : "time")),
                ]
            )
        )
    }

    /// Nanoseconds that a packet of 1,250 bytes takes.
    static func serialisation(_ rate: Rate) -> Int64 { 10_000_000_000_000 / Int64(rate.bitsPerSecond) }

    private mutating func reordering() -> Reordering {
        let chance = Self.perMille(choices.number(1...100))
        return Reordering(
            probability: chance,
            distance: choices.happens(percent: 50)
                ? .interval(.milliseconds(choices.number(1...50))) : .packets(choices.number(1...20))
        )
    }

    private mutating func jitter() -> ChosenModel {
        let deviation = ParameterValue.interval(.microseconds(choices.magnitude(10...20_000)))
        let mayOvertake = choices.happens(percent: 50)
        let more: [ModelChoice.Argument] =
            mayOvertake && choices.happens(percent: 50) ? [.init("per-packet", .flag(true))] : []
        let last: [ModelChoice.Argument] = more + (mayOvertake ? [.init("reorder", .flag(true))] : [])
        switch choices.number(0...2) {
        case 0: return ChosenModel(ModelChoice("uniform", [.init("deviation", deviation)] + last))
        case 1: return ChosenModel(ModelChoice("normal", [.init("deviation", deviation)] + last))
        default: return ChosenModel(ModelChoice("exponential", [.init("mean", deviation)] + last))
        }
    }

    /// At least three packets and at most two seconds deep: a queue that outlasts the timeouts is another experiment.
    private mutating func queue(_ rate: Rate) -> ChosenModel? {
        let packet = Self.serialisation(rate)
        let delay = choices.number(max(20_000_000, 3 * packet)...2_000_000_000)
        let bytes = max(6_000, delay / 1_000 * Int64(rate.bitsPerSecond) / 8_000_000)
        switch choices.number(0...4) {
        case 0: return nil
        case 1: return ChosenModel(ModelChoice("drop-tail", [.init("delay", .interval(Interval(nanoseconds: delay)))]))
        case 2: return ChosenModel(ModelChoice("drop-tail", [.init("bytes", .bytes(bytes))]))
        case 3: return ChosenModel(ModelChoice("drop-tail", [.init("packets", .packets(max(4, delay / packet)))]))
        default: return ChosenModel(ModelChoice("codel"))
        }
    }

    // MARK: Outages

    /// Up to three times nothing passes, or nothing in one direction, for at most a third of the idle timeout, and
    /// then everything for as long.
    mutating func outages(links: Int) -> [TimelineItem] {
        guard choices.happens(percent: 50) else { return [] }
        var items: [TimelineItem] = []
        var time = Interval.zero
        for _ in 0..<choices.number(1...3) {
            time = time + .milliseconds(choices.magnitude(1...10_000))
            let length = Interval.milliseconds(choices.magnitude(1...silenceMax.nanoseconds / 1_000_000))
            let (begin, end) = outage(links)
            items.append(TimelineItem(at: time, action: begin))
            items.append(TimelineItem(at: time + length, action: end))
            time = time + length + silenceMax
        }
        return items
    }

    private mutating func outage(_ links: Int) -> (begin: TimelineItem.Action, end: TimelineItem.Action) {
        let link = LinkID(Int(choices.number(0...Int64(links - 1))))
        let directions = choices.one(of: [[link.forward, link.backward], [link.forward], [link.backward]])
        switch choices.number(0...4) {
        case 0: return (.link(directions, .down(holdsQueue: false)), .link(directions, .up))
        case 1: return (.link(directions, .down(holdsQueue: true)), .link(directions, .up))
        case 2: return (.link(directions, .clog), .link(directions, .release))
        case 3: return (.partition(groups: [[Self.client], [Self.server]]), .heal)
        default:
            let (from, to) = choices.one(of: [(Self.client, Self.server), (Self.server, Self.client)])
            return (.cut(from: [from], to: [to]), .heal)
        }
    }
}
