import PlaitCore

/// What decides which path a packet takes, and its working tables.
struct PathScheduling: ~Copyable {
    /// Nil while it looks at the views.
    private var scheduler: (any Scheduler)?
    let reinjection: ReinjectionPolicy
    let acknowledgements: AcknowledgementPolicy
    /// Of the paths that may carry data now, made anew for each decision.
    var views = Table<PathView>(capacity: 2)
    /// Of the paths that carry data, for coupled controllers, made anew for each ACK.
    var coupled = Table<CoupledPath>?(Table(capacity: 2))
    /// When a scheduler that waits wants to be asked again.
    var askAgain = Instant.never
    /// The packet that is written next goes over every path: its frames are noted for the others.
    var copiesNext = false
    /// The packet that is written next carries what another path carries already.
    var repeats = false
    /// The packet that is written next has no stream's bytes: the scheduler holds them back.
    var holdsBytes = false
    /// By lane of the streams: the slot of the path that its bytes are bound to now, or -1. Empty without pins.
    var homes = Table<Int>(capacity: 1)
    /// Lanes whose bytes are the scheduler's.
    var free = Lanes.all
    /// The packet that is written next has the bytes of this lane, which are bound to its path, and no others.
    var bound: Int?

    init(_ configuration: ConnectionConfiguration) {
        scheduler = configuration.scheduler(SchedulerContext(pathsMax: configuration.pathsMax))
        reinjection = configuration.reinjection
        acknowledgements = configuration.acknowledgements
    }

    /// The scheduler itself, and not a copy of it: a value in a box would be copied to the heap when it changes.
    mutating func take() -> any Scheduler {
        guard let scheduler = scheduler.take() else { preconditionFailure("a scheduler is asked one thing at a time") }
        return scheduler
    }

    mutating func giveBack(_ scheduler: consuming any Scheduler) { self.scheduler = scheduler }

    mutating func choose(for packet: PacketToSchedule, now: Instant) -> SchedulerChoice {
        var scheduler = take()
        let choice = scheduler.choose(for: packet, among: views.span, now: now)
        giveBack(scheduler)
        return choice
    }

    mutating func sent(_ bytes: Int, on slot: Int, now: Instant) { scheduler?.sent(bytes, on: slot, now: now) }
    mutating func acknowledged(_ bytes: Int, on slot: Int, now: Instant) {
        scheduler?.acknowledged(bytes, on: slot, now: now)
    }
    mutating func lost(_ bytes: Int, on slot: Int, now: Instant) { scheduler?.lost(bytes, on: slot, now: now) }
}

/// Over which path the peer is told what came.
public enum AcknowledgementPolicy: String, Hashable, Sendable, CaseIterable {
    /// The one that it came by: round trips are those of one path, and a path that works one way only is noticed.
    case same
    /// The fastest one: round trips are shorter, and all of them share the way back, so that they can be compared.
    case fastest
}
