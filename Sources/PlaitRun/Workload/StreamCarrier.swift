package import PlaitCore
package import PlaitTransport

/// What a workload needs of a transport: streams and messages of the connections of one host.
///
/// Connections are known by numbers that the carrier gives out. A call about a connection or stream that is gone
/// answers `nil`: its end was told, or will be, and there is nothing else to do about it.
package protocol StreamCarrier: ~Copyable {
    /// Begins a planned connection; `nil` when it cannot even be tried.
    mutating func connect(planned: Int) -> Int?

    /// Ends a connection: all is said.
    mutating func close(_ connection: Int)

    /// Whether streams of a connection can still be used; if not, its end was told or will be.
    func isOpen(_ connection: Int) -> Bool

    /// A new stream for both directions; `nil` when the peer allows none now.
    mutating func open(on connection: Int, priority: UInt8) -> StreamID?

    /// Lets what this end sends on a stream wait for a path while that works.
    mutating func pin(_ stream: StreamID, to path: PathID, on connection: Int)

    /// How many of `bytes` were taken. The end counts once all were.
    mutating func write(_ bytes: RawSpan, to stream: StreamID, on connection: Int, isLast: Bool) -> Int?

    @_lifetime(bytes: copy bytes)
    mutating func read(
        from stream: StreamID,
        on connection: Int,
        into bytes: inout MutableRawSpan
    ) -> (count: Int, isEnd: Bool)?

    /// Gives up both directions.
    mutating func abandon(_ stream: StreamID, on connection: Int)

    /// Whether it was taken.
    mutating func send(message bytes: RawSpan, on connection: Int, expires: Instant) -> Bool

    /// The length of the next message, which is at the front of `bytes`.
    @_lifetime(bytes: copy bytes)
    mutating func receiveMessage(on connection: Int, into bytes: inout MutableRawSpan) -> Int?
}
