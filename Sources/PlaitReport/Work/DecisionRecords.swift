package import PlaitCore

/// One decision of a scheduler, and what came of it. Rows of `decisions.csv`, one a candidate.
package struct DecisionRecord: Sendable {
    package var time: Instant
    package var host: Int
    /// Which of the host's connections, from 0; used again once one is over.
    package var connection: Int
    package var choice: Choice
    /// Of the stream that was next.
    package var stream: UInt64?
    /// Everything that waited to be sent, this packet included.
    package var queuedBytes: UInt64
    package var isRetransmission: Bool
    /// Its stream is pinned to the path: no scheduler was asked.
    package var isPinned: Bool
    package var candidates: [Candidate]
    /// Of the packet that left by the chosen path.
    package var number: UInt64?
    package var bytes: UInt64 = 0
    /// When it was received; `.never` when it was not, or when nobody could tell.
    package var arrived = Instant.never

    /// What a scheduler answered.
    package enum Choice: Hashable, Sendable {
        case path(UInt32)
        case all
        case wait
    }

    /// A path as the scheduler saw it.
    package struct Candidate: Sendable {
        package var path: UInt32
        package var window: UInt64
        package var inFlight: UInt64
        package var smoothedRoundTrip: Interval
        /// When it expected the packet to arrive by this path; `.never` when it does not estimate.
        package var expected: Instant

        package init(path: UInt32, window: UInt64, inFlight: UInt64, smoothedRoundTrip: Interval, expected: Instant) {
            self.path = path
            self.window = window
            self.inFlight = inFlight
            self.smoothedRoundTrip = smoothedRoundTrip
            self.expected = expected
        }
    }

    package init(
        time: Instant,
        host: Int,
        connection: Int,
        choice: Choice,
        stream: UInt64?,
        queuedBytes: UInt64,
        isRetransmission: Bool,
        isPinned: Bool = false,
        candidates: [Candidate]
    ) {
        self.time = time
        self.host = host
        self.connection = connection
        self.choice = choice
        self.stream = stream
        self.queuedBytes = queuedBytes
        self.isRetransmission = isRetransmission
        self.isPinned = isPinned
        self.candidates = candidates
    }

    /// By how much the packet came later than expected; nil when either is not known.
    package var error: Interval? {
        guard case .path(let path) = choice, !arrived.isNever,
            let expected = candidates.first(where: { $0.path == path })?.expected, !expected.isNever
        else { return nil }
        return arrived - expected
    }
}

extension ResultTable {
    package static let decisions = ResultTable(
        file: "decisions.csv",
        row: "One row per path that a scheduler was shown, decision by decision. On request.",
        columns: [
            Column("decision", "Number of the decision, from 0, in the order of time."),
            Column("time_ms", "When the scheduler was asked."),
            Column("host", "The sender's name."),
            Column("connection", "Which of the host's connections, from 0."),
            Column("stream", "The stream that was next; empty for control frames and datagrams."),
            Column("queued_bytes", "Everything that waited to be sent, this packet included."),
            Column("again", "1 when the packet was sent before and lost or in doubt, else 0."),
            Column("path", "The path that this row is about."),
            Column("window_bytes", "Its congestion window."),
            Column("in_flight_bytes", "Sent on it, and neither acknowledged nor lost."),
            Column("rtt_smoothed_ms", "Its smoothed round trip."),
            Column(
                "expected_ms",
                "When the packet would arrive by it, as the scheduler thought; empty if it does not."
            ),
            Column(
                "chosen",
                "`1`, `0`, `wait` when the packet was held back, or `pinned`: no scheduler was asked about its stream."
            ),
            Column("packet", "Of the chosen path: the packet's number; empty otherwise."),
            Column("packet_bytes", "Of the chosen path: its length."),
            Column("arrived_ms", "When it was received. Empty when it was not, or for hosts with several connections."),
            Column("error_ms", "arrived_ms - expected_ms."),
        ]
    )

    /// Writes `decisions.csv`.
    package static func write(_ decisions: [DecisionRecord], labels: RunLabels, in folder: String) throws(FileError) {
        var file = try CSVFile(.decisions, in: folder)
        for (number, decision) in decisions.enumerated() {
            for candidate in decision.candidates { file.put(candidate, of: decision, UInt64(number), labels) }
        }
        try file.commit()
    }
}

extension CSVFile {
    fileprivate mutating func put(
        _ candidate: DecisionRecord.Candidate,
        of decision: DecisionRecord,
        _ number: UInt64,
        _ labels: RunLabels
    ) {
        put(number)
        put(milliseconds: decision.time.nanoseconds)
        put(labels.hosts[decision.host])
        put(UInt64(decision.connection))
        if let stream = decision.stream { put(stream) } else { putNothing() }
        put(decision.queuedBytes)
        put(decision.isRetransmission ? 1 as UInt64 : 0)
        put(UInt64(candidate.path))
        put(candidate.window)
        put(candidate.inFlight)
        put(milliseconds: candidate.smoothedRoundTrip.nanoseconds)
        put(whenever: candidate.expected)
        switch decision.choice {
        case .wait: put("wait")
        case .all: put("1")
        case .path where decision.isPinned: put("pinned")
        case .path(let path): put(path == candidate.path ? "1" : "0")
        }
        guard decision.choice == .path(candidate.path), let packet = decision.number else {
            putNothing(4)
            return endRow()
        }
        put(packet)
        put(decision.bytes)
        put(whenever: decision.arrived)
        if let error = decision.error { put(milliseconds: error.nanoseconds) } else { putNothing() }
        endRow()
    }

    private mutating func put(whenever time: Instant) {
        if time.isNever { putNothing() } else { put(milliseconds: time.nanoseconds) }
    }
}
