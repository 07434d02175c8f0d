package import PlaitCore

/// What stands in front of each stream of a workload: what the client wants of the server. `docs/WORKLOAD.md` shows it.
package struct WorkloadHeader: Hashable, Sendable {
    package var operation: Operation
    /// The workload item, by its place in the scenario.
    package var item: UInt32
    /// Which of its exchanges.
    package var number: UInt32
    /// Patterned bytes that follow the header.
    package var requestBytes: UInt64
    /// Patterned bytes that answer.
    package var responseBytes: UInt64
    /// Of the request's pattern; the answer's is its complement.
    package var seed: UInt64

    /// What a stream is for.
    package enum Operation: UInt8, Sendable {
        /// Bytes up, then bytes down; either may be none.
        case exchange = 1
        /// The server sends the item's datagrams, and ends the stream when it has.
        case datagramsDown = 2
        /// The client sends them, and ends the stream when it has.
        case datagramsUp = 3
    }

    package static let length = 40
    private static let version: UInt8 = 1

    package init(
        operation: Operation,
        item: UInt32,
        number: UInt32,
        requestBytes: UInt64,
        responseBytes: UInt64,
        seed: UInt64
    ) {
        self.operation = operation
        self.item = item
        self.number = number
        self.requestBytes = requestBytes
        self.responseBytes = responseBytes
        self.seed = seed
    }

    /// `nil` for bytes that are no header: another version, an operation that is none.
    package init?(_ bytes: RawSpan) {
        guard bytes.byteCount == Self.length else { return nil }
        var reader = ByteReader(bytes)
        do throws(ByteError) {
            guard let operation = Operation(rawValue: try reader.integer()),
                try reader.integer(UInt8.self) == Self.version, try reader.integer(UInt16.self) == 0
            else { return nil }
            self.operation = operation
            item = try reader.integer()
            number = try reader.integer()
            guard try reader.integer(UInt32.self) == 0 else { return nil }
            requestBytes = try reader.integer()
            responseBytes = try reader.integer()
            seed = try reader.integer()
        } catch {
            return nil
        }
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = [operation.rawValue, Self.version, 0, 0]
        for number in [item, number, 0] { Self.append(UInt64(number), 4, to: &bytes) }
        for number in [requestBytes, responseBytes, seed] { Self.append(number, 8, to: &bytes) }
        return bytes
    }

    private static func append(_ number: UInt64, _ count: Int, to bytes: inout [UInt8]) {
        for place in (0..<count).reversed() { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(place)))) }
    }
}

/// What stands in front of each unreliable message of a workload.
package struct MessageHeader: Hashable, Sendable {
    package var item: UInt32
    package var number: UInt32
    /// On the sender's clock.
    package var sentAt: Instant

    package static let length = 16

    package init(item: UInt32, number: UInt32, sentAt: Instant) {
        self.item = item
        self.number = number
        self.sentAt = sentAt
    }

    /// `nil` for a message that is too short.
    package init?(_ bytes: RawSpan) {
        var reader = ByteReader(bytes)
        do throws(ByteError) {
            item = try reader.integer()
            number = try reader.integer()
            sentAt = Instant(nanoseconds: try reader.integer())
        } catch {
            return nil
        }
    }

    package func write(into bytes: inout MutableRawSpan) {
        precondition(bytes.byteCount >= Self.length, "a message without room for its header")
        bytes.storeBytes(of: item.bigEndian, toByteOffset: 0, as: UInt32.self)
        bytes.storeBytes(of: number.bigEndian, toByteOffset: 4, as: UInt32.self)
        bytes.storeBytes(of: sentAt.nanoseconds.bigEndian, toByteOffset: 8, as: Int64.self)
    }

    /// The pattern behind the header.
    package var seed: UInt64 { UInt64(item) << 32 | UInt64(number) }
}
