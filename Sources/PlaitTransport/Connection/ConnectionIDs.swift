import PlaitCore

/// The connection ids of one path: those that this end gave out, and those that the peer did.
///
/// Neither list can be made to grow: this end keeps `limit` of its own ids valid and gives out a new one for each that
/// the peer retires; the peer may give at most `limit` that are not retired.
package struct ConnectionIDs: ~Copyable {
    /// An id and its number in the order of giving out.
    struct Numbered: BitwiseCopyable {
        var sequence: UInt64
        var id: ConnectionID
    }

    /// This end's ids that the peer may use, in order.
    private var own = Table<Numbered>(capacity: 2)
    private var ownNext: UInt64 = 0
    /// The peer's ids not in use yet, in order.
    private var supply = Table<Numbered>(capacity: 2)
    /// What packets are addressed to.
    private var inUse: Numbered
    /// All of the peer's ids with smaller numbers are retired.
    private var retiredBefore: UInt64 = 0
    /// How many of its ids the peer may have outstanding here.
    private let limit: Int

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

    /// The frame that tells of an own id, or nil when the peer has retired it since.
    func frame(for sequence: UInt64, path: PathID) -> NewConnectionIDFrame? {
        for index in own.indices where own[index].sequence == sequence {
            return NewConnectionIDFrame(path: path, sequence: sequence, retirePrior: 0, id: own[index].id)
        }
        return nil
    }

    /// The peer will use one of this end's ids no more. Answers that id, which leads nowhere from now on.
    mutating func retire(_ sequence: UInt64, arrivedFor used: ConnectionID) throws(PeerViolation) -> ConnectionID? {
        guard sequence < ownNext else {
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

    /// The peer gives an id, and may ask this end to use older ones no more. Answers the first and last number to
    /// retire.
    mutating func receive(_ frame: NewConnectionIDFrame) throws(PeerViolation) -> Range<UInt64> {
        guard frame.retirePrior <= frame.sequence, frame.id != .unknown else {
            throw PeerViolation(.frameEncoding, frame: FrameType.newConnectionID, "a malformed connection id")
        }
        if frame.sequence == inUse.sequence, frame.id != inUse.id { throw Self.reused }
        if frame.sequence > inUse.sequence, frame.sequence >= retiredBefore { try add(frame) }
        let retiring = max(retiredBefore, frame.retirePrior)
        let range = retiredBefore..<retiring
        guard range.count <= 64 else { throw Self.overLimit }
        retiredBefore = retiring
        while !supply.isEmpty, supply[0].sequence < retiring { _ = removeFirst() }
        if inUse.sequence < retiring {
            guard let next = removeFirst() else { throw Self.overLimit }
            inUse = next
        }
        return range
    }

    /// Goes on to the peer's next id, if there is one, and answers the number of the one to retire.
    mutating func rotate() -> UInt64? {
        guard let next = removeFirst() else { return nil }
        let old = inUse.sequence
        inUse = next
        retiredBefore = max(retiredBefore, old + 1)
        return old
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
        // The one in use counts, too, unless this very frame retires it.
        guard supply.count + 1 < limit + (inUse.sequence < frame.retirePrior ? 1 : 0) else { throw Self.overLimit }
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
