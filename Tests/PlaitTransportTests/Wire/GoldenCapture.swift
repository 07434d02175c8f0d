import FuzzChecks
import PlaitCore
import PlaitCrypto
import PlaitTransport

/// Packets of every kind under known keys, as a capture, a key log, and what an independent reader must find in them.
struct GoldenCapture {
    private(set) var capture: [UInt8] = []
    private(set) var keyLog = "what is not a key is a comment\n"
    /// One JSON object a packet, its capture fields left out.
    private(set) var expected: [String] = []
    private var random = RandomFrames(seed: 77)
    private let slab = KeySlab(storage: .heap)

    init() throws {
        block(0x0a0d_0d0a, little(0x1a2b_3c4d) + [1, 0, 0, 0] + [UInt8](repeating: 0xff, count: 8))
        block(1, [101, 0, 0, 0, 0, 0, 0, 0] + option(2, Array("wifi/client>server".utf8)) + little(0))
        try connection(client: 0x1111_2222_3333_4444, server: 0xa5a5_0000_0000_0001, suite: .chaChaPolySHA256)
        try connection(client: 0x5555_6666_7777_8888, server: 0xa5a5_0000_0000_0002, suite: .chaChaPolyBLAKE2b)
    }

    private mutating func connection(client: UInt64, server: UInt64, suite: Suite) throws {
        try handshake(ConnectionID(client), ConnectionID(server), suite)
        try direction(from: client, to: server, suite)
        try direction(from: server, to: client, suite)
    }

    // MARK: - Packets

    private mutating func handshake(_ client: ConnectionID, _ server: ConnectionID, _ suite: Suite) throws {
        let name = word(client.value)
        let offer =
            name + hex("01 01 00000001 00000001 02 0001 0002 000\(suite.rawValue) 0000000000000005 0000000000000001")
        let fields = """
            {"source":"\(text(name))","pattern":1,"versions":[1],"version":1,"suites":[1,2],"suite":\(suite.rawValue),\
            "supported":5,"required":1}
            """
        let cookie: [UInt8] = [1] + random.bytes(16, atLeast: 16)
        let noise = random.bytes(300, atLeast: 100)
        let offerText = run("OFFER", offer, ",\"offer\":\(fields)")
        let (none, noiseText) = (ConnectionID.unknown, run("HANDSHAKE", noise))
        let first = written {
            $0.writeOffer(offer.span.raw) && $0.writeCookie(cookie.span.raw) && $0.writeHandshake(noise.span.raw)
        }
        .bytes
        let padding = HandshakeHeader.initiationLengthMin - HandshakeHeader.length - first.count
        long(
            .initiation,
            none,
            client,
            first + [UInt8](repeating: 0, count: padding),
            [offerText, run("COOKIE", cookie), noiseText, "{\"frame\":\"PADDING\",\"count\":\(padding)}"]
        )
        long(.cookie, client, none, written { $0.writeCookie(cookie.span.raw) }.bytes, [run("COOKIE", cookie)])
        let versions = hex("00000001 00000007")
        long(
            .refusal,
            client,
            none,
            written { $0.writeRefusal(code: 1, details: versions.span.raw) }.bytes,
            ["{\"frame\":\"REFUSAL\",\"code\":1,\"length\":8,\"bytes\":\"\(text(versions))\",\"details\":[1,7]}"]
        )
        let message = written { $0.writeHandshake(noise.span.raw) }.bytes
        long(.reply, client, server, message, [noiseText])
        long(.finish, server, client, message, [noiseText])
    }

    private mutating func long(
        _ kind: HandshakeKind,
        _ destination: ConnectionID,
        _ source: ConnectionID,
        _ frames: [UInt8],
        _ texts: [String]
    ) {
        let header = HandshakeHeader(kind: kind, version: 1, destination: destination, source: source)
        packet(written { $0.writeHandshakeHeader(header) }.bytes + frames)
        expected.append(
            """
            {"packet":"\(kind)","version":1,"destination":"\(text(word(destination.value)))",\
            "source":"\(text(word(source.value)))","frames":[\(texts.joined(separator: ","))]}
            """
        )
    }

    /// Three generations, packet numbers of every length with gaps between them, two paths, a new connection id.
    private mutating func direction(from sender: UInt64, to receiver: UInt64, _ suite: Suite) throws {
        let secret = random.bytes(32, atLeast: 32)
        var sealing = SealingKey(secret: secret.span.raw, suite: suite, slab: slab)
        let header = HeaderKey(secret: secret.span.raw, suite: suite, slab: slab)
        var numbers: [UInt64] = [0, 0]
        var received: [UInt64?] = [nil, nil]
        var destination = receiver
        for index in 0..<60 {
            if index % 20 == 0 {
                if index > 0 { sealing.advance() }
                let key = text(Array(copying: sealing.secret))
                keyLog += "PLAIT_TRAFFIC \(text(word(receiver))) \(sealing.generation) \(suite.rawValue) \(key)\n"
            }
            let slot = index % 2
            let path: UInt32 = slot == 0 ? 0 : 0xdead_beef
            numbers[slot] += 1 + random.below(1 << [5, 12, 20, 27][index % 4])
            var frames = index == 30 ? hex("4080 03 010203 01") : []
            var texts = index == 30 ? [run("EXTENSION", [1, 2, 3], ",\"type\":128"), "{\"frame\":\"PING\"}"] : []
            repeat {
                let next = random.data()
                if case .padding = next.frame, texts.last?.contains("PADDING") == true { continue }
                if case .newConnectionID = next.frame { continue }
                frames += written { next.write(into: &$0) == true }.bytes
                texts.append(json(next))
            } while frames.count < 4 || random.below(3) > 0
            // Whoever sends to the client is the server, and may be called otherwise from here on.
            let renamed = receiver | 0xff
            if sender != receiver, index == 10 {
                let issued = NewConnectionIDFrame(
                    path: .first,
                    sequence: 1,
                    retirePrior: 0,
                    id: ConnectionID(sender | 0xff)
                )
                let frame = FrameMeaning(.newConnectionID(issued), bytes: [], ranges: [])
                frames += written { frame.write(into: &$0) == true }.bytes
                texts.append(json(frame))
            }
            // The other direction's tenth packet named it; the client's packets come first.
            if receiver >> 56 != 0xa5, index >= 15 { destination = renamed }

            let length = DataHeader.numberLength(numbers[slot], largestAcknowledged: received[slot])
            let sealed = seal(
                frames,
                &sealing,
                header,
                ConnectionID(destination),
                path,
                slot,
                numbers[slot],
                received[slot]
            )
            packet(sealed)
            expected.append(
                """
                {"packet":"data","destination":"\(text(word(destination)))","path":\(path),"number":\(numbers[slot]),\
                "number_length":\(length),"generation":\(sealing.generation),"frames":[\(texts.joined(separator: ","))]}
                """
            )
            received[slot] = numbers[slot]
        }
    }

    private func seal(
        _ frames: [UInt8],
        _ sealing: inout SealingKey,
        _ header: borrowing HeaderKey,
        _ destination: ConnectionID,
        _ path: UInt32,
        _ slot: Int,
        _ number: UInt64,
        _ acknowledged: UInt64?
    ) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: DataHeader.lengthMax + frames.count + DataHeader.tagLength)
        var length = 0
        do {
            var span = buffer.mutableSpan
            var raw = span.mutableRaw
            let start = DataHeader.write(
                into: &raw,
                destination: destination,
                path: PathID(path),
                number: number,
                largestAcknowledged: acknowledged,
                phase: sealing.generation & 1 == 1
            )
            raw.copy(frames.span.raw, at: start)
            length = sealing.seal(
                &raw,
                headerLength: start,
                payloadLength: frames.count,
                path: path,
                slot: slot,
                number: number
            )
            let mask = header.mask(sample: raw.bytes.extracting(ProtectedHeader.sample))
            DataHeader.protect(&raw, headerLength: start, mask: mask)
        }
        return Array(buffer[..<length])
    }

    // MARK: - What a reader must say

    private func run(_ name: String, _ bytes: [UInt8], _ more: String = "") -> String {
        "{\"frame\":\"\(name)\",\"length\":\(bytes.count),\"bytes\":\"\(text(bytes))\"\(more)}"
    }

    private func json(_ meaning: FrameMeaning) -> String {
        func plain(_ name: String, _ fields: KeyValuePairs<String, UInt64> = [:]) -> String {
            "{\"frame\":\"\(name)\"" + fields.map { ",\"\($0.key)\":\($0.value)" }.joined() + "}"
        }
        func counted(_ name: String, _ direction: StreamDirection, _ count: UInt64) -> String {
            "{\"frame\":\"\(name)\",\"direction\":\"\(direction)\",\"count\":\(count)}"
        }
        let bytes = meaning.bytes
        switch meaning.frame {
        case .padding(let count): return plain("PADDING", ["count": UInt64(count)])
        case .ping: return plain("PING")
        case .handshakeConfirmed: return plain("HANDSHAKE_CONFIRMED")
        case .ack(let ack):
            let ranges = meaning.ranges.map { "[\($0.first),\($0.last)]" }.joined(separator: ",")
            let ecn = ack.ecn.map { ",\"ecn\":[\($0.capable0),\($0.capable1),\($0.congestionExperienced)]" } ?? ""
            let path = ack.path.value
            return """
                {"frame":"ACK","path":\(path),"largest":\(ack.largest),"delay":\(ack.delay),"ranges":[\(ranges)]\(ecn)}
                """
        case .resetStream(let frame):
            return plain("RESET_STREAM", ["stream": frame.id.value, "code": frame.code, "final_size": frame.finalSize])
        case .stopSending(let frame): return plain("STOP_SENDING", ["stream": frame.id.value, "code": frame.code])
        case .stream(let frame):
            let fields = ",\"stream\":\(frame.id.value),\"offset\":\(frame.offset),\"end\":\(frame.isLast)"
            return run("STREAM", bytes, fields)
        case .maxData(let limit): return plain("MAX_DATA", ["limit": limit])
        case .maxStreamData(let id, let limit): return plain("MAX_STREAM_DATA", ["stream": id.value, "limit": limit])
        case .maxStreams(let direction, let count): return counted("MAX_STREAMS", direction, count)
        case .dataBlocked(let limit): return plain("DATA_BLOCKED", ["limit": limit])
        case .streamDataBlocked(let id, let limit):
            return plain("STREAM_DATA_BLOCKED", ["stream": id.value, "limit": limit])
        case .streamsBlocked(let direction, let count): return counted("STREAMS_BLOCKED", direction, count)
        case .newConnectionID(let frame):
            let (path, sequence, retire) = (frame.path.value, frame.sequence, frame.retirePrior)
            return """
                {"frame":"NEW_CONNECTION_ID","path":\(path),"sequence":\(sequence),"retire_prior":\(retire),\
                "id":"\(text(word(frame.id.value)))"}
                """
        case .retireConnectionID(let path, let sequence):
            return plain("RETIRE_CONNECTION_ID", ["path": UInt64(path.value), "sequence": sequence])
        case .pathChallenge(let data): return "{\"frame\":\"PATH_CHALLENGE\",\"data\":\"\(text(word(data)))\"}"
        case .pathResponse(let data): return "{\"frame\":\"PATH_RESPONSE\",\"data\":\"\(text(word(data)))\"}"
        case .close(let close):
            if close.isApplication { return run("APPLICATION_CLOSE", bytes, ",\"code\":\(close.code)") }
            return run("CLOSE", bytes, ",\"code\":\(close.code),\"frame_type\":\(close.frameType)")
        case .pathStatus(let frame):
            let status: UInt64 = frame.isBackup ? 1 : 0
            return plain(
                "PATH_STATUS",
                ["path": UInt64(frame.path.value), "sequence": frame.sequence, "status": status]
            )
        case .pathAbandon(let frame):
            return plain("PATH_ABANDON", ["path": UInt64(frame.path.value), "code": frame.code])
        case .keyUpdate(let generation): return plain("KEY_UPDATE", ["generation": generation])
        case .ticket: return run("TICKET", bytes)
        case .datagram: return run("DATAGRAM", bytes)
        case .handshake, .cookie, .offer, .refusal, .skipped: return "not a frame that is drawn for data packets"
        }
    }

    private func text(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    // MARK: - pcapng

    private func word(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) } }
    private func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    private func option(_ code: UInt8, _ value: [UInt8]) -> [UInt8] {
        [code, 0, UInt8(value.count), 0] + value + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
    }

    private mutating func block(_ type: UInt32, _ content: [UInt8]) {
        let padded = content + [UInt8](repeating: 0, count: (4 - content.count % 4) % 4)
        let length = little(UInt32(12 + padded.count))
        capture += little(type) + length + padded + length
    }

    /// An enhanced packet block with IPv4 and UDP headers, checksums left out.
    mutating func packet(_ payload: [UInt8], comment: String = "") {
        let whole = 28 + payload.count
        let ip: [UInt8] = [0x45, 0, UInt8(whole >> 8), UInt8(whole & 255), 0, 0, 0x40, 0, 64, 17, 0, 0]
        let length = 8 + payload.count
        let udp: [UInt8] = [0x27, 0x0f, 0x01, 0xbb, UInt8(length >> 8), UInt8(length & 255), 0, 0]
        let bytes = ip + [10, 0, 0, 0, 10, 0, 0, 1] + udp + payload
        let padding = [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
        let note = comment.isEmpty ? [] : option(1, Array(comment.utf8)) + little(0)
        let sizes = little(UInt32(bytes.count)) + little(UInt32(bytes.count))
        block(6, little(0) + little(0) + little(UInt32(expected.count)) + sizes + bytes + padding + note)
    }
}
