public import PlaitCore

/// Decides how many bytes of one path may be on their way: the plug-in point for congestion control.
///
/// The path's recovery finds losses, keeps the count of bytes in flight, paces, and groups losses: all those of packets
/// sent before the last reduction belong to it, so `congestionEvent` comes at most once a round trip (RFC 9002, 7.3.2).
/// A controller only moves its window. It is asked nothing and told, in this order for one ACK: events, then what
/// arrived.
///
///     struct Fixed: CongestionController {
///         let window: Int
///         var slowStartThreshold: Int { .max }
///         mutating func acknowledged(_ packet: AcknowledgedPacket) {}
///         mutating func congestionEvent(_ event: CongestionEvent) {}
///         mutating func persistentCongestion(now: Instant) {}
///         mutating func spuriousCongestion(now: Instant) {}
///     }
///
/// A value with whole-number state: the same calls give the same windows on every machine.
public protocol CongestionController: Sendable {
    /// Bytes that may be in flight; at least two packets.
    var window: Int { get }

    /// Below it the window doubles in a round trip, and pacing leaves room for that; `.max` before the first event.
    var slowStartThreshold: Int { get }

    /// A packet left. For controllers that measure; most need nothing of it.
    mutating func packetSent(bytes: Int, bytesInFlight: Int, now: Instant)

    /// A packet that was in flight arrived. Those of one ACK come in the order of sending.
    mutating func acknowledged(_ packet: AcknowledgedPacket)

    /// The same, with all paths of the connection that carry data, this one included. Coupled controllers implement
    /// this one; for all others it is `acknowledged(packet)`.
    ///
    /// The rows are as they were when the ACK came, this path's too: within an ACK of several packets a controller
    /// knows its own window better.
    mutating func acknowledged(_ packet: AcknowledgedPacket, among paths: Span<CoupledPath>)

    /// The first loss of a packet that was sent after the last event.
    mutating func congestionEvent(_ event: CongestionEvent)

    /// Nothing arrived for several round trips (RFC 9002, 7.6): begin again from the smallest window.
    mutating func persistentCongestion(now: Instant)

    /// All packets of the last event arrived after all: whatever it changed is taken back, unless the window has
    /// outgrown it.
    mutating func spuriousCongestion(now: Instant)

    /// A full packet has another size from now on: the path was found to carry larger ones, or no longer does. Who
    /// counts in packets goes on with this one; the window stays at least two of them.
    mutating func packetSizeChanged(to bytes: Int)
}

extension CongestionController {
    public mutating func packetSent(bytes: Int, bytesInFlight: Int, now: Instant) {}

    public mutating func packetSizeChanged(to bytes: Int) {}

    public mutating func acknowledged(_ packet: AcknowledgedPacket, among paths: Span<CoupledPath>) {
        acknowledged(packet)
    }
}

/// What a congestion controller is told of a packet that arrived.
public struct AcknowledgedPacket: Sendable, BitwiseCopyable {
    public var bytes: Int
    public var sentAt: Instant
    public var now: Instant
    /// Before this acknowledgement.
    public var bytesInFlight: Int
    /// Sent before the last congestion event: no window grows on it.
    public var isInRecovery: Bool
    /// The sender had too little to send, or was held back by the scheduler: what is not used must not grow.
    public var isApplicationLimited: Bool
    /// The measurement that this acknowledgement brought; only with the largest number of each ACK.
    public var roundTripSample: Interval?
    public var smoothedRoundTrip: Interval
    public var minimumRoundTrip: Interval

    public init(
        bytes: Int,
        sentAt: Instant,
        now: Instant,
        bytesInFlight: Int,
        isInRecovery: Bool = false,
        isApplicationLimited: Bool = false,
        roundTripSample: Interval? = nil,
        smoothedRoundTrip: Interval,
        minimumRoundTrip: Interval
    ) {
        self.bytes = bytes
        self.sentAt = sentAt
        self.now = now
        self.bytesInFlight = bytesInFlight
        self.isInRecovery = isInRecovery
        self.isApplicationLimited = isApplicationLimited
        self.roundTripSample = roundTripSample
        self.smoothedRoundTrip = smoothedRoundTrip
        self.minimumRoundTrip = minimumRoundTrip
    }
}

/// What a coupled controller knows of one path of its connection: enough for LIA, OLIA and BALIA.
public struct CoupledPath: Sendable, BitwiseCopyable {
    /// Where the connection keeps the path; the same as long as the path is open.
    public var slot: Int
    public var window: Int
    public var slowStartThreshold: Int
    public var smoothedRoundTrip: Interval
    /// Whether the acknowledgement is of this path.
    public var isSelf: Bool
    /// Between the last two losses, and since the last one: OLIA takes the larger as the path's measure.
    public var bytesAcknowledgedBeforeLoss: Int
    public var bytesAcknowledgedSinceLoss: Int

    public init(
        slot: Int,
        window: Int,
        slowStartThreshold: Int = .max,
        smoothedRoundTrip: Interval,
        isSelf: Bool = false,
        bytesAcknowledgedBeforeLoss: Int = 0,
        bytesAcknowledgedSinceLoss: Int = 0
    ) {
        self.slot = slot
        self.window = window
        self.slowStartThreshold = slowStartThreshold
        self.smoothedRoundTrip = smoothedRoundTrip
        self.isSelf = isSelf
        self.bytesAcknowledgedBeforeLoss = bytesAcknowledgedBeforeLoss
        self.bytesAcknowledgedSinceLoss = bytesAcknowledgedSinceLoss
    }
}

/// What a congestion controller is told of a loss.
public struct CongestionEvent: Sendable, BitwiseCopyable {
    /// When the lost packet had left.
    public var sentAt: Instant
    public var now: Instant
    /// With the lost packets still counted.
    public var bytesInFlight: Int

    public init(sentAt: Instant, now: Instant, bytesInFlight: Int) {
        self.sentAt = sentAt
        self.now = now
        self.bytesInFlight = bytesInFlight
    }
}

/// What a congestion controller is made for.
public struct CongestionContext: Sendable {
    /// Bytes of a full packet.
    public var packetSize: Int
    /// Bytes that may be sent before anything was acknowledged: ten packets (RFC 9002, 7.2).
    public var initialWindow: Int

    public init(packetSize: Int, initialWindow: Int? = nil) {
        self.packetSize = packetSize
        self.initialWindow = initialWindow ?? 10 * packetSize
    }

    /// Two packets: RFC 9002, 7.2.
    public var windowMin: Int { 2 * packetSize }
}

/// A controller's name and parameters, and how it is made from them.
public struct CongestionRegistration: Sendable {
    public let signature: ModelSignature
    public let make: @Sendable (ModelChoice, CongestionContext) throws(ModelError) -> any CongestionController

    public init(
        signature: ModelSignature,
        make: @escaping @Sendable (ModelChoice, CongestionContext) throws(ModelError) -> any CongestionController
    ) {
        self.signature = signature
        self.make = make
    }
}

/// The congestion controllers that scenario files can name. A new one is one file and one line here, or one `append` in
/// a researcher's own package.
public struct CongestionControllers: Sendable {
    public var registrations: [CongestionRegistration]

    public init(_ registrations: [CongestionRegistration]) { self.registrations = registrations }

    public subscript(name: String) -> CongestionRegistration? { registrations.first { $0.signature.name == name } }

    public static let standard = CongestionControllers([NewReno.registration, Cubic.registration, LIA.registration])
}
