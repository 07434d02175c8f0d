/// What there is to say about a connection at any time.
extension Connection {
    var statistics: ConnectionStatistics {
        var statistics = ConnectionStatistics()
        statistics.life = life
        statistics.handshakeTime = handshakeTime
        statistics.keyGeneration = sendingGeneration
        statistics.datagramsDropped = dropped
        statistics.duplicates = duplicates
        statistics.path = pathStatistics
        statistics.streams = streams.statistics
        return statistics
    }

    var pathStatistics: PathStatistics {
        var statistics = PathStatistics()
        statistics.path = path.id.value
        let roundTrip = path.recovery.roundTrip
        statistics.hasRoundTrip = roundTrip.hasSample
        statistics.smoothedRoundTrip = roundTrip.smoothed
        statistics.roundTripVariation = roundTrip.variation
        statistics.latestRoundTrip = roundTrip.latest
        statistics.leastRoundTrip = roundTrip.minimum
        statistics.congestionWindow = path.recovery.congestion.window
        let threshold = path.recovery.congestion.slowStartThreshold
        statistics.slowStartThreshold = threshold == .max ? nil : threshold
        statistics.bytesInFlight = path.recovery.bytesInFlight
        let counts = path.recovery.statistics
        statistics.packetsLost = counts.packetsLost
        statistics.packetsSpurious = counts.packetsSpurious
        statistics.probeTimeouts = counts.probeTimeouts
        statistics.packetsSent = path.packetsSent
        statistics.bytesSent = path.bytesSent
        statistics.packetsReceived = path.packetsReceived
        statistics.bytesReceived = path.bytesReceived
        return statistics
    }
}
