/// A state of `formal/Multipath/Multipath.tla`: a few words, so that making, comparing and hashing one costs little.
///
/// Sets of packets have a bit for each number, the lowest for the first; sets of items a bit for each unit, and one for
/// the word that a path was abandoned; sets of paths a bit for each.
package struct MultipathState: ModelState, BitwiseCopyable {
    /// The names of `PathState`, and what there is before a path is opened.
    package enum Life: UInt64, CaseIterable, Sendable {
        case unopened, validating, active, suspected, failed, abandoned
    }

    /// What there is of one path.
    package struct Path: Hashable, Sendable, BitwiseCopyable {
        /// By packet, a byte each.
        var items: UInt64 = 0
        /// Sets of packets, a byte each: flying, handed, got, data on the wire, ACKs on the wire by way.
        var sets: UInt64 = 0
        /// By round what an answer on the wire acknowledges, a byte each; then challenges and answers on the wire.
        var answers: UInt64 = 0
        /// Life, round, next, largest and doubt, four bits each.
        var numbers: UInt64 = 0
    }

    private var first = Path()
    private var second = Path()
    private var shared: UInt64 = 0

    package init() {}

    subscript(path: Int) -> Path {
        @inline(__always) get { path == 1 ? first : second }
        @inline(__always) set { if path == 1 { first = newValue } else { second = newValue } }
    }

    private subscript(shift: UInt64, width: UInt64) -> UInt64 {
        @inline(__always) get { shared >> shift & (1 << width - 1) }
        @inline(__always) set {
            precondition(newValue < 1 << width, "a model of this size has room for its values")
            shared = shared & ~((1 << width - 1) << shift) | newValue << shift
        }
    }

    package var key: UInt64 {
        var key = CoverageKey.mixed(shared, 0)
        for path in [first, second] {
            for word in [path.items, path.sets, path.answers, path.numbers] { key = CoverageKey.mixed(key, word) }
        }
        return key
    }
}

// The variables of all paths together, by the names of the module.
extension MultipathState {
    package var written: Int {
        get { Int(self[0, 4]) }
        set { self[0, 4] = UInt64(newValue) }
    }
    package var delivered: Int {
        get { Int(self[4, 4]) }
        set { self[4, 4] = UInt64(newValue) }
    }
    package var faults: Int {
        get { Int(self[8, 16]) }
        set { self[8, 16] = UInt64(newValue) }
    }
    package var queued: UInt64 {
        get { self[24, 8] }
        set { self[24, 8] = newValue }
    }
    package var acked: UInt64 {
        get { self[32, 8] }
        set { self[32, 8] = newValue }
    }
    package var arrived: UInt64 {
        get { self[40, 8] }
        set { self[40, 8] = newValue }
    }
    /// Sets of paths.
    package var works: UInt64 {
        get { self[48, 2] }
        set { self[48, 2] = newValue }
    }
    package var backup: UInt64 {
        get { self[50, 2] }
        set { self[50, 2] = newValue }
    }
    /// K: how many packets a path may have. No variable, but values have its size.
    var packetsMax: Int {
        get { Int(self[56, 4]) }
        set { self[56, 4] = UInt64(newValue) }
    }

    /// The bit of a path in a set of paths.
    static func bit(path: Int) -> UInt64 { 1 << UInt64(path - 1) }

    func works(_ path: Int) -> Bool { works & Self.bit(path: path) != 0 }
}

// The variables of one path.
extension MultipathState.Path {
    @inline(__always)
    private func small(_ place: UInt64) -> UInt64 { numbers >> (4 * place) & 15 }

    @inline(__always)
    private mutating func setSmall(_ place: UInt64, _ value: UInt64) {
        precondition(value < 16, "a model of this size has numbers below 16")
        numbers = numbers & ~(15 << (4 * place)) | value << (4 * place)
    }

    @inline(__always)
    private func byte(_ word: UInt64, _ place: Int) -> UInt64 { word >> UInt64(8 * place) & 0xFF }

    @inline(__always)
    private func with(_ word: UInt64, _ place: Int, _ value: UInt64) -> UInt64 {
        precondition(value <= 0xFF, "a model of this size has sets of eight")
        return word & ~(0xFF << UInt64(8 * place)) | value << UInt64(8 * place)
    }

    var life: MultipathState.Life {
        get { MultipathState.Life(rawValue: small(0)) ?? .abandoned }
        set { setSmall(0, newValue.rawValue) }
    }
    var round: Int {
        get { Int(small(1)) }
        set { setSmall(1, UInt64(newValue)) }
    }
    var next: Int {
        get { Int(small(2)) }
        set { setSmall(2, UInt64(newValue)) }
    }
    var largest: Int {
        get { Int(small(3)) }
        set { setSmall(3, UInt64(newValue)) }
    }
    /// The first packet since the path is in doubt; zero while it is not.
    var doubt: Int {
        get { Int(small(4)) }
        set { setSmall(4, UInt64(newValue)) }
    }

    /// Sets of packets.
    var flying: UInt64 {
        get { byte(sets, 0) }
        set { sets = with(sets, 0, newValue) }
    }
    var handed: UInt64 {
        get { byte(sets, 1) }
        set { sets = with(sets, 1, newValue) }
    }
    var got: UInt64 {
        get { byte(sets, 2) }
        set { sets = with(sets, 2, newValue) }
    }
    /// On the wire.
    var data: UInt64 {
        get { byte(sets, 3) }
        set { sets = with(sets, 3, newValue) }
    }

    /// What an ACK of this path's packets tells that is on the wire of a path; nothing: there is none.
    subscript(acksBy path: Int) -> UInt64 {
        get { byte(sets, 3 + path) }
        set { sets = with(sets, 3 + path, newValue) }
    }

    /// What a packet carries.
    subscript(items number: Int) -> UInt64 {
        get { byte(items, number - 1) }
        set { items = with(items, number - 1, newValue) }
    }

    /// What the answer of a round acknowledges.
    subscript(answer round: Int) -> UInt64 {
        get { byte(answers, round - 1) }
        set { answers = with(answers, round - 1, newValue) }
    }

    /// Rounds whose challenges, and whose answers, are on the wire; the lowest bit is of the first.
    var challenges: UInt64 {
        get { byte(answers, 4) }
        set { answers = with(answers, 4, newValue) }
    }
    var responses: UInt64 {
        get { byte(answers, 5) }
        set { answers = with(answers, 5, newValue) }
    }

    /// Whether the present challenge is under way.
    var isChallenged: Bool { round > 0 && challenges & MultipathState.bit(number: round) != 0 }

    /// What is in flight and earlier than something acknowledged.
    var overtaken: UInt64 { flying & (MultipathState.below(largest)) }

    /// The items of these packets.
    func items(of packets: UInt64) -> UInt64 {
        var all: UInt64 = 0
        var rest = packets
        while rest != 0 {
            all |= self[items: rest.trailingZeroBitCount + 1]
            rest &= rest - 1
        }
        return all
    }

    /// Active, and probed in vain.
    var isSilent: Bool { life == .active && doubt != 0 }

    /// What waits to be sent again once all in flight is handed out.
    var waiting: UInt64 { items(of: flying & ~handed) }

    /// What an ACK or an answer on the wire tells of.
    var told: UInt64 { self[acksBy: 1] | self[acksBy: 2] | self[answer: 1] | self[answer: 2] | self[answer: 3] }
}

extension MultipathState {
    /// Packets with numbers below this one.
    static func below(_ number: Int) -> UInt64 { number < 1 ? 0 : 1 << UInt64(number - 1) - 1 }
    static func bit(number: Int) -> UInt64 { 1 << UInt64(number - 1) }

    /// The members of a set that are lower than all but so many.
    static func lowest(_ count: Int, of numbers: UInt64) -> UInt64 {
        var rest = numbers
        for _ in 0..<count where rest != 0 { rest &= rest - 1 }
        return numbers & ~rest
    }

    /// The highest number in a set; zero for none.
    static func highest(of numbers: UInt64) -> Int { 64 - numbers.leadingZeroBitCount }

    /// The word that a path was abandoned, as an item: above those of units.
    static func word(_ path: Int) -> UInt64 { 1 << UInt64(8 - path) }

    /// Units below this one.
    static func units(below unit: Int) -> UInt64 { 1 << UInt64(unit) - 1 }

    /// Everything on the wire.
    var messages: [MultipathMessage] {
        var found: [MultipathMessage] = []
        for path in 1...MultipathModel.pathsMax {
            let of = self[path]
            for number in Self.members(of.data) { found.append(.data(path: path, number: number)) }
            for by in 1...MultipathModel.pathsMax where of[acksBy: by] != 0 {
                found.append(.ack(path: path, by: by, numbers: of[acksBy: by]))
            }
            for round in Self.members(of.challenges) { found.append(.challenge(path: path, round: round)) }
            for round in Self.members(of.responses) {
                found.append(.response(path: path, round: round, numbers: of[answer: round]))
            }
        }
        return found
    }

    /// The places of a set's bits, counted from one.
    static func members(_ bits: UInt64) -> [Int] { (1...8).filter { bits >> UInt64($0 - 1) & 1 != 0 } }

    /// A challenge whose answer is under way.
    func isPointlessToDrop(_ message: MultipathMessage) -> Bool {
        guard case .challenge(let path, let round) = message else { return false }
        return self[path].responses & Self.bit(number: round) != 0
    }

    mutating func put(_ message: MultipathMessage) {
        switch message {
        case .data(let path, let number): self[path].data |= Self.bit(number: number)
        case .ack(let path, let by, let numbers): self[path][acksBy: by] = numbers
        case .challenge(let path, let round): self[path].challenges |= Self.bit(number: round)
        case .response(let path, let round, let numbers):
            self[path].responses |= Self.bit(number: round)
            self[path][answer: round] = numbers
        }
    }

    mutating func take(_ message: MultipathMessage) {
        switch message {
        case .data(let path, let number): self[path].data &= ~Self.bit(number: number)
        case .ack(let path, let by, _): self[path][acksBy: by] = 0
        case .challenge(let path, let round): self[path].challenges &= ~Self.bit(number: round)
        case .response(let path, let round, _):
            self[path].responses &= ~Self.bit(number: round)
            self[path][answer: round] = 0
        }
    }
}
