package import PlaitCore
import PlaitCrypto

/// What goes out, and when to wake up.
extension TransportEndpoint {
    /// Writes the next datagram to the front of `buffer`; nil when there is none now. Connections take turns.
    @_lifetime(buffer: copy buffer)
    package mutating func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Datagram? {
        if let sent = gate?.nextTransmit(into: &buffer, now: now) ?? nil {
            noteGateDeadline()
            return Datagram(length: sent.length, local: sent.local, remote: sent.remote, ecn: .notCapable)
        }
        while let slot = ready.first {
            if let datagram = transmit(slot, into: &buffer, now: now) {
                ready.rotate()
                return datagram
            }
            ready.removeFirst()
            settle(slot)
        }
        return nil
    }

    @_lifetime(buffer: copy buffer)
    private mutating func transmit(_ slot: Int, into buffer: inout MutableRawSpan, now: Instant) -> Datagram? {
        if let sent = slots[slot].connection?.nextTransmit(into: &buffer, now: now) ?? nil {
            let local = slots[slot].connection?.paths[sent.slot].local
            return datagram(sent.length, local, slots[slot].connection?.paths[sent.slot].address.remote)
        }
        if let length = slots[slot].opening?.initiator.nextTransmit(into: &buffer, now: now) ?? nil {
            return datagram(length, slots[slot].opening?.local, slots[slot].opening?.remote)
        }
        return nil
    }

    private func datagram(_ length: Int, _ local: SocketAddress?, _ remote: SocketAddress?) -> Datagram {
        guard let local, let remote else { preconditionFailure("whoever wrote a datagram has addresses") }
        return Datagram(length: length, local: local, remote: remote, ecn: .notCapable)
    }

    /// A connection has nothing more to send: what it waits for now.
    private mutating func settle(_ slot: Int) {
        let connection = slots[slot].connection?.deadline ?? .never
        // Looked at first: asking copies a whole handshake out of the optional, there or not.
        guard slots[slot].opening != nil else { return wake(slot, at: connection) }
        wake(slot, at: min(connection, slots[slot].opening?.initiator.deadline ?? .never))
    }

    /// The deadline has passed. May come late; coming early is harmless.
    package mutating func deadlineReached(now: Instant) {
        if gateDeadline <= now {
            gate?.deadlineReached(now: now)
            noteGateDeadline()
        }
        while deadlines.first <= now, let slot = deadlines.firstSlot {
            wake(slot, at: .never)
            wake(slot, now: now)
            refresh(slot, now: now)
        }
    }

    private mutating func wake(_ slot: Int, now: Instant) {
        slots[slot].connection?.deadlineReached(now: now)
        if case .failed(let failure) = slots[slot].opening?.initiator.deadlineReached(now: now) { fail(slot, failure) }
        if life(of: slot) == .closed { retire(slot) }
    }
}
