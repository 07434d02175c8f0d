package import PlaitCrypto
package import PlaitReport
package import PlaitTransport

/// `keys.log`: the traffic secrets of all connections of a run, so that captured packets can be read.
///
/// A line each, as `docs/WIRE.md` has it; one file for all hosts, as each end logs the direction in which it sends.
/// With it nothing in a capture is secret any more: it is written on request only.
package final class KeyLogFile {
    private var sink: FileSink

    package init(in folder: String) throws(FileError) { sink = try FileSink(path: folder + "/keys.log") }

    package func add(receiver: ConnectionID, generation: UInt64, suite: Suite, secret: RawSpan) {
        sink.text.append("PLAIT_TRAFFIC ")
        for place in (0..<8).reversed() { append(UInt8(truncatingIfNeeded: receiver.value >> (8 * UInt64(place)))) }
        sink.text.append(" ")
        sink.text.append(generation)
        sink.text.append(" ")
        sink.text.append(UInt64(suite.rawValue))
        sink.text.append(" ")
        for place in 0..<secret.byteCount { append(unsafe secret.unsafeLoad(fromByteOffset: place, as: UInt8.self)) }
        sink.text.append("\n")
        sink.settle()
    }

    private func append(_ byte: UInt8) {
        sink.text.append(byte: Self.digits[Int(byte >> 4)])
        sink.text.append(byte: Self.digits[Int(byte & 15)])
    }

    private static let digits = Array("0123456789abcdef".utf8)

    package func commit() throws(FileError) { try sink.commit() }
}
