package import PlaitCore
package import PlaitCrypto

/// How this end runs its connections; what of it binds the peer stands in the handshake's `TransportParameters`.
package struct ConnectionConfiguration: Sendable {
    /// Something is sent after so long a silence, so that the peer and whatever is between do not forget. Zero:
    /// nothing.
    package var keepAlive = Interval.zero
    /// The longest datagram that this end sends, in bytes, before it knows that a path carries longer ones.
    package var packetSize = 1_200
    /// The longest that it sends where a path is found to carry it. Not above `packetSize`: nothing is tried.
    package var packetMax = 0
    /// Every datagram is padded to `packetSize`, so that lengths tell an onlooker nothing: then none is longer.
    package var padsPackets = false
    /// When a sending key has done enough and the next one takes over.
    package var keyLimits = KeyLimits()
    /// ... or when it is so old. Looked at when something is sent: an idle connection does not wake up for it.
    package var keyAgeMax = Interval.seconds(600)
    package var recovery = RecoveryConfiguration()
    package var buffers = StreamBuffers()
    /// Makes the congestion controller of each path.
    package var congestion: @Sendable (CongestionContext) -> any CongestionController = { Cubic($0) }
    /// Makes what chooses among several paths.
    package var scheduler: @Sendable (SchedulerContext) -> any Scheduler = { Earliest($0) }
    package var reinjection = ReinjectionPolicy.atTail
    package var acknowledgements = AcknowledgementPolicy.same
    /// With several paths, one on which nothing came for so long is asked whether it still works. Zero: never.
    package var pathKeepAlive = Interval.seconds(2)
    /// How many paths the scheduler is made for.
    package var pathsMax = 1

    package init() {}
}
