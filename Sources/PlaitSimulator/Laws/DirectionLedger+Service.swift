import PlaitCore

/// The serialiser: how much of the packet in it is still to be sent, by two reckonings.
///
/// Work is counted in bits times 10^9, so that `rate * nanoseconds` of it is done in a time, exactly and without
/// division. Let packet n start at s(n) and depart at D(n), and let w(n) be its work divided by the rate. Two
/// reckonings:
///
/// - **earliest**  V(n) = max(V(n-1), s(n)) + w(n), and the law `rate` says D(n) >= V(n) - 1 ns. One comparison a
///   packet covers *every* interval: for any t1 <= t2 and the packets m...n that start at or after t1 and depart by
///   t2, V(n) >= s(m) + w(m) + ... + w(n) by unrolling the recursion, hence w(m) + ... + w(n) <= V(n) - t1 <= D(n) +
///   1 ns - t1 <= (t2 - t1) + 1 ns. The sum of the work is at most rate * (interval + 1 ns): the nanosecond is paid
///   once an interval, not once a packet, so that a link which rounds each packet down is found as soon as its gains
///   add up to more than that.
/// - **latest**  L(n) = L(n-1) + w(n) when the packet waited at the departure before it and starts at that instant,
///   else s(n) + w(n), and the law `workConservation` says D(n) <= L(n) + 1 ns. A link that rounds each packet up
///   loses more than a nanosecond within a busy period and is found.
///
/// A link that keeps its exact remainder passes both, whether it reports instants rounded up or down: rounded up,
/// D(n) is in [exact, exact + 1) = [L, L + 1) and V(n) < exact + 1; rounded down, D(n) is in (exact - 1, exact] and V
/// = L = exact. A changed rate, a clog and a release settle what was done until then; the nanosecond is one of the
/// largest rate since.
extension DirectionLedger {
    struct Service {
        /// The serial in serialisation, or `UInt64.max`.
        var serial: UInt64 = .max
        var length: UInt32 = 0
        /// Work still to be done at `settledAt` by the two reckonings; between packets, what the last one left over.
        var earliest: Int64 = 0
        var latest: Int64 = 0
        var settledAt: Int64 = 0
        /// One nanosecond of the largest rate since the busy period began.
        var tolerance: Int64 = 0
        /// When the last packet left, by departing or by being cut.
        var freeAt: Int64 = 0
        /// Whether a packet waited then, so that the next one continues the busy period.
        var isContinued = false

        var isIdle: Bool { serial == .max }

        /// Work done in a time, or nearly the largest number when that overflows: more than any packet has.
        static func done(rate: UInt64, from start: Int64, to end: Int64) -> Int64 {
            let (product, overflow) = Int64(truncatingIfNeeded: rate).multipliedReportingOverflow(by: end &- start)
            return overflow ? .max / 4 : product
        }

        /// Work that is ahead of a packet accepted now.
        func remaining(at now: Int64, rate: UInt64) -> Int64 {
            isIdle ? 0 : earliest &- Self.done(rate: rate, from: settledAt, to: now)
        }
    }

    /// A packet's first bit went onto the wire.
    mutating func start(_ record: inout PacketTrail, _ event: TraceEvent, _ findings: inout LawFindings) {
        settlePending(&findings)
        let now = event.time.nanoseconds
        guard record.stage == .queued else {
            findings.report(.order, event, "started at stage \(record.stage)")
            return
        }
        judgeStart(record, event, &findings)
        _ = waiting.remove(event.packet)

        let work = work(ofBytes: Int64(record.length))
        let continues = now == service.freeAt
        var carriedEarliest = max(0, service.earliest)
        if !continues, carriedEarliest > 0 {
            carriedEarliest = max(0, carriedEarliest - Service.done(rate: rate, from: service.freeAt, to: now))
        }
        service.earliest = work &+ carriedEarliest
        service.latest = work &+ (continues && service.isContinued && record.since < now ? service.latest : 0)
        service.tolerance = max(Int64(truncatingIfNeeded: rate), continues ? service.tolerance : 0)
        service.settledAt = now
        service.serial = event.packet
        service.length = record.length
        record.stage = .inService
        record.since = now
    }

    private func judgeStart(_ record: PacketTrail, _ event: TraceEvent, _ findings: inout LawFindings) {
        let now = event.time.nanoseconds
        if condition != .up {
            findings.report(.deadLink, event, "started on a direction that is down")
        } else if isClogged {
            findings.report(.clog, event, "started on a clogged direction")
        } else if !service.isIdle {
            findings.report(.oneAtATime, event, "started while packet \(service.serial) was in serialisation")
        } else if let first = waiting.first, first.serial != event.packet {
            findings.report(.queueOrder, event, "started before packet \(first.serial), which was accepted earlier")
        } else {
            let due = max(record.since, service.freeAt, enabledAt)
            guard now != due else { return }
            findings.report(
                .workConservation,
                event,
                found: now,
                allowed: due,
                "started \(now - due) ns after the direction was free for it"
            )
        }
    }

    /// A packet's last bit left the queue's end of the wire.
    mutating func depart(_ record: inout PacketTrail, _ event: TraceEvent, _ findings: inout LawFindings) {
        settlePending(&findings)
        let now = event.time.nanoseconds
        guard record.stage == .inService, service.serial == event.packet else {
            findings.report(.order, event, "departed at stage \(record.stage)")
            return
        }
        if condition != .up { findings.report(.deadLink, event, "departed on a direction that is down") }
        settleService(now)
        if rate == 0 { service.latest = min(0, service.latest) }
        judgeDeparture(event, &findings)
        // What was reported is not carried on: each report names a gain or loss of its own.
        service.earliest = min(service.earliest, service.tolerance)
        service.latest = max(service.latest, -service.tolerance)
        service.serial = .max
        service.freeAt = now
        service.isContinued = waiting.count > 0

        wire.count(record.length)
        departures &+= 1
        record.wireOrder = departures
        record.stage = .onWire
        record.since = now
        record.notBefore = now &+ delay
        record.notAfter = now &+ delay &+ jitterMax &+ (mayReorder ? reorderHoldMax : 0)
    }

    private func judgeDeparture(_ event: TraceEvent, _ findings: inout LawFindings) {
        if service.earliest > service.tolerance {
            let early = rate > 0 ? service.earliest / Int64(truncatingIfNeeded: rate) : service.earliest
            findings.report(
                isClogged ? .clog : .rate,
                event,
                found: service.earliest / 1_000_000_000,
                "departed about \(early) ns before its \(service.length) bytes were through at \(rate) bit/s"
            )
        } else if service.latest < -service.tolerance {
            let late = rate > 0 ? -service.latest / Int64(truncatingIfNeeded: rate) : -service.latest
            findings.report(
                .workConservation,
                event,
                found: -service.latest / 1_000_000_000,
                "departed about \(late) ns after its \(service.length) bytes were through at \(rate) bit/s"
            )
        }
    }

    /// Books the work done until now, at the rate in force since the last time.
    mutating func settleService(_ now: Int64) {
        guard !service.isIdle, isAble else {
            service.settledAt = now
            return
        }
        if rate == 0 {
            service.earliest = min(0, service.earliest)
            // Without a limit every instant after the start is too late. Within the instant both are lawful: to have
            // departed, and to be still there when the rate is changed.
            if now > service.settledAt { service.latest = .min / 4 }
        } else {
            let done = Service.done(rate: rate, from: service.settledAt, to: now)
            service.earliest &-= done
            service.latest &-= done
        }
        service.settledAt = now
    }
}
