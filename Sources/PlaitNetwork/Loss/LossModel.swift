public import PlaitCore

/// Decides which packets a direction loses after their wire time was spent.
///
/// A model answers from its own random stream by the packet's index on the direction or by the time, never from how
/// often it was asked, so that a full queue or another scheduler shifts nobody's fate.
public protocol LossModel: AnyObject {
    /// Whether packet `index` of this direction, whose last bit left at `now`, is lost. `now` never goes backwards.
    func loses(index: UInt64, at now: Instant) -> Bool
}
