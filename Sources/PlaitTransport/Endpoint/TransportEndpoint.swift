package import PlaitCore
package import PlaitCrypto

/// Everything of the protocol on one host: its connections, the handshakes under way, and who gets which datagram.
///
/// It does nothing by itself. A driver feeds it datagrams and wakes it at its `deadline`, with the host's monotonic
/// clock as `now`; after every call it asks `nextTransmit` until that answers nil, then reads `deadline`, and takes
/// events until there are none. Secrets come in as values: a simulation derives them from its seed, a socket's driver
/// from the system.
package struct TransportEndpoint: ~Copyable {
    let configuration: EndpointConfiguration
    let identity: KeyPair
    var secrets: SecretStream
    let random: RandomStream
    let slab = KeySlab()
    let observer: (any ConnectionObserver)?

    var slots = Table<ConnectionSlot>()
    /// Vacant slots, the last one to be used next.
    var vacant = Table<Int32>()
    var routes = RouteTable()
    /// Nil at an endpoint that accepts nobody.
    var gate: Gate?
    /// When the endpoint must be woken if nothing arrives. Stored, because a driver asks after every call, and working
    /// it out copies the gate out of its optional.
    package internal(set) var deadline = Instant.never
    private(set) var gateDeadline = Instant.never
    var deadlines = DeadlineHeap()
    var ready = ReadyQueue()
    /// Slots that may have events.
    var eventful = ReadyQueue()
    var scratch = PacketScratch(capacity: Self.datagramMax)
    /// Connections made so far: each draws its own behaviour from it.
    var made: UInt64 = 0
    /// Datagrams that nobody here is addressed by, or that are no packets of this protocol.
    package internal(set) var datagramsUnknown: UInt64 = 0

    /// `storage` is where the gate's cookie keys lie; `.heap` for endpoints by the thousand, none of which guards
    /// anything.
    package init(
        _ configuration: EndpointConfiguration,
        identity: consuming KeyPair,
        secrets: consuming SecretStream,
        random: RandomStream,
        observer: (any ConnectionObserver)? = nil,
        storage: SecretStorage = .guarded,
        now: Instant = .start
    ) {
        self.configuration = configuration
        self.identity = identity
        self.random = random
        self.observer = observer
        gate =
            configuration.accepts
            ? Gate(configuration.handshake, secrets: &secrets, storage: storage, now: now) : nil
        self.secrets = secrets
    }

    /// The longest datagram that is looked at.
    static var datagramMax: Int { 65_536 }

    /// After whatever may have moved the gate's deadline.
    mutating func noteGateDeadline() {
        gateDeadline = gate?.deadline ?? .never
        deadline = min(deadlines.first, gateDeadline)
    }

    /// When a connection must be woken.
    mutating func wake(_ slot: Int, at time: Instant) {
        deadlines.set(slot, to: time)
        deadline = min(deadlines.first, gateDeadline)
    }

    /// The key by which clients know this endpoint.
    package var publicKey: PublicKey { identity.publicKey }

    /// Connections that are not over, opening ones included.
    package var connectionCount: Int { slots.count - vacant.count }

    /// Traffic keys in memory; none when all connections are closed.
    package var keysInUse: Int { slab.slotCount }

    /// What happened to handshakes at this server; nil at an endpoint that accepts nobody.
    package var gateCounters: GateCounters? {
        switch gate {
        case .some(let gate): gate.counters
        case .none: nil
        }
    }

    /// Handshakes that take a place at the gate.
    package var handshakesWaiting: Int {
        switch gate {
        case .some(let gate): gate.waiting
        case .none: 0
        }
    }

    /// How far the connection in a slot has come; nil when there is none, or only a handshake.
    ///
    /// Mutating, because only then is the connection looked at where it lies, and not copied.
    mutating func life(of slot: Int) -> ConnectionLife? { slots[slot].connection?.life }

    /// The id under which a client's handshake in a slot is answered.
    func openingID(of slot: Int) -> ConnectionID? {
        switch slots[slot].opening {
        case .some(let opening): opening.id
        case .none: nil
        }
    }
}

/// A place for a connection. It is in one of three states: vacant, opening (a client's handshake), or connected.
struct ConnectionSlot: ~Copyable {
    /// Counts the connections that were here, so that an old handle does not reach a new one.
    var generation: UInt32 = 0
    var opening: OpeningConnection?
    var connection: Connection?
    /// Told as the last event of a connection that never came about.
    var failure: CloseReason?
}

/// A client's connection before both ends have keys.
struct OpeningConnection: ~Copyable {
    var initiator: Initiator
    let id: ConnectionID
    let local: SocketAddress
    let remote: SocketAddress
    let startedAt: Instant
}

/// Why no connection was begun.
public enum ConnectError: Error, Hashable, Sendable {
    /// IK needs the server's key beforehand; XX does not.
    case serverKeyMissing
    /// None of the configured cipher suites works on this processor.
    case noSuite
    /// The endpoint has as many connections as it may.
    case full
}

/// A datagram that an endpoint wrote.
package struct Datagram: Hashable, Sendable {
    package var length: Int
    package var local: SocketAddress
    package var remote: SocketAddress
    package var ecn: ECN
}
