import PlaitCore
import PlaitCrypto

/// The traffic keys of a connection, generation after generation.
///
/// Each direction has its own ratchet; the lowest bit of a generation is the header's key phase. This end goes on to
/// the next sending key when a limit is reached and the peer has acknowledged something sealed under the present one
/// (`canUpdate`), or because the peer did (`follow`). The peer's next key stands ready, so that a packet of a new
/// phase costs as much as any other; the one before stays until `previousUntil`, for packets that were overtaken.
struct PacketProtection: ~Copyable {
    private(set) var sealing: SealingKey
    private var opening: OpeningKey
    private var nextOpening: OpeningKey
    private var previousOpening: OpeningKey?
    let sendingHeader: HeaderKey
    let receivingHeader: HeaderKey
    /// Of the sending key, and of the key that opens the peer's packets.
    var sendingGeneration: UInt64 { sealing.generation }
    var receivingGeneration: UInt64 { opening.generation }
    /// On each path, by its slot, the first packet that came under the present receiving key: what has the other phase
    /// and is older belongs to the key before, what is newer to the next.
    private var firstOpened: [UInt64] = [.max]
    /// First number sealed under the present sending key, by the path's slot; `.max` while there is none.
    private var firstSealed: [UInt64] = [.max]
    private(set) var updatedAt: Instant
    /// When the previous receiving key is wiped.
    private(set) var previousUntil = Instant.never

    init(
        sealing: consuming SealingKey,
        opening: consuming OpeningKey,
        sendingHeader: consuming HeaderKey,
        receivingHeader: consuming HeaderKey,
        now: Instant
    ) {
        nextOpening = opening.next()
        self.sealing = sealing
        self.opening = opening
        self.sendingHeader = sendingHeader
        self.receivingHeader = receivingHeader
        updatedAt = now
    }
}

extension PacketProtection {
    /// Encrypts a packet's payload in place behind its header, hides the header, and answers the whole length, tag
    /// included.
    @_lifetime(packet: copy packet)
    mutating func seal(
        _ packet: inout MutableRawSpan,
        headerLength: Int,
        payloadLength: Int,
        path: PathID,
        slot: Int,
        number: UInt64
    ) -> Int {
        if firstSealed[slot] == .max { firstSealed[slot] = number }
        let length = sealing.seal(
            &packet,
            headerLength: headerLength,
            payloadLength: payloadLength,
            path: path.value,
            slot: slot,
            number: number
        )
        let mask = sendingHeader.mask(sample: packet.bytes.extracting(ProtectedHeader.sample))
        DataHeader.protect(&packet, headerLength: headerLength, mask: mask)
        return length
    }

    /// Whether the sending key has reached a limit. Mutating like all that is asked per packet: only then are the keys
    /// looked at where they lie, and not copied out of the connection's optional.
    mutating func isSpent(_ limits: KeyLimits, age: Interval, now: Instant) -> Bool {
        sealing.isSpent(limits) || now - updatedAt >= age
    }

    /// Whether the sending key may protect nothing more, because the peer has let no update be completed.
    mutating func isWornOut(_ limits: KeyLimits) -> Bool { sealing.packetCount >= limits.packetsMax }

    /// What hides the header of a packet that came.
    mutating func receivingMask(sample: RawSpan) -> (UInt64, UInt64) { receivingHeader.mask(sample: sample) }

    /// Whether the next key may be taken once the peer has acknowledged something sealed under the present one: both
    /// directions are in the same generation, and nothing that is still on its way needs the key before it.
    var canUpdate: Bool {
        sealing.packetCount > 0 && previousOpening == nil && sendingGeneration == receivingGeneration
    }

    /// The first number on a path that was sealed under the present key.
    func firstSealed(on slot: Int) -> UInt64? { firstSealed[slot] == .max ? nil : firstSealed[slot] }

    /// Whether the sending key could protect packets of this path in this slot.
    mutating func accepts(_ path: PathID, in slot: Int) -> Bool { sealing.accepts(path: path.value, in: slot) }

    /// A path takes a slot, from another one or anew.
    mutating func begin(slot: Int) {
        while firstSealed.count <= slot {
            firstSealed.append(.max)
            firstOpened.append(.max)
        }
        firstSealed[slot] = .max
        firstOpened[slot] = .max
    }

    /// This end goes on to its next sending key; the peer will follow.
    mutating func update(now: Instant) {
        sealing.advance()
        for slot in firstSealed.indices { firstSealed[slot] = .max }
        updatedAt = now
    }

    /// What became of a packet.
    struct Opened: BitwiseCopyable {
        /// Of the payload.
        var length: Int
        /// Of the key that opened it.
        var generation: UInt64
        /// The peer went on to this key before this end had sealed anything with the one before: it cannot have waited
        /// for the last update to be complete.
        var isPremature = false
    }

    /// Decrypts a packet into `target`.
    ///
    /// A first packet of the peer's next generation makes that the present one.
    ///
    /// - Parameters:
    ///   - datagram: As it arrived: the protected header is passed over.
    ///   - header: The header as it was before protection; it was authenticated with the payload.
    ///   - phase: As the header says.
    ///   - path: The path's number in the nonce.
    ///   - slot: The path's; the next free one for a path that is not open yet.
    ///   - number: The whole packet number.
    ///   - target: Room for the payload.
    ///   - retention: How long the key before stays after an update.
    ///   - now: The present.
    /// - Returns: Nil when no key opens it.
    @_lifetime(target: copy target)
    mutating func open(
        _ datagram: RawSpan,
        header: RawSpan,
        phase: Bool,
        path: PathID,
        slot: Int,
        number: UInt64,
        into target: inout MutableRawSpan,
        retention: Interval,
        now: Instant
    ) -> Opened? {
        discardPrevious(now: now)
        let isPresent = phase == (receivingGeneration & 1 == 1)
        let first = slot < firstOpened.count ? firstOpened[slot] : .max
        let isPrevious = !isPresent && number < first && previousOpening != nil
        var key = isPresent ? Key.present : isPrevious ? .previous : .next
        var opened = attempt(key, datagram, header, path, number, into: &target)
        if opened == nil, isPrevious, first == .max {
            // Nothing of the present key came by this path yet, so the number does not tell the one before from the
            // next.
            key = .next
            opened = attempt(key, datagram, header, path, number, into: &target)
        }
        guard let length = opened else { return nil }
        switch key {
        case .present:
            if slot < firstOpened.count, firstOpened[slot] == .max { firstOpened[slot] = number }
            return Opened(length: length, generation: receivingGeneration)
        case .previous:
            return Opened(length: length, generation: receivingGeneration - 1)
        case .next:
            let isPremature = sendingGeneration == receivingGeneration && sealing.packetCount == 0
            rotate(until: now + retention)
            if slot < firstOpened.count { firstOpened[slot] = number }
            if sendingGeneration < receivingGeneration { update(now: now) }
            return Opened(length: length, generation: receivingGeneration, isPremature: isPremature)
        }
    }

    private enum Key { case previous, present, next }

    @_lifetime(target: copy target)
    private mutating func attempt(
        _ key: Key,
        _ datagram: RawSpan,
        _ header: RawSpan,
        _ path: PathID,
        _ number: UInt64,
        into target: inout MutableRawSpan
    ) -> Int? {
        let (length, path) = (header.byteCount, path.value)
        switch key {
        case .present:
            return opening.open(
                datagram,
                headerLength: length,
                path: path,
                number: number,
                header: header,
                into: &target
            )
        case .previous:
            return previousOpening?.open(
                datagram,
                headerLength: length,
                path: path,
                number: number,
                header: header,
                into: &target
            ) ?? nil
        case .next:
            return nextOpening.open(
                datagram,
                headerLength: length,
                path: path,
                number: number,
                header: header,
                into: &target
            )
        }
    }

    private mutating func rotate(until: Instant) {
        let following = nextOpening.next()
        swap(&opening, &nextOpening)
        // What was present stands in the next one's place now.
        previousOpening = exchange(&nextOpening, with: following)
        for slot in firstOpened.indices { firstOpened[slot] = .max }
        previousUntil = until
    }

    /// Wipes the key before the present one when its time is over.
    mutating func discardPrevious(now: Instant) {
        guard now >= previousUntil else { return }
        previousOpening = nil
        previousUntil = .never
    }

    /// Whether so many forged packets were tried on a receiving key that it can no longer be trusted (RFC 9001, 6.6).
    var isExhausted: Bool { opening.isExhausted || nextOpening.isExhausted }

    func checkInvariants() {
        precondition(
            sendingGeneration == receivingGeneration || sendingGeneration == receivingGeneration + 1,
            "this end is at most one update ahead, and never behind"
        )
        precondition((previousOpening == nil) == previousUntil.isNever, "the previous key stays for a time")
    }
}
