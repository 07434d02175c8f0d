import PlaitReport
import PlaitTransport

/// A packet's frames as qlog names them.
enum QlogFrames {
    static func write(_ payload: RawSpan, to json: inout JSONWriter) {
        var frames: [Frame] = []
        var reader = FrameReader(payload)
        // What cannot be read closes the connection, and that is an event of its own.
        do throws(PeerViolation) { while let frame = try reader.next() { frames.append(frame) } } catch {}
        json.array { json in
            for frame in frames { json.object { write(frame, payload, to: &$0) } }
        }
    }

    private static func write(_ frame: Frame, _ payload: RawSpan, to json: inout JSONWriter) {
        switch frame {
        case .padding(let count): name("padding", [("payload_length", UInt64(count))], to: &json)
        case .ping: name("ping", to: &json)
        case .ack(let ack): write(ack, payload, to: &json)
        case .resetStream(let reset):
            name(
                "reset_stream",
                [("stream_id", reset.id.value), ("error_code", reset.code), ("final_size", reset.finalSize)],
                to: &json
            )
        case .stopSending(let stop):
            name("stop_sending", [("stream_id", stop.id.value), ("error_code", stop.code)], to: &json)
        case .stream(let stream):
            name(
                "stream",
                [("stream_id", stream.id.value), ("offset", stream.offset), ("length", UInt64(stream.data.count))],
                to: &json
            )
            json.key("fin")
            json.value(stream.isLast)
        case .datagram(let bytes): name("datagram", [("length", UInt64(bytes.count))], to: &json)
        case .close(let close):
            name("connection_close", [("error_code", close.code)], to: &json)
            json.key("error_space")
            json.value(close.isApplication ? "application" : "transport")
        default: writeControl(frame, to: &json)
        }
    }

    private static func write(_ ack: AckFrame, _ payload: RawSpan, to json: inout JSONWriter) {
        name("ack", [("path_id", UInt64(ack.path.value))], to: &json)
        json.key("ack_delay")
        json.value(Int64(clamping: ack.delay), places: 3)
        var pairs: [AckRange] = []
        var ranges = AckRanges(ack, in: payload)
        while let range = ranges.nextRange() { pairs.append(range) }
        json.key("acked_ranges")
        json.array { json in
            for pair in pairs.reversed() {
                json.array { json in
                    json.value(pair.first)
                    json.value(pair.last)
                }
            }
        }
    }

    /// Limits, ids, paths and keys.
    private static func writeControl(_ frame: Frame, to json: inout JSONWriter) {
        switch frame {
        case .maxData(let limit): name("max_data", [("maximum", limit)], to: &json)
        case .maxStreamData(let id, let limit):
            name("max_stream_data", [("stream_id", id.value), ("maximum", limit)], to: &json)
        case .maxStreams(let direction, let limit):
            name("max_streams", [("maximum", limit)], to: &json)
            kind(direction, to: &json)
        case .dataBlocked(let limit): name("data_blocked", [("limit", limit)], to: &json)
        case .streamDataBlocked(let id, let limit):
            name("stream_data_blocked", [("stream_id", id.value), ("limit", limit)], to: &json)
        case .streamsBlocked(let direction, let limit):
            name("streams_blocked", [("limit", limit)], to: &json)
            kind(direction, to: &json)
        case .newConnectionID(let new):
            name(
                "new_connection_id",
                [("sequence_number", new.sequence), ("retire_prior_to", new.retirePrior)],
                to: &json
            )
        case .retireConnectionID(_, let sequence):
            name("retire_connection_id", [("sequence_number", sequence)], to: &json)
        case .pathChallenge: name("path_challenge", to: &json)
        case .pathResponse: name("path_response", to: &json)
        case .handshakeConfirmed: name("handshake_done", to: &json)
        case .pathStatus: unknown(FrameType.pathStatus, "path_status", to: &json)
        case .pathAbandon: unknown(FrameType.pathAbandon, "path_abandon", to: &json)
        case .keyUpdate: unknown(FrameType.keyUpdate, "key_update", to: &json)
        case .ticket: unknown(FrameType.ticket, "ticket", to: &json)
        case .handshake: unknown(FrameType.handshake, "handshake", to: &json)
        case .cookie: unknown(FrameType.cookie, "cookie", to: &json)
        case .offer: unknown(FrameType.offer, "offer", to: &json)
        case .refusal: unknown(FrameType.refusal, "refusal", to: &json)
        case .skipped(let type): unknown(type, "extension", to: &json)
        case .padding, .ping, .ack, .resetStream, .stopSending, .stream, .datagram, .close: break
        }
    }

    private static func name(_ name: String, _ numbers: [(String, UInt64)] = [], to json: inout JSONWriter) {
        json.key("frame_type")
        json.value(name)
        for (key, number) in numbers {
            json.key(key)
            json.value(number)
        }
    }

    private static func kind(_ direction: StreamDirection, to json: inout JSONWriter) {
        json.key("stream_type")
        json.value(direction == .bidirectional ? "bidirectional" : "unidirectional")
    }

    private static func unknown(_ type: UInt64, _ word: String, to json: inout JSONWriter) {
        name("unknown", [("raw_frame_type", type)], to: &json)
        json.key("name")
        json.value(word)
    }
}
