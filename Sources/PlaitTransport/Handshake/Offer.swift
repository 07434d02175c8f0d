import PlaitCore
import PlaitCrypto

/// What a client offers, in clear: the prologue of the handshake, so that nobody can change it on the way unnoticed.
///
/// `docs/WIRE.md` shows every byte. A changed offer is a new handshake with a new ephemeral key.
package struct Offer: Hashable, Sendable {
    package let sourceID: ConnectionID
    package let mode: HandshakeMode
    /// All that the client speaks, best first: the server sees in it a choice that was talked down.
    package let versions: [UInt32]
    package let version: UInt32
    /// Numbers, since a client may offer suites that this end has never heard of.
    package let suites: [UInt16]
    package let suite: UInt16
    package let capabilities: Capabilities

    package init(
        sourceID: ConnectionID,
        mode: HandshakeMode,
        versions: [UInt32],
        version: UInt32,
        suites: [UInt16],
        suite: UInt16,
        capabilities: Capabilities
    ) {
        precondition(versions.contains(version) && suites.contains(suite), "the choice is one of the offered")
        precondition(versions.count <= Self.choicesMax && suites.count <= Self.choicesMax, "too many choices")
        self.sourceID = sourceID
        self.mode = mode
        self.versions = versions
        self.version = version
        self.suites = suites
        self.suite = suite
        self.capabilities = capabilities
    }

    package static let choicesMax = 8
    /// Before the offer's own bytes, so that no other protocol's prologue is ever the same.
    package static let label: StaticString = "plait handshake 1"
}

extension Offer {
    /// The bytes of the OFFER frame.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: some FixedWidthInteger) {
            for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: value >> shift))
            }
        }
        append(sourceID.value)
        append(mode.rawValue)
        append(UInt8(versions.count))
        versions.forEach { append($0) }
        append(version)
        append(UInt8(suites.count))
        suites.forEach { append($0) }
        append(suite)
        append(capabilities.supported)
        append(capabilities.required)
        return bytes
    }

    /// Reads an offer; nil if it breaks a rule. Nothing in it is authenticated yet.
    package init?(reading bytes: RawSpan) {
        var reader = ByteReader(bytes)
        do throws(ByteError) {
            sourceID = ConnectionID(try reader.integer())
            guard let mode = HandshakeMode(rawValue: try reader.integer()) else { return nil }
            self.mode = mode
            versions = try Self.choices(&reader)
            version = try reader.integer()
            suites = try Self.choices(&reader)
            suite = try reader.integer()
            let supported: UInt64 = try reader.integer()
            let required: UInt64 = try reader.integer()
            guard required & ~supported == 0 else { return nil }
            capabilities = Capabilities(supported: supported, required: required)
        } catch { return nil }
        guard reader.remaining == 0, sourceID != .unknown else { return nil }
        guard versions.contains(version), suites.contains(suite) else { return nil }
    }

    private static func choices<Number: FixedWidthInteger & BitwiseCopyable>(
        _ reader: inout ByteReader
    ) throws(ByteError) -> [Number] {
        let count = Int(try reader.integer(UInt8.self))
        // A list without end would make the server compare for ever; an empty one contains no choice.
        guard count <= choicesMax else { throw .truncated(needed: count, remaining: choicesMax) }
        var numbers: [Number] = []
        for _ in 0..<count { numbers.append(try reader.integer()) }
        return numbers
    }

    /// The prologue of the Noise handshake: the label and the offer as it was sent.
    package static func prologue(_ offer: RawSpan) -> [UInt8] {
        var bytes = unsafe Array(UnsafeBufferPointer(start: label.utf8Start, count: label.utf8CodeUnitCount))
        bytes.append(contentsOf: Array(copying: offer))
        return bytes
    }
}
