import PlaitCore

/// NewReno's window in whole segments (RFC 5681, with the recovery of RFC 6582): how much may be in flight, and when it
/// shrinks.
///
///     slow start ──(ssthresh)──▶ avoidance ◀──full ack── recovery ◀──3 duplicates── any
///          ▲                                                 │ partial ack: resend, stay
///          └────────────────────── timeout ──────────────────┘
struct NewRenoWindow {
    /// In 2^-16 of a segment, so that avoidance can add 1/cwnd per acknowledgement.
    private var window: UInt64 = 10 << 16
    private var threshold: UInt64 = .max
    private(set) var duplicates = 0
    /// The recovery lasts until everything below this is acknowledged; nil outside.
    private(set) var recovery: UInt64?
    /// Whether this recovery has seen a partial acknowledgement.
    private(set) var hasPartial = false
    /// No second reduction for marks below this segment.
    private var reducedUntil: UInt64 = 0

    enum Reaction { case none, resendFirst }

    /// Segments that may be in flight.
    var segments: UInt64 { max(1, window >> 16) }

    /// `count` segments were newly acknowledged, all below `acknowledged`.
    mutating func acknowledge(_ count: UInt64, upTo acknowledged: UInt64, inFlight: UInt64) -> Reaction {
        duplicates = 0
        if let end = recovery {
            guard acknowledged < end else {
                recovery = nil
                window = min(threshold, (max(inFlight, 1) + 1) << 16)
                return .none
            }
            // Partial: the next hole is lost as well (RFC 6582, 3.2, step 3).
            hasPartial = true
            window = max(1 << 16, (window > count << 16 ? window - count << 16 : 0) + 1 << 16)
            return .resendFirst
        }
        // One segment an acknowledgement at most, however many it covers (RFC 5681, 3.1, equations 2 and 3): after a
        // timeout the first may cover a whole window that had arrived before, and a window grown by it would be sent at
        // once.
        if window < threshold {
            window += 1 << 16
        } else {
            window += max(1, (1 << 32) / window)
        }
        return .none
    }

    /// An acknowledgement that brought nothing new. `next` is the first segment never sent.
    mutating func duplicate(next: UInt64, acknowledged: UInt64, recoverAfter: UInt64?, inFlight: UInt64) -> Reaction {
        duplicates += 1
        if recovery != nil {
            window += 1 << 16
            return .none
        }
        // Strictly more: what a timeout sent again for nothing is answered with duplicates of exactly that
        // (RFC 6582, 3.2, step 2).
        guard duplicates == 3, recoverAfter.map({ acknowledged > $0 }) ?? true else { return .none }
        halve(inFlight)
        window = threshold + 3 << 16
        recovery = next
        hasPartial = false
        return .resendFirst
    }

    /// Congestion was signalled without loss (RFC 3168): once per window.
    mutating func marked(next: UInt64, acknowledged: UInt64, inFlight: UInt64) {
        guard recovery == nil, acknowledged >= reducedUntil else { return }
        halve(inFlight)
        window = threshold
        reducedUntil = next
    }

    mutating func timeout(inFlight: UInt64) {
        halve(inFlight)
        window = 1 << 16
        recovery = nil
        duplicates = 0
    }

    private mutating func halve(_ inFlight: UInt64) { threshold = max(2 << 16, inFlight << 15) }
}
