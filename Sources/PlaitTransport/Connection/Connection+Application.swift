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
        try streams.read(stream, into: &target, now: now, roundTrip: longestRoundTrip)
    }

    /// Windows must let the slowest path be filled while the others wait for nothing.
    private var longestRoundTrip: Interval {
        var longest = Interval.zero
        for slot in paths.indices where paths[slot].carriesData {
            longest = max(longest, paths[slot].recovery.roundTrip.smoothed)
        }
        return longest
    }

    /// The client's last handshake message may be lost: it is repeated until the server speaks under the new keys.
    mutating func keepRepeating(_ initiator: consuming Initiator) {
        self.initiator = consume initiator
    }
}
