import PlaitCore
import PlaitTransport

/// One flow with endless data over one link: fixed delay each way, a rate, a queue, and losses of data packets only.
///
/// Without a link simulator, so that what is seen is recovery and congestion control alone.
struct Pipe: ~Copyable {
    struct Link {
        var delay: Interval
        var rate: Rate = .unlimited
        /// Bytes that may wait; what does not fit is lost.
        var queueMax = Int.max
        var loses: (_ index: UInt64) -> Bool = { _ in false }
    }

    private struct Flight {
        var number: UInt64
        var arrivesAt: Instant
        var isEliciting: Bool
    }

    private struct Report {
        var arrivesAt: Instant
        var delay: UInt64
        var ranges: [AckRange]
    }

    var sender: PathRecovery
    var receiver = ReceivedPackets()
    private(set) var now = Instant.start
    /// Packets that reached the other end.
    private(set) var delivered: UInt64 = 0
    private(set) var sent: UInt64 = 0
    private(set) var dropped: UInt64 = 0
    private let link: Link
    private let packetSize: Int
    private var wireFreeAt = Instant.start
    private var flights: [Flight] = []
    private var firstFlight = 0
    private var reports: [Report] = []
    private var firstReport = 0

    init(_ controller: any CongestionController, link: Link, packetSize: Int = 1_200, initial: Interval? = nil) {
        let configuration = RecoveryConfiguration(
            packetSize: packetSize,
            initialRoundTrip: initial ?? .milliseconds(333)
        )
        sender = PathRecovery(
            configuration: configuration,
            congestion: controller,
            random: RandomStream(seed: 1, name: "pipe/numbers")
        )
        self.link = link
        self.packetSize = packetSize
    }

    /// Runs until `end`; `watch` sees the sender after every event.
    mutating func run(until end: Instant, watch: (borrowing PathRecovery, Instant) -> Void = { _, _ in }) {
        while true {
            send()
            let next = nextEvent()
            guard next <= end else { break }
            now = max(next, now)
            arrive()
            report()
            if sender.deadline <= now { sender.deadlineReached(now: now) }
            drain()
            watch(sender, now)
        }
        now = end
    }

    private func nextEvent() -> Instant {
        var next = min(sender.deadline, receiver.ackDeadline)
        if firstFlight < flights.count { next = min(next, flights[firstFlight].arrivesAt) }
        if firstReport < reports.count { next = min(next, reports[firstReport].arrivesAt) }
        if sender.maySend(packetSize) { next = min(next, sender.sendTime(now: now)) }
        return next
    }

    private mutating func send() {
        while sender.probesDue > 0 || (sender.maySend(packetSize) && sender.sendTime(now: now) <= now) {
            let number = sender.nextNumber()
            sender.record(.datagram(number))
            sender.packetSent(
                number: number,
                bytes: packetSize,
                isAckEliciting: true,
                isProbe: sender.probesDue > 0,
                now: now
            )
            transmit(number)
        }
    }

    private mutating func transmit(_ number: UInt64) {
        defer { sent += 1 }
        let free = max(wireFreeAt, now)
        let waiting =
            link.rate.isUnlimited
            ? 0 : (free - now).nanoseconds / 1_000 * Int64(link.rate.bitsPerSecond / 8) / 1_000_000
        guard Int(waiting) + packetSize <= link.queueMax, !link.loses(sent) else {
            dropped += 1
            return
        }
        wireFreeAt = free + link.rate.serialisation(of: packetSize)
        flights.append(Flight(number: number, arrivesAt: wireFreeAt + link.delay, isEliciting: true))
    }

    private mutating func arrive() {
        while firstFlight < flights.count, flights[firstFlight].arrivesAt <= now {
            receiver.received(flights[firstFlight].number, isAckEliciting: true, ecn: .notCapable, now: now)
            delivered += 1
            firstFlight += 1
            acknowledge()
        }
        if firstFlight > 4_096 {
            flights.removeFirst(firstFlight)
            firstFlight = 0
        }
        acknowledge()
    }

    private mutating func acknowledge() {
        guard receiver.ackIsDue(now: now) else { return }
        reports.append(
            Report(arrivesAt: now + link.delay, delay: receiver.ackDelay(now: now), ranges: receiver.copiedRanges())
        )
        receiver.ackSent(now: now)
    }

    private mutating func report() {
        while firstReport < reports.count, reports[firstReport].arrivesAt <= now {
            let report = reports[firstReport]
            firstReport += 1
            do throws(PeerViolation) {
                for range in report.ranges { try sender.acknowledge(range) }
            } catch {
                preconditionFailure("an honest receiver was refused: \(error.reason)")
            }
            sender.finishAcknowledgement(largest: report.ranges[0].last, delay: report.delay, now: now)
            // As if each ACK's own acknowledgement came back two round trips later: old ranges need no repeating.
            if report.ranges[0].last > 4_096 { receiver.acknowledged(upTo: report.ranges[0].last - 4_096) }
        }
        if firstReport > 4_096 {
            reports.removeFirst(firstReport)
            firstReport = 0
        }
    }

    private mutating func drain() { while sender.nextResolved() != nil {} }
}

extension ReceivedPackets {
    /// The ranges as an array, to be compared.
    func copiedRanges() -> [AckRange] {
        var copy: [AckRange] = []
        let told = ranges
        for index in told.indices { copy.append(told[index]) }
        return copy
    }
}
