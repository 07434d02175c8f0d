package import PlaitCore

/// One exchange on a stream: what a client asked, and what came of it. A row of `streams.csv`.
///
/// Times are virtual; `.never` stands for what did not happen.
package struct ExchangeRecord: Sendable {
    /// The workload item, by its place.
    package var item: Int
    /// Which of the item's exchanges, from 0.
    package var number: UInt32
    package var connection: Int
    /// On the wire; `nil` while no stream could be opened.
    package var stream: UInt64?
    /// What the client sends behind the header.
    package var requestBytes: UInt64
    package var responseBytes: UInt64
    /// When the client wanted it.
    package var start: Instant
    /// The client read the first byte of the answer.
    package var firstByte = Instant.never
    /// The client read the end of the answer.
    package var completed = Instant.never
    /// Bytes that arrived and were what they should be, up to the server and down to the client.
    package var goodUp: UInt64 = 0
    package var goodDown: UInt64 = 0
    package var outcome = Outcome.unfinished

    /// How an exchange ended, if it did.
    package enum Outcome: String, Sendable {
        case complete
        /// The run ended first.
        case unfinished
        /// The connection ended first.
        case lost
        /// Wrong or missing bytes.
        case wrong
    }

    package init(
        item: Int,
        number: UInt32,
        connection: Int,
        requestBytes: UInt64,
        responseBytes: UInt64,
        start: Instant
    ) {
        self.item = item
        self.number = number
        self.connection = connection
        self.requestBytes = requestBytes
        self.responseBytes = responseBytes
        self.start = start
    }

    /// From the client's wish to the end of the answer.
    package var duration: Interval? { completed.isNever ? nil : completed - start }
}

/// What became of one item's unreliable messages. A row of `datagrams.csv`.
package struct DatagramRecord: Sendable {
    package var item: Int
    package var connection: Int
    /// Handed to the transport.
    package var sent = Traffic()
    /// Refused by the transport because its queue was full.
    package var refused: UInt64 = 0
    /// Arrived for the first time, as they were sent.
    package var received = Traffic()
    /// Of these, after their deadline.
    package var late: UInt64 = 0
    package var duplicate: UInt64 = 0
    package var delays = DelaySum()
    private var histogram = DelayHistograms(count: 1)

    package init(item: Int, connection: Int) {
        self.item = item
        self.connection = connection
    }

    /// A message arrived for the first time.
    package mutating func receive(bytes: Int, delay: Interval, isLate: Bool) {
        received.packets += 1
        received.bytes += UInt64(bytes)
        late += isLate ? 1 : 0
        delays.add(delay.nanoseconds)
        histogram.add(delay.nanoseconds, to: 0)
    }

    /// At 50, 95 and 99 percent, in nanoseconds; `nil` when nothing arrived.
    package var quantiles: [Int64]? { histogram.quantiles([50, 95, 99], of: 0..<1, largest: delays.largest) }
}

/// One end of a connection over the whole run. A row of `connections.csv`.
package struct ConnectionRecord: Sendable {
    package var connection: Int
    package var host: Int
    package var isClient: Bool
    /// The client's first packet, or the server's first sight of the client.
    package var began: Instant
    package var established = Instant.never
    package var closed = Instant.never
    /// Why it closed, in words; empty while it is open.
    package var reason = ""
    /// Ended otherwise than by an application's will.
    package var isLost = false
    package var sent = Traffic()
    package var received = Traffic()
    package var lostPackets: UInt64 = 0
    package var spuriousPackets: UInt64 = 0
    /// How often nothing was heard and probes were sent.
    package var probeTimeouts: UInt64 = 0
    /// Of stream data sent again.
    package var retransmittedBytes: UInt64 = 0
    package var keyUpdates: UInt64 = 0

    package init(connection: Int, host: Int, isClient: Bool, began: Instant) {
        self.connection = connection
        self.host = host
        self.isClient = isClient
        self.began = began
    }

    /// From the first packet until this end had keys it could send data with.
    package var handshake: Interval? { established.isNever ? nil : established - began }
}

/// One path of one end of a connection at the end of a sampling interval. A row of `paths.csv`.
package struct PathSample: Sendable {
    package var time: Instant
    /// Of the sampling interval.
    package var length: Interval
    package var connection: Int
    package var host: Int
    package var path: UInt32
    /// By which it leaves the client, by its place in the scenario.
    package var link: Int
    /// `validating`, `active`, `suspected`, `failed`, `abandoned`.
    package var state = ""
    package var isBackup = false
    package var window: UInt64 = 0
    /// `nil` before the first congestion.
    package var slowStartThreshold: UInt64?
    package var inFlight: UInt64 = 0
    /// Bytes of a full packet.
    package var packetSize: UInt64 = 0
    /// `nil` before the first measurement.
    package var roundTrip: RoundTrip?
    // Within the interval.
    package var sent = Traffic()
    package var received = Traffic()
    /// Of stream data: sent for the first time on any path, and again.
    package var firstBytes: UInt64 = 0
    package var repeatedBytes: UInt64 = 0
    package var lostPackets: UInt64 = 0
    package var spuriousPackets: UInt64 = 0
    /// How often nothing was heard and probes were sent.
    package var probeTimeouts: UInt64 = 0

    /// What is known of a path's round trip.
    package struct RoundTrip: Hashable, Sendable {
        package var latest: Interval
        package var smoothed: Interval
        package var variation: Interval
        package var least: Interval

        package init(latest: Interval, smoothed: Interval, variation: Interval, least: Interval) {
            self.latest = latest
            self.smoothed = smoothed
            self.variation = variation
            self.least = least
        }
    }

    package init(time: Instant, length: Interval, connection: Int, host: Int, path: UInt32, link: Int) {
        self.time = time
        self.length = length
        self.connection = connection
        self.host = host
        self.path = path
        self.link = link
    }
}

/// Something that happened to a connection. A row of `events.csv`, beside the changes of the world.
package struct WorkEvent: Hashable, Sendable {
    package var time: Instant
    /// `established`, `key-update`, `closed`, `connection-lost`, `path-opened` and what else befalls a path.
    package var what: String
    package var connection: Int
    package var host: Int
    package var value: String
    package var unit: String

    package init(time: Instant, what: String, connection: Int, host: Int, value: String, unit: String = "") {
        self.time = time
        self.what = what
        self.connection = connection
        self.host = host
        self.value = value
        self.unit = unit
    }
}
