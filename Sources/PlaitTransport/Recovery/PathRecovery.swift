package import PlaitCore

/// Everything about getting packets across one path: round trips, acknowledgements, losses, probes, the window, pacing.
///
/// RFC 9002, one packet number space. For each packet the owner asks `nextNumber`, `record`s what it puts in and calls
/// `packetSent`; for what arrives it calls `acknowledge`; when `deadline` passes, `deadlineReached`. After each of the
/// last two it drains `nextResolved`. It sends what asks for an acknowledgement only when
///
///     probesDue > 0   or   maySend(bytes) and sendTime(now) <= now
///
/// and calls `applicationLimited` when both allow a packet and there is nothing to put in.
///
/// Acknowledgements may come back by another path than the packets took: `acknowledge` is told by which, and each has a
/// round trip of its own. What happens to a path that fails and returns is in `PathRecovery+Failure`.
///
/// Seams: ECN marks come with the ACK frame and end in `congestionEvent`; a controller that measures rates has
/// `packetSent`; one that is coupled is told of the other paths with what arrives.
package struct PathRecovery: ~Copyable {
    /// Where the connection keeps this path.
    package let slot: Int
    /// By the path that acknowledgements come back on now.
    package internal(set) var roundTrip: RoundTripEstimator
    package internal(set) var congestion: any CongestionController
    package internal(set) var statistics = RecoveryStatistics()
    package internal(set) var largestAcknowledged: UInt64?
    /// The largest number that the last ACK was the first to name, of packets that had asked for it.
    package internal(set) var lastAnswered: UInt64?
    /// How many packets must go out regardless of window and pacing: they ask for an acknowledgement, and carry again
    /// what `nextResolved` hands back, or a PING.
    package internal(set) var probesDue = 0
    package let configuration: RecoveryConfiguration

    var packets: SentPackets
    var pacer: Pacer
    var reordering = ReorderingThresholds()
    var losses = LossEvents()
    /// What one ACK newly acknowledged, for the controller; empty between calls.
    var arrivals: RingBuffer<Arrival>
    /// When the earliest packet that may be lost is declared so, or `.never`.
    var lossTime = Instant.never
    /// When the last packet that asks for an acknowledgement left, or the last probe timeout passed.
    var probeTimerStart = Instant.start
    /// How many probe timeouts passed without an acknowledgement, and when the first did.
    var probeCount = 0
    var firstProbeAt = Instant.never
    var isApplicationLimited = false
    /// The slot of the path that `roundTrip` was measured with; nil when that path is gone.
    var heardSlot: Int?
    var heardAt = Instant.start
    /// What was measured with acknowledgements that came by other paths before.
    var heardBefore = Table<HeardBefore>(capacity: 1)
    /// The longest probe timeout among those that may still be in use.
    var probeTimeoutBefore = Interval.zero
    var rates = PathRates()
    /// Since the last congestion event, and between that and the one before: coupled controllers ask for it.
    var bytesSinceEvent = 0
    var bytesBeforeEvent = 0

    package init(
        slot: Int = 0,
        configuration: RecoveryConfiguration,
        congestion: any CongestionController,
        random: RandomStream
    ) {
        self.slot = slot
        heardSlot = slot
        self.configuration = configuration
        self.congestion = congestion
        roundTrip = RoundTripEstimator(initial: configuration.initialRoundTrip)
        packets = SentPackets(random: random)
        pacer = Self.pacer(configuration)
        arrivals = RingBuffer(capacity: 4)
    }

    static func pacer(_ configuration: RecoveryConfiguration) -> Pacer {
        Pacer(burst: 10 * configuration.packetSize)  // RFC 9002, 7.7: the initial window
    }

    // MARK: Sending

    /// The number for the next packet: the same until it is sent.
    package mutating func nextNumber() -> UInt64 { packets.nextNumber() }

    /// Notes a frame of the packet being built.
    package mutating func record(_ frame: SentFrame) { packets.record(frame) }

    /// Forgets what was noted of a packet that is not sent after all.
    package mutating func discardRecorded() { packets.discardRecorded() }

    /// The packet being built left. One that asks for no acknowledgement is neither counted as in flight nor paced.
    package mutating func packetSent(
        number: UInt64,
        bytes: Int,
        isAckEliciting: Bool,
        isProbe: Bool = false,
        now: Instant
    ) {
        if isAckEliciting, packets.elicitingInFlight == 0 { rates.begin(now: now) }
        packets.packetSent(number, bytes: bytes, isAckEliciting: isAckEliciting, now: now)
        statistics.packetsSent += 1
        statistics.bytesSent += UInt64(bytes)
        guard isAckEliciting else {
            // Who only receives sends nothing else for hours; the list must not grow with each of its ACKs.
            packets.forget(sentBefore: now - forgetting)
            return
        }
        probeTimerStart = now
        if isProbe {
            statistics.probesSent += 1
            probesDue = max(probesDue - 1, 0)
        }
        pacer.packetSent(bytes, at: pace, now: now)
        congestion.packetSent(bytes: bytes, bytesInFlight: packets.bytesInFlight, now: now)
        if !hasRoom { isApplicationLimited = false }
    }

    /// Whether the window has room for a packet of `bytes`.
    package func maySend(_ bytes: Int) -> Bool { packets.bytesInFlight + bytes <= congestion.window }

    /// When the next full packet may leave; `now` or before if at once.
    package func sendTime(now: Instant) -> Instant {
        max(pacer.earliestSend(configuration.packetSize, at: pace), now)
    }

    /// Window and pacer would let a packet go, and there is nothing to send, or the scheduler prefers another path.
    /// Until the window is full again it does not grow (RFC 9002, 7.8).
    package mutating func applicationLimited() {
        if hasRoom { isApplicationLimited = true }
    }

    private var hasRoom: Bool { maySend(configuration.packetSize) }

    private var pace: Pacer.Pace {
        let window = congestion.window
        return Pacer.Pace(
            window: window,
            isSlowStart: window < congestion.slowStartThreshold,
            smoothed: roundTrip.smoothed
        )
    }

    /// All numbers below were sent, or left out for good.
    package var numbersUsed: UInt64 { packets.nextUnused }

    // MARK: Hearing

    /// Takes an ACK frame in, read from `payload`, which came by the path in `ackSlot`, or by this one if that is nil.
    /// A coupled controller is told of all `paths` that carry data, this one included.
    ///
    /// Answers whether a packet arrived that had asked for an acknowledgement, and of which that was not known.
    @discardableResult
    package mutating func acknowledge(
        _ ack: AckFrame,
        in payload: RawSpan,
        by ackSlot: Int? = nil,
        among paths: Span<CoupledPath> = Span(),
        now: Instant
    ) throws(PeerViolation) -> Bool {
        arrivals.removeAll()
        var ranges = AckRanges(ack, in: payload)
        while let range = ranges.nextRange() { try acknowledge(range) }
        return finishAcknowledgement(largest: ack.largest, delay: ack.delay, by: ackSlot, among: paths, now: now)
    }

    /// One range of an ACK, from the highest to the lowest; `finishAcknowledgement` follows the last.
    package mutating func acknowledge(_ range: AckRange) throws(PeerViolation) {
        try packets.check(range)
        var place = range.last
        var first = range.first
        #if Mutants
            if Mutant.isPlanted(.ackOneTooMany), first > 0 { first -= 1 }
        #endif
        while let number = packets.highestUnacknowledged(upTo: place), number >= first {
            arrive(number)
            guard number > 0 else { break }
            place = number - 1
        }
    }

    /// What follows from all ranges of an ACK together: a round trip, losses, a larger or smaller window.
    ///
    /// - Parameters:
    ///   - largest: The highest number of the ACK.
    ///   - delay: Microseconds that the peer kept it.
    ///   - ackSlot: Of the path it came by; nil for the path it is about.
    ///   - paths: All that carry data, this one included, for a coupled controller.
    ///   - now: When the ACK arrived.
    /// - Returns: Whether a packet arrived that had asked for an acknowledgement, and of which that was not known.
    @discardableResult
    package mutating func finishAcknowledgement(
        largest: UInt64,
        delay: UInt64,
        by ackSlot: Int? = nil,
        among paths: Span<CoupledPath> = Span(),
        now: Instant
    ) -> Bool {
        let highestBefore = largestAcknowledged
        largestAcknowledged = max(largestAcknowledged ?? 0, largest)
        packets.heard(upTo: largest)
        lastAnswered = nil
        guard arrivals.count > 0 else { return false }
        lastAnswered = largestElicitingArrival
        let isAnswer = lastAnswered != nil
        let measured = measure(largest: largest, delay: delay, by: ackSlot ?? slot, now: now)
        measureRates(now: now)
        noticeSpurious(highestBefore: highestBefore ?? 0, now: now)
        let flight = packets.bytesInFlight + arrivedBytes
        detectLosses(bytesInFlight: flight, now: now)
        tellController(bytesInFlight: flight, sample: measured, among: paths, now: now)
        if isAnswer {
            probeCount = 0
            firstProbeAt = .never
            probesDue = 0
        }
        arrivals.removeAll()
        packets.forget(sentBefore: now - forgetting)
        return isAnswer
    }

    /// Takes out the next frame of which it is known what became.
    package mutating func nextResolved() -> ResolvedFrame? { packets.nextResolved() }
}
