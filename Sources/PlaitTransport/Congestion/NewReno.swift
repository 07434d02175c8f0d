package import PlaitCore

/// Additive increase, multiplicative decrease: RFC 9002, section 7 and appendix B.
///
///     slow start             window += acknowledged
///     congestion avoidance   window += packet * acknowledged / window
///     event                  window = threshold = window / 2, at least two packets
///
/// Growth counts bytes, not ACK frames, so that delayed acknowledgements do not slow it, and carries the remainder of
/// the division on, so that none is lost to rounding.
package struct NewReno: CongestionController {
    package private(set) var window: Int
    package private(set) var slowStartThreshold = Int.max
    /// Of the last division, in packet sizes times bytes.
    private var remainder = 0
    private var before: Saved?
    private var context: CongestionContext

    private struct Saved: Sendable {
        let window: Int
        let slowStartThreshold: Int
    }

    package init(_ context: CongestionContext) {
        self.context = context
        window = context.initialWindow
    }

    package mutating func acknowledged(_ packet: AcknowledgedPacket) {
        guard canGrow(on: packet) else { return }
        if window < slowStartThreshold {
            window = min(window + packet.bytes, Self.windowMax)
        } else {
            grow(by: context.packetSize * packet.bytes)
        }
    }

    /// As `acknowledged`, but in congestion avoidance with only `share` of the growth: 0...1.
    mutating func acknowledged(_ packet: AcknowledgedPacket, share: Double) {
        guard canGrow(on: packet), window >= slowStartThreshold else { return acknowledged(packet) }
        grow(by: Int(Double(context.packetSize * packet.bytes) * share + 0.5))
    }

    private func canGrow(on packet: AcknowledgedPacket) -> Bool { !packet.isInRecovery && !packet.isApplicationLimited }

    /// - Parameter product: Packet sizes times bytes acknowledged.
    private mutating func grow(by product: Int) {
        remainder += product
        window = min(window + remainder / window, Self.windowMax)
        remainder %= window
    }

    package mutating func congestionEvent(_ event: CongestionEvent) {
        before = Saved(window: window, slowStartThreshold: slowStartThreshold)
        window = max(window / 2, context.windowMin)
        slowStartThreshold = window
        remainder = 0
    }

    package mutating func persistentCongestion(now: Instant) {
        before = nil
        window = context.windowMin
        remainder = 0
    }

    package mutating func spuriousCongestion(now: Instant) {
        guard let before else { return }
        window = max(window, before.window)
        slowStartThreshold = before.slowStartThreshold
        self.before = nil
    }

    package mutating func packetSizeChanged(to bytes: Int) {
        context.packetSize = bytes
        window = max(window, context.windowMin)
    }

    /// A terabyte: more than any path holds, and far from where the arithmetic would overflow.
    package static let windowMax = 1 << 40

    static let registration = CongestionRegistration(
        signature: ModelSignature(
            name: "newreno",
            summary: "halves the window on loss and adds a packet a round trip (RFC 9002)"
        )
    ) { _, context in NewReno(context) }
}
