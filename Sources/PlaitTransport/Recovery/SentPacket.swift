import PlaitCore

/// One packet number of a path and what became of it. Its frames stand in a ring beside it.
struct SentPacket: BitwiseCopyable {
    /// What became of a number. Only `outstanding` ones are in the list of those that may still be lost.
    enum State: UInt8, BitwiseCopyable {
        /// Left out on purpose: whoever acknowledges it guesses.
        case skipped
        case outstanding
        case acknowledged
        /// Declared lost, kept for a while to notice when it arrives after all.
        case lost
    }

    var sentAt: Instant
    /// Counted from the first frame ever recorded.
    var firstFrame: UInt64
    /// The next lower outstanding number, or, once acknowledged, one from which the next lower unacknowledged is found.
    var lower: UInt64
    /// The next higher outstanding number.
    var higher: UInt64
    /// The congestion event that its loss belonged to.
    var event: UInt32
    var bytes: UInt32
    var frameCount: UInt16
    var state: State
    /// Asks for an acknowledgement, and so counts as in flight.
    var isAckEliciting: Bool
    /// Its frames were handed back, to be acknowledged by another packet.
    var isResolved: Bool
    /// Found lost by the clock, not by later numbers.
    var isLostByTime: Bool

    /// No number: they have 62 bits.
    static let none = UInt64.max
}

/// What became of one frame that was sent. Each frame is resolved once.
package struct ResolvedFrame: Hashable, Sendable, BitwiseCopyable {
    /// Why a frame came back.
    package enum Fate: UInt8, Hashable, Sendable, BitwiseCopyable {
        case acknowledged
        case lost
        /// A probe should carry it again; its packet is not counted as lost yet.
        case probed
    }

    package var frame: SentFrame
    /// Of the packet that carried it.
    package var number: UInt64
    package var fate: Fate

    package init(frame: SentFrame, number: UInt64, fate: Fate) {
        self.frame = frame
        self.number = number
        self.fate = fate
    }

    package var wasAcknowledged: Bool { fate == .acknowledged }
}
