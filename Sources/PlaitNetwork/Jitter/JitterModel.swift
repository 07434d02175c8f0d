public import PlaitCore

/// Decides how much longer than the propagation delay a packet travels. Never less: the extra is not negative.
public protocol JitterModel: AnyObject {
    /// The extra delay of packet `index`, whose last bit left at `now`. `now` never goes backwards.
    func extraDelay(index: UInt64, at now: Instant) -> Interval

    /// No packet is ever delayed by more.
    var largestDelay: Interval { get }

    /// Whether a packet may arrive before one that left earlier. If not, the extra never falls faster than time passes.
    var mayReorder: Bool { get }
}
