import PlaitCore

/// What there is to say about a connection at any time.
extension Connection {
    var statistics: ConnectionStatistics {
        var statistics = ConnectionStatistics()
        statistics.life = life
        statistics.handshakeTime = handshakeTime
        statistics.keyGeneration = sendingGeneration
        statistics.datagramsDropped = dropped
        statistics.duplicates = duplicates
        statistics.paths.reserveCapacity(paths.count)
        for slot in paths.indices where !paths[slot].isDrained { statistics.paths.append(pathStatistics(of: slot)) }
        statistics.streams = streams.statistics
        return statistics
    }

    func pathStatistics(of slot: Int) -> PathStatistics {
        var statistics = PathStatistics()
        statistics.path = paths[slot].id.value
        let roundTrip = paths[slot].recovery.roundTrip
        statistics.hasRoundTrip = roundTrip.hasSample
        statistics.smoothedRoundTrip = roundTrip.smoothed
        statistics.roundTripVariation = roundTrip.variation
        statistics.latestRoundTrip = roundTrip.latest
        statistics.leastRoundTrip = roundTrip.minimum
        statistics.congestionWindow = paths[slot].recovery.congestion.window
        let threshold = paths[slot].recovery.congestion.slowStartThreshold
        statistics.slowStartThreshold = threshold == .max ? nil : threshold
        statistics.bytesInFlight = paths[slot].recovery.bytesInFlight
        statistics.packetSize = paths[slot].packetSize
        let counts = paths[slot].recovery.statistics
        statistics.packetsLost = counts.packetsLost
        statistics.packetsSpurious = counts.packetsSpurious
        statistics.probeTimeouts = counts.probeTimeouts
        statistics.packetsSent = paths[slot].traffic.packetsSent
        statistics.bytesSent = paths[slot].traffic.bytesSent
        statistics.packetsReceived = paths[slot].traffic.packetsReceived
        statistics.bytesReceived = paths[slot].traffic.bytesReceived
        statistics.firstBytes = paths[slot].traffic.firstBytes
        statistics.repeatedBytes = paths[slot].traffic.repeatedBytes
        statistics.local = paths[slot].local
        statistics.remote = paths[slot].address.remote
        statistics.state = paths[slot].life.state
        statistics.isBackup = paths[slot].wishes.isBackup
        return statistics
    }
}
