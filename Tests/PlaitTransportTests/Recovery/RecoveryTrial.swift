import PlaitCore
import PlaitTransport

/// One random life of a path: packets lost, doubled, late and out of order both ways, told to recovery and to its
/// model.
struct RecoveryTrial: ~Copyable {
    private struct Flight {
        var arrivesAt: Instant
        var number: UInt64
        var isEliciting: Bool
    }

    private struct Report {
        var arrivesAt: Instant
        var delay: UInt64
        var ranges: [AckRange]
    }

    var recovery: PathRecovery
    var receiver = ReceivedPackets()
    var model = RecoveryModel()
    /// What reached the receiver, each number once, less what it may forget.
    var received: Set<UInt64> = []
    /// The first thing that was wrong, or nil.
    var complaint: String?
    private let stream: RandomStream
    private var draws: UInt64 = 0
    private var now = Instant.start + .seconds(1)
    private var flights: [Flight] = []
    private var reports: [Report] = []
    private var resolved: [ResolvedFrame] = []
    private var compared = 0
    private var lastNumber: UInt64?
    private var isDark = false
    private let lossPercent: UInt64
    private let spread: UInt64
    /// Half of the trials have a path alone.
    private let hasOthers: Bool
    private var probes: UInt64 = 0
    private var persistents: UInt64 = 0
    /// How often the path failed, and how many acknowledgements came for what had been handed back.
    private(set) var failures = 0
    var lateArrivals: Int { resolved.count { $0.isLate } }

    init(seed: UInt64) {
        stream = RandomStream(seed: seed, name: "recovery/trial")
        lossPercent = stream.draw(1, 1).uniform(below: 40)
        // Up to how many milliseconds a packet may be late; a third of the trials are in order.
        spread = stream.draw(1, 2).uniform(below: 3) == 0 ? 0 : stream.draw(1, 3).uniform(below: 80)
        hasOthers = stream.draw(1, 5) & 1 == 0
        recovery = PathRecovery(
            configuration: RecoveryConfiguration(),
            congestion: Self.controller(stream),
            random: RandomStream(seed: seed, name: "recovery/numbers")
        )
    }

    private static func controller(_ stream: RandomStream) -> any CongestionController {
        let context = CongestionContext(packetSize: 1_200)
        return stream.draw(1, 4) & 1 == 0 ? NewReno(context) : Cubic(context)
    }

    private mutating func draw(below bound: UInt64) -> UInt64 {
        draws += 1
        return stream.draw(2, draws).uniform(below: bound)
    }

    /// Plays `steps` steps and then lets the network run empty.
    mutating func play(steps: Int) {
        for step in 0..<steps where complaint == nil {
            isDark = isDark ? draw(below: 40) > 0 : step > 30 && draw(below: 300) == 0
            now = now + .microseconds(Int64(draw(below: isDark ? 40_000 : 4_000)))
            settle()
            for _ in 0..<draw(below: 4) { send() }
            if hasOthers { giveOver() }
            check()
        }
        // In quiet, every packet is answered for in the end: by probes, which do arrive.
        var rounds = 0
        while complaint == nil, !recovery.isIdle || !flights.isEmpty || !reports.isEmpty, rounds < 2_000 {
            rounds += 1
            now = max(now, nextEvent())
            settle()
            while recovery.probesDue > 0 { send(isProbe: true, isSure: true) }
            check()
        }
        if complaint == nil, rounds == 2_000 { complaint = "the path did not come to rest" }
    }

    /// What a connection does that has other paths: hands out some or all, gives the path up, comes back to it.
    private mutating func giveOver() {
        switch draw(below: 200) {
        case 0..<4:
            recovery.handOutAll()
            model.handedOut(bytes: .max)
        case 4..<12:
            let bytes = Int(draw(below: 4_000))
            let isAnyHeld = recovery.oldestHeld() != nil
            let count = recovery.handOut(oldest: bytes)
            expect((count > 0) == (isAnyHeld && bytes > 0), "what was handed out")
            model.handedOut(bytes: bytes)
        case 12:
            failures += 1
            model.forget(horizon)
            model.failed()
            if draw(below: 2) == 0 {
                recovery.forgetAll(now: now)
            } else {
                recovery.restart(congestion: Self.controller(stream), now: now)
                model.restarted()
            }
            expect(recovery.deadline.isNever && recovery.isIdle, "something is left of a path that failed")
        default: break
        }
    }

    private func nextEvent() -> Instant {
        var next = min(recovery.deadline, receiver.ackDeadline)
        for flight in flights { next = min(next, flight.arrivesAt) }
        for report in reports { next = min(next, report.arrivesAt) }
        return next
    }

    private mutating func send(isProbe: Bool = false, isSure: Bool = false) {
        let number = recovery.nextNumber()
        if recovery.nextNumber() != number { complaint = "a number changed before it was used" }
        if let lastNumber, number <= lastNumber { complaint = "numbers do not rise" }
        lastNumber = number
        if !isProbe, draw(below: 20) == 0 {
            // Built, and not sent after all.
            recovery.record(.ping)
            recovery.discardRecorded()
        }
        let isEliciting = isProbe || draw(below: 8) > 0
        let bytes = 40 + Int(draw(below: 1_160))
        let frames = (0..<draw(below: 4)).map { SentFrame.datagram(number * 4 + $0) }
        for frame in frames { recovery.record(frame) }
        recovery.packetSent(number: number, bytes: bytes, isAckEliciting: isEliciting, isProbe: isProbe, now: now)
        model.sent(
            .init(
                number: number,
                sentAt: now,
                bytes: bytes,
                isEliciting: isEliciting,
                frames: frames,
                state: .inFlight
            )
        )
        if !isEliciting { model.forget(horizon) }
        guard isSure || !isDark && draw(below: 100) >= lossPercent else { return }
        for _ in 0...(draw(below: 10) == 0 ? 1 : 0) {
            let late = Interval.microseconds(10_000 + (spread > 0 ? Int64(draw(below: spread * 1_000)) : 0))
            flights.append(Flight(arrivesAt: now + late, number: number, isEliciting: isEliciting))
        }
    }

    private var horizon: Instant { now - 3 * recovery.probeTimeout }

    private mutating func settle() {
        for flight in flights.filter({ $0.arrivesAt <= now }) { take(flight) }
        flights.removeAll { $0.arrivesAt <= now }
        if receiver.ackIsDue(now: now) { answer() }
        for report in reports.filter({ $0.arrivesAt <= now }) { hear(report) }
        reports.removeAll { $0.arrivesAt <= now }
        if recovery.deadline <= now { timeout() }
    }

    private mutating func take(_ flight: Flight) {
        // The owner's replay window refuses duplicates; half of them reach the receiver all the same.
        let isNew = received.insert(flight.number).inserted
        guard isNew else { return }
        receiver.received(flight.number, isAckEliciting: flight.isEliciting, ecn: .notCapable, now: now)
        receiver.checkInvariants()
        if receiver.ackIsDue(now: now) { answer() }
    }

    private mutating func answer() {
        let ranges = receiver.copiedRanges()
        let delay = receiver.ackDelay(now: now)
        receiver.ackSent(now: now)
        for range in ranges {
            for number in range.first...range.last where !received.contains(number) {
                complaint = "\(number) was acknowledged and never arrived"
            }
        }
        guard draw(below: 100) >= lossPercent / 2 else { return }
        let late = Interval.microseconds(10_000 + (spread > 0 ? Int64(draw(below: spread * 200)) : 0))
        reports.append(Report(arrivesAt: now + late, delay: delay, ranges: ranges))
    }

    private mutating func hear(_ report: Report) {
        do throws(PeerViolation) {
            for range in report.ranges { try recovery.acknowledge(range) }
        } catch {
            complaint = "an honest ACK was refused"
        }
        recovery.finishAcknowledgement(
            largest: report.ranges[0].last,
            delay: report.delay,
            by: hasOthers && draw(below: 10) == 0 ? 1 : nil,
            now: now
        )
        model.acknowledged(
            report.ranges,
            roundTrip: recovery.roundTrip,
            probeTimeout: recovery.probeTimeout,
            now: now
        )
        notePersistence()
        if draw(below: 4) == 0 { receiver.acknowledged(upTo: report.ranges[0].last / 2) }
    }

    private mutating func timeout() {
        recovery.deadlineReached(now: now)
        if recovery.statistics.probeTimeouts > probes {
            probes += 1
            model.probed(2)
        } else {
            model.findLosses(recovery.roundTrip, probeTimeout: recovery.probeTimeout, now: now)
            model.forget(horizon)
        }
        notePersistence()
    }

    private mutating func notePersistence() {
        guard recovery.statistics.persistentCongestions > persistents else { return }
        persistents = recovery.statistics.persistentCongestions
        expect(model.hasLongRun, "persistent congestion without a long run of losses")
        model.persistent()
    }

    private mutating func check() {
        recovery.checkInvariants()
        while let next = recovery.nextResolved() { resolved.append(next) }
        let counted = recovery.statistics
        expect(recovery.bytesInFlight == model.bytesInFlight, "bytes in flight")
        expect(recovery.largestAcknowledged == model.largestAcknowledged, "the largest acknowledged")
        expect(counted.packetsLost == model.lost, "losses: \(counted.packetsLost), not \(model.lost)")
        expect(counted.packetsSpurious == model.spurious, "spurious losses")
        expect(counted.congestionEvents == model.events, "events: \(counted.congestionEvents), not \(model.events)")
        expect(counted.eventsUndone == model.undone, "undone: \(counted.eventsUndone), not \(model.undone)")
        expect(recovery.congestion.window >= 2_400, "the smallest window")
        expect(recovery.oldestSentAt == model.oldestSentAt, "the oldest in flight")
        expect(recovery.unacknowledgedSince == model.unacknowledgedSince, "the first unanswered")
        let loss = recovery.lossRate(now: now)
        expect(loss >= 0 && loss < 1 && recovery.deliveredRate >= 0, "rates: \(loss), \(recovery.deliveredRate)")
        guard resolved.count == model.resolved.count else {
            expect(false, "frames resolved: \(resolved.count), not \(model.resolved.count)")
            return
        }
        // What came before was compared before.
        let differing = Set(resolved[compared...]).symmetricDifference(model.resolved[compared...])
        compared = resolved.count
        expect(differing.isEmpty, "the fate of \(differing.map(\.number).min() ?? 0)")
    }

    private mutating func expect(_ holds: Bool, _ what: String) {
        if !holds, complaint == nil { complaint = what + " at \(now)" }
    }

    /// That every frame was handed back at most once, and acknowledged at most once, as the last word on it.
    var isInOrder: Bool {
        var handedBack: Set<SentFrame> = []
        var acknowledged: Set<SentFrame> = []
        for next in resolved {
            if next.wasAcknowledged {
                guard next.isLate == handedBack.contains(next.frame) else { return false }
                guard acknowledged.insert(next.frame).inserted else { return false }
            } else {
                guard !acknowledged.contains(next.frame) else { return false }
                guard !next.isLate, handedBack.insert(next.frame).inserted else { return false }
            }
        }
        return true
    }
}
