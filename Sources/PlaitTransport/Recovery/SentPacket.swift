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
    /// Its frames were handed back, to be carried again by another packet. Should it arrive after all, they are
    /// acknowledged all the same.
    var isHandedBack: Bool
    /// It carries the bytes of streams that are pinned to this path: no other is to carry them as long as it works.
    var isBound: Bool
    /// What it carries goes by another path as well, so that at the tail it need not be carried once more.
    var isShared = false
    /// Why it counts as lost, if it does.
    var cause: LossCause
    /// It carries nothing, and may well be too large for the path.
    var isSizeProbe = false

    /// No number: they have 62 bits.
    static let none = UInt64.max
}

/// Why a packet is taken for lost; what is learned when it arrives after all depends on it.
enum LossCause: UInt8, BitwiseCopyable {
    /// So much later ones arrived.
    case numbers
    /// A later one arrived so long ago.
    case time
    /// The path was given up with everything on it. It says nothing about reordering or congestion.
    case failure
}

/// What became of one frame that was sent.
///
/// A frame comes back at most twice: handed back, as `lost` or `probed`, to be carried again; and `acknowledged`, which
/// may follow on that and is the last word. Whoever sends again takes it as the order to stop.
package struct ResolvedFrame: Hashable, Sendable, BitwiseCopyable {
    /// Why a frame came back.
    package enum Fate: UInt8, Hashable, Sendable, BitwiseCopyable {
        case acknowledged
        case lost
        /// A probe or another path should carry it again; its packet is not counted as lost yet.
        case probed
    }

    package var frame: SentFrame
    /// Of the packet that carried it.
    package var number: UInt64
    package var fate: Fate
    /// Acknowledged after it was handed back, as lost or for a probe.
    package var isLate: Bool

    package init(frame: SentFrame, number: UInt64, fate: Fate, isLate: Bool = false) {
        self.frame = frame
        self.number = number
        self.fate = fate
        self.isLate = isLate
    }

    package var wasAcknowledged: Bool { fate == .acknowledged }
}
