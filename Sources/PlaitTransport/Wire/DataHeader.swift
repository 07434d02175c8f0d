/// What stands in clear or under header protection in front of a data packet's ciphertext.
///
///     0        1              9          13                     17
///     ┌────────┬──────────────┬──────────┬──────────────────────┬───────────
///     │010rrKNN│ destination  │ path id  │ number, 1 to 4 bytes │ ciphertext, tag
///     └────────┴──────────────┴──────────┴──────────────────────┴───────────
///         ▒▒▒▒▒                ▒▒▒▒▒▒▒▒▒▒ ▒▒▒▒▒▒▒▒                 ▒ under the mask
package enum DataHeader {
    /// Where the path id starts.
    package static let pathOffset = 9
    /// Where the packet number starts.
    package static let numberOffset = 13
    /// With a packet number of four bytes.
    package static let lengthMax = 17
    /// Where the bytes that the mask is made from start, whatever the packet number's length is (RFC 9001, 5.4.2).
    package static let sampleOffset = numberOffset + 4
    package static let sampleLength = 16
    package static let tagLength = 16
    /// What is shorter has no sample and is no data packet.
    package static let datagramLengthMin = sampleOffset + sampleLength

    static let form: UInt8 = 0b0100_0000
    static let formBits: UInt8 = 0b1110_0000
    static let reservedBits: UInt8 = 0b0001_1000
    static let phaseBit: UInt8 = 0b0000_0100
    static let lengthBits: UInt8 = 0b0000_0011

    /// The fewest bytes of frames that a packet needs, so that the mask has its sample. Padding makes up what lacks.
    package static func payloadMin(headerLength: Int) -> Int { sampleOffset - headerLength }

    /// Writes a header, not yet protected, to the start of `packet`, and says how long it is: 14 to 17 bytes.
    ///
    /// - Precondition: `number` is larger than `largestAcknowledged`, by at most 2^31 (a window never is that large).
    @_lifetime(packet: copy packet)
    package static func write(
        into packet: inout MutableRawSpan,
        destination: ConnectionID,
        path: PathID,
        number: UInt64,
        largestAcknowledged: UInt64?,
        phase: Bool
    ) -> Int {
        let length = numberLength(number, largestAcknowledged: largestAcknowledged)
        precondition(packet.byteCount >= numberOffset + length, "a packet has room for its header")
        packet.storeBytes(of: form | (phase ? phaseBit : 0) | UInt8(length - 1), as: UInt8.self)
        packet.storeBytes(of: destination.value.bigEndian, toByteOffset: 1, as: UInt64.self)
        packet.storeBytes(of: path.value.bigEndian, toByteOffset: pathOffset, as: UInt32.self)
        for index in 0..<length {
            let byte = UInt8(truncatingIfNeeded: number >> UInt64(8 * (length - 1 - index)))
            packet.storeBytes(of: byte, toByteOffset: numberOffset + index, as: UInt8.self)
        }
        return numberOffset + length
    }

    /// How many bytes of a packet number a receiver needs to find the rest (RFC 9000, A.2).
    package static func numberLength(_ number: UInt64, largestAcknowledged: UInt64?) -> Int {
        precondition(number <= Varint.max, "packet numbers end at 2^62 - 1")
        let unacknowledged: UInt64
        if let largestAcknowledged {
            precondition(number > largestAcknowledged, "a packet is acknowledged after it was sent")
            unacknowledged = number - largestAcknowledged
        } else {
            unacknowledged = number + 1
        }
        precondition(unacknowledged <= 1 << 31, "no window holds so many packets")
        if unacknowledged <= 1 << 7 { return 1 }
        if unacknowledged <= 1 << 15 { return 2 }
        return unacknowledged <= 1 << 23 ? 3 : 4
    }

    /// Hides what an observer could follow, once the packet is sealed. `mask` was made from the packet's sample.
    @_lifetime(packet: copy packet)
    package static func protect(_ packet: inout MutableRawSpan, headerLength: Int, mask: (UInt64, UInt64)) {
        precondition(packet.byteCount >= datagramLengthMin, "a packet is as long as its sample needs")
        precondition(headerLength > numberOffset && headerLength <= lengthMax, "a header has 14 to 17 bytes")
        let first: UInt8 = unsafe packet.unsafeLoad(as: UInt8.self)
        let path: UInt32 = unsafe packet.unsafeLoadUnaligned(fromByteOffset: pathOffset, as: UInt32.self)
        packet.storeBytes(of: first ^ Mask.first(mask), as: UInt8.self)
        packet.storeBytes(of: path ^ Mask.path(mask).bigEndian, toByteOffset: pathOffset, as: UInt32.self)
        for index in 0..<headerLength - numberOffset {
            let place = numberOffset + index
            let byte: UInt8 = unsafe packet.unsafeLoad(fromByteOffset: place, as: UInt8.self)
            packet.storeBytes(of: byte ^ Mask.number(mask, index), toByteOffset: place, as: UInt8.self)
        }
    }

    /// Whom a datagram is for, by its first bytes alone; nil if it is no packet of this protocol, whoever sent it.
    package static func destination(of datagram: RawSpan) -> ConnectionID? {
        switch PacketForm(of: datagram) {
        case .data: connectionID(in: datagram, at: 1)
        case .handshake: connectionID(in: datagram, at: HandshakeHeader.destinationOffset)
        case nil: nil
        }
    }

    static func connectionID(in datagram: RawSpan, at place: Int) -> ConnectionID {
        precondition(place + ConnectionID.length <= datagram.byteCount, "the form was looked at first")
        return ConnectionID(
            UInt64(bigEndian: unsafe datagram.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self))
        )
    }

    /// The packet number of which only the lowest bytes came (RFC 9000, A.3); nil if it would be above 2^62 - 1.
    package static func fullNumber(truncated: UInt64, length: Int, largestReceived: UInt64?) -> UInt64? {
        precondition(length >= 1 && length <= 4, "a packet number has 1 to 4 bytes")
        let window: UInt64 = 1 << UInt64(8 * length)
        let expected = largestReceived.map { $0 + 1 } ?? 0
        precondition(truncated < window && expected <= Varint.max + 1, "packet numbers end at 2^62 - 1")
        var candidate = expected & ~(window - 1) | truncated
        if candidate + window / 2 <= expected, candidate <= Varint.max - window {
            candidate += window
        } else if candidate > expected + window / 2, candidate >= window {
            candidate -= window
        }
        return candidate <= Varint.max ? candidate : nil
    }
}

/// What a datagram says it is, before anything is known about who sent it.
package enum PacketForm: Hashable, Sendable {
    case data
    case handshake

    /// Nil for everything that is not of this protocol, and for what is too short to be either.
    package init?(of datagram: RawSpan) {
        guard datagram.byteCount >= HandshakeHeader.length else { return nil }
        let first: UInt8 = unsafe datagram.unsafeLoad(as: UInt8.self)
        if first & DataHeader.formBits == DataHeader.form, datagram.byteCount >= DataHeader.datagramLengthMin {
            self = .data
        } else if first & HandshakeHeader.formBits == HandshakeHeader.form {
            self = .handshake
        } else {
            return nil
        }
    }
}

/// Which byte of a mask goes where: the first over the form byte, four over the path id, four over the number.
enum Mask {
    @inline(__always)
    static func first(_ mask: (UInt64, UInt64)) -> UInt8 { UInt8(truncatingIfNeeded: mask.0 >> 56) & 0b0001_1111 }

    @inline(__always)
    static func path(_ mask: (UInt64, UInt64)) -> UInt32 { UInt32(truncatingIfNeeded: mask.0 >> 24) }

    @inline(__always)
    static func number(_ mask: (UInt64, UInt64), _ index: Int) -> UInt8 {
        index < 3
            ? UInt8(truncatingIfNeeded: mask.0 >> UInt64(8 * (2 - index))) : UInt8(truncatingIfNeeded: mask.1 >> 56)
    }
}
