import PlaitCore
import PlaitCrypto

/// One end of an established connection: opens and assembles packets, and keeps their effects in order.
///
/// Fed with datagrams, deadlines and the application's calls, asked for datagrams and events; see `TransportEndpoint`,
/// which holds many. What a packet means is decided in `+Frames`, what goes into one in `+Transmit`, the end in
/// `+Life`.
struct Connection: ~Copyable {
    let handle: ConnectionHandle
    let role: Role
    let configuration: ConnectionConfiguration
    let suite: Suite
    let peerKey: PublicKey
    /// The peer's id in the handshake; key logs name the connection by it, whatever ids follow.
    let peerID: ConnectionID
    let peerParameters: TransportParameters
    let handshakeTime: Interval
    /// How long silence may last: the lesser of what the two ends announced; `.zero` for ever.
    let idleTimeout: Interval
    var life = ConnectionLife.established
    /// By slot. The first is the handshake's; the slot of an abandoned one goes to a later one.
    var paths = Table<Path>(capacity: 1)
    /// Paths that may be opened.
    var reserves = Table<PathReserve>(capacity: 1)
    /// Paths that the application wants and for which the peer has given no id yet.
    var openings = Table<PathOpening>(capacity: 1)
    /// The smallest id of a path that there is not even a reserve of.
    var nextPath = PathID(1)
    /// Paths that one end has abandoned and the other has not yet.
    var abandonmentsUnderWay = 0
    /// Reserves that were made in advance of the peer's word that it gave such a path up as well.
    var reservesAhead = 0
    var scheduling: PathScheduling
    /// Gone when closed, and the keys with them.
    var protection: PacketProtection?
    var streams: StreamSet
    var datagrams: DatagramQueue
    /// The client's handshake, as long as its last message may have to be repeated.
    var initiator: Initiator?

    /// Frames of the connection itself that wait to be sent; bounded, since a peer can provoke them.
    var pending = RingBuffer<SentFrame>(capacity: 4)
    /// Own ids that lead here from now on, and that nobody else has given out.
    var unannounced = RingBuffer<ConnectionID>(capacity: 2)
    /// Own ids that the peer has retired: they lead here no more.
    var unrouted = RingBuffer<ConnectionID>(capacity: 2)
    var close: PendingClose?
    /// Packets that came since this end closed.
    var receivedSinceClose: UInt64 = 0
    /// What nobody can guess, to be sent as challenges; the endpoint keeps it filled.
    var tokens = RingBuffer<UInt64>(capacity: 2)

    /// When something last came, or was first sent after that.
    var activeAt: Instant
    /// Whether something that asks for an answer was sent since something came.
    var isAwaitingAnswer = false
    /// When pacing lets the next packet go; `.never` when it is not what is waited for.
    var pacedUntil = Instant.never

    var establishedIsNews = true
    var datagramIsNews = false
    var keysAreNews = false
    /// The sending key has done enough, and some path has not confirmed it yet.
    var isKeySpent = false
    var pathNews = RingBuffer<PathEvent>(capacity: 2)
    var closedIsNews: CloseReason?
    var dropped: UInt64 = 0
    var duplicates: UInt64 = 0
    let observer: (any ConnectionObserver)?
    let random: RandomStream
    let recoveryConfiguration: RecoveryConfiguration
    /// How many of its ids the peer may have outstanding here, on each path.
    let ownIDsMax: Int

    /// Header, tag, and a DATAGRAM's own type and length, each at its longest.
    private static var datagramOverhead: Int { DataHeader.lengthMax + DataHeader.tagLength + 3 }

    init(
        handle: ConnectionHandle,
        role: Role,
        configuration: ConnectionConfiguration,
        parameters: TransportParameters,
        handshake: consuming HandshakeResult,
        handshakeTime: Interval,
        local: SocketAddress,
        remote: SocketAddress,
        slab: KeySlab,
        random: RandomStream,
        observer: (any ConnectionObserver)?,
        now: Instant
    ) {
        self.handle = handle
        self.role = role
        self.configuration = configuration
        self.observer = observer
        self.random = random
        self.handshakeTime = handshakeTime
        suite = handshake.suite
        peerKey = handshake.peerKey
        peerID = handshake.peerID
        let peer = handshake.peerParameters
        peerParameters = peer
        idleTimeout = Self.shorter(parameters.idleTimeout, peer.idleTimeout)
        ownIDsMax = Int(clamping: parameters.connectionIDsMax)
        let ids = ConnectionIDs(own: handshake.localID, peer: handshake.peerID, limit: ownIDsMax)
        let packetMax = min(configuration.packetSize, Int(clamping: peer.packetMax))
        recoveryConfiguration = Self.recovery(configuration, parameters, peer, packetSize: packetMax, idleTimeout)
        scheduling = PathScheduling(configuration)
        streams = StreamSet(
            role: role,
            local: StreamLimits(parameters),
            remote: StreamLimits(peer),
            buffers: configuration.buffers
        )
        datagrams = DatagramQueue(
            sendMax: min(Int(clamping: peer.datagramMax), packetMax - Self.datagramOverhead),
            receiveMax: Int(clamping: parameters.datagramMax)
        )
        activeAt = now
        protection = nil
        var first = Path(
            id: .first,
            slot: 0,
            local: local,
            address: PathAddress(remote, isProven: true),
            ids: ids,
            recovery: recovery(of: .first, slot: 0),
            received: ReceivedPackets(ackDelayMax: parameters.ackDelayMax),
            life: PathLife(isValidated: true, configuration: lives, now: now),
            now: now
        )
        if let roundTrip = handshake.roundTrip { first.recovery.sample(roundTrip, now: now) }
        paths.append(first)
        while nextPath.value < min(parameters.pathsMax, peer.pathsMax) { addReserve() }
        deriveIDs(from: handshake.secrets)
        protect(with: handshake.secrets, slab: slab, now: now)
        // The server cannot send before it hears the client under the new keys; the client cannot stop repeating its
        // last message before it hears the server.
        pending.append(role == .server ? .handshakeConfirmed : .ping)
    }

    /// What recovery is set to, with what the two ends have told each other.
    private static func recovery(
        _ configuration: ConnectionConfiguration,
        _ parameters: TransportParameters,
        _ peer: TransportParameters,
        packetSize: Int,
        _ idleTimeout: Interval
    ) -> RecoveryConfiguration {
        var recovery = configuration.recovery
        recovery.packetSize = packetSize
        recovery.ackDelayMax = parameters.ackDelayMax
        // A peer may name 142 years; three probe timeouts of that would overflow, and end no connection.
        recovery.peerAckDelayMax = peer.ackDelayMax
        if idleTimeout != .zero {
            recovery.probeIntervalLateMax = Interval(nanoseconds: idleTimeout.nanoseconds / 6)
        }
        return recovery
    }

    private static func shorter(_ a: Interval, _ b: Interval) -> Interval {
        if a == .zero { return b }
        return b == .zero ? a : min(a, b)
    }
}

/// A close that has to be told to the peer.
struct PendingClose {
    let code: UInt64
    let frame: UInt64
    let isApplication: Bool
    let reason: [UInt8]
    /// Whether packets with it are due now, and on which path the next.
    var isDue = true
    var slot = 0
}
