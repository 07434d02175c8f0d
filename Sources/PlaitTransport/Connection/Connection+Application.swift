import PlaitCore

/// What the endpoint asks of a connection on behalf of its application, and for its own book-keeping.
extension Connection {
    /// Takes what arrived of a stream; reading fast is what makes windows grow.
    @_lifetime(target: copy target)
    mutating func read(
        from stream: StreamID,
        into target: inout MutableRawSpan,
        now: Instant
    ) throws(StreamError) -> (count: Int, isEnd: Bool) {
        try streams.read(stream, into: &target, now: now, roundTrip: path.recovery.roundTrip.smoothed)
    }

    var local: SocketAddress { path.local }
    var remote: SocketAddress { path.remote }

    /// The client's last handshake message may be lost: it is repeated until the server speaks under the new keys.
    mutating func keepRepeating(_ initiator: consuming Initiator) {
        self.initiator = consume initiator
    }

    // MARK: Connection ids

    /// Whether the peer has fewer of this end's ids than it may have.
    var wantsID: Bool { life == .established && path.ids.wants(outOf: peerParameters.connectionIDsMax) }

    /// Tells the peer of another id that leads here.
    mutating func giveOut(_ id: ConnectionID) { pending.append(.newConnectionID(sequence: path.ids.issue(id))) }

    /// Goes on to the peer's next id, if there is one.
    mutating func rotateID() {
        guard life == .established, let old = path.ids.rotate() else { return }
        for sequence in old { pending.append(.retireConnectionID(sequence: sequence)) }
    }
}
