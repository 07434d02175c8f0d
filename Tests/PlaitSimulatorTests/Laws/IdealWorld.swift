import PlaitCore
import PlaitSimulator

/// SplitMix64: all a test needs to be different every seed and the same every time.
struct Draws {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    mutating func chance(_ percent: Int) -> Bool { number(0...99) < percent }
}

/// One way in which a link or host can be wrong. Each must be caught by one law.
enum WorldFault: CaseIterable {
    case roundsEachPacketDown, roundsEachPacketUp, servesTwice, idlesBetweenPackets, startsLast
    case ignoresMTU, exaggeratesMTU, ignoresQueueBound, refusesTooEarly, managesUnasked
    case keepsQueueWhenDown, keepsWireWhenDown, acceptsWhileDown, startsWhileClogged, arrivesWhileClogged
    case servesWhileClogged, forgetsRelease
    case ignoresRateChange, ignoresDelayChange, overtakes, dallies
    case losesUnasked, copiesUnasked, corruptsUnasked, changesBytesSilently, marksIncapable
    case deliversToCrashed, survivesCrash, sendsWhilePaused, deliversAcrossPartition, forwardsAtEndHost
}

/// A chain client - router - server, simulated by a page of code that shares nothing with the product's links.
///
/// It serves to make lawful traces and, by a `WorldFault`, unlawful ones. Slow and simple: the agenda is a sorted list.
final class IdealWorld {
    struct Packet {
        var serial: UInt64
        var length: Int
        var digest: UInt64
        var target: Int
        var source: Int
        var ecn: ECN
        var acceptedAt = 0
        var isCorrupted = false
    }

    final class Direction {
        var facts: LinkFacts
        var (rate, delay, overhead, mtu, jitter) = (0, 0, 0, 0, 0)
        var (reorders, loses, copies, corrupts) = (false, false, false, false)
        var jitterReorders = false
        var queue: QueueBound
        var isManaged: Bool
        var (isUp, isHeld, isClogged) = (true, false, false)
        var nextIndex: UInt64 = 0
        var waiting: [Packet] = []
        var serving: [Packet] = []
        /// Bits times 10^9 left at `settledAt`; between packets, the exact remainder of the last one.
        var (work, settledAt, freeAt, plan) = (0, 0, -1, 0)
        var wire: [Packet] = []
        var stuck: [UInt64] = []
        var floor = 0
        var counters = LawCounters()

        init(_ facts: LinkFacts) {
            self.facts = facts
            (rate, delay) = (Int(facts.rate.bitsPerSecond), Int(facts.delay.nanoseconds))
            (overhead, mtu, jitter) = (facts.overheadBytes, facts.mtu, Int(facts.jitterMax.nanoseconds))
            (reorders, loses) = (facts.mayReorder, facts.mayLose)
            (copies, corrupts) = (facts.mayDuplicate, facts.mayCorrupt)
            jitterReorders = facts.jitterMayReorder
            (queue, isManaged) = (facts.queue, facts.isManaged)
        }

        var isAble: Bool { isUp && !isClogged }
    }

    enum Action {
        case send(from: Int, target: Int, length: Int, ecn: ECN)
        case depart(Int, plan: Int)
        case arrive(Int, UInt64)
        case change(TraceEvent)
    }

    var draws: Draws
    let fault: WorldFault?
    let roundsUp: Bool
    let hosts = [HostFacts(name: "client"), HostFacts(name: "router", isRouter: true), HostFacts(name: "server")]
    let directions: [Direction]
    let partitions: [PartitionFacts]
    private(set) var events: [TraceEvent] = []
    private(set) var now = 0
    private var agenda: [(time: Int, order: Int, action: Action)] = []
    private var order = 0
    private var serials: UInt64 = 0
    private var states = [1, 1, 1]
    private var buffers: [[Packet]] = [[], [], []]

    /// `facts` are of client>router, router>client, router>server and server>router.
    init(
        seed: UInt64,
        facts: [LinkFacts],
        partitions: [PartitionFacts] = [],
        fault: WorldFault? = nil,
        roundsUp: Bool = true
    ) {
        draws = Draws(seed: seed)
        directions = facts.map { Direction($0) }
        self.partitions = partitions
        self.fault = fault
        self.roundsUp = roundsUp
    }

    func at(_ time: Int, _ action: Action) {
        let place = agenda.firstIndex { $0.time > time } ?? agenda.count
        agenda.insert((time, order, action), at: place)
        order += 1
    }

    func run(until end: Int) {
        while let next = agenda.first, next.time <= end {
            agenda.removeFirst()
            now = next.time
            switch next.action {
            case .send(let from, let target, let length, let ecn): send(from, target, length, ecn)
            case .depart(let index, let plan) where directions[index].plan == plan: depart(index)
            case .depart: break
            case .arrive(let index, let serial): arrive(index, serial)
            case .change(var event):
                event.time = Instant(nanoseconds: Int64(now))
                event.property == .host ? changeHost(event) : change(event)
            }
        }
    }

    private func emit(
        _ kind: TraceEvent.Kind,
        _ place: Int,
        _ packet: Packet,
        _ detail: UInt64 = 0,
        reason: TraceEvent.DropReason = .none
    ) {
        events.append(
            TraceEvent(
                time: Instant(nanoseconds: Int64(now)),
                kind: kind,
                place: Int32(place),
                packet: packet.serial,
                length: UInt32(packet.length),
                ecn: packet.ecn,
                reason: reason,
                detail: detail
            )
        )
        guard !reason.isAtHost, kind != .sent, kind != .delivered else { return }
        let tally = LawTally(packets: 1, bytes: UInt64(packet.length))
        func add(_ sum: inout LawTally) {
            sum = LawTally(packets: sum.packets + tally.packets, bytes: sum.bytes + tally.bytes)
        }
        switch kind {
        case .offered: add(&directions[place].counters.offered)
        case .arrived: add(&directions[place].counters.arrived)
        case .copied: add(&directions[place].counters.copied)
        case .dropped: add(&directions[place].counters[reason])
        default: break
        }
    }

    // MARK: Hosts

    private func send(_ from: Int, _ target: Int, _ length: Int, _ ecn: ECN) {
        guard states[from] == 1 || (fault == .sendsWhilePaused && states[from] == 2) else { return }
        let packet = Packet(
            serial: serials,
            length: length,
            digest: draws.next(),
            target: target,
            source: from,
            ecn: ecn
        )
        serials += 1
        emit(.sent, from, packet, packet.digest)
        route(from, packet)
    }

    private func route(_ host: Int, _ packet: Packet) {
        switch (host, packet.target) {
        case (0, _): offer(0, packet)
        case (1, let target): offer(target == 0 ? 1 : 2, packet)
        default: offer(3, packet)
        }
    }

    private func reach(_ host: Int, _ packet: Packet) {
        if states[host] == 0, fault != .deliversToCrashed { return emit(.dropped, host, packet, reason: .hostDown) }
        if states[host] == 2 {
            if buffers[host].count == 3 { return emit(.dropped, host, packet, reason: .bufferFull) }
            return buffers[host].append(packet)
        }
        if fault == .forwardsAtEndHost, host == 2, packet.source == 0 {
            var back = packet
            back.target = 0
            return route(2, back)
        }
        guard packet.target == host else { return route(host, packet) }
        let time = Instant(nanoseconds: Int64(now))
        if fault != .deliversAcrossPartition,
            partitions.contains(where: {
                $0.start <= time && time < $0.end && $0.from[0].index == packet.source && $0.to[0].index == host
            })
        {
            return emit(.dropped, host, packet, reason: .partitioned)
        }
        let wrong = packet.isCorrupted || fault == .changesBytesSilently
        emit(.delivered, host, packet, wrong ? ~packet.digest : packet.digest)
    }

    private func changeHost(_ event: TraceEvent) {
        events.append(event)
        let host = Int(event.place)
        states[host] = Int(event.detail)
        guard event.detail != 2, !(fault == .survivesCrash && event.detail == 0) else { return }
        let kept = buffers[host]
        buffers[host] = []
        for packet in kept { reach(host, packet) }
    }

    // MARK: A link

    private func offer(_ index: Int, _ packet: Packet) {
        let link = directions[index]
        emit(.offered, index, packet, link.nextIndex)
        link.nextIndex += 1
        let mtu = fault == .exaggeratesMTU ? link.mtu - 1 : link.mtu
        if packet.length + link.overhead > mtu, fault != .ignoresMTU {
            return emit(.dropped, index, packet, reason: .tooBig)
        }
        if !link.isUp, fault != .acceptsWhileDown { return emit(.dropped, index, packet, reason: .down) }
        var packet = packet
        packet.acceptedAt = now
        if link.serving.isEmpty || fault == .servesTwice, link.waiting.isEmpty, link.isAble {
            return start(index, packet, continues: false)
        }
        if isFull(link, packet) { return emit(.dropped, index, packet, reason: .queueFull) }
        link.waiting.append(packet)
    }

    private func isFull(_ link: Direction, _ packet: Packet) -> Bool {
        if fault == .ignoresQueueBound { return false }
        let slack = fault == .refusesTooEarly ? 1 : 0
        let bytes = link.waiting.reduce(0) { $0 + $1.length }
        switch link.queue {
        case .unlimited, .unknown: return false
        case .packets(let limit): return link.waiting.count + 1 + slack > limit
        case .bytes(let limit): return bytes + packet.length + slack > limit
        case .delay(let limit):
            guard link.rate > 0 else { return false }
            var work = (bytes + link.waiting.count * link.overhead) * 8_000_000_000
            if !link.serving.isEmpty { work += link.work - (link.isAble ? link.rate * (now - link.settledAt) : 0) }
            return (max(0, work) + link.rate - 1) / link.rate + slack * 3 > limit.nanoseconds
        }
    }

    private func start(_ index: Int, _ packet: Packet, continues: Bool) {
        let link = directions[index]
        emit(.started, index, packet)
        // Rounded down, a remainder must be paid even by a packet that came a moment later; rounded up, it is a gift.
        let carried = link.freeAt == now && (continues || !roundsUp) ? link.work : 0
        link.work = (packet.length + link.overhead) * 8_000_000_000
        if fault != .roundsEachPacketDown, fault != .roundsEachPacketUp { link.work += carried }
        link.settledAt = now
        link.serving.append(packet)
        plan(index)
    }

    private func plan(_ index: Int) {
        let link = directions[index]
        link.plan += 1
        guard link.isAble || fault == .servesWhileClogged, !link.serving.isEmpty else { return }
        let work = max(0, link.work)
        let up = fault == .roundsEachPacketUp || (roundsUp && fault != .roundsEachPacketDown)
        let time = link.rate == 0 ? 0 : up ? (work + link.rate - 1) / link.rate : work / link.rate
        at(max(now, link.settledAt + time), .depart(index, plan: link.plan))
    }

    private func settle(_ link: Direction) {
        if !link.serving.isEmpty, link.isAble || fault == .servesWhileClogged {
            link.work =
                link.rate == 0 ? (now > link.settledAt ? 0 : link.work) : link.work - link.rate * (now - link.settledAt)
        }
        link.settledAt = now
    }

    private func startNext(_ index: Int, continues: Bool) {
        let link = directions[index]
        guard link.isAble || (fault == .startsWhileClogged && link.isUp), link.serving.isEmpty else { return }
        while link.waiting.count > 0 {
            var packet = fault == .startsLast ? link.waiting.removeLast() : link.waiting.removeFirst()
            let manages = link.isManaged && packet.acceptedAt < now && draws.chance(30)
            if manages || (fault == .managesUnasked && draws.chance(30)) {
                guard packet.ecn.isCapable || fault == .marksIncapable else {
                    emit(.dropped, index, packet, reason: .aqm)
                    continue
                }
                packet.ecn = .congestionExperienced
                emit(.marked, index, packet)
            }
            if fault == .idlesBetweenPackets { now += 1 }
            return start(index, packet, continues: continues)
        }
    }

    private func depart(_ index: Int) {
        let link = directions[index]
        settle(link)
        if link.rate == 0 { link.work = 0 }
        link.freeAt = now
        var packet = link.serving.removeFirst()
        emit(.departed, index, packet)
        if (link.loses && draws.chance(20)) || (fault == .losesUnasked && draws.chance(20)) {
            emit(.dropped, index, packet, reason: .loss)
        } else {
            if (link.corrupts && draws.chance(20)) || (fault == .corruptsUnasked && draws.chance(20)) {
                packet.isCorrupted = true
                let lost = min(draws.number(0...1) * 7, packet.length - 1)
                packet.length -= lost
                link.counters.truncatedBytes += UInt64(lost)
                emit(.corrupted, index, packet, lost > 0 ? 1 << 32 + UInt64(lost) : 3)
            }
            propagate(index, packet)
            if (link.copies && draws.chance(20)) || (fault == .copiesUnasked && draws.chance(20)) {
                let origin = packet.serial
                packet.serial = serials
                serials += 1
                emit(.copied, index, packet, origin)
                propagate(index, packet)
            }
        }
        startNext(index, continues: true)
    }

    private func propagate(_ index: Int, _ packet: Packet) {
        let link = directions[index]
        var time = now + (fault == .ignoresDelayChange ? Int(link.facts.delay.nanoseconds) : link.delay)
        time += draws.number(0...link.jitter)
        if link.reorders, draws.chance(30) {
            time += draws.number(0...Int(link.facts.reorderHoldMax.nanoseconds))
        } else if !link.jitterReorders, fault != .overtakes {
            link.floor = max(link.floor, time)
            time = link.floor
        }
        if fault == .dallies { time += link.jitter + 1 }
        link.wire.append(packet)
        at(time, .arrive(index, packet.serial))
    }

    private func arrive(_ index: Int, _ serial: UInt64) {
        let link = directions[index]
        guard let place = link.wire.firstIndex(where: { $0.serial == serial }) else { return }
        if link.isClogged, fault != .arrivesWhileClogged { return link.stuck.append(serial) }
        let packet = link.wire.remove(at: place)
        emit(.arrived, index, packet)
        reach(index == 0 || index == 3 ? 1 : index == 1 ? 0 : 2, packet)
    }

    // MARK: The timeline

    private func change(_ event: TraceEvent) {
        events.append(event)
        let (index, value) = (Int(event.place), Int(truncatingIfNeeded: event.detail))
        let link = directions[index]
        settle(link)
        switch event.property {
        case .up: changeUp(index, value)
        case .clog:
            link.isClogged = value == 1
            guard value == 0 else { break }
            let stuck = link.stuck
            link.stuck = []
            if fault == .forgetsRelease { return }
            for serial in stuck { arrive(index, serial) }
        case .rate: if fault != .ignoresRateChange { link.rate = value }
        case .delay: link.delay = value
        case .mtu: link.mtu = value
        case .overhead: link.overhead = value
        case .loss: link.loses = value != 0
        case .jitter: (link.jitter, link.jitterReorders) = (value & .max, value < 0)
        case .queue: changeQueue(link, value, code: event.length)
        case .duplication: link.copies = value != 0
        case .reordering: link.reorders = value != 0
        case .corruption: link.corrupts = value != 0
        default: break
        }
        plan(index)
        startNext(index, continues: false)
    }

    /// Another queue takes over: `length` of the event says of which kind.
    private func changeQueue(_ link: Direction, _ value: Int, code: UInt32) {
        link.isManaged = code & 256 != 0
        switch code & 255 {
        case 0: link.queue = .unlimited
        case 1: link.queue = .packets(Int64(value))
        case 2: link.queue = .bytes(Int64(value))
        default: link.queue = .delay(.nanoseconds(Int64(value)))
        }
    }

    private func changeUp(_ index: Int, _ value: Int) {
        let link = directions[index]
        link.isUp = value == 1
        guard value != 1 else { return }
        if value == 0, fault != .keepsQueueWhenDown {
            for packet in link.waiting { emit(.dropped, index, packet, reason: .flushed) }
            link.waiting = []
        }
        guard fault != .keepsWireWhenDown else { return }
        for packet in link.serving + link.wire { emit(.dropped, index, packet, reason: .cut) }
        (link.serving, link.wire, link.stuck, link.work, link.floor) = ([], [], [], 0, 0)
        link.freeAt = now
    }
}
