import PlaitCore

// The blocks of pcapng, little-endian. Section numbers are those of draft-ietf-opsawg-pcapng.

extension Text {
    mutating func append(big word: UInt16) {
        append(byte: UInt8(truncatingIfNeeded: word >> 8))
        append(byte: UInt8(truncatingIfNeeded: word))
    }

    private mutating func append(little word: UInt16) { append(big: word.byteSwapped) }

    private mutating func append(little word: UInt32) {
        append(little: UInt16(truncatingIfNeeded: word))
        append(little: UInt16(truncatingIfNeeded: word >> 16))
    }

    private mutating func append(little word: UInt64) {
        append(little: UInt32(truncatingIfNeeded: word))
        append(little: UInt32(truncatingIfNeeded: word >> 32))
    }

    private mutating func pad() {
        while count % 4 > 0 { append(byte: 0) }
    }

    /// A block's frame: its length stands before and behind the content and counts the frame.
    ///
    /// Content is built apart because its length comes first; `appendPacket`, the hot one, computes it instead.
    private mutating func append(block type: UInt32, _ content: Text) {
        var padded = content
        padded.pad()
        let length = UInt32(12 + padded.count)
        append(little: type)
        append(little: length)
        append(span: padded.span)
        append(little: length)
    }

    /// Section 3.5.
    private mutating func append(option code: UInt16, _ value: [UInt8]) {
        append(little: code)
        append(little: UInt16(value.count))
        append(bytes: value)
        pad()
    }

    private mutating func appendEndOfOptions() { append(little: UInt32(0)) }

    /// Section 4.1. The length of the section is not known, which readers accept.
    mutating func appendSectionHeader(application: String) {
        var content = Text()
        content.append(little: UInt32(0x1A2B_3C4D))
        content.append(little: UInt16(1))
        content.append(little: UInt16(0))
        content.append(little: UInt64.max)
        content.append(option: 4, Array(application.utf8))
        content.appendEndOfOptions()
        append(block: 0x0A0D_0D0A, content)
    }

    /// Section 4.2: raw IP (101), no snap length, its name, its speed when it has one, nanoseconds.
    mutating func appendInterface(name: String, speed: UInt64) {
        var content = Text()
        content.append(little: UInt16(101))
        content.append(little: UInt16(0))
        content.append(little: UInt32(0))
        content.append(option: 2, Array(name.utf8))
        if speed > 0 {
            var value = Text()
            value.append(little: speed)
            content.append(option: 8, value.bytes)
        }
        content.append(option: 9, [9])
        content.appendEndOfOptions()
        append(block: 1, content)
    }

    /// Section 4.5: the host and link of each interface that the scenario starts with.
    mutating func appendNames(_ labels: RunLabels, _ family: AddressFamily) {
        guard !labels.directions.isEmpty else { return }
        var content = Text()
        for (interface, direction) in labels.directions.enumerated() {
            let name = Array("\(direction.from).\(direction.link)".utf8)
            content.append(little: UInt16(family == .ipv4 ? 1 : 2))
            content.append(little: UInt16((family == .ipv4 ? 4 : 16) + name.count + 1))
            if family == .ipv4 {
                content.append(big: 0x0A00 | UInt16(interface >> 16 & 0xFF))
            } else {
                content.append(big: UInt16(0xFD00))
                for _ in 0..<5 { content.append(big: UInt16(0)) }
                content.append(big: UInt16(truncatingIfNeeded: interface >> 16))
            }
            content.append(big: UInt16(truncatingIfNeeded: interface))
            content.append(bytes: name)
            content.append(byte: 0)
            content.pad()
        }
        content.append(little: UInt32(0))
        append(block: 4, content)
    }

    /// Section 4.3, an enhanced packet block.
    mutating func appendPacket(
        interface: UInt32,
        time: UInt64,
        datagram: Datagram,
        family: AddressFamily,
        payload: RawSpan,
        comment: String
    ) {
        let captured = family.headerLength + 8 + datagram.capturedLength
        let note = Array(comment.utf8)
        let options = note.isEmpty ? 0 : 4 + (note.count + 3) / 4 * 4 + 4
        let length = UInt32(32 + (captured + 3) / 4 * 4 + options)
        append(little: UInt32(6))
        append(little: length)
        append(little: interface)
        append(little: UInt32(truncatingIfNeeded: time >> 32))
        append(little: UInt32(truncatingIfNeeded: time))
        append(little: UInt32(captured))
        append(little: UInt32(family.headerLength + 8 + datagram.length))
        datagram.appendHeaders(to: &self, family, payload)
        append(span: payload)
        for _ in 0..<(4 - captured % 4) % 4 { append(byte: 0) }
        if !note.isEmpty {
            append(little: UInt16(1))
            append(little: UInt16(note.count))
            append(bytes: note)
            for _ in 0..<(4 - note.count % 4) % 4 { append(byte: 0) }
            appendEndOfOptions()
        }
        append(little: length)
    }
}
