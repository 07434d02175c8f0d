/// What the streams of a connection did so far.
public struct StreamStatistics: Hashable, Sendable {
    /// Streams opened by this end.
    public internal(set) var openedHere: UInt64 = 0
    /// Streams opened by the peer.
    public internal(set) var openedByPeer: UInt64 = 0
    /// Streams that are over and forgotten.
    public internal(set) var closed: UInt64 = 0
    /// Bytes taken from the application.
    public internal(set) var bytesWritten: UInt64 = 0
    /// Bytes sent for the first time.
    public internal(set) var bytesSent: UInt64 = 0
    /// Bytes sent again.
    public internal(set) var bytesSentAgain: UInt64 = 0
    /// Bytes that arrived and were not there before.
    public internal(set) var bytesReceived: UInt64 = 0
    /// Bytes that arrived again, or that nobody wants any more.
    public internal(set) var bytesWasted: UInt64 = 0
    /// Bytes handed to the application.
    public internal(set) var bytesRead: UInt64 = 0
    /// How often the peer said that a limit of this end holds it back.
    public internal(set) var blockedReports: UInt64 = 0
}
