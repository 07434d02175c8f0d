package import PlaitCore
package import PlaitNetwork

/// A deterministic discrete-event simulation of one network and the endpoints on it.
///
/// The same plan, seats and timeline give the same events in the same order and so the same `hash`, in any process. The
/// simulator owns the only clock, virtual time; it moves from one due timer to the next.
package struct Simulator: ~Copyable {
    package private(set) var now: Instant = .start
    /// Events handled so far.
    package private(set) var events: UInt64 = 0
    package internal(set) var fabric: Fabric
    package internal(set) var directions = Table<LinkDirection>()
    package internal(set) var hosts = Table<Host>()
    package internal(set) var topology: Topology
    package internal(set) var timers = Timers()

    var seats = Table<Seat>()
    /// Names of seats, by seat: for the guard's message only.
    var seatNames: [String] = []
    var timeline = Timeline()
    var partitions: [Partition] = []
    /// What is sent waits for `deliver`, `drop` or `duplicate` instead of going onto a link.
    var control: ControlledPackets?
    private var guarding = StallGuard()
    /// Datagrams that an endpoint may send without a pause before it is taken for endless.
    var transmitsPerCall: UInt64 = StopConditions().eventsPerInstant
    /// The seat that sent without end, if one did. It ends the run.
    var runaway: Int?
    private let timelineTimer: Int
    private let firstSeatTimer: Int

    package init(_ plan: NetworkPlan) {
        fabric = Fabric(largestPacket: plan.largestPacket)
        topology = Topology(plan)
        for host in plan.hosts { hosts.append(Host(host)) }
        for (index, link) in plan.links.enumerated() {
            let id = LinkID(index)
            for (direction, configuration) in [(id.forward, link.forward), (id.backward, link.backward)] {
                let streams = LinkStreams(seed: plan.seed, name: "link/" + topology.name(of: direction))
                directions.append(LinkDirection(id: direction, configuration: configuration, streams: streams))
                _ = timers.add()
                _ = timers.add()
            }
        }
        timelineTimer = timers.add()
        firstSeatTimer = timers.count
    }

    /// One number for the whole run: the hashes of all hosts and links, in order.
    package var hash: RunningHash {
        var whole = RunningHash()
        for index in hosts.indices { whole.fold(hosts[index].hash) }
        for index in directions.indices { whole.fold(directions[index].hash) }
        return whole
    }

    // MARK: Running

    /// Handles what is due, in order, until something says stop.
    package mutating func run(until stop: StopConditions) -> StopReason {
        transmitsPerCall = stop.eventsPerInstant
        // What happens to the world at the very start comes before the first packets, as at any other instant.
        if events == 0 { advanceTimeline() }
        armTimeline()
        startSeats()
        var untilProgress = stop.progressEvery
        while true {
            if let runaway { return .stalled(culprit: seatNames[runaway]) }
            guard events < stop.events else { return .eventLimit }
            guard timers.armed > 0 else {
                if !stop.whenQuiet, !stop.time.isNever { now = max(now, stop.time) }
                return .quiescent
            }
            guard let (timer, time) = timers.popFirst(notAfter: stop.time) else {
                now = max(now, stop.time)
                return .timeReached
            }
            if let culprit = guarding.count(timer: timer, advances: time > now, limit: stop.eventsPerInstant) {
                return .stalled(culprit: name(ofTimer: culprit))
            }
            now = time
            events += 1
            dispatch(timer)
            if let progress = stop.progress {
                untilProgress -= 1
                if untilProgress == 0 {
                    untilProgress = stop.progressEvery
                    guard progress(now, events) else { return .interrupted }
                }
            }
        }
    }

    /// Adds a listener. It hears of everything from here on.
    package mutating func add(_ observer: any TraceObserver) { fabric.trace.add(observer) }

    /// Adds someone who sees packets with their bytes.
    package mutating func add(capture observer: any PacketObserver) { fabric.captures.append(observer) }

    /// Packets of a direction between its queue and its far end, the one in service included.
    package func onWire(_ direction: DirectionID) -> Tally { directions[Int(direction.index)].onWire(in: fabric) }

    /// Hands the last events to the observers. The run is over.
    package mutating func finishTrace() {
        fabric.trace.finish(at: now)
        for capture in fabric.captures { capture.finish(at: now) }
    }

    private mutating func dispatch(_ timer: Int) {
        if timer < timelineTimer {
            let index = timer >> 1
            if timer & 1 == 0 {
                directions[index].finishService(now: now, in: &fabric)
                syncAlarms(of: index)
            } else {
                let packet = directions[index].takeArrival(now: now, in: &fabric)
                syncAlarms(of: index)
                arrive(packet, at: topology.ends[index].to)
            }
        } else if timer >= firstSeatTimer {
            wake(seat: timer - firstSeatTimer)
        } else {
            advanceTimeline()
            armTimeline()
        }
    }

    /// Arms a direction's two timers with what it now waits for.
    mutating func syncAlarms(of index: Int) {
        timers.set(2 * index, to: directions[index].serviceAlarm)
        timers.set(2 * index + 1, to: directions[index].arrivalAlarm)
    }

    // MARK: Timers

    private mutating func armTimeline() {
        guard let next = timeline.next else { return timers.set(timelineTimer, to: .none) }
        // The lowest rank: at any instant the world changes first, then packets move.
        timers.set(timelineTimer, to: Alarm(time: max(next, now), order: Fabric.firstOrder))
    }

    /// Virtual time passes; only the step-controlled mode does this outside `run`.
    mutating func advance(to time: Instant) { now = time }

    mutating func countStep() { events += 1 }

    @inline(__always)
    func seatTimer(_ seat: Int) -> Int { firstSeatTimer + seat }

    package func name(ofTimer timer: Int) -> String {
        if timer < timelineTimer {
            let part = timer & 1 == 0 ? "serialisation" : "arrivals"
            return "\(part) of link \(topology.names[timer >> 1])"
        }
        if timer >= firstSeatTimer { return seatNames[timer - firstSeatTimer] }
        return "the timeline"
    }
}
