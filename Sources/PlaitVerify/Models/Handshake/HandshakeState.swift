/// A state of the module, in one word: the twin is asked for it after every step of every run.
package struct HandshakeState: Hashable, Sendable, BitwiseCopyable {
    private var bits: UInt64 = 0

    /// Which pattern the client chose, once it did.
    package enum Mode: UInt64, CaseIterable, Sendable {
        case none, xx, ik

        var word: String { ["none", "XX", "IK"][Int(rawValue)] }
    }

    enum ClientStage: UInt64, CaseIterable, Sendable {
        case none, asking, finishing, confirmed, failed, closed

        var word: String { ["none", "asking", "finishing", "confirmed", "failed", "closed"][Int(rawValue)] }
    }

    enum Half: UInt64, CaseIterable, Sendable {
        case none, awaitingFinish, keyed

        var word: String { ["none", "awaitingFinish", "keyed"][Int(rawValue)] }
    }

    /// Where a variable lies in the word.
    private struct Field {
        let shift: UInt64
        let mask: UInt64

        init(_ shift: UInt64, _ width: UInt64) { (self.shift, mask) = (shift, 1 << width - 1) }
    }

    private subscript(field: Field) -> UInt64 {
        @inline(__always) get { bits >> field.shift & field.mask }
        @inline(__always) set {
            assert(newValue <= field.mask, "a variable's value has room")
            bits = bits & ~(field.mask << field.shift) | newValue << field.shift
        }
    }

    private subscript(flag shift: UInt64) -> Bool {
        @inline(__always) get { bits >> shift & 1 != 0 }
        @inline(__always) set { bits = bits & ~(1 << shift) | (newValue ? 1 : 0) << shift }
    }

    // MARK: The variables

    var mode: Mode {
        get { Mode(rawValue: self[Field(57, 2)]) ?? .none }
        set { self[Field(57, 2)] = newValue.rawValue }
    }

    var clientStage: ClientStage {
        get { ClientStage(rawValue: self[Field(1, 3)]) ?? .closed }
        set { self[Field(1, 3)] = newValue.rawValue }
    }

    /// Whether the timer for repeating has fired.
    var clientClock: Bool {
        get { self[flag: 4] }
        set { self[flag: 4] = newValue }
    }

    /// Whether there are two attempts, not one.
    var hasSecondAttempt: Bool {
        get { self[flag: 5] }
        set { self[flag: 5] = newValue }
    }

    var cookie: HandshakeMessage.CookieState {
        get { HandshakeMessage.CookieState(rawValue: self[Field(6, 2)]) ?? .wrong }
        set { self[Field(6, 2)] = newValue.rawValue }
    }

    /// The module's `~answersCookies`, so that all is zero at first.
    var hasAnsweredCookie: Bool {
        get { self[flag: 8] }
        set { self[flag: 8] = newValue }
    }

    var heard: Bool {
        get { self[flag: 9] }
        set { self[flag: 9] = newValue }
    }

    var clientKeys: Int {
        get { Int(self[Field(10, 3)]) }
        set { self[Field(10, 3)] = UInt64(newValue) }
    }

    var opened: Bool {
        get { self[flag: 13] }
        set { self[flag: 13] = newValue }
    }

    var half: Half {
        get { Half(rawValue: self[Field(14, 2)]) ?? .none }
        set { self[Field(14, 2)] = newValue.rawValue }
    }

    var halfIsOld: Bool {
        get { self[flag: 16] }
        set { self[flag: 16] = newValue }
    }

    var generation: Int {
        get { Int(self[Field(17, 3)]) }
        set { self[Field(17, 3)] = UInt64(newValue) }
    }

    var proven: Bool {
        get { self[flag: 20] }
        set { self[flag: 20] = newValue }
    }

    var forged: Int {
        get { Int(self[Field(21, 2)]) }
        set { self[Field(21, 2)] = UInt64(newValue) }
    }

    var changed: Int {
        get { Int(self[Field(23, 2)]) }
        set { self[Field(23, 2)] = UInt64(newValue) }
    }

    /// A bit for each generation; the lowest is anybody else's.
    var sessions: UInt64 {
        get { self[Field(25, 5)] }
        set { self[Field(25, 5)] = newValue }
    }

    var ended: UInt64 {
        get { self[Field(30, 5)] }
        set { self[Field(30, 5)] = newValue }
    }

    var weak: UInt64 {
        get { self[Field(35, 5)] }
        set { self[Field(35, 5)] = newValue }
    }

    var wire: UInt64 {
        get { self[Field(40, 12)] }
        set { self[Field(40, 12)] = newValue }
    }

    var faults: Int {
        get { Int(self[Field(52, 5)]) }
        set { self[Field(52, 5)] = UInt64(newValue) }
    }
}

// What follows from them.
extension HandshakeState {
    var places: Int { (half == .none ? 0 : 1) + (forged == 0 ? 0 : 1) + (changed == 0 ? 0 : 1) }
    var unproven: Int { places - (half != .none && proven ? 1 : 0) }

    /// Whether what the ends may send next has a place on the wire: of each state that the module can come to, but not
    /// of each that a faulty end can, or that a trace can hold.
    var hasPlaceToSend: Bool {
        let generations = 1...HandshakeMessage.generationsMax
        return (half == .none || generations ~= generation) && (clientStage != .finishing || generations ~= clientKeys)
    }

    package var key: UInt64 { CoverageKey.mixed(bits, 0) }

    func isOnWire(_ message: HandshakeMessage) -> Bool { wire & message.bit != 0 }
    mutating func put(_ message: HandshakeMessage) { wire |= message.bit }

    /// Whether the server has, or had, a session with this generation.
    func hasSession(_ generation: Int) -> Bool { sessions & 1 << UInt64(generation) != 0 }
    /// Whether a session that still lives is the client's.
    var isMet: Bool { clientKeys != 0 && (sessions & ~ended) & 1 << UInt64(clientKeys) != 0 }
    var clientIsOver: Bool { clientStage == .failed || clientStage == .closed }
    var bothEstablished: Bool { clientStage == .confirmed && opened && isMet }
    var bothOver: Bool { clientIsOver && sessions == ended }
}

extension HandshakeState: ModelState {
    package static let variables = [
        "mode", "clientStage", "clientClock", "attempts", "cookie", "answersCookies", "heard", "clientKeys", "opened",
        "half", "halfAge", "generation", "proven", "forged", "changed", "sessions", "ended", "weak", "wire", "faults",
    ]

    package var values: [TLAValue] {
        [
            .text(mode.word), .text(clientStage.word), .number(clientClock ? 1 : 0),
            .number(hasSecondAttempt ? 2 : 1), .text(cookie.word), .flag(!hasAnsweredCookie), .flag(heard),
            .number(clientKeys), .flag(opened), .text(half.word), .number(halfIsOld ? 1 : 0), .number(generation),
            .flag(proven), .number(forged), .number(changed), Self.set(sessions), Self.set(ended), Self.set(weak),
            .set(
                of: (0..<HandshakeMessage.count).map { HandshakeMessage(place: $0) }.filter { isOnWire($0) }
                    .map(\.value)
            ),
            .number(faults),
        ]
    }

    package init?(_ values: [TLAValue]) {
        guard values.count == Self.variables.count else { return nil }
        guard let mode = Mode.allCases.first(where: { .text($0.word) == values[0] }),
            let stage = ClientStage.allCases.first(where: { .text($0.word) == values[1] }),
            case .number(let clock) = values[2], 0...1 ~= clock,
            case .number(let attempts) = values[3], 1...2 ~= attempts,
            case .text(let word) = values[4], let cookie = HandshakeMessage.CookieState(word: word),
            case .flag(let answersCookies) = values[5], case .flag(let heard) = values[6],
            case .number(let keys) = values[7], 0...HandshakeMessage.generationsMax ~= keys,
            case .flag(let opened) = values[8]
        else { return nil }
        (self.mode, clientStage, clientClock, hasSecondAttempt) = (mode, stage, clock == 1, attempts == 2)
        (self.cookie, hasAnsweredCookie, self.heard) = (cookie, !answersCookies, heard)
        (clientKeys, self.opened) = (keys, opened)
        guard setServer(values) else { return nil }
    }

    private mutating func setServer(_ values: [TLAValue]) -> Bool {
        guard let half = Half.allCases.first(where: { .text($0.word) == values[9] }),
            case .number(let age) = values[10], 0...1 ~= age,
            case .number(let generation) = values[11], 0...HandshakeMessage.generationsMax ~= generation,
            case .flag(let proven) = values[12], case .number(let forged) = values[13], 0...2 ~= forged,
            case .number(let changed) = values[14], 0...2 ~= changed,
            let sessions = Self.bits(values[15]), let ended = Self.bits(values[16]), let weak = Self.bits(values[17]),
            case .set(let wire) = values[18], case .number(let faults) = values[19], 0...31 ~= faults
        else { return false }
        (self.half, halfIsOld, self.generation, self.proven) = (half, age == 1, generation, proven)
        (self.forged, self.changed, self.sessions, self.ended) = (forged, changed, sessions, ended)
        (self.weak, self.faults) = (weak, faults)
        for value in wire {
            guard let message = HandshakeMessage(value) else { return false }
            put(message)
        }
        return true
    }

    private static func set(_ bits: UInt64) -> TLAValue {
        .set(of: (0...HandshakeMessage.generationsMax).filter { bits & 1 << UInt64($0) != 0 }.map { .number($0) })
    }

    private static func bits(_ value: TLAValue) -> UInt64? {
        guard case .set(let members) = value else { return nil }
        var bits: UInt64 = 0
        for member in members {
            guard case .number(let number) = member, 0...HandshakeMessage.generationsMax ~= number else { return nil }
            bits |= 1 << UInt64(number)
        }
        return bits
    }
}
