import PlaitCore
import PlaitCrypto

/// When a connection wants to be woken, and what it does then.
extension Connection {
    /// The earliest of all its timers.
    var deadline: Instant {
        switch life {
        case .opening, .closed: return .never
        case .closing(let until), .draining(let until): return until
        case .established: break
        }
        var earliest = min(path.recovery.deadline, path.received.ackDeadline)
        earliest = min(earliest, pacedUntil)
        earliest = min(earliest, idleDeadline)
        earliest = min(earliest, keepAliveDeadline)
        earliest = min(earliest, previousKeyUntil)
        // Looked at first: the pattern copies a whole handshake out of the optional, there or not.
        guard initiator != nil else { return earliest }
        switch initiator {
        case .some(let initiator): return min(earliest, initiator.deadline)
        case .none: return earliest
        }
    }

    /// After so long a silence something is sent that asks for an answer.
    private var keepAliveDeadline: Instant {
        // While an answer is outstanding, recovery's probes keep the peer awake. What waits to be sent goes when the
        // window opens; until then a deadline in the past would only wake this end again and again.
        let isWoken = isAwaitingAnswer || path.recovery.bytesInFlight > 0 || !pending.isEmpty
        return configuration.keepAlive == .zero || isWoken ? .never : activeAt + configuration.keepAlive
    }

    /// Early calls are harmless: each timer is looked at.
    mutating func deadlineReached(now: Instant) {
        switch life {
        case .opening, .closed: return
        case .closing(let until), .draining(let until):
            if now >= until { finish(because: nil, now: now) }
            return
        case .established: break
        }
        guard now < idleDeadline else { return finish(because: .idle, now: now) }
        if now >= path.recovery.deadline {
            path.recovery.deadlineReached(now: now)
            settle(now: now)
        }
        if now >= keepAliveDeadline { pending.append(.ping) }
        protection?.discardPrevious(now: now)
        // It can no longer fail: the keys are good.
        _ = initiator?.deadlineReached(now: now)
    }
}
