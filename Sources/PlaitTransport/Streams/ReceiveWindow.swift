package import PlaitCore

/// How far the peer may send, on one stream or on all together, and when to allow more.
///
/// The limit moves on when a quarter of the window was consumed. If that took at most one round trip, the window may be
/// what holds the peer back, and is doubled up to a maximum: it ends between four and eight times what the peer sends
/// in a round trip. A peer in slow start has sent twice what was consumed when the next limit reaches it; limits two
/// and a half times what was consumed, which this gives, are never met on the way. Half a window at a time would be too
/// late.
package struct ReceiveWindow: ~Copyable {
    /// The peer may send bytes below this offset.
    package private(set) var limit: UInt64
    package private(set) var window: UInt64
    /// Bytes that the application took, or that were thrown away.
    package private(set) var consumed: UInt64 = 0
    /// When the limit last moved, or the first byte was consumed; `never` before.
    private var movedAt = Instant.never

    package init(_ initial: UInt64) {
        let initial = min(initial, Varint.max)
        limit = initial
        window = initial
    }

    /// Counts what nobody reads, as if it had been read. Answers whether the limit moved.
    package mutating func discard(_ count: UInt64) -> Bool {
        consumed += count
        return move()
    }

    /// Counts what was read. Answers whether the limit moved.
    package mutating func consume(_ count: UInt64, now: Instant, roundTrip: Interval, windowMax: UInt64) -> Bool {
        consumed += count
        if movedAt.isNever { movedAt = now }
        guard isDue else { return false }
        let isFast = roundTrip > .zero && now <= movedAt + roundTrip
        if isFast, window < windowMax { window = min(window * 2, windowMax) }
        movedAt = now
        return move()
    }

    /// A window that another one needs to be at least this large. It shows when the limit moves next.
    package mutating func widen(to least: UInt64) { window = max(window, least) }

    private var isDue: Bool { limit - consumed <= window - window / 4 }

    private mutating func move() -> Bool {
        // Near the last offset that a stream can have, the limit cannot move any more.
        let next = min(consumed + window, Varint.max)
        guard isDue, next > limit else { return false }
        limit = next
        return true
    }
}
