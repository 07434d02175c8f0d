import PlaitCore

/// What a plain packet carries: enough to acknowledge it and to notice damage. The rest is zeros.
///
///     0      2      4      8       16         24        32        40
///     | kind | life | flow | check | sequence | echo    | marks   |  (big-endian)
///     '-------------- every packet -----------'-- closed loop ----'
///
/// `check` stands for all the rest, or is zero in open-loop traffic, where nobody looks. It is not at the front because
/// tools that guess a protocol from the first bytes would find one in a random number.
struct PlainPacket {
    enum Kind: UInt16 {
        case data = 0x7044
        case acknowledgement = 0x7041
    }

    var kind: Kind
    var flow: FlowID
    /// How often the source was restarted: segments of an earlier life are not mixed with those of this one.
    var life: UInt16 = 0
    /// Data: the segment's number. Acknowledgement: the first number that is missing.
    var sequence: UInt64
    /// The sender's clock when it sent; an acknowledgement returns that of the packet it answers.
    var echo: Instant = .start
    /// Acknowledgement: how many packets arrived with Congestion Experienced.
    var marks: UInt64 = 0

    static let header = 24
    static let closedLoopHeader = 40

    /// Writes a packet of `length` bytes without a check; the closed-loop fields are left out.
    func write(to buffer: inout MutableRawSpan, length: Int) {
        precondition(length >= Self.header && length <= buffer.byteCount, "a plain packet without its header")
        store(in: &buffer, length: length, closedLoop: false)
    }

    /// Writes the whole packet and its check: any damage will be noticed by `init(checked:)`.
    func writeChecked(to buffer: inout MutableRawSpan, length: Int) {
        precondition(length >= Self.closedLoopHeader && length <= buffer.byteCount, "a packet without its header")
        store(in: &buffer, length: length, closedLoop: true)
        buffer.storeBytes(
            of: Self.check(of: buffer.bytes.extracting(0..<length)).bigEndian,
            toByteOffset: 8,
            as: UInt64.self
        )
    }

    /// Any damage to a packet changes this, but for damage to the check itself.
    private static func check(of packet: RawSpan) -> UInt64 {
        var hash = RunningHash()
        hash.fold(packet.extracting(0..<8).digest, packet.extracting(16..<packet.byteCount).digest)
        return hash.words.low
    }

    private func store(in buffer: inout MutableRawSpan, length: Int, closedLoop: Bool) {
        _ = unsafe buffer.withUnsafeMutableBytes {
            unsafe $0.prefix(length).initializeMemory(as: UInt8.self, repeating: 0)
        }
        buffer.storeBytes(of: kind.rawValue.bigEndian, toByteOffset: 0, as: UInt16.self)
        buffer.storeBytes(of: life.bigEndian, toByteOffset: 2, as: UInt16.self)
        buffer.storeBytes(of: flow.index.bigEndian, toByteOffset: 4, as: Int32.self)
        buffer.storeBytes(of: sequence.bigEndian, toByteOffset: 16, as: UInt64.self)
        guard closedLoop else { return }
        buffer.storeBytes(of: echo.nanoseconds.bigEndian, toByteOffset: 24, as: Int64.self)
        buffer.storeBytes(of: marks.bigEndian, toByteOffset: 32, as: UInt64.self)
    }

    /// Reads what `writeChecked` wrote, or answers nil when it was damaged, as a UDP checksum would.
    init?(checked datagram: RawSpan) {
        guard datagram.byteCount >= Self.closedLoopHeader else { return nil }
        var reader = ByteReader(datagram)
        do throws(ByteError) {
            let code: UInt16 = try reader.integer()
            guard let kind = Kind(rawValue: code) else { return nil }
            self.kind = kind
            life = try reader.integer()
            let number: Int32 = try reader.integer()
            flow = FlowID(Int(number))
            let check: UInt64 = try reader.integer()
            guard check == Self.check(of: datagram) else { return nil }
            sequence = try reader.integer()
            let reading: Int64 = try reader.integer()
            echo = Instant(nanoseconds: reading)
            marks = try reader.integer()
        } catch {
            // Too short for its header: damaged, like any other.
            return nil
        }
    }

    init(
        kind: Kind,
        life: UInt16 = 0,
        flow: FlowID,
        sequence: UInt64,
        echo: Instant = .start,
        marks: UInt64 = 0
    ) {
        self.kind = kind
        self.life = life
        self.flow = flow
        self.sequence = sequence
        self.echo = echo
        self.marks = marks
    }
}
