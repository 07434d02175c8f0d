import PlaitCore
import PlaitTransport
import Testing

/// Bytes that go from one end of a pair to the other, and what came out.
struct Talk {
    /// One end's writing on one stream.
    struct Writing {
        let fromClient: Bool
        let stream: StreamID
        let bytes: [UInt8]
        var written = 0
        var isDone = false
    }

    /// One end's reading of one stream.
    struct Reading {
        let byClient: Bool
        let stream: StreamID
        var bytes: [UInt8] = []
        var isEnd = false
    }

    var writings: [Writing] = []
    var readings: [Reading] = []
    /// How many of each end's events were looked at.
    private var notedByClient = 0
    private var notedByServer = 0

    /// Everything that was written was read, to the end and byte for byte.
    var isComplete: Bool {
        writings.allSatisfy { writing in
            readings.contains {
                $0.byClient != writing.fromClient && $0.stream == writing.stream && $0.isEnd
                    && $0.bytes == writing.bytes
            }
        }
    }

    mutating func write(_ bytes: [UInt8], on stream: StreamID, fromClient: Bool) {
        writings.append(Writing(fromClient: fromClient, stream: stream, bytes: bytes))
    }

    /// Writes and reads as much as goes.
    mutating func advance(_ pair: inout Pair, _ client: ConnectionHandle) throws(StreamError) {
        for index in writings.indices where !writings[index].isDone {
            let writing = writings[index]
            let rest = writing.bytes.span.raw.extracting(writing.written...)
            let taken: Int
            if writing.fromClient {
                guard pair.client.statistics(of: client)?.life == .established else { continue }
                taken = try pair.client.write(rest, to: writing.stream, on: client, isLast: true, now: pair.now)
            } else {
                guard let server = pair.accepted, pair.server.statistics(of: server)?.life == .established else {
                    continue
                }
                // It can answer on a stream only once it has heard of it.
                guard
                    writing.stream.opener == .server
                        || readings.contains(where: { !$0.byClient && $0.stream == writing.stream })
                else { continue }
                taken = try pair.server.write(rest, to: writing.stream, on: server, isLast: true, now: pair.now)
            }
            writings[index].written += taken
            writings[index].isDone = writings[index].written == writing.bytes.count
        }
        for event in pair.clientEvents[min(notedByClient, pair.clientEvents.count)...] { note(event, byClient: true) }
        for event in pair.serverEvents[min(notedByServer, pair.serverEvents.count)...] { note(event, byClient: false) }
        (notedByClient, notedByServer) = (pair.clientEvents.count, pair.serverEvents.count)
        for index in readings.indices where !readings[index].isEnd { try read(index, &pair, client) }
        pair.pump()
    }

    private mutating func note(_ event: EndpointEvent, byClient: Bool) {
        guard case .stream(.readable(let stream)) = event.event else { return }
        guard writings.contains(where: { $0.stream == stream }) else { return }
        guard !readings.contains(where: { $0.byClient == byClient && $0.stream == stream }) else { return }
        readings.append(Reading(byClient: byClient, stream: stream))
    }

    private mutating func read(_ index: Int, _ pair: inout Pair, _ client: ConnectionHandle) throws(StreamError) {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            var span = buffer.mutableSpan
            var target = span.mutableRaw
            let stream = readings[index].stream
            let result: (count: Int, isEnd: Bool)
            if readings[index].byClient {
                guard pair.client.statistics(of: client)?.life == .established else { return }
                result = try pair.client.read(from: stream, on: client, into: &target, now: pair.now)
            } else {
                guard let server = pair.accepted, pair.server.statistics(of: server)?.life == .established else {
                    return
                }
                result = try pair.server.read(from: stream, on: server, into: &target, now: pair.now)
            }
            readings[index].bytes += buffer[0..<result.count]
            readings[index].isEnd = result.isEnd
            guard result.count > 0, !result.isEnd else { return }
        }
    }

    /// Bytes that differ from place to place and from stream to stream.
    static func bytes(_ count: Int, seed: UInt64) -> [UInt8] {
        let stream = RandomStream(seed: seed, name: "bytes")
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        var index: UInt64 = 0
        while bytes.count < count {
            var word = stream.draw(index)
            for _ in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
            index += 1
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
