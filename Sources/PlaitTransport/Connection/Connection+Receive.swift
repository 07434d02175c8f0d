import PlaitCore
import PlaitCrypto

/// From a datagram to its frames.
extension Connection {
    /// A datagram addressed to this connection came. `scratch` is where it is decrypted.
    mutating func receive(
        _ datagram: RawSpan,
        _ header: ProtectedHeader,
        from remote: SocketAddress,
        to local: SocketAddress,
        ecn: ECN,
        scratch: inout PacketScratch,
        now: Instant
    ) {
        guard life != .closed else { return }
        guard let packet = open(datagram, header, scratch: &scratch, now: now) else { return }
        let slot = packet.slot ?? openPassively(packet.reserve, from: remote, to: local, now: now)
        note(packet, on: slot, from: remote, bytes: datagram.byteCount, now: now)
        if let observer {
            let seen = ObservedPacket(
                connection: handle,
                generation: packet.generation,
                path: packet.path,
                number: packet.number,
                length: datagram.byteCount
            )
            observer.packetReceived(seen, payload: scratch.bytes(packet.length), now: now)
        }
        guard life == .established else { return receiveAfterClose(packet, scratch, now: now) }
        activeAt = now
        isAwaitingAnswer = false
        if initiator != nil {
            initiator?.confirmed()
            initiator = nil
        }
        do throws(PeerViolation) {
            guard !packet.hasReservedBits else { throw PeerViolation(.protocolViolation, "reserved bits are set") }
            guard !packet.isPremature else { throw PeerViolation(.keyUpdate, "a key update before the last one came") }
            let asksForAcknowledgement = try process(packet, on: slot, scratch.bytes(packet.length), now: now)
            guard life == .established else { return }
            paths[slot].received.received(
                packet.number,
                isAckEliciting: asksForAcknowledgement,
                ecn: ecn,
                now: now
            )
            if asksForAcknowledgement { repeatAcknowledgements(besides: slot, now: now) }
        } catch {
            closeFor(error, now: now)
        }
    }

    /// Data comes by another path than it did: what this end said by the silent one may never have arrived, and is said
    /// again, so that the peer does not send all of it anew.
    private mutating func repeatAcknowledgements(besides slot: Int, now: Instant) {
        guard paths.count > 1 else { return }
        for other in paths.indices where other != slot && paths[other].isAlive && !paths[other].hasToldAgain {
            guard now - paths[other].heardAt > paths[other].recovery.probeTimeout else { continue }
            paths[other].hasToldAgain = true
            paths[other].received.tellAgain(now: now)
        }
    }

    /// An authentic packet came by a path.
    private mutating func note(
        _ packet: OpenedPacket,
        on slot: Int,
        from remote: SocketAddress,
        bytes: Int,
        now: Instant
    ) {
        #if Mutants
            if !Mutant.isPlanted(.windowBeforeTag) { paths[slot].replay.insert(packet.number) }
        #else
            paths[slot].replay.insert(packet.number)
        #endif
        let isNewest = paths[slot].largestReceived.map { packet.number > $0 } ?? true
        paths[slot].largestReceived = max(paths[slot].largestReceived ?? 0, packet.number)
        paths[slot].traffic.packetsReceived += 1
        paths[slot].traffic.bytesReceived += UInt64(bytes)
        paths[slot].heardAt = now
        paths[slot].hasToldAgain = false
        // A packet that was overtaken comes from where the peer was.
        if isNewest, remote != paths[slot].address.remote, role == .server, paths[slot].isAlive {
            paths[slot].move(to: remote, until: now + lingering, now: now)
        }
        paths[slot].address.received(bytes)
    }

    /// A datagram was decrypted: its header's fields may be believed.
    struct OpenedPacket {
        var path: PathID
        /// Where the path is; nil when this is its first packet, and then its reserve.
        var slot: Int?
        var reserve: Int
        var number: UInt64
        var length: Int
        var destination: ConnectionID
        var hasReservedBits: Bool
        /// Of the key that opened it.
        var generation: UInt64
        /// It came under a key that the peer could not take yet.
        var isPremature: Bool
    }

    private mutating func open(
        _ datagram: RawSpan,
        _ protected: ProtectedHeader,
        scratch: inout PacketScratch,
        now: Instant
    ) -> OpenedPacket? {
        // Computed before the keys are borrowed.
        let retention = lingering
        guard let mask = protection?.receivingMask(sample: datagram.extracting(ProtectedHeader.sample)) else {
            return nil
        }
        let header = protected.unprotected(datagram, mask: mask)
        let slot = slot(of: header.path)
        let reserve = slot == nil ? reserveToOpen(header) : nil
        guard slot != nil || reserve != nil,
            let number = header.fullNumber(largestReceived: slot.flatMap { paths[$0].largestReceived })
        else {
            dropped += 1
            return nil
        }
        if let slot, paths[slot].replay.contains(number) {
            duplicates += 1
            return nil
        }
        #if Mutants
            if Mutant.isPlanted(.windowBeforeTag), let slot { paths[slot].replay.insert(number) }
        #endif
        let (receiving, sending) = (receivingGeneration, sendingGeneration)
        guard
            let opened = decrypt(
                datagram,
                header,
                number,
                slot ?? paths.count,
                into: &scratch,
                retention: retention,
                now: now
            )
        else {
            dropped += 1
            if protection?.isExhausted ?? false {
                closeFor(PeerViolation(.keyLimit, "too many packets failed to open"), now: now)
            }
            return nil
        }
        peerKeyChanged(from: receiving, sending: sending)
        return OpenedPacket(
            path: header.path,
            slot: slot,
            reserve: reserve ?? 0,
            number: number,
            length: opened.length,
            destination: header.destination,
            hasReservedBits: header.hasReservedBits,
            generation: opened.generation,
            isPremature: opened.isPremature
        )
    }

    /// The reserve that this packet opens, if it is authentic.
    private mutating func reserveToOpen(_ header: OpenedHeader) -> Int? {
        guard role == .server, life == .established, let reserve = reserve(of: header.path) else { return nil }
        // The client's first packet on a path must be addressed to an id that was given for it, and be one that can be
        // answered: its own id may still be on the way, and the slots may have been passed on to later paths.
        guard reserves[reserve].ids.owns(header.destination), reserves[reserve].ids.hasPeer else { return nil }
        let slot = vacantSlot(for: header.path)
        return protection?.accepts(header.path, in: slot) ?? false ? reserve : nil
    }

    private mutating func decrypt(
        _ datagram: RawSpan,
        _ header: OpenedHeader,
        _ number: UInt64,
        _ slot: Int,
        into scratch: inout PacketScratch,
        retention: Interval,
        now: Instant
    ) -> PacketProtection.Opened? {
        var target = scratch.storage
        return protection?.open(
            datagram,
            header: header.bytes,
            phase: header.phase,
            path: header.path,
            slot: slot,
            number: number,
            into: &target,
            retention: retention,
            now: now
        ) ?? nil
    }

    /// A connection that is over listens for the peer's CLOSE only.
    private mutating func receiveAfterClose(_ packet: OpenedPacket, _ scratch: borrowing PacketScratch, now: Instant) {
        guard case .closing = life else { return }
        receivedSinceClose += 1
        // The 1st, 2nd, 4th, 8th, ...: two ends that close at once must not answer each other for ever.
        if receivedSinceClose & (receivedSinceClose - 1) == 0 { close?.isDue = true }
        let payload = scratch.bytes(packet.length)
        var frames = FrameReader(payload)
        do throws(PeerViolation) {
            while let frame = try frames.next() {
                if case .close = frame { return drain(because: .idle, now: now) }
            }
        } catch {
            // What a peer does after the end changes nothing any more.
            return
        }
    }
}
