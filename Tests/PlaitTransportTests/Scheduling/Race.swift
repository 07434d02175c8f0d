import PlaitCore
import PlaitTransport
import Testing

/// Brings chunks of a packet's size over several lanes in virtual time, each where a scheduler says.
///
/// An oracle for schedulers without the protocol: losses are noticed an eighth of a round trip late, credit comes with
/// every answer, nothing else is modelled.
struct Race {
    var lanes: [Lane]
    let chunks: Int
    /// Bytes that the receiver holds at most.
    let credit: Int
    let policy: ReinjectionPolicy
    /// Between two chunks that become available; zero when all are there from the start.
    let spacing: Interval
    private var now = Instant.start
    private var next = 0
    private var lost: [Int] = []
    private var isThere: [Bool]
    private var isRepeated: [Bool]
    /// By lane: chunks that another one carries already, and that this one carries when it may.
    private var copies: [[Int]]
    private var inOrder = 0
    private var inOrderKnown = 0
    private var missing: Int
    private var wakeAt = Instant.never
    private(set) var repeats = 0
    private(set) var violations = 0

    init(
        _ links: [Lane.Link],
        bytes: Int,
        credit: Int = .max / 2,
        policy: ReinjectionPolicy = .atTail,
        spacing: Interval = .zero,
        seed: UInt64 = 1
    ) {
        lanes = links.enumerated().map { Lane($1, seed: seed, name: "lane/\($0)/loss") }
        chunks = (bytes + Lane.packet - 1) / Lane.packet
        self.credit = credit
        self.policy = policy
        self.spacing = spacing
        isThere = Array(repeating: false, count: chunks)
        isRepeated = isThere
        copies = links.map { _ in [] }
        missing = chunks
    }

    /// When the last chunk arrived; nil when everybody waited for ever.
    mutating func run(_ scheduler: consuming any Scheduler) -> Instant? {
        while missing > 0 {
            sendAll(&scheduler)
            var upcoming = wakeAt
            for lane in lanes { upcoming = min(upcoming, lane.nextEvent) }
            for lane in lanes where lane.link.usableFrom > now { upcoming = min(upcoming, lane.link.usableFrom) }
            if spacing > .zero, next < chunks {
                upcoming = min(upcoming, max(availableAt(next), now + .milliseconds(1)))
            }
            guard !upcoming.isNever else { return nil }
            now = max(upcoming, now)
            for slot in lanes.indices { receive(on: slot, &scheduler) }
        }
        return now
    }

    private func availableAt(_ chunk: Int) -> Instant { Instant(nanoseconds: Int64(chunk) * spacing.nanoseconds) }

    private mutating func receive(on slot: Int, _ scheduler: inout any Scheduler) {
        while lanes[slot].nextEvent <= now {
            if lanes[slot].arrived < lanes[slot].flights.count,
                lanes[slot].flights[lanes[slot].arrived].arrivesAt <= now
            {
                let flight = lanes[slot].flights[lanes[slot].arrived]
                if !flight.isLost, !isThere[flight.chunk] {
                    isThere[flight.chunk] = true
                    missing -= 1
                    while inOrder < chunks, isThere[inOrder] { inOrder += 1 }
                }
                lanes[slot].flights[lanes[slot].arrived].inOrder = inOrder
                lanes[slot].arrived += 1
                continue
            }
            let isLimited = next >= chunks || !lanes[slot].isWindowUsed
            let flight = lanes[slot].answer(isLimited: isLimited, now: now)
            if flight.isLost {
                scheduler.lost(Lane.packet, on: slot, now: now)
                if !isThere[flight.chunk] { lost.append(flight.chunk) }
            } else {
                scheduler.acknowledged(Lane.packet, on: slot, now: now)
                inOrderKnown = max(inOrderKnown, flight.inOrder)
            }
        }
    }

    private mutating func sendAll(_ scheduler: inout any Scheduler) {
        wakeAt = .never
        while true {
            lost.removeAll { isThere[$0] }
            var views: [PathView] = []
            for slot in lanes.indices where lanes[slot].link.usableFrom <= now {
                views.append(lanes[slot].view(slot: slot, now: now))
            }
            for view in views where view.hasRoom && !view.mayNow { wakeAt = min(wakeAt, view.sendTime) }
            if sendCopy(views) { continue }
            let left = (inOrderKnown * Lane.packet + credit) - next * Lane.packet
            let hasNew = next < chunks && left >= Lane.packet && availableAt(next) <= now
            guard !lost.isEmpty || hasNew else {
                reinject(views)
                return
            }
            var waiting = chunks - next
            if spacing > .zero {
                waiting = min(waiting, Int((now - availableAt(next)).nanoseconds / spacing.nanoseconds) + 1)
            }
            let packet = PacketToSchedule(
                bytes: Lane.packet,
                queuedBytes: UInt64((waiting + lost.count) * Lane.packet),
                creditBytes: UInt64(left),
                isRetransmission: !lost.isEmpty
            )
            switch scheduler.choose(for: packet, among: views.span, now: now) {
            case .send(let slot):
                guard let view = views.first(where: { $0.slot == slot }), view.mayNow else {
                    violations += 1
                    return
                }
                send(on: slot)
                scheduler.sent(Lane.packet, on: slot, now: now)
            case .wait: return
            case .waitUntil(let time):
                if time <= now { violations += 1 }
                wakeAt = min(wakeAt, max(time, now + .microseconds(1)))
                return
            case .sendOnAll:
                guard let view = views.first(where: \.mayNow) else {
                    violations += 1
                    return
                }
                let chunk = lost.first ?? next
                send(on: view.slot)
                scheduler.sent(Lane.packet, on: view.slot, now: now)
                for other in views where other.slot != view.slot { copies[other.slot].append(chunk) }
            }
        }
    }

    private mutating func sendCopy(_ views: [PathView]) -> Bool {
        for view in views where view.mayNow {
            copies[view.slot].removeAll { isThere[$0] }
            guard !copies[view.slot].isEmpty else { continue }
            lanes[view.slot].send(copies[view.slot].removeFirst(), now: now)
            return true
        }
        return false
    }

    private mutating func send(on slot: Int) {
        if lost.isEmpty {
            lanes[slot].send(next, now: now)
            lanes[slot].firstTransmissions.append(now)
            next += 1
        } else {
            lanes[slot].send(lost.removeFirst(), now: now)
        }
    }

    /// At the tail: the oldest chunks of other lanes, if they would be there earlier.
    private mutating func reinject(_ views: [PathView]) {
        guard next >= chunks else { return }
        for to in views where to.mayNow {
            for from in views where from.slot != to.slot {
                for flight in lanes[from.slot].flights[lanes[from.slot].answered...] {
                    let view = lanes[to.slot].view(slot: to.slot, now: now)
                    guard !isThere[flight.chunk] || flight.arrivesAt > now, !isRepeated[flight.chunk],
                        policy.repeats(sentAt: flight.sentAt, from: from, to: view, now: now)
                    else { continue }
                    isRepeated[flight.chunk] = true
                    repeats += 1
                    lanes[to.slot].send(flight.chunk, now: now)
                }
            }
        }
    }
}
