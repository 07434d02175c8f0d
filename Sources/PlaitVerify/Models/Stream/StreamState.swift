/// A state of `formal/Stream/Stream.tla`: five words, so that making, comparing and hashing one costs next to nothing.
package struct StreamState: ModelState {
    /// The names of `SendSide.State`.
    package enum Sending: UInt8, CaseIterable {
        case open
        case ending
        case resetting
        case finished
        case over
    }

    /// The names of `ReceiveSide.State`, and what there is before any frame came.
    package enum Receiving: UInt8, CaseIterable {
        case unknown
        case open
        case ending
        case stopped
        case reset
        case over
    }

    /// The names of `SendSide.Word`.
    package enum Word: UInt8, CaseIterable {
        case unsent
        case inFlight
        case acknowledged
    }

    /// Half bytes, by `Place`.
    private var numbers: UInt64 = 0
    /// Sets of units and the count of faults, 16 bits each.
    private var sets: UInt64 = 0
    /// Frames that can still arrive, as all sets of frames by `StreamModel.Frame`.
    package var wire: UInt64 = 0
    package var inflight: UInt64 = 0
    package var acks: UInt64 = 0

    private enum Place: Int {
        case sendState, word, end, next, limit
        case receiveState, stopWord, highest, recvLimit, window, owesLimit, delivered
    }

    package init() {}

    /// Of two states that have nothing in common but zeros.
    func joined(_ other: StreamState) -> StreamState {
        var state = self
        state.numbers |= other.numbers
        state.sets |= other.sets
        return state
    }

    private subscript(place: Place) -> UInt8 {
        get { UInt8(truncatingIfNeeded: numbers >> UInt64(4 * place.rawValue) & 15) }
        set {
            precondition(newValue < 16, "a model of this size has numbers below 16")
            let shift = UInt64(4 * place.rawValue)
            numbers = numbers & ~(15 << shift) | UInt64(newValue) << shift
        }
    }

    private subscript(set place: Int) -> UInt64 {
        get { sets >> UInt64(16 * place) & 0xFFFF }
        set {
            precondition(newValue <= 0xFFFF, "a model of this size has 16 units")
            sets = sets & ~(0xFFFF << UInt64(16 * place)) | newValue << UInt64(16 * place)
        }
    }
}

// The variables, by the names of the module.
extension StreamState {
    package var sendState: Sending {
        get { Sending(rawValue: self[.sendState]) ?? .open }
        set { self[.sendState] = newValue.rawValue }
    }

    package var word: Word {
        get { Word(rawValue: self[.word]) ?? .unsent }
        set { self[.word] = newValue.rawValue }
    }

    package var end: Int {
        get { Int(self[.end]) }
        set { self[.end] = UInt8(newValue) }
    }
    package var next: Int {
        get { Int(self[.next]) }
        set { self[.next] = UInt8(newValue) }
    }
    package var limit: Int {
        get { Int(self[.limit]) }
        set { self[.limit] = UInt8(newValue) }
    }

    package var receiveState: Receiving {
        get { Receiving(rawValue: self[.receiveState]) ?? .unknown }
        set { self[.receiveState] = newValue.rawValue }
    }

    package var stopWord: Word {
        get { Word(rawValue: self[.stopWord]) ?? .unsent }
        set { self[.stopWord] = newValue.rawValue }
    }

    package var highest: Int {
        get { Int(self[.highest]) }
        set { self[.highest] = UInt8(newValue) }
    }
    package var recvLimit: Int {
        get { Int(self[.recvLimit]) }
        set { self[.recvLimit] = UInt8(newValue) }
    }
    package var window: Int {
        get { Int(self[.window]) }
        set { self[.window] = UInt8(newValue) }
    }
    package var owesLimit: Bool {
        get { self[.owesLimit] != 0 }
        set { self[.owesLimit] = newValue ? 1 : 0 }
    }
    package var delivered: Int {
        get { Int(self[.delivered]) }
        set { self[.delivered] = UInt8(newValue) }
    }

    /// Units as bits.
    package var acked: UInt64 {
        get { self[set: 0] }
        set { self[set: 0] = newValue }
    }
    package var lost: UInt64 {
        get { self[set: 1] }
        set { self[set: 1] = newValue }
    }
    package var arrived: UInt64 {
        get { self[set: 2] }
        set { self[set: 2] = newValue }
    }
    package var faults: Int {
        get { Int(self[set: 3]) }
        set { self[set: 3] = UInt64(newValue) }
    }

    package var key: UInt64 {
        [sets, wire, inflight, acks].reduce(CoverageKey.mixed(numbers, 0)) { CoverageKey.mixed($0, $1) }
    }

    /// Whether the sender still has bytes that it may have to send.
    package var hasBuffer: Bool { sendState == .open || sendState == .ending }

    package var isSenderOver: Bool { sendState == .finished || sendState == .over }

    /// Everything is here, and how much that is is known.
    package var isComplete: Bool {
        receiveState == .ending && arrived & StreamModel.below(highest) == StreamModel.below(highest)
    }

    /// All was sent and the word of the end is not on its way.
    package var isEndAlone: Bool { sendState == .ending && word == .unsent && lost == 0 && next == end }

    /// There are bytes to send and no credit.
    package var isBlocked: Bool { hasBuffer && next == limit && next < end }
}

// As TLA+ has it.
extension StreamState {
    package static let variables = [
        "sendState", "word", "end", "next", "acked", "lost", "limit", "receiveState", "stopWord", "highest", "arrived",
        "recvLimit", "window", "owesLimit", "delivered", "wire", "inflight", "acks", "faults",
    ]

    package var values: [TLAValue] {
        [
            .text("\(sendState)"), .text("\(word)"), .number(end), .number(next), Self.units(acked), Self.units(lost),
            .number(limit), .text("\(receiveState)"), .text("\(stopWord)"), .number(highest), Self.units(arrived),
            .number(recvLimit), .number(window), .flag(owesLimit), .number(delivered), Self.frames(wire),
            Self.frames(inflight), Self.frames(acks), .number(faults),
        ]
    }

    package init?(_ values: [TLAValue]) {
        guard values.count == Self.variables.count,
            let sendState = Self.named(values[0], of: Sending.self), let word = Self.named(values[1], of: Word.self),
            let end = Self.number(values[2]), let next = Self.number(values[3]),
            let acked = Self.units(values[4]), let lost = Self.units(values[5]),
            let limit = Self.number(values[6]), let receiveState = Self.named(values[7], of: Receiving.self),
            let stopWord = Self.named(values[8], of: Word.self), let highest = Self.number(values[9]),
            let arrived = Self.units(values[10]), let recvLimit = Self.number(values[11]),
            let window = Self.number(values[12]), case .flag(let owesLimit) = values[13],
            let delivered = Self.number(values[14]), let wire = Self.frames(values[15]),
            let inflight = Self.frames(values[16]), let acks = Self.frames(values[17]),
            case .number(let faults) = values[18], 0...0xFFFF ~= faults
        else { return nil }
        (self.sendState, self.word, self.end, self.next) = (sendState, word, end, next)
        (self.acked, self.lost, self.limit) = (acked, lost, limit)
        (self.receiveState, self.stopWord, self.highest, self.arrived) = (receiveState, stopWord, highest, arrived)
        (self.recvLimit, self.window, self.owesLimit, self.delivered) = (recvLimit, window, owesLimit, delivered)
        (self.wire, self.inflight, self.acks, self.faults) = (wire, inflight, acks, faults)
    }

    private static func named<Name: CaseIterable>(_ value: TLAValue, of type: Name.Type) -> Name? {
        guard case .text(let text) = value else { return nil }
        return Name.allCases.first { "\($0)" == text }
    }

    private static func number(_ value: TLAValue) -> Int? {
        guard case .number(let number) = value, 0..<16 ~= number else { return nil }
        return number
    }

    private static func units(_ bits: UInt64) -> TLAValue {
        .set(of: (0..<16).filter { bits >> UInt64($0) & 1 != 0 }.map { .number($0) })
    }

    private static func units(_ value: TLAValue) -> UInt64? {
        guard case .set(let members) = value else { return nil }
        var bits: UInt64 = 0
        for member in members {
            guard let unit = number(member) else { return nil }
            bits |= 1 << UInt64(unit)
        }
        return bits
    }

    private static func frames(_ bits: UInt64) -> TLAValue { .set(of: StreamModel.frames(bits).map(\.value)) }

    private static func frames(_ value: TLAValue) -> UInt64? {
        guard case .set(let members) = value else { return nil }
        var bits: UInt64 = 0
        for member in members {
            guard let frame = StreamModel.Frame(member) else { return nil }
            bits |= frame.bit
        }
        return bits
    }
}
