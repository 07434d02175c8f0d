import PlaitCore
import PlaitCrypto

/// What must hold after every event; a broken invariant is a bug of this end, whatever the peer did.
extension Connection {
    func checkInvariants() {
        precondition((life == .closed) == (protection == nil), "keys are gone when closed, and not before")
        precondition(pending.count <= path.ids.framesMax + Self.ownFramesMax, "the queue of own frames has an end")
        precondition(path.responses.count <= Path.responsesMax, "the queue of answers has an end")
        precondition(unrouted.isEmpty, "an id that was retired still leads here")
        checkNumbers()
        guard life == .established else { return checkEnd() }
        precondition(closedIsNews == nil && close == nil, "a connection that goes on has no end to tell of")
        path.ids.checkInvariants()
        path.recovery.checkInvariants()
        path.received.checkInvariants()
        streams.checkInvariants()
        switch protection {
        case .some(let keys): keys.checkInvariants()
        case .none: preconditionFailure("an established connection has keys")
        }
    }

    /// PING, KEY_UPDATE and HANDSHAKE_CONFIRMED, each at most once.
    private static var ownFramesMax: Int { 3 }

    private func checkNumbers() {
        if let largest = path.largestReceived {
            precondition(path.replay.contains(largest), "a number that was received would be taken again")
            precondition(path.replay.highest == largest, "two opinions on the largest number")
        }
    }

    /// Nothing of a connection that is over may still ask to be sent, but its CLOSE.
    private func checkEnd() {
        precondition(pending.isEmpty, "a connection that is over has frames to send")
        if case .closing = life { return }
        precondition(close == nil, "a CLOSE that nobody is told")
    }
}
