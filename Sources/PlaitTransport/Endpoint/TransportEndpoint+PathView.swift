package import PlaitCore

// What a model of paths is compared with, and what lets it lead them: the order in which timers pass is the model's.

/// One path as it stands, for whoever compares it with a model. Nothing in it is an inference.
package struct PathLook: Sendable {
    /// A packet that asks for an acknowledgement and is in flight.
    package struct Flying: Sendable {
        package let number: UInt64
        /// Its frames were handed back, to be sent again.
        package let isHandedBack: Bool
    }

    package let state: PathState
    package let isBackup: Bool
    /// Of what is acknowledged, only this number and later ones show that a suspected path is alive.
    package let doubtedFrom: UInt64?
    package let flying: [Flying]
    /// Below this one, packets are no longer remembered: nothing more is expected of them.
    package let firstRemembered: UInt64
    /// Remembered packets that were acknowledged.
    package let acknowledged: [UInt64]
    /// The next timer of recovery is for packets that were overtaken.
    package let lossIsArmed: Bool
    /// The peer gave it up, and this end knows.
    package let isAbandonedByPeer: Bool
    /// The word that it was given up waits to be sent.
    package let owesAbandon: Bool
    /// What came by it, the latest first, but for what the peer knows to have come.
    package let received: [AckRange]
}

/// A timer of one path.
package enum PathTimer: Sendable {
    /// Packets that were overtaken count as lost.
    case loss
    /// Nothing was acknowledged for too long.
    case probe
    /// The challenge is repeated.
    case challenge
}

extension TransportEndpoint {
    /// Nil when there is no such path, or no longer.
    package mutating func look(at path: PathID, of connection: ConnectionHandle) -> PathLook? {
        guard let slot = slot(of: connection), life(of: slot) == .established else { return nil }
        return slots[slot].connection?.look(at: path) ?? nil
    }

    /// A stream of a connection; see `StreamSet.view(of:piece:)`.
    package mutating func view(of stream: StreamID, piece: UInt64, on connection: ConnectionHandle) -> StreamView? {
        guard let slot = slot(of: connection), life(of: slot) == .established else { return nil }
        return slots[slot].connection?.view(of: stream, piece: piece) ?? nil
    }

    /// Lets one timer of one path pass, and no other, as if only there so much time had gone by.
    ///
    /// - Returns: Whether it was armed.
    package mutating func pass(
        _ timer: PathTimer,
        of path: PathID,
        on connection: ConnectionHandle,
        now: Instant
    ) -> Bool {
        guard let slot = slot(of: connection), life(of: slot) == .established else { return false }
        defer { refresh(slot, now: now) }
        return slots[slot].connection?.pass(timer, of: path, now: now) ?? false
    }

    /// Puts another controller in charge of a path.
    package mutating func control(
        _ path: PathID,
        of connection: ConnectionHandle,
        by controller: any CongestionController,
        now: Instant
    ) {
        guard let slot = slot(of: connection), life(of: slot) == .established else { return }
        slots[slot].connection?.control(path, by: controller)
        refresh(slot, now: now)
    }
}

extension Connection {
    fileprivate mutating func view(of stream: StreamID, piece: UInt64) -> StreamView? {
        streams.view(of: stream, piece: piece)
    }

    fileprivate mutating func look(at id: PathID) -> PathLook? {
        guard let slot = slot(of: id) else { return nil }
        var owesAbandon = false
        for index in 0..<pending.count where pending[index] == .pathAbandon(id) { owesAbandon = true }
        return PathLook(
            state: paths[slot].life.state,
            isBackup: paths[slot].wishes.isBackup,
            doubtedFrom: paths[slot].doubtedFrom,
            flying: paths[slot].recovery.packets.flying(),
            firstRemembered: paths[slot].recovery.packets.firstNumber,
            acknowledged: paths[slot].recovery.packets.acknowledged(),
            lossIsArmed: !paths[slot].recovery.lossTime.isNever,
            isAbandonedByPeer: paths[slot].isAbandonedByPeer,
            owesAbandon: owesAbandon,
            received: paths[slot].received.listed
        )
    }

    fileprivate mutating func pass(_ timer: PathTimer, of id: PathID, now: Instant) -> Bool {
        guard let slot = slot(of: id), paths[slot].isAlive else { return false }
        switch timer {
        case .loss:
            let due = paths[slot].recovery.lossTime
            guard !due.isNever else { return false }
            pathDeadlineReached(slot, now: due)
        case .probe:
            guard paths[slot].recovery.makeProbeDue(now: now) else { return false }
            pathDeadlineReached(slot, now: now)
            // One says as much as two.
            paths[slot].recovery.probesDue = min(paths[slot].recovery.probesDue, 1)
        case .challenge:
            let due = paths[slot].life.deadline
            guard paths[slot].life.state == .validating || paths[slot].life.state == .failed, !due.isNever else {
                return false
            }
            pathDeadlineReached(slot, now: due)
        }
        return true
    }

    fileprivate mutating func control(_ id: PathID, by controller: any CongestionController) {
        guard let slot = slot(of: id) else { return }
        paths[slot].recovery.congestion = controller
        // Numbers say nothing of order where whoever leads delivers what it likes.
        paths[slot].recovery.reordering.spurious(distance: 1_000, byTime: false)
    }
}

extension PathRecovery {
    /// Puts the probe timer's beginning so far back that it is due now.
    fileprivate mutating func makeProbeDue(now: Instant) -> Bool {
        guard lossTime.isNever, packets.elicitingInFlight > 0 else { return false }
        probeTimerStart = now - probeInterval
        return true
    }
}

extension SentPackets {
    fileprivate func flying() -> [PathLook.Flying] {
        var found: [PathLook.Flying] = []
        var place = lowestOutstanding
        while place != SentPacket.none {
            let record = self[place]
            if record.isAckEliciting { found.append(.init(number: place, isHandedBack: record.isHandedBack)) }
            place = record.higher
        }
        return found
    }

    fileprivate func acknowledged() -> [UInt64] {
        var found: [UInt64] = []
        for number in firstNumber..<nextUnused where self[number].state == .acknowledged { found.append(number) }
        return found
    }
}

extension ReceivedPackets {
    fileprivate var listed: [AckRange] {
        var found: [AckRange] = []
        for index in ranges.indices { found.append(ranges[index]) }
        return found
    }
}
