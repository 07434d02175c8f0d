import PlaitCore

/// The IP and UDP headers that a captured packet gets.
struct Datagram {
    let source: SocketAddress
    let destination: SocketAddress
    let ecn: ECN
    let identification: UInt16
    /// Of the UDP payload, whether or not its bytes are there.
    let length: Int
    let capturedLength: Int

    init(_ source: SocketAddress, _ destination: SocketAddress, _ event: TraceEvent, _ capturedLength: Int) {
        self.source = source
        self.destination = destination
        ecn = event.ecn
        identification = UInt16(truncatingIfNeeded: event.packet)
        length = Int(event.length)
        self.capturedLength = capturedLength
    }

    func appendHeaders(to text: inout Text, _ family: AddressFamily, _ payload: RawSpan) {
        switch family {
        case .ipv4: appendIPv4(to: &text)
        case .ipv6: appendIPv6(to: &text)
        }
        text.append(big: source.port)
        text.append(big: destination.port)
        text.append(big: UInt16(8 + length))
        text.append(big: udpChecksum(family, payload))
    }

    /// RFC 791: no options, not to be fragmented.
    private func appendIPv4(to text: inout Text) {
        var words: InlineArray<10, UInt16> = [
            0x4500 | UInt16(ecn.rawValue), UInt16(28 + length), identification, 0x4000, 64 << 8 | 17, 0,
            0x0A00 | UInt16(source.interface >> 16 & 0xFF), low(source),
            0x0A00 | UInt16(destination.interface >> 16 & 0xFF), low(destination),
        ]
        var sum = Checksum()
        for place in words.indices { sum.add(words[place]) }
        words[5] = sum.value
        for place in words.indices { text.append(big: words[place]) }
    }

    /// RFC 8200: the two ECN bits are the lowest of the traffic class.
    private func appendIPv6(to text: inout Text) {
        text.append(big: 0x6000 | UInt16(ecn.rawValue) << 4)
        text.append(big: UInt16(0))
        text.append(big: UInt16(8 + length))
        text.append(big: UInt16(17 << 8 | 64))
        appendIPv6(source, to: &text)
        appendIPv6(destination, to: &text)
    }

    private func appendIPv6(_ address: SocketAddress, to text: inout Text) {
        text.append(big: UInt16(0xFD00))
        for _ in 0..<5 { text.append(big: UInt16(0)) }
        text.append(big: UInt16(address.interface >> 16))
        text.append(big: low(address))
    }

    /// RFC 768 and RFC 8200, 8.1. Without the bytes there is nothing to sum up: IPv4 says so by zero; IPv6 has no such
    /// word, so the checksum is that of a payload of zeros, and no reader verifies it, because the packet is marked as
    /// cut short.
    private func udpChecksum(_ family: AddressFamily, _ payload: RawSpan) -> UInt16 {
        guard capturedLength == length || family == .ipv6 else { return 0 }
        var sum = Checksum()
        add(source, family, to: &sum)
        add(destination, family, to: &sum)
        sum.add(17)
        sum.add(UInt16(8 + length))
        sum.add(UInt16(8 + length))
        sum.add(payload)
        return sum.value == 0 ? 0xFFFF : sum.value
    }

    private func add(_ address: SocketAddress, _ family: AddressFamily, to sum: inout Checksum) {
        let high = UInt16(address.interface >> 16)
        sum.add(family == .ipv4 ? 0x0A00 | high & 0xFF : 0xFD00)
        if family == .ipv6 { sum.add(high) }
        sum.add(low(address))
        sum.add(address.port)
    }

    private func low(_ address: SocketAddress) -> UInt16 { UInt16(truncatingIfNeeded: address.interface) }
}

/// The Internet checksum (RFC 1071).
private struct Checksum {
    private var sum: UInt64 = 0

    mutating func add(_ word: UInt16) { sum += UInt64(word) }

    /// Bytes from an even place of the datagram on.
    mutating func add(_ bytes: RawSpan) {
        var place = 0
        while place + 1 < bytes.byteCount {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place, as: UInt16.self)
            sum &+= UInt64(UInt16(bigEndian: word))
            place += 2
        }
        if place < bytes.byteCount {
            sum &+= UInt64(unsafe bytes.unsafeLoad(fromByteOffset: place, as: UInt8.self)) << 8
        }
    }

    var value: UInt16 {
        var folded = sum
        while folded > 0xFFFF { folded = folded & 0xFFFF + folded >> 16 }
        return ~UInt16(folded)
    }
}
