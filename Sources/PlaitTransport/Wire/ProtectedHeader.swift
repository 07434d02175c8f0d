import PlaitCore

/// A data packet's header as it came: the destination can be read, the rest only with the mask.
package struct ProtectedHeader: Hashable, Sendable {
    package let destination: ConnectionID

    /// The bytes that the mask is made from.
    package static let sample: Range<Int> =
        DataHeader.sampleOffset..<DataHeader.sampleOffset + DataHeader.sampleLength

    /// Nil for what is no data packet, or too short to hold a sample.
    package init?(_ datagram: RawSpan) {
        guard PacketForm(of: datagram) == .data else { return nil }
        destination = DataHeader.connectionID(in: datagram, at: 1)
    }

    /// Takes the mask off. The datagram stays as it is: a wrong key or a forged packet must not spoil it.
    ///
    /// - Precondition: `datagram` is the one that this header was read from.
    package func unprotected(_ datagram: RawSpan, mask: (UInt64, UInt64)) -> OpenedHeader {
        precondition(datagram.byteCount >= DataHeader.datagramLengthMin, "a header is opened in its own datagram")
        let masked: UInt8 = unsafe datagram.unsafeLoad(as: UInt8.self)
        let first = masked ^ Mask.first(mask)
        let length = Int(first & DataHeader.lengthBits) + 1
        let maskedPath = UInt32(
            bigEndian: unsafe datagram.unsafeLoadUnaligned(fromByteOffset: DataHeader.pathOffset, as: UInt32.self)
        )
        let path = PathID(maskedPath ^ Mask.path(mask))

        var bytes = InlineArray<17, UInt8>(repeating: 0)
        var number: UInt64 = 0
        bytes[0] = first
        for index in 0..<8 {
            bytes[1 + index] = UInt8(truncatingIfNeeded: destination.value >> UInt64(8 * (7 - index)))
        }
        for index in 0..<4 {
            bytes[DataHeader.pathOffset + index] = UInt8(truncatingIfNeeded: path.value >> UInt32(8 * (3 - index)))
        }
        for index in 0..<length {
            let place = DataHeader.numberOffset + index
            let byte = unsafe datagram.unsafeLoad(fromByteOffset: place, as: UInt8.self) ^ Mask.number(mask, index)
            bytes[place] = byte
            number = number << 8 | UInt64(byte)
        }
        return OpenedHeader(
            destination: destination,
            path: path,
            truncatedNumber: number,
            numberLength: length,
            phase: first & DataHeader.phaseBit != 0,
            hasReservedBits: first & DataHeader.reservedBits != 0,
            storage: bytes
        )
    }
}

/// A header without its mask. Nothing of it is to be believed until the packet's tag has verified.
package struct OpenedHeader: Sendable {
    package let destination: ConnectionID
    package let path: PathID
    /// The lowest `numberLength` bytes of the packet number, for `DataHeader.fullNumber`.
    package let truncatedNumber: UInt64
    package let numberLength: Int
    /// The lowest bit of the generation of the packet's key.
    package let phase: Bool
    /// A violation, but only once the tag has verified: before that, it says that somebody guessed.
    package let hasReservedBits: Bool
    private let storage: InlineArray<17, UInt8>

    init(
        destination: ConnectionID,
        path: PathID,
        truncatedNumber: UInt64,
        numberLength: Int,
        phase: Bool,
        hasReservedBits: Bool,
        storage: InlineArray<17, UInt8>
    ) {
        self.destination = destination
        self.path = path
        self.truncatedNumber = truncatedNumber
        self.numberLength = numberLength
        self.phase = phase
        self.hasReservedBits = hasReservedBits
        self.storage = storage
    }

    package var length: Int { DataHeader.numberOffset + numberLength }

    /// The header as its sender wrote it: the additional data of the tag.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        borrowing get { storage.span.raw.extracting(0..<length) }
    }

    /// The whole packet number; nil if it would be above 2^62 - 1.
    package func fullNumber(largestReceived: UInt64?) -> UInt64? {
        DataHeader.fullNumber(truncated: truncatedNumber, length: numberLength, largestReceived: largestReceived)
    }
}
