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
        var earliest = min(pathDeadline, pacedUntil)
        earliest = min(earliest, scheduling.askAgain)
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
        let isWoken = configuration.keepAlive == .zero || isAwaitingAnswer || !pending.isEmpty
        guard !isWoken else { return .never }
        for slot in paths.indices where paths[slot].recovery.bytesInFlight > 0 { return .never }
        return activeAt + configuration.keepAlive
    }

    /// The earliest timer of any path.
    private var pathDeadline: Instant {
        var earliest = Instant.never
        let interval = keepAliveInterval
        for slot in paths.indices {
            earliest = min(earliest, paths[slot].drainedAt)
            guard paths[slot].isAlive else { continue }
            earliest = min(earliest, paths[slot].recovery.deadline)
            earliest = min(earliest, paths[slot].life.deadline)
            earliest = min(earliest, paths[slot].address.deadline)
            if canAcknowledge(slot) { earliest = min(earliest, paths[slot].received.ackDeadline) }
            // What must not go to an address that proved nothing waits for more to come from there.
            guard paths[slot].allowsChallenge else { continue }
            earliest = min(earliest, paths[slot].address.challengeAt)
            guard paths[slot].allowsPacket else { continue }
            earliest = min(earliest, paths[slot].keepAliveDeadline(interval))
        }
        return earliest
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
        for slot in paths.indices where paths[slot].isAlive { pathDeadlineReached(slot, now: now) }
        drainPaths(now: now)
        if now >= keepAliveDeadline { pending.append(.ping) }
        protection?.discardPrevious(now: now)
        // It can no longer fail: the keys are good.
        _ = initiator?.deadlineReached(now: now)
    }

    mutating func pathDeadlineReached(_ slot: Int, now: Instant) {
        if now >= paths[slot].recovery.deadline {
            let before = paths[slot].recovery.statistics
            paths[slot].recovery.deadlineReached(now: now)
            tellScheduler(of: slot, since: before, now: now)
            if paths[slot].recovery.statistics.probeTimeouts > before.probeTimeouts {
                paths[slot].noteDoubt()
                let others = hasActivePath(besides: slot)
                let change = paths[slot].life.probeTimeoutPassed(othersAreUsable: others, now: now)
                if let change { take(change, of: slot, now: now) }
            }
            settle(slot, now: now)
        }
        if now >= paths[slot].life.deadline, let change = paths[slot].life.deadlineReached(now: now) {
            take(change, of: slot, now: now)
        }
        if paths[slot].address.deadlineReached(now: now) { tell(.rebound, of: slot, now: now) }
    }
}
