import PlaitCore
import PlaitCrypto

/// From a datagram to its frames.
extension Connection {
    /// A datagram addressed to this connection came. `scratch` is where it is decrypted.
    mutating func receive(
        _ datagram: RawSpan,
        _ header: ProtectedHeader,
        ecn: ECN,
        scratch: inout PacketScratch,
        now: Instant
    ) {
        guard life != .closed else { return }
        guard let packet = open(datagram, header, scratch: &scratch, now: now) else { return }
        #if Mutants
            if !Mutant.isPlanted(.windowBeforeTag) { path.replay.insert(packet.number) }
        #else
            path.replay.insert(packet.number)
        #endif
        path.largestReceived = max(path.largestReceived ?? 0, packet.number)
        path.packetsReceived += 1
        path.bytesReceived += UInt64(datagram.byteCount)
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
            let asksForAcknowledgement = try process(packet, scratch.bytes(packet.length), now: now)
            guard life == .established else { return }
            path.received.received(
                packet.number,
                isAckEliciting: asksForAcknowledgement,
                ecn: ecn,
                now: now
            )
        } catch {
            closeFor(error, now: now)
        }
    }

    /// A datagram was decrypted: its header's fields may be believed.
    struct OpenedPacket {
        var path: PathID
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
        guard header.path == path.id, let number = header.fullNumber(largestReceived: path.largestReceived) else {
            dropped += 1
            return nil
        }
        guard !path.replay.contains(number) else {
            duplicates += 1
            return nil
        }
        #if Mutants
            if Mutant.isPlanted(.windowBeforeTag) { path.replay.insert(number) }
        #endif
        let (receiving, sending) = (receivingGeneration, sendingGeneration)
        guard let opened = decrypt(datagram, header, number, into: &scratch, retention: retention, now: now) else {
            dropped += 1
            if protection?.isExhausted ?? false {
                closeFor(PeerViolation(.keyLimit, "too many packets failed to open"), now: now)
            }
            return nil
        }
        peerKeyChanged(from: receiving, sending: sending)
        return OpenedPacket(
            path: header.path,
            number: number,
            length: opened.length,
            destination: header.destination,
            hasReservedBits: header.hasReservedBits,
            generation: opened.generation,
            isPremature: opened.isPremature
        )
    }

    private mutating func decrypt(
        _ datagram: RawSpan,
        _ header: OpenedHeader,
        _ number: UInt64,
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
