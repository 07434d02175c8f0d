public import PlaitCore

/// A scenario file, checked and resolved: presets and includes are merged, defaults filled in, names turned into ids.
///
/// Arrays are in file order, and an element's place in its array is its id (`HostID`, `LinkID`, `FlowID`).
public struct Scenario: Hashable, Sendable {
    public var name: String
    /// One line that says what the scenario shows.
    public var summary: String?
    public var seed: UInt64
    public var stop: StopConditions
    /// The step of the time series.
    public var interval: Interval
    /// Hosts and routers.
    public var hosts: [HostDescription]
    public var links: [LinkDescription]
    /// Repetitions (`count: 3`) are written out: `bulk.1`, `bulk.2`, `bulk.3`.
    public var flows: [FlowDescription]
    /// What both ends of every connection of the workload are configured with.
    public var transport: TransportDescription
    /// In file order.
    public var workload: [WorkloadItem]
    /// Sorted by time; items of one instant keep the order of the file. Repetitions are written out.
    public var timeline: [TimelineItem]
    public var expectations: [Expectation]
    /// The kind of synthetic addresses in packet captures.
    public var addresses: AddressFamily

    public init(
        name: String,
        summary: String? = nil,
        seed: UInt64 = 1,
        stop: StopConditions,
        interval: Interval = .milliseconds(100),
        hosts: [HostDescription],
        links: [LinkDescription] = [],
        flows: [FlowDescription] = [],
        transport: TransportDescription = TransportDescription(),
        workload: [WorkloadItem] = [],
        timeline: [TimelineItem] = [],
        expectations: [Expectation] = [],
        addresses: AddressFamily = .ipv4
    ) {
        self.name = name
        self.summary = summary
        self.seed = seed
        self.stop = stop
        self.interval = interval
        self.hosts = hosts
        self.links = links
        self.flows = flows
        self.transport = transport
        self.workload = workload
        self.timeline = timeline
        self.expectations = expectations
        self.addresses = addresses
    }
}

/// When a run ends: at the first of these.
public struct StopConditions: Hashable, Sendable {
    public var time: Interval
    /// Events of the engine, a guard against runs that never end in practice.
    public var events: Int64?
    /// Whether the run also ends when nothing is left to happen.
    public var whenQuiet: Bool

    public init(time: Interval, events: Int64? = nil, whenQuiet: Bool = false) {
        self.time = time
        self.events = events
        self.whenQuiet = whenQuiet
    }
}

/// The address family of a packet capture.
public enum AddressFamily: String, Hashable, Sendable, CaseIterable {
    case ipv4
    case ipv6
}
