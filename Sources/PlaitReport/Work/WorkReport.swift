package import PlaitCore

/// Everything that a run's workload came to: what the tables, the summary and `expect:` read.
package struct WorkReport: Sendable {
    /// By connection, the client's end before the server's.
    package var connections: [ConnectionRecord] = []
    /// In the order in which clients wanted them.
    package var exchanges: [ExchangeRecord] = []
    package var datagrams: [DatagramRecord] = []
    package var events: [WorkEvent] = []
    /// By time, then host, connection and path.
    package var paths: [PathSample] = []
    /// By connection, the client's end before the server's, then by path.
    package var pathRecords: [PathRecord] = []
    /// By connection.
    package var gaps: [DeliveryGaps] = []
    /// When each item was to begin, by its place; virtual.
    package var starts: [Instant] = []
    /// Whether every exchange of an item that there will be has begun and ended well, by its place.
    package var finished: [Bool] = []
    package var ended = Instant.start
    /// How early all exchanges together could have been complete, as the oracle computes it from the links; nil where
    /// it cannot.
    package var bound: Interval?

    package init() {}

    // MARK: Exchanges

    /// Of some items, or of all that move data by exchanges: a stream by which datagrams are begun and ended is none.
    package func exchanges(of items: Set<Int>?) -> [ExchangeRecord] {
        let withDatagrams = Set(datagrams.map(\.item))
        return exchanges.filter { items?.contains($0.item) ?? !withDatagrams.contains($0.item) }
    }

    /// Of some exchanges: how long the complete ones took, shortest first.
    package func durations(of items: Set<Int>?) -> [Int64] {
        exchanges(of: items).compactMap { $0.duration?.nanoseconds }.sorted()
    }

    /// Bytes that arrived as they should, both ways, over the time from the first of these items' starts to the end of
    /// the last exchange; to the end of the run when one is not complete. In bits per second.
    package func goodput(of items: Set<Int>?) -> Int64? {
        let own = exchanges(of: items)
        guard let first = own.map(\.start).min() else { return nil }
        let isComplete = own.allSatisfy { $0.outcome == .complete }
        let last = isComplete ? own.map(\.completed).max() ?? ended : ended
        return bitsPerSecond(own.reduce(0) { $0 + $1.goodUp + $1.goodDown }, from: first, to: last)
    }

    /// From the first start of an exchange to the last completion; nil while one is not complete.
    package var completion: Interval? {
        let own = exchanges(of: nil)
        guard let first = own.map(\.start).min(), let last = own.map(\.completed).max(), !last.isNever else {
            return nil
        }
        return last - first
    }

    package var goodBytes: UInt64 { exchanges.reduce(0) { $0 + $1.goodUp + $1.goodDown } }

    /// Of exchanges that came to an end: what should have arrived and did not.
    package var lostBytes: UInt64 {
        exchanges.reduce(0) { sum, exchange in
            guard exchange.outcome == .lost || exchange.outcome == .wrong else { return sum }
            return sum + exchange.requestBytes + exchange.responseBytes - exchange.goodUp - exchange.goodDown
        }
    }

    // MARK: Connections

    package var handshakes: [Interval] { connections.filter(\.isClient).compactMap(\.handshake) }

    package func sum(_ count: (ConnectionRecord) -> UInt64) -> UInt64 { connections.reduce(0) { $0 + count($1) } }
}

/// The value at rank ceil(percent n / 100), at least 1, of values in rising order; `nil` without any.
package func nearestRank(_ percent: Int, of sorted: [Int64]) -> Int64? {
    guard !sorted.isEmpty else { return nil }
    return sorted[max(1, (sorted.count * percent + 99) / 100) - 1]
}
