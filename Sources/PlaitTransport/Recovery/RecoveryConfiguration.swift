package import PlaitCore

/// What recovery of one path is set to. The defaults are RFC 9002's; a path through deep space needs others.
package struct RecoveryConfiguration: Sendable {
    /// Bytes of a packet that every path must carry.
    package var packetSize: Int
    /// Bytes that a path may be found to carry. Not above `packetSize`: nothing is searched for.
    package var packetMax: Int
    /// The round trip assumed before the first sample: RFC 9002, 6.2.2.
    package var initialRoundTrip: Interval
    /// The longest that the *peer* holds an acknowledgement back, as it said in the handshake.
    package var peerAckDelayMax: Interval
    /// The longest that this end holds one back.
    package var ackDelayMax: Interval
    /// Probe intervals double to at most this, or the plain probe timeout where that is longer ...
    package var probeIntervalMax: Interval
    /// ... for this long without an answer; afterwards to at most `probeIntervalLateMax`.
    package var probeEagerness: Interval
    /// A sixth of the idle timeout, so that a path which returns is noticed before the connection gives up.
    package var probeIntervalLateMax: Interval

    package init(
        packetSize: Int = 1_200,
        packetMax: Int = 0,
        initialRoundTrip: Interval = .milliseconds(333),
        peerAckDelayMax: Interval = .milliseconds(25),
        ackDelayMax: Interval = .milliseconds(25),
        probeIntervalMax: Interval = .milliseconds(500),
        probeEagerness: Interval = .seconds(30),
        probeIntervalLateMax: Interval = .seconds(5)
    ) {
        self.packetSize = packetSize
        self.packetMax = packetMax
        self.initialRoundTrip = initialRoundTrip
        self.peerAckDelayMax = peerAckDelayMax
        self.ackDelayMax = ackDelayMax
        self.probeIntervalMax = probeIntervalMax
        self.probeEagerness = probeEagerness
        self.probeIntervalLateMax = probeIntervalLateMax
    }
}

/// What one path's recovery counted since it began.
package struct RecoveryStatistics: Hashable, Sendable, BitwiseCopyable {
    package var packetsSent: UInt64 = 0
    package var bytesSent: UInt64 = 0
    package var packetsAcknowledged: UInt64 = 0
    package var bytesAcknowledged: UInt64 = 0
    /// Packets that asked for an acknowledgement and were declared lost, whether or not they arrived after all.
    package var packetsLost: UInt64 = 0
    package var bytesLost: UInt64 = 0
    /// Of those, how many arrived after all.
    package var packetsSpurious: UInt64 = 0
    package var probeTimeouts: UInt64 = 0
    package var probesSent: UInt64 = 0
    package var congestionEvents: UInt64 = 0
    /// Events taken back because all their losses were spurious.
    package var eventsUndone: UInt64 = 0
    package var persistentCongestions: UInt64 = 0
    /// Probes of the path's MTU. Lost ones are not among the packets lost.
    package var sizeProbesSent: UInt64 = 0
    package var sizeProbesLost: UInt64 = 0

    package init() {}
}
