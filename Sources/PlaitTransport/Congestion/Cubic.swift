package import PlaitCore

/// The window follows a cubic curve in time, not in round trips: RFC 9438.
///
///     event       W_max = window (17/20 of it if W_max was not reached: fast convergence), window = 7/10 window
///     ACK         estimate += 9/17 packets a round trip, a whole one from the window of the event on   (as Reno would)
///                 target    = W(t + RTT), between window and 3/2 window
///                 window    = estimate if W(t) < estimate, else window + (target - window) * acknowledged / window
///
/// `t` counts from the first arrival after recovery, and stands still while the sender has too little to send (5.8).
/// Slow start ends by HyStart++ before the first loss. Whole numbers only; remainders are carried on.
package struct Cubic: CongestionController {
    package private(set) var window: Int
    private var state = State()
    private var context: CongestionContext

    /// All that an event changes besides the window, so that it can be taken back (RFC 9438, 4.9).
    private struct State: Sendable {
        var slowStartThreshold = Int.max
        /// W_max; 0 before the first event.
        var highest = 0
        /// The window before the last reduction: from there on the estimate grows as fast as Reno's.
        var prior = 0
        var epoch: Epoch?
    }

    private struct Epoch: Sendable {
        var startedAt: Instant
        var curve: CubicCurve
        /// What Reno would have, with CUBIC's smaller reduction, and the remainder of its last growth.
        var estimate: Int
        var estimateRemainder = 0
        var windowRemainder = 0
        /// Since when the sender has too little to send.
        var pausedAt: Instant?
    }

    private var hyStart = HyStart()
    private var beforeEvent: State?
    private var windowBeforeEvent = 0

    package init(_ context: CongestionContext) {
        self.context = context
        window = context.initialWindow
    }

    package var slowStartThreshold: Int { state.slowStartThreshold }

    package mutating func acknowledged(_ packet: AcknowledgedPacket) {
        guard !packet.isInRecovery else { return }
        guard !packet.isApplicationLimited else {
            if state.epoch != nil, state.epoch?.pausedAt == nil { state.epoch?.pausedAt = packet.now }
            return
        }
        if window < slowStartThreshold {
            growInSlowStart(packet)
        } else {
            growOnCurve(packet)
        }
    }

    private mutating func growInSlowStart(_ packet: AcknowledgedPacket) {
        // Later slow starts end at the threshold that a loss has set; only the first one is blind (RFC 9406, 4.2).
        guard slowStartThreshold == .max else {
            window = min(window + packet.bytes, NewReno.windowMax)
            return
        }
        let isOver = hyStart.acknowledged(sentAt: packet.sentAt, sample: packet.roundTripSample, now: packet.now)
        window = min(window + packet.bytes / hyStart.divisor, NewReno.windowMax)
        if isOver {
            // No loss, so no W_max: the curve begins on its plateau (RFC 9438, 4.10).
            state.slowStartThreshold = window
            state.prior = window
        }
    }

    private mutating func growOnCurve(_ packet: AcknowledgedPacket) {
        var epoch =
            state.epoch
            ?? Epoch(
                startedAt: packet.now,
                curve: CubicCurve(from: window, origin: state.highest, packetSize: context.packetSize),
                estimate: window
            )
        if let pausedAt = epoch.pausedAt {
            epoch.startedAt = epoch.startedAt + (packet.now - pausedAt)
            epoch.pausedAt = nil
        }
        let share = epoch.estimate < state.prior ? Self.renoShare : Self.renoWhole
        epoch.estimateRemainder += share * context.packetSize * packet.bytes
        epoch.estimate += epoch.estimateRemainder / (Self.renoWhole * window)
        epoch.estimateRemainder %= Self.renoWhole * window

        let elapsed = packet.now - epoch.startedAt
        if epoch.curve.window(after: elapsed) < epoch.estimate {
            window = max(window, epoch.estimate)
        } else {
            let ahead = epoch.curve.window(after: elapsed + packet.smoothedRoundTrip)
            let target = min(max(ahead, window), window + window / 2)
            epoch.windowRemainder += (target - window) * packet.bytes
            let growth = epoch.windowRemainder / window
            epoch.windowRemainder %= window
            window += growth
        }
        window = min(window, NewReno.windowMax)
        state.epoch = epoch
    }

    package mutating func congestionEvent(_ event: CongestionEvent) {
        beforeEvent = state
        windowBeforeEvent = window
        state.prior = window
        // Fast convergence (4.7): who did not get back to W_max makes room for others.
        state.highest = window < state.highest ? window * 17 / 20 : window
        window = max(window * 7 / 10, context.windowMin)
        state.slowStartThreshold = window
        state.epoch = nil
    }

    package mutating func persistentCongestion(now: Instant) {
        beforeEvent = nil
        state.epoch = nil
        window = context.windowMin
    }

    package mutating func spuriousCongestion(now: Instant) {
        guard let beforeEvent else { return }
        if window < windowBeforeEvent {
            window = windowBeforeEvent
            state = beforeEvent
        }
        self.beforeEvent = nil
    }

    /// The curve rises by so many packets: it begins anew from where the window is.
    package mutating func packetSizeChanged(to bytes: Int) {
        context.packetSize = bytes
        window = max(window, context.windowMin)
        state.epoch = nil
    }

    /// 3 (1 - beta) / (1 + beta) with beta = 7/10 is 9/17: RFC 9438, 4.3.
    private static let renoShare = 9
    private static let renoWhole = 17

    static let registration = CongestionRegistration(
        signature: ModelSignature(
            name: "cubic",
            summary: "follows a cubic curve back to the window of the last loss (RFC 9438, with HyStart++ of RFC 9406)"
        )
    ) { _, context in Cubic(context) }
}
