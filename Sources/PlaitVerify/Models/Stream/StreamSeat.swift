import PlaitCore
import PlaitSimulator
import PlaitTransport

/// One end's streams on a simulated host, without a connection around them: a packet is one frame, in clear.
///
/// It sends only when it was given room, and then one frame: when, and how much, is for the driver to say.
final class StreamSeat: Endpoint {
    var streams: StreamSet
    private let local: SocketAddress
    private let remote: SocketAddress
    /// Bytes that the next packet may have; none is sent without.
    var room = 0
    /// What the last packet carried, as the streams call it and as it can be read.
    private(set) var sent: SentFrame?
    private(set) var written: StreamModel.Frame?
    /// Whatever the peer seems to have done wrong.
    private(set) var violation: PeerViolation?
    private let reading: StreamReading

    init(_ streams: consuming StreamSet, local: SocketAddress, remote: SocketAddress, reading: StreamReading) {
        self.streams = streams
        self.local = local
        self.remote = remote
        self.reading = reading
    }

    func receive(_ datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress, ecn: ECN, now: Instant) {
        do throws(PeerViolation) {
            var frames = FrameReader(datagram)
            while let frame = try frames.next() { try receive(frame, of: datagram) }
        } catch { violation = error }
    }

    private func receive(_ frame: Frame, of datagram: RawSpan) throws(PeerViolation) {
        switch frame {
        case .stream(let frame): try streams.receive(frame, bytes: datagram.extracting(frame.data))
        case .resetStream(let frame): try streams.receive(frame)
        case .stopSending(let frame): try streams.receive(frame)
        case .maxStreamData(let id, let limit): try streams.receiveMaxStreamData(id, limit)
        default: throw PeerViolation(.protocolViolation, "a frame that the streams of this model do not send")
        }
    }

    func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        guard room > 0 else { return nil }
        let length = write(into: &buffer, room: min(room, buffer.byteCount), now: now)
        room = 0
        guard length > 0 else { return nil }
        written = reading.frame(in: buffer.bytes.extracting(0..<length))
        return Transmit(length: length, local: local, remote: remote)
    }

    private func write(into buffer: inout MutableRawSpan, room: Int, now: Instant) -> Int {
        var writer = ByteWriter(buffer._mutatingExtracting(0..<room))
        sent = streams.nextFrame(into: &writer, now: now)
        return writer.offset
    }

    /// Nothing here waits for a time: what is lost, the driver says.
    var deadline: Instant { .never }

    func deadlineReached(now: Instant) {}

    func restarted(now: Instant) { preconditionFailure("nobody crashes in this model") }
}

/// How a seed makes bytes of units, and what a packet of them means in the model's terms.
struct StreamReading {
    let id: StreamID
    /// Bytes of a unit: a multiple of four, so that a quarter of a window is a whole number.
    let unit: Int
    /// Takes the place of a division by `unit`: 2^32 by it, rounded up.
    private let inverse: UInt64
    private let salt: UInt64

    init(_ id: StreamID, seed: UInt64) {
        let random = RandomStream(seed: seed, name: "model/stream")
        self.id = id
        // Fewer than 32 do not start a frame, and two of the largest fit into a packet.
        unit = 32 + 4 * Int(random.draw(0) % 93)
        inverse = (1 << 32) / UInt64(unit) + 1
        salt = random.draw(1)
    }

    /// What stands at an offset of the stream.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: ((UInt64(offset) ^ salt) &* 0x9E37_79B9_7F4A_7C15) >> 56)
    }

    /// What a packet carries; nil if it is not one frame of whole units of the stream.
    func frame(in packet: RawSpan) -> StreamModel.Frame? {
        var reader = FrameReader(packet)
        do throws(PeerViolation) {
            guard let first = try reader.next(), let frame = frame(first, of: packet), try reader.next() == nil else {
                return nil
            }
            return frame
        } catch { return nil }
    }

    private func frame(_ frame: Frame, of packet: RawSpan) -> StreamModel.Frame? {
        switch frame {
        case .stream(let frame):
            guard frame.id == id, let start = units(frame.offset), let count = units(UInt64(frame.data.count)),
                start <= StreamModel.unitsMax, count <= StreamModel.chunkMax, count > 0 || frame.isLast
            else { return nil }
            for place in frame.data {
                let byte = unsafe packet.unsafeLoad(fromByteOffset: place, as: UInt8.self)
                guard byte == self.byte(at: Int(frame.offset) + place - frame.data.lowerBound) else { return nil }
            }
            return StreamModel.Frame(.data(start: start, count: count, isLast: frame.isLast))
        case .resetStream(let frame):
            guard frame.id == id, let size = units(frame.finalSize), size <= StreamModel.unitsMax else { return nil }
            return StreamModel.Frame(.reset(size: size))
        case .stopSending(let frame): return frame.id == id ? StreamModel.Frame(.stop) : nil
        case .maxStreamData(id, let limit):
            guard let limit = units(limit), 2...StreamModel.limitMax ~= limit else { return nil }
            return StreamModel.Frame(.limit(limit))
        default: return nil
        }
    }

    /// How many units so many bytes are, if they are whole ones, and no more than a state has room for.
    @inline(__always)
    func units(_ bytes: UInt64) -> Int? {
        // Of fewer than 2^16 bytes the product is exact: the error is less than 2^16 by 2^32.
        guard bytes < 1 << 16 else { return nil }
        let count = (bytes &* inverse) >> 32
        return count < 16 && count &* UInt64(unit) == bytes ? Int(count) : nil
    }

    /// The name under which a frame is acknowledged or lost.
    func sentFrame(_ frame: StreamModel.Frame) -> SentFrame {
        switch frame.kind {
        case .data(let start, let count, let isLast):
            .stream(id, offset: UInt64(start * unit), length: UInt32(count * unit), isLast: isLast)
        case .reset: .resetStream(id)
        case .stop: .stopSending(id)
        case .limit: .maxStreamData(id)
        }
    }
}
