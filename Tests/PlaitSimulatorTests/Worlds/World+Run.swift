import PlaitCore
import PlaitNetwork
import PlaitSimulator
import Testing

/// Keeps every event.
final class Recorder: TraceObserver {
    private(set) var events: [TraceEvent] = []
    private(set) var end = Instant.never

    func observe(_ events: Span<TraceEvent>) {
        for index in events.indices { self.events.append(events[index]) }
    }

    func finish(at end: Instant) { self.end = end }
}

/// What is left of a world that ran.
struct Outcome {
    var reason: StopReason
    var end: Instant
    var eventCount: UInt64
    var hash: String
    var events: [TraceEvent]
    var violations: [LawViolation]
    /// Packets that still exist.
    var inside: Int
    /// By direction.
    var counters: [LawCounters]

    func times(_ kind: TraceEvent.Kind, _ reason: TraceEvent.DropReason = .none, at place: Int? = nil) -> [Interval] {
        select(kind, reason, at: place).map { $0.time - .start }
    }

    func packets(_ kind: TraceEvent.Kind, _ reason: TraceEvent.DropReason = .none, at place: Int? = nil) -> [UInt64] {
        select(kind, reason, at: place).map(\.packet)
    }

    func count(_ kind: TraceEvent.Kind, _ reason: TraceEvent.DropReason = .none, at place: Int? = nil) -> Int {
        select(kind, reason, at: place).count
    }

    private func select(_ kind: TraceEvent.Kind, _ reason: TraceEvent.DropReason, at place: Int?) -> [TraceEvent] {
        events.filter { event in
            event.kind == kind && event.reason == reason && (place.map { event.place == Int32($0) } ?? true)
        }
    }

    /// The first thing wrong with the run, if any.
    var fault: String? {
        if let first = violations.first { return first.description }
        for (index, counters) in counters.enumerated() {
            var (came, went) = (counters.offered, counters.arrived)
            came.packets += counters.copied.packets
            came.bytes += counters.copied.bytes
            for tally in counters.dropped + [counters.queued, counters.onWire] {
                went.packets += tally.packets
                went.bytes += tally.bytes
            }
            went.bytes += counters.truncatedBytes
            if came != went { return "direction \(index): \(came) came in and \(went) is accounted for" }
        }
        return nil
    }
}

extension World {
    /// Runs the world to its stop conditions and demands that all laws held.
    @discardableResult
    func run(
        keepingEvents: Bool = true,
        observers: [any TraceObserver] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let outcome = try runUnjudged(keepingEvents: keepingEvents, observers: observers)
        if let fault = outcome.fault { Issue.record("\(fault)", sourceLocation: sourceLocation) }
        return outcome
    }

    /// Runs the world and leaves the judgement to the caller.
    func runUnjudged(keepingEvents: Bool = true, observers: [any TraceObserver] = []) throws -> Outcome {
        var simulator = try simulator()
        let (recorder, checker) = (Recorder(), checker())
        simulator.add(checker)
        if keepingEvents { simulator.add(recorder) }
        for observer in observers { simulator.add(observer) }
        let reason = simulator.run(until: stop)
        simulator.finishTrace()
        var counters: [LawCounters] = []
        for index in simulator.directions.indices { counters.append(Self.counters(of: index, in: simulator)) }
        checker.compare(with: counters, at: simulator.now)
        var held = 0
        for direction in counters { held += Int(direction.queued.packets + direction.onWire.packets) }
        for index in simulator.hosts.indices { held += simulator.hosts[index].heldPackets }
        let inside = simulator.fabric.packets.count
        #expect(inside == held, "packets in the pool that no link or host holds")
        #expect(inside == checker.inFlight)
        return Outcome(
            reason: reason,
            end: simulator.now,
            eventCount: simulator.events,
            hash: simulator.hash.description,
            events: recorder.events,
            violations: checker.violations,
            inside: inside,
            counters: counters
        )
    }

    private static func counters(of index: Int, in simulator: borrowing Simulator) -> LawCounters {
        func tally(_ tally: Tally) -> LawTally { LawTally(packets: tally.packets, bytes: tally.bytes) }
        let own = simulator.directions[index].counters
        var counters = LawCounters()
        counters.offered = tally(own.offered)
        counters.copied = tally(own.copied)
        counters.arrived = tally(own.arrived)
        counters.truncatedBytes = own.truncatedBytes
        counters.queued = LawTally(
            packets: UInt64(simulator.directions[index].queuedPackets),
            bytes: UInt64(simulator.directions[index].queuedBytes)
        )
        counters.onWire = tally(simulator.directions[index].onWire(in: simulator.fabric))
        for reason in TraceEvent.DropReason.allCases where !reason.isAtHost && reason != .none {
            counters[reason] = tally(own[reason])
        }
        return counters
    }
}
