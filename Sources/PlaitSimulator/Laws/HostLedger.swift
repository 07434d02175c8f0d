import PlaitCore

/// What one host may do now, and how many packets are at it.
struct HostLedger {
    /// The numbers of `TraceEvent.Property.host`.
    enum Condition: UInt8 {
        case crashed = 0
        case running = 1
        case paused = 2
    }

    let isRouter: Bool
    var condition: Condition = .running
    /// When `condition` last changed: whatever was at the host then may have waited for it.
    var changedAt: Int64 = -1
    var inside = 0
}
