import PlaitCore
import PlaitReport

/// A trace made by hand: a client sends two flows over `wifi` to a router and over `core` to a server. It obeys the
/// order of a link and its losses, copies and corruptions are frequent, so that a short trace has some of everything.
struct TinyWorld {
    private(set) var events: [TraceEvent] = []
    private(set) var end = Instant.start
    let labels = RunLabels(
        directions: [
            .init(link: "wifi", from: "client", to: "router", rate: .megabits(8)),
            .init(link: "wifi", from: "router", to: "client", rate: .megabits(8)),
            .init(link: "core", from: "router", to: "server", rate: .megabits(6)),
            .init(link: "core", from: "server", to: "router", rate: .unlimited),
        ],
        hosts: ["client", "router", "server"],
        flows: ["web", "a \"bulk\", quoted"]
    )

    private var draws: UInt64
    private var serial: UInt64 = 0
    private var drafts: [(event: TraceEvent, order: Int)] = []

    private struct Packet {
        var at: Int64
        var serial: UInt64
        var flow: Int32
        var length: UInt32
        var ecn: ECN
    }

    init(seed: UInt64, packets: Int) {
        draws = seed
        let sent = makeSent(packets)
        let cut: Range<Int64> = 900_000_000..<1_000_000_000
        note(changed: .up, 0, cut.lowerBound, 0)
        note(changed: .up, 1, cut.lowerBound, 0)
        note(changed: .up, 0, cut.upperBound, 1)
        note(changed: .up, 1, cut.upperBound, 1)
        for step in 0..<10 as Range<UInt64> {
            note(changed: .rate, 2, 1_500_000_000 + Int64(step) * 20_000_000, 6_000_000 - step * 300_000)
        }
        note(changed: .partition, -1, 1_590_000_000, 1)
        note(changed: .drift, 2, 1_600_000_000, UInt64(bitPattern: -20_000))
        let middle = pass(sent, direction: 0, nanosecondsPerByte: 1_000, delay: 5_000_000, limit: 60_000_000, down: cut)
        let last = pass(middle, direction: 2, nanosecondsPerByte: 1_333, delay: 20_000_000, limit: 40_000_000)
        for packet in last { arriveAtHost(packet) }
        // Stable: what was noted first comes first among equal times.
        drafts.sort { ($0.event.time, $0.order) < ($1.event.time, $1.order) }
        end = Instant(nanoseconds: 2_345_678_901)
        // The run ends in the middle of things.
        events = drafts.map(\.event).filter { $0.time <= end }
    }

    /// Feeds everything in batches of odd sizes.
    func play(to observers: [any TraceObserver]) {
        var first = 0
        while first < events.count {
            let last = min(first + 97, events.count)
            for observer in observers { observer.observe(events.span.extracting(first..<last)) }
            first = last
        }
        for observer in observers { observer.finish(at: end) }
    }

    private mutating func draw(_ bound: UInt64) -> UInt64 {
        draws = draws &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (draws >> 33) % bound
    }

    private mutating func note(_ event: TraceEvent) { drafts.append((event, drafts.count)) }

    private mutating func note(changed property: TraceEvent.Property, _ place: Int32, _ at: Int64, _ value: UInt64) {
        note(
            TraceEvent(
                time: Instant(nanoseconds: at),
                kind: .changed,
                place: place,
                property: property,
                detail: value
            )
        )
    }

    private mutating func note(
        _ kind: TraceEvent.Kind,
        _ packet: Packet,
        at: Int64,
        place: Int32,
        reason: TraceEvent.DropReason = .none,
        detail: UInt64 = 0
    ) {
        note(
            TraceEvent(
                time: Instant(nanoseconds: at),
                kind: kind,
                place: place,
                packet: packet.serial,
                flow: packet.flow,
                length: packet.length,
                ecn: packet.ecn,
                reason: reason,
                detail: detail
            )
        )
    }

    private mutating func makeSent(_ count: Int) -> [Packet] {
        var sent: [Packet] = []
        var now: Int64 = 0
        for _ in 0..<count {
            now += Int64(draw(1_300_000))
            let length = UInt32(draw(1_200) + 1)
            let packet = Packet(at: now, serial: serial, flow: Int32(draw(3)) - 1, length: length, ecn: .capable0)
            serial += 1
            note(.sent, packet, at: now, place: 0, detail: packet.serial &* 77)
            sent.append(packet)
        }
        return sent
    }

    private mutating func pass(
        _ packets: [Packet],
        direction: Int32,
        nanosecondsPerByte: Int64,
        delay: Int64,
        limit: Int64,
        down: Range<Int64> = Int64.max - 1..<Int64.max
    ) -> [Packet] {
        var free: Int64 = 0
        var out: [Packet] = []
        for (index, packet) in packets.enumerated() {
            var packet = packet
            note(.offered, packet, at: packet.at, place: direction, detail: UInt64(index))
            if packet.at >= down.upperBound { free = max(free, down.upperBound) }
            let start = max(packet.at, free)
            if let reason = refusal(packet, start, limit, down) {
                let at = reason == .flushed ? down.lowerBound : packet.at
                note(.dropped, packet, at: at, place: direction, reason: reason)
                continue
            }
            if draw(40) == 0 {
                packet.ecn = .congestionExperienced
                note(.marked, packet, at: start, place: direction)
            }
            note(.started, packet, at: start, place: direction)
            let departed = start + Int64(packet.length) * nanosecondsPerByte
            free = departed
            if start < down.lowerBound, departed >= down.lowerBound {
                note(.dropped, packet, at: down.lowerBound, place: direction, reason: .cut)
                continue
            }
            note(.departed, packet, at: departed, place: direction)
            out += onWire(packet, departed, departed + delay, direction)
        }
        return out.sorted { ($0.at, $0.serial) < ($1.at, $1.serial) }
    }

    private func refusal(
        _ packet: Packet,
        _ start: Int64,
        _ limit: Int64,
        _ down: Range<Int64>
    ) -> TraceEvent.DropReason? {
        if down.contains(packet.at) { return .down }
        if start - packet.at > limit { return .queueFull }
        if packet.at < down.lowerBound, start >= down.lowerBound { return .flushed }
        return packet.length > 1_190 ? .tooBig : nil
    }

    private mutating func onWire(_ packet: Packet, _ departed: Int64, _ arrives: Int64, _ place: Int32) -> [Packet] {
        var packet = packet
        if draw(30) == 0 {
            note(.dropped, packet, at: departed, place: place, reason: .loss)
            return []
        }
        if draw(25) == 0 {
            let cut = packet.length > 10 && draw(2) == 0
            if cut { packet.length -= 10 }
            note(.corrupted, packet, at: departed, place: place, detail: cut ? 1 << 32 + 10 : 3)
        }
        packet.at = arrives
        var out = [packet]
        if draw(12) == 0 {
            var copy = packet
            copy.serial = serial
            serial += 1
            copy.at += Int64(draw(2)) * 2_000_000
            note(.copied, copy, at: departed, place: place, detail: packet.serial)
            out.append(copy)
        }
        for one in out { note(.arrived, one, at: one.at, place: place) }
        return out
    }

    private mutating func arriveAtHost(_ packet: Packet) {
        if draw(50) == 0 {
            note(.dropped, packet, at: packet.at, place: 2, reason: .unreachable)
        } else {
            note(.delivered, packet, at: packet.at, place: 2, detail: packet.serial &* 77)
        }
    }
}

extension TinyWorld {
    /// The meter's view of this world.
    func metered(
        interval: Interval = .milliseconds(100)
    ) -> (summary: RunSummary, series: RunSeries, changes: [TraceEvent]) {
        let series = RunSeries(labels: labels)
        let meter = RunMeter(labels: labels, interval: interval, receivers: [series])
        play(to: [meter])
        let summary = RunSummary(
            scenario: "tiny-world",
            seed: 7,
            hash: "0123456789abcdef0123456789abcdef",
            engineEvents: 12_345,
            totals: meter.totals()
        )
        return (summary, series, meter.changes)
    }
}
