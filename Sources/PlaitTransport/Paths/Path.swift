import PlaitCore
import PlaitCrypto

/// One way between two socket addresses: its packet numbers, what was received on it, and what recovery knows of it.
struct Path: ~Copyable {
    let id: PathID
    /// Its place in dense tables.
    let slot: Int
    var local: SocketAddress
    var remote: SocketAddress
    var ids: ConnectionIDs
    var recovery: PathRecovery
    /// For the peer's acknowledgements.
    var received: ReceivedPackets
    /// Against packets that come twice.
    var replay = ReplayWindow()
    /// The next truncated number is read against it.
    var largestReceived: UInt64?
    /// Tokens of the peer's challenges, to be sent back. A flood of them displaces its own oldest.
    var responses = RingBuffer<UInt64>(capacity: 2)
    var packetsSent: UInt64 = 0
    var bytesSent: UInt64 = 0
    var packetsReceived: UInt64 = 0
    var bytesReceived: UInt64 = 0

    static var responsesMax: Int { 8 }

    init(
        id: PathID,
        slot: Int,
        local: SocketAddress,
        remote: SocketAddress,
        ids: consuming ConnectionIDs,
        recovery: consuming PathRecovery,
        received: consuming ReceivedPackets
    ) {
        self.id = id
        self.slot = slot
        self.local = local
        self.remote = remote
        self.ids = ids
        self.recovery = recovery
        self.received = received
    }

    mutating func challenged(_ token: UInt64) {
        if responses.count == Self.responsesMax { _ = responses.popFirst() }
        responses.append(token)
    }
}
