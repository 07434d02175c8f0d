import PlaitCore
import PlaitCrypto

/// One way between two socket addresses: its packet numbers, what was received on it, and what recovery knows of it.
struct Path: ~Copyable {
    let id: PathID
    /// Its place in dense tables.
    let slot: Int
    let local: SocketAddress
    /// Where its packets go now; a translator on the way may have changed it: see `PathAddress`.
    var address: PathAddress
    var ids: ConnectionIDs
    var recovery: PathRecovery
    /// For the peer's acknowledgements.
    var received: ReceivedPackets
    /// How far it is to be relied on.
    var life: PathLife
    /// The first number that was free when a probe timeout passed, as long as nothing was answered since: what went out
    /// before tells how the path was, and may be told again long after it died.
    var doubtedFrom: UInt64?
    /// What each end wishes it to be used for.
    var wishes = PathWishes()
    /// Bytes of a full packet.
    let packetSize: Int
    /// Against packets that come twice.
    var replay = ReplayWindow()
    /// The next truncated number is read against it.
    var largestReceived: UInt64?
    /// Tokens of the peer's challenges, to be sent back. A flood of them displaces its own oldest.
    var responses = RingBuffer<UInt64>(capacity: 2)
    /// Frames that are to go over this path, because others carry them already.
    var copies = RingBuffer<SentFrame>(capacity: 2)
    var acknowledgementsInARow = 0
    /// When something authentic last came.
    var heardAt: Instant
    /// Whether what came by it was told again since, by others.
    var hasToldAgain = false
    /// Acknowledgements of this path's packets that went over another one since one went over this.
    var acknowledgedElsewhere = 0
    /// When an abandoned path's late packets are known no more, and whether that time has come.
    var drainedAt = Instant.never
    var isDrained = false
    var isAbandonedByPeer = false
    var abandonCode: UInt64 = 0
    var traffic = PathTraffic()

    static var responsesMax: Int { 8 }
    /// Copies are a luxury: what does not fit here goes over the other path alone.
    static var copiesMax: Int { 1_024 }

    init(
        id: PathID,
        slot: Int,
        local: SocketAddress,
        address: PathAddress,
        ids: consuming ConnectionIDs,
        recovery: consuming PathRecovery,
        received: consuming ReceivedPackets,
        life: PathLife,
        now: Instant
    ) {
        self.id = id
        self.slot = slot
        self.local = local
        self.address = address
        self.ids = ids
        packetSize = recovery.configuration.packetSize
        self.recovery = recovery
        self.received = received
        self.life = life
        heardAt = now
    }

    var isAlive: Bool { life.state != .abandoned }

    /// Whether it may carry data now, if nothing better does.
    var carriesData: Bool { (life.state == .active || life.state == .suspected) && ids.hasPeer }

    /// Whether a full packet may go to where it leads.
    var allowsPacket: Bool { address.allows(packetSize) }

    /// Whether a challenge may go there, if need be in a short packet (RFC 9000, 8.2.1): a peer that only acknowledges
    /// would never be worth a full one.
    var allowsChallenge: Bool { address.allowance >= Self.challengeLength }

    /// Header, one frame and tag at their longest.
    private static var challengeLength: Int { DataHeader.lengthMax + 9 + DataHeader.tagLength }

    /// What asked for an acknowledgement has arrived, up to this number. Answers whether the path was alive when it was
    /// last in doubt.
    mutating func isAnswered(upTo number: UInt64) -> Bool {
        if let doubtedFrom, life.state == .suspected, number < doubtedFrom { return false }
        doubtedFrom = nil
        return true
    }

    /// A probe timeout passed.
    mutating func noteDoubt() { doubtedFrom = doubtedFrom ?? recovery.numbersUsed }

    /// When a path of which nothing was heard for so long is asked whether it still works.
    func keepAliveDeadline(_ interval: Interval) -> Instant {
        guard recovery.isIdle else { return .never }
        switch life.state {
        case .active: return interval == .zero ? .never : max(heardAt, recovery.probeTimerStart) + interval
        // What made it suspect was answered, or found lost, elsewhere: without a question it would stay so for ever.
        case .suspected: return recovery.probeTimerStart + recovery.probeTimeout
        case .validating, .failed, .abandoned: return .never
        }
    }

    mutating func challenged(_ token: UInt64) {
        if responses.count == Self.responsesMax { _ = responses.popFirst() }
        responses.append(token)
    }
}

/// What went over a path, in sums.
struct PathTraffic: BitwiseCopyable {
    var packetsSent: UInt64 = 0
    var bytesSent: UInt64 = 0
    var packetsReceived: UInt64 = 0
    var bytesReceived: UInt64 = 0
    /// Of stream data: what never went out before, and what did.
    var firstBytes: UInt64 = 0
    var repeatedBytes: UInt64 = 0
}

/// What a path is to be used for: each end may wish it to be kept for the time when no other works.
struct PathWishes: BitwiseCopyable {
    /// This end's wish, and how often it was told anew.
    private(set) var own = false
    private(set) var ownSequence: UInt64 = 0
    private var peer = false
    private var peerSequence: UInt64?

    var isBackup: Bool { own || peer }

    /// Answers whether the peer has to be told.
    mutating func wish(backup: Bool) -> Bool {
        guard backup != own else { return false }
        own = backup
        ownSequence += 1
        return true
    }

    /// Answers whether anything changed. A word that was overtaken is old.
    mutating func heard(_ frame: PathStatusFrame) -> Bool {
        if let peerSequence, frame.sequence <= peerSequence { return false }
        peerSequence = frame.sequence
        let before = isBackup
        peer = frame.isBackup
        return isBackup != before
    }
}
