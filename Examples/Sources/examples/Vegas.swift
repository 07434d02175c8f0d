import PlaitCore
import PlaitTransport

/// Keeps a few packets of its own in the bottleneck's queue, where others fill it until packets are lost: TCP Vegas
/// (Brakmo and Peterson, 1995).
///
///     waiting = window * (RTT - minimum RTT) / RTT
///     slow start           until waiting > beta, then window -= waiting
///     once a round trip    waiting < alpha: window += packet,   waiting > beta: window -= packet
struct Vegas: CongestionController {
    private(set) var window: Int
    private(set) var slowStartThreshold = Int.max
    /// A round trip ends with the first arrival of what was sent after it began.
    private var roundStart = Instant.start
    private let context: CongestionContext
    private let (alpha, beta): (Int, Int)

    init(_ context: CongestionContext, alpha: Int64, beta: Int64) {
        self.context = context
        (self.alpha, self.beta) = (Int(alpha) * context.packetSize, Int(beta) * context.packetSize)
        window = context.initialWindow
    }

    mutating func acknowledged(_ packet: AcknowledgedPacket) {
        guard !packet.isInRecovery, !packet.isApplicationLimited else { return }
        let standing = packet.smoothedRoundTrip - packet.minimumRoundTrip
        let share = Double(standing.nanoseconds) / Double(packet.smoothedRoundTrip.nanoseconds)
        let waiting = Int(Double(window) * share)
        if window < slowStartThreshold {
            window += packet.bytes
            if waiting > beta { (window, slowStartThreshold) = (max(window - waiting, context.windowMin), 0) }
        } else if packet.sentAt >= roundStart {
            roundStart = packet.now
            if waiting < alpha { window += context.packetSize }
            if waiting > beta { window = max(window - context.packetSize, context.windowMin) }
        }
    }

    mutating func congestionEvent(_ event: CongestionEvent) {
        window = max(window * 3 / 4, context.windowMin)
        slowStartThreshold = 0
    }

    mutating func persistentCongestion(now: Instant) { window = context.windowMin }
    mutating func spuriousCongestion(now: Instant) {}

    static let registration = CongestionRegistration(
        signature: ModelSignature(
            name: "vegas",
            summary: "keeps from alpha to beta packets in the queue (TCP Vegas)",
            parameters: [.init("alpha", .packets, "Default: 2."), .init("beta", .packets, "Default: 4.")]
        )
    ) { choice, context in
        Vegas(context, alpha: choice.packets("alpha") ?? 2, beta: choice.packets("beta") ?? 4)
    }
}
