public import PlaitCore

/// How the endpoints of a workload talk to each other: what both ends of every connection are configured with.
///
/// The defaults here are those of the language, so that a written scenario says what was run.
public struct TransportDescription: Hashable, Sendable {
    public var handshake: HandshakeKind = .ik
    public var suite: SuiteName = .chaChaPolySHA256
    /// Of the vocabulary's congestion controllers; `nil` stands for `cubic` without parameters.
    public var congestion: ChosenModel?
    /// Without a packet for so long, a connection is given up.
    public var idleTimeout: Interval = .seconds(30)
    /// A silent connection sends a packet after so long; `nil`: never.
    public var keepAlive: Interval?
    /// The longest that an acknowledgement is held back.
    public var ackDelay: Interval = .milliseconds(25)
    /// Taken for the round trip until one was measured (RFC 9002, 6.2.2).
    public var initialRoundTrip: Interval = .milliseconds(333)
    public var handshakeTimeout = HandshakeTimeout()
    public var windows = FlowWindows()
    /// Bytes that a stream takes from its application before they are acknowledged.
    public var sendBuffer: Int64 = 16_000_000
    public var streams = StreamsAllowed()
    /// The longest UDP payload that every path must carry.
    public var packetSize: Int64 = 1_200
    /// The longest that is sent where a path is found to carry it; `nil`: as `packetSize`, and nothing is tried.
    public var packetMax: Int64?
    /// Whether every packet is padded to that length, so that lengths say nothing.
    public var constantSize = false
    public var keyUpdate = KeyUpdateLimits()
    /// Handshakes that may wait at a server before it asks for cookies.
    public var halfOpen: Int64 = 128
    /// Whether a client closes its connection when all its work on it is done.
    public var closesWhenDone = true
    /// Which ways between the two hosts a connection opens.
    public var paths = PathsChosen.all
    /// Of the vocabulary's schedulers; `nil` stands for `earliest` without parameters.
    public var scheduler: ChosenModel?
    public var reinjection = ReinjectionKind.tail
    public var acks = AckRoute.fastest
    /// With several paths open, a silent one is asked for a sign of life after so long; `nil`: never.
    public var pathKeepAlive: Interval? = .seconds(2)

    public init() {}

    /// The longest UDP payload that is ever sent.
    public var packetLongest: Int64 { max(packetSize, packetMax ?? 0) }
}

/// Which Noise pattern makes the keys.
public enum HandshakeKind: String, Hashable, Sendable, CaseIterable {
    /// The client does not know the server's key: data flows after one round trip.
    case xx = "XX"
    /// The client knows it: data flows with the second packet.
    case ik = "IK"
}

/// The cipher and hash of a connection, as the Noise specification names them.
public enum SuiteName: String, Hashable, Sendable, CaseIterable {
    case chaChaPolySHA256 = "25519_ChaChaPoly_SHA256"
    case chaChaPolyBLAKE2b = "25519_ChaChaPoly_BLAKE2b"
    /// Only where the processor has AES instructions.
    case aesGCMSHA256 = "25519_AESGCM_SHA256"
}

/// When a handshake sends its messages again, and when it gives up.
public struct HandshakeTimeout: Hashable, Sendable {
    /// The first wait for an answer; later ones are longer.
    public var first: Interval = .milliseconds(400)
    public var giveUp: Interval = .seconds(10)

    public init() {}
}

/// What a receiver allows its peer to send ahead of the application's reading, at first and at most, in bytes.
public struct FlowWindows: Hashable, Sendable {
    public var stream: Int64 = 1_000_000
    public var connection: Int64 = 1_500_000
    public var streamMax: Int64 = 16_000_000
    public var connectionMax: Int64 = 24_000_000

    public init() {}
}

/// How many streams of each kind the peer may have open at once.
public struct StreamsAllowed: Hashable, Sendable {
    public var bidirectional: Int64 = 128
    public var unidirectional: Int64 = 128

    public init() {}
}

/// A sending key is replaced at the first of these.
public struct KeyUpdateLimits: Hashable, Sendable {
    public var bytes: Int64 = 1 << 30
    public var packets: Int64 = 1 << 20
    public var time: Interval = .seconds(600)

    public init() {}
}
