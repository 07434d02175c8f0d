import PlaitCore
import PlaitCrypto

/// How a connection ends.
extension Connection {
    /// The application wants it over. Data that was not acknowledged may be lost.
    mutating func close(code: UInt64, reason: [UInt8], now: Instant) {
        guard life == .established else { return }
        let pending = PendingClose(code: code, frame: 0, isApplication: true, reason: reason)
        beginClosing(pending, .local(code: code), now: now)
    }

    /// The peer did what it must not.
    mutating func closeFor(_ violation: PeerViolation, now: Instant) {
        guard life == .established else { return }
        let text = violation.reason.description
        let pending = PendingClose(
            code: violation.code.value,
            frame: violation.frame,
            isApplication: false,
            reason: Array(text.utf8)
        )
        beginClosing(pending, .violation(violation.code, reason: text), now: now)
    }

    private mutating func beginClosing(_ pending: PendingClose, _ reason: CloseReason, now: Instant) {
        close = pending
        end(as: .closing(until: now + lingering), because: reason, now: now)
    }

    /// The peer's CLOSE came.
    mutating func drain(because reason: CloseReason, now: Instant) {
        switch life {
        case .established: end(as: .draining(until: now + lingering), because: reason, now: now)
        case .closing(let until):
            // It has closed as well: nobody is left to be told.
            close = nil
            enter(.draining(until: until), now: now)
        case .opening, .draining, .closed: return
        }
    }

    /// Nothing more can come of it: keys are wiped.
    mutating func finish(because reason: CloseReason?, now: Instant) {
        guard life != .closed else { return }
        protection = nil
        initiator = nil
        close = nil
        if let reason {
            end(as: .closed, because: reason, now: now)
        } else {
            enter(.closed, now: now)
        }
    }

    private mutating func end(as next: ConnectionLife, because reason: CloseReason, now: Instant) {
        closedIsNews = reason
        pending.removeAll()
        initiator = nil
        pacedUntil = .never
        enter(next, now: now)
    }

    private mutating func enter(_ next: ConnectionLife, now: Instant) {
        life = next
        observer?.lifeChanged(of: handle, to: next, now: now)
    }

    /// How long a connection that is over still knows its late packets (RFC 9000, 10.2: three probe timeouts).
    ///
    /// Of several paths the slowest counts, up to a bound: a peer that delays the acknowledgements of one path must not
    /// make keys, ids and silence last as long as it likes.
    var lingering: Interval {
        var longest = Interval.zero
        var shortest: Interval?
        for slot in paths.indices where paths[slot].isAlive {
            let timeout = paths[slot].recovery.probeTimeout
            longest = max(longest, timeout)
            shortest = min(shortest ?? timeout, timeout)
        }
        return 3 * min(longest, max(shortest ?? .zero, Self.patienceMax))
    }

    /// With one path among faster ones.
    private static var patienceMax: Interval { .seconds(10) }

    /// When silence has lasted too long; never less than three probe timeouts, so that a short timeout does not end
    /// what a few losses delayed.
    var idleDeadline: Instant {
        idleTimeout == .zero ? .never : activeAt + max(idleTimeout, lingering)
    }
}
