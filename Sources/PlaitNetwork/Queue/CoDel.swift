import PlaitCore

/// Controlled delay (RFC 8289): drops, or marks, at the front once packets have waited `target` or more for a whole
/// `interval`, and from then on at times that shrink with the square root of how many it took.
///
/// The pseudocode of section 5 drops in a loop inside one dequeue; here the direction asks again after each drop, so
/// the loop's place is kept in `step`. The names are the RFC's.
final class CoDel: QueueDiscipline {
    struct Parameters: Hashable {
        var target: Interval
        var interval: Interval
        /// Bytes that may wait at most; .max when the buffer is unlimited.
        var limit: Int64
        var marks: Bool
        var mtu: Int
    }

    private enum Step {
        /// A dequeue begins with the next packet.
        case fresh
        /// The packet before was dropped inside the dropping state's loop.
        case droppedInLoop
        /// The packet before was the one that began the dropping state; the next is sent whatever it waited.
        case droppedFirst
    }

    private let parameters: Parameters
    private var step = Step.fresh
    private var dropping = false
    private var firstAboveTime = Instant.start
    private var dropNext = Instant.start
    private var count: UInt64 = 0
    private var lastCount: UInt64 = 0

    init(_ parameters: Parameters) { self.parameters = parameters }

    func admits(length: Int, behind backlog: Backlog, now: Instant) -> Bool {
        Int64(backlog.bytes + length) <= parameters.limit
    }

    var limit: QueueLimit { parameters.limit == .max ? .unlimited : .bytes(parameters.limit) }
    let isManaged = true

    func becameEmpty(now: Instant) {
        firstAboveTime = .start
        if step != .droppedFirst { dropping = false }
        step = .fresh
    }

    func judge(_ head: QueueHead, before backlog: Backlog, now: Instant) -> QueueVerdict {
        let okToDrop = dodequeue(head, before: backlog, now: now)
        switch step {
        case .droppedFirst:
            step = .fresh
            return .send
        case .droppedInLoop:
            step = .fresh
            if okToDrop { dropNext = controlLaw(dropNext) } else { dropping = false }
        case .fresh:
            if dropping, !okToDrop { dropping = false }
            if !dropping, okToDrop { return enterDropping(head, now: now) }
        }
        guard dropping, now >= dropNext else { return .send }
        count += 1
        if parameters.marks, head.isECNCapable {
            dropNext = controlLaw(dropNext)
            return .mark
        }
        step = .droppedInLoop
        return .drop
    }

    /// Whether the packet may be dropped: it waited too long, and so did all before it for a whole interval.
    private func dodequeue(_ head: QueueHead, before backlog: Backlog, now: Instant) -> Bool {
        let sojourn = now - head.enqueuedAt
        if sojourn < parameters.target || backlog.bytes <= parameters.mtu {
            firstAboveTime = .start
            return false
        }
        if firstAboveTime == .start {
            firstAboveTime = now + parameters.interval
            return false
        }
        return now >= firstAboveTime
    }

    private func enterDropping(_ head: QueueHead, now: Instant) -> QueueVerdict {
        dropping = true
        // A queue that was bad a short while ago starts at the rate that held it then.
        let delta = count - lastCount
        let wasRecent = now - dropNext < 16 * parameters.interval
        count = delta > 1 && wasRecent ? delta : 1
        dropNext = controlLaw(now)
        lastCount = count
        if parameters.marks, head.isECNCapable { return .mark }
        step = .droppedFirst
        return .drop
    }

    /// t + interval / sqrt(count), rounded down to whole nanoseconds.
    private func controlLaw(_ time: Instant) -> Instant {
        let interval = UInt64(parameters.interval.nanoseconds)
        let square = interval.multipliedFullWidth(by: interval)
        guard square.high < count else { return time + parameters.interval }
        return time + Interval(nanoseconds: Int64(squareRoot(count.dividingFullWidth(square).quotient)))
    }
}

extension CoDel {
    static let registration = QueueRegistration(
        signature: ModelSignature(
            name: "codel",
            summary: "RFC 8289: keeps the standing queue near a target delay by dropping, or marking, at its front",
            parameters: [
                .init("target", .interval, "the standing delay that is acceptable, 5 ms unless given"),
                .init("interval", .interval, "how long the delay may stay above the target, 100 ms unless given"),
                .init("limit", .bytes, "the most UDP payload that may wait, unlimited unless given"),
                .init("ecn", .flag, "mark packets that are ECN capable instead of dropping them"),
            ]
        )
    ) { choice, context throws(ModelError) in
        let parameters = Parameters(
            target: choice.interval("target") ?? .milliseconds(5),
            interval: choice.interval("interval") ?? .milliseconds(100),
            limit: choice.bytes("limit") ?? .max,
            marks: choice.flag("ecn"),
            mtu: context.mtu
        )
        guard parameters.interval > .zero, parameters.interval <= .seconds(4) else {
            throw ModelError(parameter: "interval", "must be longer than 0 and at most 4 s")
        }
        return CoDel(parameters)
    }
}
