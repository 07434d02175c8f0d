package import PlaitCore

/// Blocking estimation: leaves the slow path empty when a packet there would block the connection's window.
///
/// With F the path of the smallest round trip and S the one that minRTT would take instead because F may not send:
///
///     rounds = RTT_S / RTT_F
///     X      = MSS_F (CWND_F + (rounds - 1) / 2) rounds        what F could send in the meantime, in bytes
///     S is skipped if   lambda X > |SW| - MSS_S (inflight_S + 1)
///
/// SW is the connection's send window, counted from what the receiver took in order, as its implementation counts it:
/// the largest sum of credit and bytes in flight so far, since bytes that wait at the receiver for earlier ones are
/// neither. lambda corrects X: it rises by 0.04 after a round trip of S in which the window did block, falls by 0.01
/// after one in which it did not, and stays within 1.0 and 1.3, beginning at 1.2: the constants of the authors'
/// implementation. That implementation adds lambda's retransmissions out of a blocked window; here the packet that
/// takes the last of the credit shows it. It (net/mptcp/mptcp_blest.c of MPTCP 0.95) also rounds up, takes the mean of
/// the smallest and the largest round trip of F, doubles CWND_F in its first slow start and lets S take longer the more
/// it has in flight: the formula here is the paper's. (S. Ferlin et al., "BLEST: Blocking estimation-based MPTCP
/// scheduler for heterogeneous networks", IFIP Networking 2016, section IV.)
package struct BLEST: Scheduler {
    /// In hundredths, so that a thousand steps leave no rounding behind.
    package private(set) var lambda = 120
    private var lambdaChangedAt = Instant.never
    private var didBlock = false
    private var sendWindow = 0.0

    package init() {}

    package mutating func choose(
        for packet: PacketToSchedule,
        among paths: Span<PathView>,
        now: Instant
    ) -> SchedulerChoice {
        guard let fast = paths.fastest(mayNowOnly: false), let other = paths.fastest(mayNowOnly: true) else {
            return .wait
        }
        // What follows this packet would not have credit any more.
        if packet.creditBytes < 2 * UInt64(max(packet.bytes, 0)) { didBlock = true }
        var inFlight = 0
        for index in paths.indices { inFlight += paths[index].bytesInFlight }
        sendWindow = max(sendWindow, Double(packet.creditBytes) + Double(inFlight))
        guard other != fast else { return .send(slot: paths[fast].slot) }
        adapt(to: paths[other], now: now)
        let slow = Double(paths[other].bytesInFlight + packet.bytes)
        let blocked = Double(lambda) / 100 * Self.meantime(on: paths[fast], during: paths[other])
        return blocked > sendWindow - slow ? .wait : .send(slot: paths[other].slot)
    }

    /// X of the paper.
    package static func meantime(on fast: PathView, during slow: PathView) -> Double {
        let rounds =
            Double(slow.smoothedRoundTrip.nanoseconds) / Double(max(fast.smoothedRoundTrip.nanoseconds, 1))
        return (Double(fast.window) + Double(fast.packetSize) * (rounds - 1) / 2) * rounds
    }

    /// Once a round trip of the slow path.
    private mutating func adapt(to slow: PathView, now: Instant) {
        if lambdaChangedAt.isNever { lambdaChangedAt = now }
        guard now - lambdaChangedAt >= slow.smoothedRoundTrip else { return }
        lambda = min(max(lambda + (didBlock ? 4 : -1), 100), 130)
        didBlock = false
        lambdaChangedAt = now
    }

    static let registration = SchedulerRegistration(
        signature: ModelSignature(
            name: "blest",
            summary: "skips a slow path that would block the window for the fast one (Ferlin et al., Networking 2016)"
        )
    ) { _, _ in BLEST() }
}
