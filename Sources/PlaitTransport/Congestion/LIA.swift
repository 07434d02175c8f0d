package import PlaitCore

/// Linked increases: the paths of a connection together take what one flow on the best of them would (RFC 6356).
///
///     alpha = total * max(window_i / RTT_i^2) / (sum(window_i / RTT_i))^2
///     congestion avoidance   window_i += min(alpha * acknowledged * packet / total, acknowledged * packet / window_i)
///
/// `total`, `max` and `sum` are over the paths that carry data. Slow start and what losses do are NewReno's, path by
/// path. Both terms of `min` are a share of NewReno's growth, so this is one NewReno a path, told its share; a fraction
/// of a byte is carried on, where the RFC's whole-byte arithmetic rounds up. On a single path the share is one.
package struct LIA: CongestionController {
    private var reno: NewReno

    package init(_ context: CongestionContext) { reno = NewReno(context) }

    package var window: Int { reno.window }
    package var slowStartThreshold: Int { reno.slowStartThreshold }

    package mutating func acknowledged(_ packet: AcknowledgedPacket) { reno.acknowledged(packet) }

    package mutating func acknowledged(_ packet: AcknowledgedPacket, among paths: Span<CoupledPath>) {
        reno.acknowledged(packet, share: share(smoothed: packet.smoothedRoundTrip, among: paths))
    }

    package mutating func congestionEvent(_ event: CongestionEvent) { reno.congestionEvent(event) }
    package mutating func persistentCongestion(now: Instant) { reno.persistentCongestion(now: now) }
    package mutating func spuriousCongestion(now: Instant) { reno.spuriousCongestion(now: now) }

    package mutating func packetSizeChanged(to bytes: Int) { reno.packetSizeChanged(to: bytes) }

    /// What part of NewReno's growth is due: min(alpha * window_i / total, 1). `total` cancels out.
    private func share(smoothed: Interval, among paths: Span<CoupledPath>) -> Double {
        let own = Self.rates(window: window, smoothed: smoothed)
        var sum = own.rate
        var best = own.perRoundTrip
        for index in paths.indices where !paths[index].isSelf {
            let path = Self.rates(window: paths[index].window, smoothed: paths[index].smoothedRoundTrip)
            sum += path.rate
            best = max(best, path.perRoundTrip)
        }
        return min(Double(window) * best / (sum * sum), 1)
    }

    /// window / RTT and window / RTT^2.
    private static func rates(window: Int, smoothed: Interval) -> (rate: Double, perRoundTrip: Double) {
        let roundTrip = Double(max(smoothed.nanoseconds, 1))
        let rate = Double(max(window, 1)) / roundTrip
        return (rate, rate / roundTrip)
    }

    static let registration = CongestionRegistration(
        signature: ModelSignature(
            name: "lia",
            summary: "couples the paths of a connection, which together take what one flow would (RFC 6356)"
        )
    ) { _, context in LIA(context) }
}
