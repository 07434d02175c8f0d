public import PlaitCore

/// What a run must show for its exit status to be zero. Metric names are resolved by whoever has the metrics.
public struct Expectation: Hashable, Sendable {
    /// As a person wrote it, with single spaces.
    public var text: String
    public var origin: Origin
    /// `paths.failover.gap` is `["paths", "failover", "gap"]`.
    public var metric: [String]
    public var condition: Condition

    public init(text: String, origin: Origin = .none, metric: [String], condition: Condition) {
        self.text = text
        self.origin = origin
        self.metric = metric
        self.condition = condition
    }

    /// What the metric is held against.
    public enum Condition: Hashable, Sendable {
        case compare(Comparison, ParameterValue)
        /// Happens no later than this.
        case within(Interval)
    }
}

/// How a metric is compared with a value.
public enum Comparison: String, Hashable, Sendable, CaseIterable {
    case less = "<"
    case atMost = "<="
    case equal = "=="
    case notEqual = "!="
    case atLeast = ">="
    case greater = ">"
}
