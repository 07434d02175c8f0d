package import PlaitCore

/// What one end of a connection did on one of its paths, over the whole run: what the metrics of paths are read from.
package struct PathRecord: Sendable {
    package var connection: Int
    package var host: Int
    package var isClient: Bool
    /// Its id on the wire.
    package var path: UInt32
    /// The link by which it leaves the client, by its place in the scenario.
    package var link: Int
    /// When it could first carry data.
    package var validated = Instant.never
    /// When this end gave it up for the time being, each time.
    package var failures: [Instant] = []
    package var sent = Traffic()
    package var received = Traffic()
    /// Of stream data: sent for the first time on any path, and again.
    package var firstBytes: UInt64 = 0
    package var repeatedBytes: UInt64 = 0
    package var progress = PathProgress()

    package init(connection: Int, host: Int, isClient: Bool, path: UInt32, link: Int) {
        self.connection = connection
        self.host = host
        self.isClient = isClient
        self.path = path
        self.link = link
    }
}

/// How a path's counts grew, read every `step` as far as they did.
package struct PathProgress: Sendable {
    /// Between two readings.
    package static let step = Interval.milliseconds(10)

    private var times: [Instant] = []
    private var counts: [Counts] = []

    /// Bytes since the start.
    package struct Counts: Hashable, Sendable {
        /// Of stream data, sent for the first time on any path.
        package var first: UInt64 = 0
        /// Of UDP payload, authentic and new.
        package var received: UInt64 = 0

        package init(first: UInt64 = 0, received: UInt64 = 0) {
            self.first = first
            self.received = received
        }
    }

    package init() {}

    /// Later readings come later; one that says nothing new is left out.
    package mutating func note(_ now: Counts, at time: Instant) {
        guard counts.last != now else { return }
        times.append(time)
        counts.append(now)
    }

    /// What had been reached at `time`, by the last reading not after it.
    package func counts(at time: Instant) -> Counts {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? Counts() : counts[low - 1]
    }
}

/// How long the applications of one connection waited for the next byte in order.
package struct DeliveryGaps: Sendable {
    /// Exchanges that began and have not ended.
    private var waiting = 0
    /// The last byte in order, or the beginning of the waiting.
    private var since = Instant.never
    /// When the first of its paths was cut or failed; gaps that end before do not count.
    private var cut: Instant
    /// The longest of those that count; nil when nobody waited.
    package private(set) var longest: Interval?

    /// `cut` is when the scenario first takes a link from under one of the connection's paths.
    package init(cut: Instant) { self.cut = cut }

    package mutating func began(at time: Instant) {
        if waiting == 0 { since = time }
        waiting += 1
    }

    /// The handshake is over, and other paths can be opened: whoever waited for it waited for no failover.
    package mutating func established(at time: Instant) {
        if waiting > 0 { since = max(since, time) }
    }

    /// A byte, or an end, reached an application in order.
    package mutating func delivered(at time: Instant) {
        guard waiting > 0 else { return }
        if time > cut { longest = max(longest ?? .zero, time - since) }
        since = max(since, time)
    }

    package mutating func ended(at time: Instant) {
        delivered(at: time)
        if waiting > 0 { waiting -= 1 }
    }

    /// An end of the connection gave a path up.
    package mutating func failed(at time: Instant) { cut = min(cut, time) }

    /// The run is over; whoever still waits has waited until now.
    package mutating func finish(at time: Instant) { delivered(at: time) }
}
