import PlaitCore
import PlaitTransport

/// One reconnector with its server's breaker, led by hand.
struct ReconnectorRig: ~Copyable {
    var machine: Reconnector
    var breaker: CircuitBreaker
    var now = Instant.start
    /// All events, in order.
    private(set) var log: [ReconnectionEvent] = []

    static let home = SocketAddress(interface: 1, port: 443)

    init(
        _ configuration: ReconnectorConfiguration = Self.plain,
        breaker: BreakerConfiguration = BreakerConfiguration(),
        seed: UInt64 = 1,
        name: String = "test/reconnect"
    ) {
        machine = Reconnector(configuration, random: RandomStream(seed: seed, name: name))
        self.breaker = CircuitBreaker(breaker)
        _ = machine.learn(Self.home)
    }

    /// Without jitter, so that instants can be named.
    static var plain: ReconnectorConfiguration {
        var configuration = ReconnectorConfiguration()
        configuration.backoff.jitter = .around(perMille: 0)
        return configuration
    }

    /// A breaker that never opens within a test.
    static var patient: BreakerConfiguration {
        var configuration = BreakerConfiguration()
        configuration.failuresToOpen = 1_000_000
        return configuration
    }

    var state: ReconnectorState { machine.state }
    var trial: ReconnectionTrial? { machine.state.trial }
    var attempts: Int { log.count { if case .attempt = $0 { true } else { false } } }

    /// The events since the last call.
    @discardableResult
    mutating func drain() -> [ReconnectionEvent] {
        var events: [ReconnectionEvent] = []
        while let event = machine.nextEvent() { events.append(event) }
        log += events
        machine.checkInvariants()
        breaker.checkInvariants()
        return events
    }

    @discardableResult
    mutating func lose() -> [ReconnectionEvent] {
        machine.connectionLost(breaker: breaker, now: now)
        return drain()
    }

    @discardableResult
    mutating func fail(_ reason: AttemptFailure = .unproven, generation: UInt64? = nil) -> [ReconnectionEvent] {
        machine.attemptFailed(generation ?? trial?.generation ?? 0, because: reason, breaker: &breaker, now: now)
        return drain()
    }

    mutating func succeed(generation: UInt64? = nil, at address: SocketAddress = home) -> Bool {
        let generation = generation ?? trial?.generation ?? 0
        let isTaken = machine.attemptSucceeded(generation, at: address, breaker: &breaker, now: now)
        drain()
        return isTaken
    }

    @discardableResult
    mutating func hint() -> [ReconnectionEvent] {
        machine.networkChanged(breaker: &breaker, now: now)
        return drain()
    }

    mutating func cancel() {
        machine.cancel(breaker: &breaker, now: now)
        drain()
    }

    /// Goes to `instant`, by way of every deadline.
    mutating func run(until instant: Instant) {
        while machine.deadline <= instant {
            now = max(now, machine.deadline)
            wake()
        }
        now = instant
    }

    mutating func run(for time: Interval) { run(until: now + time) }

    /// Goes to the next attempt, which there must be.
    mutating func runToAttempt() {
        while trial == nil, !machine.deadline.isNever {
            now = max(now, machine.deadline)
            wake()
        }
    }

    /// One call at `now`, which must get somewhere if it was due.
    mutating func wake() {
        let (before, deadline) = (machine.state, machine.deadline)
        machine.deadlineReached(breaker: &breaker, now: now)
        let events = drain()
        precondition(
            deadline > now || machine.deadline > now || machine.state != before || !events.isEmpty,
            "a deadline that was due, and stays so"
        )
    }
}
