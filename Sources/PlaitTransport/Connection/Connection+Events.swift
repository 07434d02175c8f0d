import PlaitCore

/// What the application should know.
extension Connection {
    /// The next event, or nil. A connection's first event is that it is established, its last that it is closed.
    mutating func nextEvent() -> ConnectionEvent? {
        if establishedIsNews {
            establishedIsNews = false
            return .established(
                EstablishedConnection(role: role, peerKey: peerKey, suite: suite, handshakeTime: handshakeTime)
            )
        }
        if keysAreNews {
            keysAreNews = false
            return .keysUpdated(generation: sendingGeneration)
        }
        if let event = pathNews.popFirst() { return .path(event) }
        if let event = streams.nextEvent() { return .stream(event) }
        if datagramIsNews {
            datagramIsNews = false
            return .datagramReceived
        }
        if let reason = closedIsNews {
            closedIsNews = nil
            return .closed(reason)
        }
        return nil
    }
}
