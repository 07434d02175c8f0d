public import PlaitCore

/// What a connection has done so far.
public struct ConnectionStatistics: Sendable {
    public var life = ConnectionLife.opening
    /// From the first packet to the keys; nil before that.
    public var handshakeTime: Interval?
    /// Of the sending key.
    public var keyGeneration: UInt64 = 0
    /// Datagrams that came and could not be opened, or were malformed.
    public var datagramsDropped: UInt64 = 0
    /// Packets that came twice.
    public var duplicates: UInt64 = 0
    /// In the order of opening; those that are over for good are left out.
    public var paths: [PathStatistics] = []
    public var streams = StreamStatistics()

    package init() {}

    /// The first path's.
    public var path: PathStatistics { paths.first ?? PathStatistics() }
}

/// The state and the sums of one path of a connection.
public struct PathStatistics: Hashable, Sendable {
    public var path: UInt32 = 0
    public var local = SocketAddress(interface: 0, port: 0)
    public var remote = SocketAddress(interface: 0, port: 0)
    public var state = PathState.active
    /// One end wishes it to be used only while no other works.
    public var isBackup = false
    /// Whether a round trip was measured; before that, the assumed one stands in its place.
    public var hasRoundTrip = false
    public var smoothedRoundTrip = Interval.zero
    public var roundTripVariation = Interval.zero
    public var latestRoundTrip = Interval.zero
    public var leastRoundTrip = Interval.zero
    /// Bytes.
    public var congestionWindow = 0
    /// Bytes; nil before the first congestion event.
    public var slowStartThreshold: Int?
    public var bytesInFlight = 0
    /// Bytes of a full packet, as far as the path is known to carry such.
    public var packetSize = 0
    /// Whole datagrams, handshake packets included.
    public var packetsSent: UInt64 = 0
    public var bytesSent: UInt64 = 0
    public var packetsReceived: UInt64 = 0
    public var bytesReceived: UInt64 = 0
    public var packetsLost: UInt64 = 0
    /// Declared lost, and acknowledged after all.
    public var packetsSpurious: UInt64 = 0
    /// Probe timeouts.
    public var probeTimeouts: UInt64 = 0
    /// Of stream data: sent for the first time on any path, and again.
    public var firstBytes: UInt64 = 0
    public var repeatedBytes: UInt64 = 0

    package init() {}
}
