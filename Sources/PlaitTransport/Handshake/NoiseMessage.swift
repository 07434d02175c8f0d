import PlaitCore
import PlaitCrypto

/// Noise messages as bytes of their own.
enum NoiseMessage {
    /// Room for a server's payload, two keys and two tags, and to spare.
    static let lengthMax = 1_024

    /// Writes the next message with the payload that `fill` writes. Our own message always fits.
    static func write(
        _ noise: inout NoiseHandshake,
        _ fill: (inout ByteWriter) throws(ByteError) -> Void
    ) -> [UInt8] {
        var payload = [UInt8](repeating: 0, count: lengthMax)
        var message = [UInt8](repeating: 0, count: lengthMax)
        let payloadLength: Int
        do throws(ByteError) {
            var span = payload.mutableSpan
            var writer = ByteWriter(span.mutableRaw)
            try fill(&writer)
            payloadLength = writer.offset
        } catch { preconditionFailure("a payload of the handshake fits into its buffer") }
        do throws(NoiseError) {
            var span = message.mutableSpan
            var target = span.mutableRaw
            let length = try noise.write(payload: payload.span.raw.extracting(0..<payloadLength), into: &target)
            return Array(message[..<length])
        } catch { preconditionFailure("a message of the handshake is written in its turn: \(error)") }
    }

    /// The payload of a message from outside. If it does not verify, the handshake stays as it was.
    static func read(
        _ message: RawSpan,
        by noise: inout NoiseHandshake,
        expecting expected: PublicKey? = nil
    ) throws(NoiseError) -> [UInt8] {
        var payload = [UInt8](repeating: 0, count: message.byteCount)
        var span = payload.mutableSpan
        var target = span.mutableRaw
        let length = try noise.read(message, payloadInto: &target, expecting: expected)
        return Array(payload[..<length])
    }
}

extension RawSpan {
    /// Whether two public runs of bytes are the same.
    func holdsSameBytes(as other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        return unsafe withUnsafeBytes { mine in
            unsafe other.withUnsafeBytes { theirs in unsafe mine.elementsEqual(theirs) }
        }
    }
}
