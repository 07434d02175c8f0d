import PlaitCore
import PlaitTransport

/// What the packets of one run carried and what became of them, for people: a line an event.
package final class PacketStory {
    private var told: [(time: Instant, line: String)] = []
    private let hosts: [String]
    /// Whether anybody reads it: writing costs more than what is written about.
    var isWanted: Bool

    package init(_ hosts: [String], isWanted: Bool = true) {
        self.hosts = hosts
        self.isWanted = isWanted
    }

    /// What was told since it was asked last.
    func take() -> [String] {
        defer { told.removeAll() }
        return lines
    }

    /// In order of time; events of one instant in the order in which they were told.
    package var lines: [String] {
        told.enumerated().sorted { ($0.1.time, $0.0) < ($1.1.time, $1.0) }.map { Self.line($0.1.time, $0.1.line) }
    }

    private static func line(_ time: Instant, _ text: String) -> String {
        let microseconds = String(time.nanoseconds / 1_000)
        let clock = String(repeating: " ", count: max(0, 10 - microseconds.count)) + microseconds
        return "\(clock) us  \(text)"
    }

    func tell(_ host: Int, _ now: Instant, _ text: @autoclosure () -> String) {
        if isWanted { told.append((now, "\(hosts[host]) \(text())")) }
    }

    func tell(_ now: Instant, _ text: @autoclosure () -> String) {
        if isWanted { told.append((now, text())) }
    }

    func packet(_ packet: ObservedPacket, _ verb: String, _ host: Int, _ payload: RawSpan, _ now: Instant) {
        tell(host, now, "\(verb) \(packet.number): \(FrameWords.text(payload))")
    }
}

/// Frames in few words: `STREAM 0 1200..2400 FIN, ACK 0..3`.
package enum FrameWords {
    package static func text(_ payload: RawSpan) -> String {
        var words: [String] = []
        var reader = FrameReader(payload)
        do throws(PeerViolation) {
            while let frame = try reader.next() { if let word = word(frame, payload) { words.append(word) } }
        } catch {
            words.append("unreadable: \(error.reason)")
        }
        return words.joined(separator: ", ")
    }

    private static func word(_ frame: Frame, _ payload: RawSpan) -> String? {
        switch frame {
        case .padding: nil
        case .ping: "PING"
        case .ack(let ack): "ACK " + ranges(ack, payload)
        case .resetStream(let reset): "RESET \(reset.id.value) at \(reset.finalSize)"
        case .stopSending(let stop): "STOP \(stop.id.value)"
        case .stream(let stream):
            "STREAM \(stream.id.value) \(stream.offset)..\(stream.end)" + (stream.isLast ? " FIN" : "")
        case .maxData(let limit): "MAX_DATA \(limit)"
        case .maxStreamData(let id, let limit): "MAX_STREAM_DATA \(id.value) \(limit)"
        case .maxStreams(let direction, let limit): "MAX_STREAMS \(direction) \(limit)"
        case .dataBlocked(let limit): "DATA_BLOCKED \(limit)"
        case .streamDataBlocked(let id, let limit): "STREAM_DATA_BLOCKED \(id.value) \(limit)"
        case .streamsBlocked(let direction, let limit): "STREAMS_BLOCKED \(direction) \(limit)"
        case .newConnectionID(let new): "NEW_ID \(new.sequence)"
        case .retireConnectionID(_, let sequence): "RETIRE_ID \(sequence)"
        case .close(let close): "CLOSE \(close.code)"
        case .keyUpdate(let generation): "KEY_UPDATE \(generation)"
        case .datagram(let bytes): "DATAGRAM \(bytes.count)"
        case .handshakeConfirmed: "CONFIRMED"
        default: "\(frame)"
        }
    }

    private static func ranges(_ ack: AckFrame, _ payload: RawSpan) -> String {
        var words: [String] = []
        var ranges = AckRanges(ack, in: payload)
        while let range = ranges.nextRange() {
            words.append(range.first == range.last ? "\(range.first)" : "\(range.first)..\(range.last)")
        }
        return words.reversed().joined(separator: " ")
    }
}
