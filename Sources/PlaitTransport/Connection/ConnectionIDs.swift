import PlaitCore

/// The connection ids of one path: those that this end gave out, and those that the peer did.
///
/// No list can be made to grow: this end keeps `ownMax` of its own ids valid and gives out a new one for each that the
/// peer retires; of the peer's ids, numbered without gaps, `limit` are kept from the one in use on; and what was
/// retired is remembered until the peer knows, at most `retiringMax` of them.
///
///     peer's numbers    0  1  2  3 │ 4       │ 5  6  7  │
///                          retired │ in use  │  supply  │ refused: more than `limit`
package struct ConnectionIDs: ~Copyable {
    /// An id and its number in the order of giving out.
    struct Numbered: BitwiseCopyable {
        var sequence: UInt64
        var id: ConnectionID
    }

    /// This end's ids that the peer may use, in order.
    private var own = Table<Numbered>(capacity: 2)
    private var ownNext: UInt64 = 0
    /// Smaller numbers than this the peer was told of; it cannot know of others.
    private var ownTold: UInt64 = 1
    /// The peer's ids not in use yet, in order.
    private var supply = Table<Numbered>(capacity: 2)
    /// What packets are addressed to; `unknown` until the peer gave one. All of its ids with smaller numbers are
    /// retired.
    private var inUse: Numbered
    /// Numbers that were retired, and the peer has not acknowledged it.
    private var retiring = Table<UInt64>(capacity: 1)
    /// How many of its ids the peer may have outstanding here.
    private let limit: Int

    /// Of a path that neither end has given an id for yet.
    init(limit: Int) {
        precondition(limit >= 1, "a connection needs an id")
        inUse = Numbered(sequence: 0, id: .unknown)
        self.limit = limit
        ownTold = 0
    }

    /// Of a path whose first ids both ends know.
    mutating func begin(own id: ConnectionID, peer: ConnectionID) {
        precondition(ownNext == 0 && !hasPeer, "a path begins once")
        own.append(Numbered(sequence: 0, id: id))
        ownNext = 1
        ownTold = 1
        inUse.id = peer
    }

    /// Of the handshake's path.
    init(own first: ConnectionID, peer: ConnectionID, limit: Int) {
        precondition(limit >= 1, "a connection needs an id")
        ownNext = 1
        inUse = Numbered(sequence: 0, id: peer)
        self.limit = limit
        own.append(Numbered(sequence: 0, id: first))
    }
}

extension ConnectionIDs {
    /// Where packets of this path are addressed to.
    var peer: ConnectionID { inUse.id }

    /// Whether the peer has given an id to address it by.
    var hasPeer: Bool { inUse.id != .unknown }

    /// Whether an own id, one that the peer may use, is this one.
    func owns(_ id: ConnectionID) -> Bool {
        for index in own.indices where own[index].id == id { return true }
        return false
    }

    /// Takes back one of this end's ids, until none is left: the connection is over.
    mutating func withdraw() -> ConnectionID? { own.popLast()?.id }

    /// Whether the peer may be given another id.
    func wants(outOf peerLimit: UInt64) -> Bool { UInt64(own.count) < min(peerLimit, UInt64(Self.ownMax)) }

    /// Of this end's ids, so many are valid at once.
    static var ownMax: Int { 4 }

    /// Gives out an id, and answers its number.
    mutating func issue(_ id: ConnectionID) -> UInt64 {
        own.append(Numbered(sequence: ownNext, id: id))
        ownNext += 1
        return ownNext - 1
    }

    /// Own ids that lead here.
    var validCount: Int { own.count }

    /// Whether an own id still leads here.
    func isValid(_ sequence: UInt64) -> Bool {
        for index in own.indices where own[index].sequence == sequence { return true }
        return false
    }

    /// The frame that tells of an own id, or nil when the peer has retired it since.
    func frame(for sequence: UInt64, path: PathID) -> NewConnectionIDFrame? {
        for index in own.indices where own[index].sequence == sequence {
            return NewConnectionIDFrame(path: path, sequence: sequence, retirePrior: 0, id: own[index].id)
        }
        return nil
    }

    /// The frame that tells of this own id was written.
    mutating func told(of sequence: UInt64) { ownTold = max(ownTold, sequence + 1) }

    /// The peer will use one of this end's ids no more. Answers that id, which leads nowhere from now on.
    mutating func retire(_ sequence: UInt64, arrivedFor used: ConnectionID) throws(PeerViolation) -> ConnectionID? {
        // Whoever retires what it cannot have heard of wants to be given ids faster than it acknowledges them.
        guard sequence < ownTold else {
            throw PeerViolation(.protocolViolation, frame: FrameType.retireConnectionID, "an id was never given out")
        }
        for index in own.indices where own[index].sequence == sequence {
            let id = own[index].id
            // The packet that asks for it cannot itself be addressed to it, or the peer would cut off its own branch.
            guard id != used else {
                throw PeerViolation(.protocolViolation, frame: FrameType.retireConnectionID, "the id was still in use")
            }
            for later in index..<own.count - 1 { own[later] = own[later + 1] }
            _ = own.popLast()
            return id
        }
        return nil
    }

    /// The peer gives an id, and may ask this end to use older ones no more. Answers the numbers to retire.
    mutating func receive(_ frame: NewConnectionIDFrame) throws(PeerViolation) -> Range<UInt64> {
        guard frame.retirePrior <= frame.sequence, frame.id != .unknown else {
            throw PeerViolation(.frameEncoding, frame: FrameType.newConnectionID, "a malformed connection id")
        }
        if frame.sequence == inUse.sequence, !hasPeer { inUse.id = frame.id }
        if frame.sequence == inUse.sequence, frame.id != inUse.id { throw Self.reused }
        // Numbers rise by one, so a far one stands for more ids than are kept, whether or not those came.
        guard frame.sequence - min(frame.sequence, max(inUse.sequence, frame.retirePrior)) < UInt64(limit) else {
            throw Self.overLimit
        }
        if frame.sequence > inUse.sequence { try add(frame) }
        guard frame.retirePrior > inUse.sequence else { return inUse.sequence..<inUse.sequence }
        while !supply.isEmpty, supply[0].sequence < frame.retirePrior { _ = removeFirst() }
        guard let range = goOn() else { throw Self.overLimit }
        return range
    }

    /// Goes on to the peer's next id, if there is one, and answers the numbers to retire: the one in use until now, and
    /// those after it that have not come.
    mutating func rotate() -> Range<UInt64>? { hasPeer ? goOn() : nil }

    private mutating func goOn() -> Range<UInt64>? {
        guard !supply.isEmpty else { return nil }
        let range = inUse.sequence..<supply[0].sequence
        guard range.upperBound - range.lowerBound <= UInt64(retiringMax - retiring.count) else { return nil }
        guard let next = removeFirst() else { return nil }
        inUse = next
        for sequence in range { retiring.append(sequence) }
        return range
    }

    private var retiringMax: Int { max(64, 2 * limit) }

    /// Whether the peer has to be told again that this number is retired.
    func isRetiring(_ sequence: UInt64) -> Bool {
        for index in retiring.indices where retiring[index] == sequence { return true }
        return false
    }

    /// The peer knows that this number is retired.
    mutating func retired(_ sequence: UInt64) {
        for index in retiring.indices where retiring[index] == sequence {
            guard let last = retiring.popLast() else { return }
            if index < retiring.count { retiring[index] = last }
            return
        }
    }

    /// So many frames about ids may wait to be sent.
    var framesMax: Int { retiringMax + Self.ownMax }

    func checkInvariants() {
        precondition(own.count <= Self.ownMax && retiring.count <= retiringMax, "more ids than are kept")
        precondition(supply.count < limit, "more of the peer's ids than are kept")
        for index in supply.indices {
            let before = index == 0 ? inUse.sequence : supply[index - 1].sequence
            precondition(before < supply[index].sequence, "the peer's ids are not in order")
        }
    }

    private mutating func add(_ frame: NewConnectionIDFrame) throws(PeerViolation) {
        var place = supply.count
        while place > 0, supply[place - 1].sequence >= frame.sequence {
            if supply[place - 1].sequence == frame.sequence {
                guard supply[place - 1].id == frame.id else { throw Self.reused }
                return
            }
            place -= 1
        }
        supply.append(Numbered(sequence: frame.sequence, id: frame.id))
        var later = supply.count - 1
        while later > place {
            supply[later] = supply[later - 1]
            later -= 1
        }
        supply[place] = Numbered(sequence: frame.sequence, id: frame.id)
    }

    private mutating func removeFirst() -> Numbered? {
        guard !supply.isEmpty else { return nil }
        let first = supply[0]
        for index in 0..<supply.count - 1 { supply[index] = supply[index + 1] }
        _ = supply.popLast()
        return first
    }

    private static var overLimit: PeerViolation {
        PeerViolation(.connectionIDLimit, frame: FrameType.newConnectionID, "more connection ids than were allowed")
    }

    private static var reused: PeerViolation {
        PeerViolation(
            .protocolViolation,
            frame: FrameType.newConnectionID,
            "one number was given to two connection ids"
        )
    }
}
