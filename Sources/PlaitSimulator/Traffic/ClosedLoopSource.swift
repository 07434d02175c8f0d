import PlaitCore

/// The sending end of closed-loop traffic: numbered segments, resent until each is acknowledged.
final class ClosedLoopSource: CompletingEndpoint {
    private let context: TrafficContext
    private let size: Int
    /// Segments in all; nil when only the clock ends the flow.
    private let segments: UInt64?
    private let windowMax: UInt64
    private var window = NewRenoWindow()
    private var timer = RetransmissionTimer()
    /// The first segment not acknowledged, the next to send, and the first never sent.
    private var acknowledged: UInt64 = 0
    private var next: UInt64 = 0
    private var unsent: UInt64 = 0
    /// Duplicates up to this were caused by a timeout's own resending (RFC 6582, 4.1); nil before any timeout.
    private var recoverAfter: UInt64?
    private var resendsFirst = false
    private var marks: UInt64 = 0
    private var timeoutAt = Instant.never
    private var startAt: Instant
    private var life: UInt16 = 0
    private(set) var completedAt: Instant?

    init(_ context: TrafficContext, size: Int, segments: UInt64?, windowMax: UInt64) {
        self.context = context
        self.size = size
        self.segments = segments
        self.windowMax = windowMax
        startAt = context.start
    }

    var deadline: Instant {
        if completedAt != nil { return .never }
        guard unsent == 0 else { return timeoutAt }
        return startAt < context.stop ? startAt : .never
    }

    func restarted(now: Instant) {
        life &+= 1
        (window, timer) = (NewRenoWindow(), RetransmissionTimer())
        (acknowledged, next, unsent, recoverAfter, marks) = (0, 0, 0, nil, 0)
        (resendsFirst, timeoutAt, completedAt) = (false, .never, nil)
        startAt = max(now, context.start)
    }

    func deadlineReached(now: Instant) {
        // Woken after its end, as by a pause, it never starts: a deadline in the past would be due again at once.
        if unsent == 0, now >= context.stop { startAt = .never }
        guard now >= timeoutAt else { return }
        window.timeout(inFlight: next - acknowledged)
        timer.backOff()
        // Go back: everything not acknowledged is sent again as the window opens.
        next = acknowledged
        recoverAfter = unsent
        resendsFirst = false
        timeoutAt = now + timer.timeout
        if now >= context.stop { timeoutAt = .never }
    }

    func receive(_ datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress, ecn: ECN, now: Instant) {
        guard let packet = PlainPacket(checked: datagram), packet.kind == .acknowledgement, packet.life == life
        else { return }
        guard packet.sequence <= unsent, completedAt == nil else { return }
        timer.sample(now - packet.echo)
        if packet.marks > marks {
            window.marked(next: unsent, acknowledged: acknowledged, inFlight: inFlight)
            marks = packet.marks
        }
        if packet.sequence > acknowledged {
            advance(to: packet.sequence, now: now)
        } else if packet.sequence == acknowledged, inFlight > 0 {
            let reaction = window.duplicate(
                next: unsent,
                acknowledged: acknowledged,
                recoverAfter: recoverAfter,
                inFlight: inFlight
            )
            if reaction == .resendFirst { resendsFirst = true }
        }
    }

    func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        guard now >= startAt, now < context.stop, completedAt == nil else { return nil }
        let segment: UInt64
        if resendsFirst {
            resendsFirst = false
            segment = acknowledged
        } else {
            guard next < segments ?? .max, inFlight < min(window.segments, windowMax) else { return nil }
            segment = next
            next += 1
            unsent = max(unsent, next)
        }
        if timeoutAt.isNever { timeoutAt = now + timer.timeout }
        PlainPacket(kind: .data, life: life, flow: context.flow, sequence: segment, echo: now)
            .writeChecked(to: &buffer, length: size)
        return Transmit(length: size, local: context.local, remote: context.remote, ecn: context.ecn)
    }

    private var inFlight: UInt64 { next - acknowledged }

    private func advance(to sequence: UInt64, now: Instant) {
        let count = sequence - acknowledged
        let before = inFlight
        acknowledged = sequence
        next = max(next, sequence)
        // The impatient variant (RFC 6582, 3.2 step 3): only the first partial acknowledgement of a recovery re-arms
        // the timer, so that a window with many holes ends in a timeout and not in one hole a round trip.
        let waits = window.hasPartial && window.recovery.map { sequence < $0 } ?? false
        if window.acknowledge(count, upTo: sequence, inFlight: before) == .resendFirst { resendsFirst = true }
        if inFlight == 0 {
            timeoutAt = .never
        } else if !waits {
            timeoutAt = now + timer.timeout
        }
        if sequence == segments { completedAt = now }
    }
}
