import PlaitCore
package import PlaitTransport

/// What must hold of any bytes that the frame readers are given. Each check answers nil, or what is wrong.
package enum FrameCheck {
    /// The plaintext of a data packet, from a peer that holds the keys but keeps no rule.
    package static func data(_ payload: RawSpan) -> String? {
        var reader = FrameReader(payload)
        var count = 0
        while true {
            do throws(PeerViolation) {
                guard let frame = try reader.next() else { return count == 0 ? "an empty packet was accepted" : nil }
                count += 1
                if count > payload.byteCount { return "more frames than bytes" }
                switch frame {
                case .handshake, .cookie, .offer, .refusal: return "a handshake's frame was accepted"
                default: break
                }
                if let wrong = again(FrameMeaning(frame, in: payload), data: true) { return wrong }
            } catch {
                return error.reason.description.isEmpty ? "a violation without a reason" : nil
            }
        }
    }

    /// What follows a handshake packet's header, from anybody.
    package static func handshake(_ payload: RawSpan, kind: HandshakeKind) -> String? {
        var reader = HandshakeFrameReader(payload, kind: kind)
        var count = 0
        while true {
            do throws(HandshakePacketError) {
                guard let frame = try reader.next() else { return count == 0 ? "an empty packet was accepted" : nil }
                count += 1
                if count > payload.byteCount { return "more frames than bytes" }
                if let wrong = again(FrameMeaning(frame, in: payload), data: false) { return wrong }
            } catch {
                return nil
            }
        }
    }

    /// Written anew, a frame reads back as it was, alone in its packet, and does not fit into one byte less.
    private static func again(_ meaning: FrameMeaning, data: Bool) -> String? {
        if meaning.ranges.count > 1 {
            for (upper, lower) in zip(meaning.ranges, meaning.ranges.dropFirst())
            where lower.first > lower.last || lower.last >= upper.first || upper.first - lower.last < 2 {
                return "ranges of an ACK that touch or overlap: \(meaning.ranges)"
            }
        }
        var buffer = [UInt8](repeating: 0xaa, count: meaning.bytes.count + 1_024 + paddingCount(meaning))
        var span = buffer.mutableSpan
        var writer = ByteWriter(span.mutableRaw)
        guard let wasWritten = meaning.write(into: &writer) else { return nil }
        guard wasWritten else { return "no room for what was read: \(meaning.frame)" }
        let length = writer.offset
        if let wrong = short(meaning, length) { return wrong }

        let written = buffer.span.raw.extracting(0..<length)
        let found: FrameMeaning?
        let end: Frame?
        do {
            if data {
                var reader = FrameReader(written)
                found = try reader.next().map { FrameMeaning($0, in: written) }
                end = try reader.next()
            } else {
                var fields = HandshakeFrameReader(written, kind: kind(for: meaning))
                found = try fields.next().map { FrameMeaning($0, in: written) }
                end = try fields.next()
            }
        } catch {
            return "what was written cannot be read: \(meaning.frame): \(error)"
        }
        guard found == meaning, end == nil else {
            return "\(meaning) was written and reads as \(String(describing: found))"
        }
        return nil
    }

    /// One byte less of room: nothing is written, not even a part; an ACK says fewer ranges.
    private static func short(_ meaning: FrameMeaning, _ length: Int) -> String? {
        guard length > 0 else { return nil }
        var buffer = [UInt8](repeating: 0xaa, count: length - 1)
        do {
            var span = buffer.mutableSpan
            var writer = ByteWriter(span.mutableRaw)
            if meaning.write(into: &writer) == true { return "\(meaning.frame) fits into less than it takes" }
            if meaning.ranges.count > 1 || writer.offset == 0 { return nil }
        }
        return "a frame that does not fit left \(buffer)"
    }

    private static func paddingCount(_ meaning: FrameMeaning) -> Int {
        if case .padding(let count) = meaning.frame { count } else { 0 }
    }

    /// A kind of packet that may carry the frame.
    private static func kind(for meaning: FrameMeaning) -> HandshakeKind {
        if case .refusal = meaning.frame { .refusal } else { .initiation }
    }
}
