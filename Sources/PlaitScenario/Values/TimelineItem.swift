public import PlaitCore

/// Something done to the world at one instant.
public struct TimelineItem: Hashable, Sendable {
    /// Since the start of the run.
    public var at: Interval
    public var origin: Origin
    public var action: Action

    public init(at: Interval, origin: Origin = .none, action: Action) {
        self.at = at
        self.origin = origin
        self.action = action
    }

    /// What is done, and to whom.
    public enum Action: Hashable, Sendable {
        /// To one direction of a link, or to both: `[link.forward, link.backward]`.
        case link([DirectionID], LinkAction)
        case host(HostID, HostAction)
        /// Packets between hosts of different groups are dropped.
        case partition(groups: [[HostID]])
        /// Packets from the first set of hosts to the second are dropped; the way back stays open.
        case cut(from: [HostID], to: [HostID])
        /// Ends every partition and cut.
        case heal
    }
}

/// What can happen to a direction of a link.
public enum LinkAction: Hashable, Sendable {
    case up
    /// Drops what is offered and what is on the wire, and the queue unless it is held.
    case down(holdsQueue: Bool)
    /// Nothing moves and nothing is lost.
    case clog
    case release
    /// Never empty; each property at most once, in the order of `PropertyChange`.
    case set([PropertyChange])
    case ramp(Ramp)
}

/// A new value of a direction's property. `nil` (written `none`) takes the effect away.
public enum PropertyChange: Hashable, Sendable {
    case rate(Rate)
    case delay(Interval)
    case overhead(Int64)
    case mtu(Int64)
    case jitter(ChosenModel?)
    case loss(ChosenModel?)
    case queue(ChosenModel)
    case duplicate(Probability)
    case reorder(Reordering?)
    case corrupt(Corruption?)
    case truncate(Probability)
}

/// Moves properties linearly from what they are to a target.
public struct Ramp: Hashable, Sendable {
    /// Never empty; each property at most once, in the order of `Target`.
    public var targets: [Target]
    public var over: Interval
    /// The length of a step.
    public var every: Interval

    /// Where a property is when the ramp ends.
    public enum Target: Hashable, Sendable {
        /// Never unlimited, and the rate at the start must not be either.
        case rate(Rate)
        case delay(Interval)
        case overhead(Int64)
        /// Of independent loss; a direction without loss starts from zero.
        case loss(Probability)
        case duplicate(Probability)
        case truncate(Probability)
    }

    public init(targets: [Target], over: Interval, every: Interval = .milliseconds(10)) {
        self.targets = targets
        self.over = over
        self.every = every
    }
}

/// What can happen to a host.
public enum HostAction: Hashable, Sendable {
    /// It loses its state and answers nothing.
    case crash
    /// It starts anew after a crash.
    case restart
    /// It does nothing, and its receive buffer fills.
    case pause
    /// It goes on after a pause.
    case resume
    /// New drift of its clocks, in parts per billion.
    case drift(partsPerBillion: Int64)
    /// Its wall clock jumps by this much, forwards or back.
    case wallStep(Interval)
    /// Others see it under a new port or address; on one link, or on all of them.
    case rebind(Rebinding, LinkID?)
}

/// What a network address translator changes.
public enum Rebinding: String, Hashable, Sendable, CaseIterable {
    case port
    case address
}
