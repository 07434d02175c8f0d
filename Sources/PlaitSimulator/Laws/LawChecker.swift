public import PlaitCore

/// Holds a trace against the laws of physics that every network obeys, whatever its models draw.
///
/// It shares no code with the links and asks them nothing: what it knows comes from the scenario (`HostFacts`,
/// `LinkFacts`) and from the trace itself. A broken link model is found by what it lets happen. `LAWS.md` states each
/// law as a formula.
///
/// Memory follows the packets in flight; a law-abiding event allocates nothing once the tables have grown.
/// Not for step-controlled runs: a person who delivers packets by hand breaks the laws on purpose.
public final class LawChecker: TraceObserver {
    private var ledger: LawLedger

    /// - Parameters:
    ///   - hosts: By `HostID.index`, all running at the start.
    ///   - directions: By `DirectionID.index`, all up at the start.
    ///   - partitions: All of the run's, each direction by itself.
    ///   - limit: How many violations are kept; all are counted.
    public init(
        hosts: [HostFacts],
        directions: [LinkFacts],
        partitions: [PartitionFacts] = [],
        limit: Int = 100
    ) {
        for facts in directions {
            precondition(hosts.indices.contains(Int(facts.from.index)), "a direction leaves a host that exists")
            precondition(hosts.indices.contains(Int(facts.to.index)), "a direction leads to a host that exists")
        }
        ledger = LawLedger(hosts: hosts, directions: directions, partitions: partitions, limit: limit)
    }

    /// The first violations, in the order in which they were found.
    public var violations: [LawViolation] { ledger.findings.violations }

    /// All violations, also those that were not kept.
    public var violationCount: Int { ledger.findings.count }

    public var isLawful: Bool { violationCount == 0 }

    /// Events seen.
    public var eventCount: UInt64 { ledger.findings.eventNumber }

    /// Packets that have not ended.
    public var inFlight: Int { ledger.packets.count }

    public func observe(_ events: Span<TraceEvent>) {
        for index in events.indices { ledger.apply(events[index]) }
    }

    public func finish(at end: Instant) { ledger.finish(at: end) }

    /// Compares what each direction counted by itself, by `DirectionID.index`, with the trace up to now.
    public func compare(with counters: [LawCounters], at end: Instant) { ledger.compare(counters, at: end) }
}
