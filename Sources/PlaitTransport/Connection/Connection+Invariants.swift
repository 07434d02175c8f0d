import PlaitCore
import PlaitCrypto

/// What must hold after every event; a broken invariant is a bug of this end, whatever the peer did.
extension Connection {
    func checkInvariants() {
        precondition((life == .closed) == (protection == nil), "keys are gone when closed, and not before")
        precondition(pending.count <= framesMax, "the queue of own frames has an end")
        precondition(unrouted.isEmpty, "an id that was retired still leads here")
        checkNumbers()
        guard life == .established else { return checkEnd() }
        precondition(closedIsNews == nil && close == nil, "a connection that goes on has no end to tell of")
        for slot in paths.indices where paths[slot].isAlive { checkPath(slot) }
        for index in reserves.indices { reserves[index].ids.checkInvariants() }
        streams.checkInvariants()
        precondition(scheduling.bound == nil, "a packet that was written would keep the next to its pin")
        switch protection {
        case .some(let keys): keys.checkInvariants()
        case .none: preconditionFailure("an established connection has keys")
        }
    }

    /// PING, KEY_UPDATE and HANDSHAKE_CONFIRMED, each at most once.
    private static var ownFramesMax: Int { 3 }

    /// All that ids, paths and the connection itself may have to say at once.
    private var framesMax: Int {
        var most = Self.ownFramesMax + 2 * paths.count
        for slot in paths.indices { most += paths[slot].ids.framesMax }
        for index in reserves.indices { most += reserves[index].ids.framesMax }
        return most
    }

    private func checkPath(_ slot: Int) {
        precondition(paths[slot].slot == slot, "a path sits elsewhere than it believes")
        precondition(paths[slot].responses.count <= Path.responsesMax, "the queue of answers has an end")
        precondition(paths[slot].copies.count <= Path.copiesMax, "the queue of copies has an end")
        for other in 0..<slot where paths[other].isAlive {
            precondition(paths[other].id != paths[slot].id, "one path in two slots")
        }
        paths[slot].life.checkInvariants()
        paths[slot].ids.checkInvariants()
        paths[slot].recovery.checkInvariants()
        precondition(paths[slot].packetSize <= peerParameters.packetMax, "packets larger than the peer takes")
        paths[slot].received.checkInvariants()
    }

    private func checkNumbers() {
        for slot in paths.indices {
            guard let largest = paths[slot].largestReceived else { continue }
            precondition(paths[slot].replay.contains(largest), "a number that was received would be taken again")
            precondition(paths[slot].replay.highest == largest, "two opinions on the largest number")
        }
    }

    /// Nothing of a connection that is over may still ask to be sent, but its CLOSE.
    private func checkEnd() {
        precondition(pending.isEmpty, "a connection that is over has frames to send")
        if case .closing = life { return }
        precondition(close == nil, "a CLOSE that nobody is told")
    }
}
