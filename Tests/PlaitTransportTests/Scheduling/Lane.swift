import PlaitCore
import PlaitTransport

/// One path of a race: a link with rate, delay, queue and loss, and the window of a real CUBIC controller in front of
/// it. No packets are encoded: a flight is its times.
struct Lane {
    /// What the link is like.
    struct Link {
        /// Bytes a second.
        var rate: Int64
        /// One way.
        var delay: Interval
        /// Bytes.
        var queue: Int64
        var loss = 0.0
        var usableFrom = Instant.start
        var changesAt = Instant.never
        var delayAfterwards = Interval.zero
        var lossAfterwards = 0.0

        init(mbps: Double, delay: Double, queue: Double = .infinity, loss: Double = 0) {
            rate = Int64(mbps * 125_000)
            self.delay = Interval(nanoseconds: Int64(delay * 1e6))
            self.queue = queue.isFinite ? Int64(queue / 1e3 * mbps * 125_000) : .max
            self.loss = loss
        }
    }

    struct Flight {
        let chunk: Int
        let sentAt: Instant
        let arrivesAt: Instant
        let answeredAt: Instant
        let isLost: Bool
        /// What the receiver had in order when it arrived.
        var inOrder = 0
    }

    static let packet = 1_200

    let link: Link
    var flights: [Flight] = []
    var arrived = 0
    var answered = 0
    var firstTransmissions: [Instant] = []
    private var freeAt = Instant.start
    private var control = Cubic(CongestionContext(packetSize: packet))
    private var trip = RoundTripEstimator(initial: .milliseconds(333))
    private var pacer = Pacer(burst: 10 * packet)
    private var reducedAt = Instant(nanoseconds: -1)
    private var inFlight = 0
    private var lossRate = 0.0
    private var deliveredRate = 0.0
    private var drawn: UInt64 = 0
    private let fates: RandomStream

    init(_ link: Link, seed: UInt64, name: String) {
        self.link = link
        fates = RandomStream(seed: seed, name: name)
        // The handshake, or the challenge, measured it.
        trip.sample(link.delay + link.delay + .milliseconds(1), ackDelay: .zero, now: link.usableFrom)
    }

    func delay(at time: Instant) -> Interval { time < link.changesAt ? link.delay : link.delayAfterwards }

    /// The next thing that happens here.
    var nextEvent: Instant {
        let arrival = arrived < flights.count ? flights[arrived].arrivesAt : .never
        let answer = answered < flights.count ? flights[answered].answeredAt : .never
        return min(arrival, answer)
    }

    mutating func send(_ chunk: Int, now: Instant) {
        let wire = Interval(nanoseconds: Int64(Self.packet) * 1_000_000_000 / link.rate)
        let waiting = max(freeAt, now) - now
        let isFull = link.queue < .max && waiting.nanoseconds > link.queue * 1_000_000_000 / link.rate
        if !isFull { freeAt = max(freeAt, now) + wire }
        drawn += 1
        let loss = now < link.changesAt ? link.loss : link.lossAfterwards
        let isLost = isFull || Double(fates.draw(drawn) >> 11) / 9_007_199_254_740_992 < loss
        let arrival = (isFull ? now + waiting + wire : freeAt) + delay(at: now)
        var answer = arrival + delay(at: now)
        if isLost { answer = answer + Interval(nanoseconds: trip.smoothed.nanoseconds / 8) }
        if let last = flights.last { answer = max(answer, last.answeredAt) }
        flights.append(
            Flight(chunk: chunk, sentAt: now, arrivesAt: arrival, answeredAt: answer, isLost: isLost)
        )
        inFlight += Self.packet
        pacer.packetSent(Self.packet, at: pace, now: now)
    }

    private var pace: Pacer.Pace {
        Pacer.Pace(
            window: control.window,
            isSlowStart: control.window < control.slowStartThreshold,
            smoothed: trip.smoothed
        )
    }

    /// The answer to the oldest flight came, or its loss was noticed.
    mutating func answer(isLimited: Bool, now: Instant) -> Flight {
        let flight = flights[answered]
        answered += 1
        let before = inFlight
        inFlight -= Self.packet
        lossRate += ((flight.isLost ? 1 : 0) - lossRate) / 32
        guard !flight.isLost else {
            if flight.sentAt > reducedAt {
                reducedAt = now
                control.congestionEvent(CongestionEvent(sentAt: flight.sentAt, now: now, bytesInFlight: before))
            }
            return flight
        }
        trip.sample(now - flight.sentAt, ackDelay: .zero, now: now)
        deliveredRate += (Double(before) / Double(trip.latest.nanoseconds) * 1e9 - deliveredRate) / 16
        control.acknowledged(
            AcknowledgedPacket(
                bytes: Self.packet,
                sentAt: flight.sentAt,
                now: now,
                bytesInFlight: before,
                isInRecovery: flight.sentAt <= reducedAt,
                isApplicationLimited: isLimited,
                roundTripSample: trip.latest,
                smoothedRoundTrip: trip.smoothed,
                minimumRoundTrip: trip.minimum
            )
        )
        return flight
    }

    var isWindowUsed: Bool { 2 * inFlight >= control.window }

    func view(slot: Int, now: Instant) -> PathView {
        var view = PathView(
            slot: slot,
            path: UInt32(slot),
            roundTrip: trip.smoothed,
            window: control.window,
            packetSize: Self.packet
        )
        view.roundTripVariation = trip.variation
        view.minimumRoundTrip = trip.minimum
        view.latestRoundTrip = trip.latest
        view.hasRoundTrip = true
        view.slowStartThreshold = control.slowStartThreshold
        view.bytesInFlight = inFlight
        view.sendTime = pacer.earliestSend(Self.packet, at: pace)
        view.oldestSentAt = answered < flights.count ? flights[answered].sentAt : .never
        view.unacknowledgedSince = view.oldestSentAt
        view.lossRate = lossRate
        view.deliveredRate = deliveredRate
        view.hasRoom = inFlight + Self.packet <= control.window
        view.mayNow = view.hasRoom && view.sendTime <= now
        return view
    }
}
