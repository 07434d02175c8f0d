package import PlaitCore

// (id, length, value) for each: a reader can pass over what it does not know, and nothing else may vary.
extension TransportParameters {
    /// The most that `write(into:)` writes: an id, a length and eight bytes for each.
    package static let lengthMax = 12 * 10

    /// Writes what differs from `absent`.
    ///
    /// - Precondition: `isValid`.
    @_lifetime(writer: copy writer)
    package func write(into writer: inout ByteWriter) throws(ByteError) {
        precondition(isValid, "a transport parameter out of the range that a peer accepts")
        for id in TransportParameterID.all where self[id] != Self.absent[id] {
            try writer.write(varint: id)
            try writer.write(varint: UInt64(Varint.length(self[id])))
            try writer.write(varint: self[id])
        }
    }

    /// Reads what a peer said, to the last byte. Unknown parameters are passed over.
    package init(reading bytes: RawSpan) throws(PeerViolation) {
        self = .absent
        var reader = ByteReader(bytes)
        var seen: UInt64 = 0
        while reader.remaining > 0 {
            let id: UInt64
            let value: RawSpan
            do throws(ByteError) {
                id = try reader.varint()
                let length = try reader.varint()
                guard length <= UInt64(reader.remaining) else { throw .truncated(needed: 0, remaining: 0) }
                value = try reader.slice(Int(length))
            } catch {
                throw PeerViolation(.parameter, "transport parameters that end in the middle")
            }
            guard TransportParameterID.all.contains(id) else { continue }
            guard seen & 1 << id == 0 else { throw PeerViolation(.parameter, "a transport parameter given twice") }
            seen |= 1 << id
            guard let number = Self.number(value), TransportParameterID.range(of: id).contains(number) else {
                throw PeerViolation(.parameter, "a transport parameter out of range")
            }
            self[id] = number
        }
    }

    /// The one number that fills `bytes`.
    private static func number(_ bytes: RawSpan) -> UInt64? {
        var reader = ByteReader(bytes)
        guard let value = try? reader.varint(), reader.remaining == 0 else { return nil }
        return value
    }

    /// The value under its number on the wire; times in microseconds.
    subscript(id: UInt64) -> UInt64 {
        get {
            switch id {
            case TransportParameterID.idleTimeout: Self.microseconds(idleTimeout)
            case TransportParameterID.dataMax: dataMax
            case TransportParameterID.streamDataMaxLocal: streamDataMaxLocal
            case TransportParameterID.streamDataMaxRemote: streamDataMaxRemote
            case TransportParameterID.streamDataMaxUnidirectional: streamDataMaxUnidirectional
            case TransportParameterID.streamsMaxBidirectional: streamsMaxBidirectional
            case TransportParameterID.streamsMaxUnidirectional: streamsMaxUnidirectional
            case TransportParameterID.datagramMax: datagramMax
            case TransportParameterID.ackDelayMax: Self.microseconds(ackDelayMax)
            case TransportParameterID.connectionIDsMax: connectionIDsMax
            case TransportParameterID.pathsMax: pathsMax
            case TransportParameterID.packetMax: packetMax
            default: preconditionFailure("no such transport parameter")
            }
        }
        set {
            switch id {
            case TransportParameterID.idleTimeout: idleTimeout = .microseconds(Int64(newValue))
            case TransportParameterID.dataMax: dataMax = newValue
            case TransportParameterID.streamDataMaxLocal: streamDataMaxLocal = newValue
            case TransportParameterID.streamDataMaxRemote: streamDataMaxRemote = newValue
            case TransportParameterID.streamDataMaxUnidirectional: streamDataMaxUnidirectional = newValue
            case TransportParameterID.streamsMaxBidirectional: streamsMaxBidirectional = newValue
            case TransportParameterID.streamsMaxUnidirectional: streamsMaxUnidirectional = newValue
            case TransportParameterID.datagramMax: datagramMax = newValue
            case TransportParameterID.ackDelayMax: ackDelayMax = .microseconds(Int64(newValue))
            case TransportParameterID.connectionIDsMax: connectionIDsMax = newValue
            case TransportParameterID.pathsMax: pathsMax = newValue
            case TransportParameterID.packetMax: packetMax = newValue
            default: preconditionFailure("no such transport parameter")
            }
        }
    }

    /// Negative times become one that no range holds.
    private static func microseconds(_ length: Interval) -> UInt64 {
        UInt64(exactly: length.nanoseconds / 1_000) ?? .max
    }
}
