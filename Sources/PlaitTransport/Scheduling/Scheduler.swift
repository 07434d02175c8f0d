public import PlaitCore

/// Decides which path carries the next packet: the plug-in point for packet scheduling.
///
/// The connection decides what is sent next (streams by priority, retransmissions first) and how much may be on its
/// way on each path. A scheduler only says where, one packet at a time, from what the views tell:
///
///     struct Alternating: Scheduler {
///         var last = -1
///
///         mutating func choose(
///             for packet: PacketToSchedule, among paths: Span<PathView>, now: Instant
///         ) -> SchedulerChoice {
///             for index in paths.indices where paths[index].mayNow && paths[index].slot != last {
///                 last = paths[index].slot
///                 return .send(slot: last)
///             }
///             return .wait
///         }
///     }
///
/// A decision may cost no more than a few multiplications a path: it is asked for every packet. It must be the same
/// for the same calls on every machine, so use whole numbers, or Double with + - x / and square root only.
public protocol Scheduler: Sendable {
    /// Which path carries the next packet.
    ///
    /// - Parameters:
    ///   - packet: What would be sent.
    ///   - paths: The usable ones, in the order of their opening; never empty. Backups are among them only while
    ///     nothing else is usable, suspected ones only while no active one is left.
    ///   - now: The time of the views.
    /// - Returns: A path of those shown that may send now, all of them, or to wait.
    mutating func choose(for packet: PacketToSchedule, among paths: Span<PathView>, now: Instant) -> SchedulerChoice

    /// A packet left on a path: also retransmissions, and packets that nobody was asked about.
    mutating func sent(_ bytes: Int, on slot: Int, now: Instant)

    /// A packet arrived.
    mutating func acknowledged(_ bytes: Int, on slot: Int, now: Instant)

    /// A packet was declared lost.
    mutating func lost(_ bytes: Int, on slot: Int, now: Instant)

    /// How long from now until the packet would arrive by this path, if this scheduler estimates that: for traces,
    /// where it is held against what happened.
    func estimate(_ path: PathView, for packet: PacketToSchedule, now: Instant) -> Interval?
}

extension Scheduler {
    public mutating func sent(_ bytes: Int, on slot: Int, now: Instant) {}
    public mutating func acknowledged(_ bytes: Int, on slot: Int, now: Instant) {}
    public mutating func lost(_ bytes: Int, on slot: Int, now: Instant) {}
    public func estimate(_ path: PathView, for packet: PacketToSchedule, now: Instant) -> Interval? { nil }
}

/// What a scheduler answers.
public enum SchedulerChoice: Hashable, Sendable {
    /// On this path, which must be one of those shown and have `mayNow`.
    case send(slot: Int)
    /// A copy on every path that may send now; the others get theirs when they may.
    case sendOnAll
    /// Nothing until something changes: an acknowledgement, a path that may send again, more data. While nothing is in
    /// flight nothing will, and the packet goes on the path with the least round trip that may send.
    case wait
    /// As `wait`, but ask again at this instant at the latest; one that is not in the future is no reason to wait.
    case waitUntil(Instant)
}

/// One path as a scheduler sees it, made anew for each decision.
public struct PathView: Sendable, BitwiseCopyable {
    /// Its place in dense tables, and its name in a choice. A path keeps it for life.
    public var slot: Int
    /// Its id on the wire.
    public var path: UInt32
    /// To be used only while no available path is active.
    public var isBackup: Bool
    /// A probe timeout passed unanswered.
    public var isSuspected: Bool

    /// Until there is a sample, what is assumed of an unknown path; so are the other three.
    public var smoothedRoundTrip: Interval
    public var roundTripVariation: Interval
    public var minimumRoundTrip: Interval
    public var latestRoundTrip: Interval
    /// There was a sample.
    public var hasRoundTrip: Bool

    /// Bytes that may be in flight.
    public var window: Int
    /// Below it the window doubles in a round trip; `.max` before the first congestion event.
    public var slowStartThreshold: Int
    public var bytesInFlight: Int
    /// Bytes of a full packet here.
    public var packetSize: Int
    /// When pacing lets the next packet go; in the past when it may go now.
    public var sendTime: Instant
    /// When the oldest packet in flight was sent; `.never` when nothing is.
    public var oldestSentAt: Instant
    /// The part of packets that get lost, smoothed over the last second or so.
    public var lossRate: Double
    /// Bytes a second that arrive, smoothed; 0 before a measurement.
    public var deliveredRate: Double
    /// When the oldest packet without an answer was sent, of those that nothing sent later has been answered of: a
    /// path that fell silent shows it here first. `.never` when nothing is missing.
    public var unacknowledgedSince: Instant
    /// The window has room and pacing lets a packet go now.
    public var mayNow: Bool
    /// The window has room for a full packet.
    public var hasRoom: Bool

    /// A path that nothing is known of yet: it may send its initial window now.
    public init(slot: Int, path: UInt32, roundTrip: Interval, window: Int, packetSize: Int) {
        self.slot = slot
        self.path = path
        isBackup = false
        isSuspected = false
        smoothedRoundTrip = roundTrip
        roundTripVariation = Interval(nanoseconds: roundTrip.nanoseconds / 2)
        minimumRoundTrip = roundTrip
        latestRoundTrip = roundTrip
        hasRoundTrip = false
        self.window = window
        slowStartThreshold = .max
        bytesInFlight = 0
        self.packetSize = packetSize
        sendTime = .start
        oldestSentAt = .never
        lossRate = 0
        deliveredRate = 0
        unacknowledgedSince = .never
        mayNow = true
        hasRoom = true
    }
}

/// The packet that waits for a path.
public struct PacketToSchedule: Sendable, BitwiseCopyable {
    /// Of a full packet.
    public var bytes: Int
    /// The stream that is next; nil for control frames and datagrams alone.
    public var stream: UInt64?
    /// Of that stream.
    public var priority: UInt8
    /// Where in that stream the packet begins.
    public var offset: UInt64
    /// What that stream still has to send from there on.
    public var remaining: UInt64
    /// When the receiver needs it; `.never` when nobody said.
    public var deadline: Instant
    /// Everything that waits to be sent, this packet included, over all streams.
    public var queuedBytes: UInt64
    /// What the peer's connection window still allows.
    public var creditBytes: UInt64
    /// It was sent before and is lost, or its path is in doubt.
    public var isRetransmission: Bool
    /// The slot of the path that its stream is pinned to: the connection obeys that without asking.
    public var pin: Int?

    public init(
        bytes: Int,
        stream: UInt64? = nil,
        priority: UInt8 = 0,
        offset: UInt64 = 0,
        remaining: UInt64 = 0,
        deadline: Instant = .never,
        queuedBytes: UInt64,
        creditBytes: UInt64 = .max,
        isRetransmission: Bool = false,
        pin: Int? = nil
    ) {
        self.bytes = bytes
        self.stream = stream
        self.priority = priority
        self.offset = offset
        self.remaining = remaining
        self.deadline = deadline
        self.queuedBytes = queuedBytes
        self.creditBytes = creditBytes
        self.isRetransmission = isRetransmission
        self.pin = pin
    }
}
