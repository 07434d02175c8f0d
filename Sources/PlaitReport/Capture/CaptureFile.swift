package import PlaitCore

/// A pcapng file (draft-ietf-opsawg-pcapng) that Wireshark and tshark read.
///
/// Each direction of a link is an interface, named `link/from>to`, and shows what came out of its far end when it came
/// out, and what was lost on it when it was lost: a packet appears once on every direction it was offered to, at the
/// time of its fate, in the order of time. Drops at a host (no route, crashed, ...) appear on an interface with the
/// host's name. Packets still queued or on a wire when the run ends do not appear. What is out of the ordinary stands
/// in the packet's comment (`frame.comment`): `dropped: queue-full at wifi/client>server`, `corrupted: 3 bits flipped`,
/// `copy of packet 17`.
///
/// The link type is raw IP. IP and UDP headers are made up: interface n of the scenario has the address 10.x.y.z, or
/// fd00::x:y, with n in its low bits, and a name such as `client.wifi`; the identification field holds the packet's
/// serial (its low 16 bits). The UDP checksum fits the bytes as they are, corrupted or not: in Plait it is the protocol
/// above that must notice. Time zero is the epoch, in nanoseconds.
package final class CaptureFile: PacketObserver {
    private var sink: FileSink
    private let labels: RunLabels
    private let family: AddressFamily
    private var notes = SerialTable(filler: Note())

    /// What is to be said of a packet when its fate on this direction is known.
    private struct Note: BitwiseCopyable {
        var original: UInt64 = .max
        /// As the detail of `corrupted`; zero for an intact packet.
        var corruption: UInt64 = 0
    }

    package init(at path: String, labels: RunLabels, family: AddressFamily) throws(FileError) {
        self.labels = labels
        self.family = family
        sink = try FileSink(path: path)
        sink.text.appendSectionHeader(application: "Plait")
        for direction in labels.directions {
            sink.text.appendInterface(name: direction.name, speed: direction.rate.bitsPerSecond)
        }
        for host in labels.hosts { sink.text.appendInterface(name: host, speed: 0) }
        sink.text.appendNames(labels, family)
        sink.settle()
    }

    package func capture(
        _ event: TraceEvent,
        from source: SocketAddress,
        to destination: SocketAddress,
        payload: RawSpan
    ) {
        switch event.kind {
        case .corrupted:
            var note = notes[event.packet] ?? Note()
            note.corruption = event.detail
            notes.set(event.packet, note)
        case .copied:
            var note = notes[event.detail] ?? Note()
            note.original = event.detail
            notes.set(event.packet, note)
        case .arrived, .dropped:
            let note = notes.remove(event.packet)
            let comment = note == nil && event.kind == .arrived ? "" : comment(on: event, note)
            write(event, Datagram(source, destination, event, payload.byteCount), payload, comment)
        case .sent, .offered, .marked, .started, .departed, .delivered, .changed:
            break
        }
    }

    package func finish(at end: Instant) {}

    package func commit() throws(FileError) { try sink.commit() }

    private func comment(on event: TraceEvent, _ note: Note?) -> String {
        var parts: [String] = []
        if event.kind == .dropped { parts.append("dropped: \(event.reason.word) at \(labels.place(of: event))") }
        if let note, note.corruption >> 32 == 1 {
            parts.append("corrupted: \(note.corruption & 0xFFFF_FFFF) bytes cut off")
        } else if let note, note.corruption > 0 {
            parts.append("corrupted: \(note.corruption) bits flipped")
        }
        if let note, note.original != .max { parts.append("copy of packet \(note.original)") }
        return parts.joined(separator: "; ")
    }

    private func write(_ event: TraceEvent, _ datagram: Datagram, _ payload: RawSpan, _ comment: String) {
        precondition(payload.byteCount == 0 || payload.byteCount == Int(event.length), "not this packet's bytes")
        guard datagram.length <= family.longestPayload else {
            return sink.reject("a packet of \(event.length) bytes does not fit into an IP datagram.")
        }
        guard family == .ipv6 || max(datagram.source.interface, datagram.destination.interface) < 1 << 24 else {
            return sink.reject("more interfaces than 10.0.0.0/8 has addresses; ask for IPv6.")
        }
        let interface = event.isAtHost ? labels.directions.count + Int(event.place) : Int(event.place)
        sink.text.appendPacket(
            interface: UInt32(interface),
            time: UInt64(event.time.nanoseconds),
            datagram: datagram,
            family: family,
            payload: payload,
            comment: comment
        )
        sink.settle()
    }
}

/// Whether the headers of a capture are IPv4 or IPv6.
package enum AddressFamily: Sendable {
    case ipv4, ipv6

    var headerLength: Int { self == .ipv4 ? 20 : 40 }

    /// What 16-bit length fields leave for UDP payload.
    var longestPayload: Int { self == .ipv4 ? 65_535 - 28 : 65_535 - 8 }
}
