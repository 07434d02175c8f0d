import PlaitCore
import PlaitTransport
import TestSupport
import Testing

/// A life of random events, and what must hold of any.
private struct LifeTrial {
    private var life: PathLife
    private let stream: RandomStream
    private var draws: UInt64 = 0
    private var now = Instant.start + .seconds(1)
    private let configuration = PathLifeConfiguration()
    private var probeTimeout = Interval.milliseconds(100)
    /// Every challenge since the path was last asked for the first time, oldest first.
    private var asked: [(token: UInt64, at: Instant)] = []
    private var everSent: [UInt64] = []
    private var wasAnswered: Bool
    private var failedAt: Instant
    private var socketFailed = false
    private(set) var seen: Set<PathChange> = []
    private(set) var holds = 0
    private(set) var complaint: String?

    init(seed: UInt64) {
        stream = RandomStream(seed: seed, name: "path/life")
        wasAnswered = stream.draw(1) & 1 == 0
        life = PathLife(isValidated: wasAnswered, configuration: configuration, now: now)
        failedAt = now
    }

    private mutating func draw(below bound: UInt64) -> UInt64 {
        draws += 1
        return stream.draw(2, draws).uniform(below: bound)
    }

    private mutating func expect(_ holds: Bool, _ what: String) {
        if !holds, complaint == nil { complaint = what + " at \(now)" }
    }

    mutating func play(steps: Int) {
        for _ in 0..<steps where complaint == nil {
            let before = life.state
            let change = step()
            if let change { seen.insert(change) }
            check(before, change)
            transmit()
            life.checkInvariants()
        }
    }

    private mutating func step() -> PathChange? {
        socketFailed = false
        switch draw(below: 100) {
        case 0..<30: return pass(.milliseconds(Int64(draw(below: 400))))
        case 30..<32: return pass(.seconds(Int64(draw(below: 40))))
        case 32..<50: return answer()
        case 50..<60:
            let token = everSent.isEmpty ? 99 : everSent[Int(draw(below: UInt64(everSent.count)))]
            return answer(token)
        case 60..<70: return life.acknowledgementHeard(now: now)
        case 70..<95: return life.probeTimeoutPassed(othersAreUsable: draw(below: 4) > 0, now: now)
        case 95..<99:
            probeTimeout = .milliseconds(Int64(1 + draw(below: 3_000)))
            socketFailed = true
            return life.socketFailed(now: now)
        default: return draw(below: 8) == 0 ? life.abandon() : nil
        }
    }

    /// To the next deadline, or for so long.
    private mutating func pass(_ length: Interval) -> PathChange? {
        expect(life.deadline > now || life.deadline.isNever, "a deadline in the past")
        now = min(now + length, life.deadline)
        return life.deadlineReached(now: now)
    }

    private mutating func answer() -> PathChange? {
        guard let last = asked.last else { return answer(98) }
        return answer(last.token)
    }

    /// One of the last four challenges since the path was last in doubt leads back to being active, at once; nothing
    /// else leads anywhere.
    private mutating func answer(_ token: UInt64) -> PathChange? {
        let sentAt = asked.suffix(4).first { $0.token == token }?.at
        let before = life.state
        let change = life.challengeAnswered(token: token, now: now)
        guard let sentAt else {
            expect(change == nil && life.state == before, "an answer to nothing changed something")
            return change
        }
        expect(life.state == .active, "an answer did not lead back to active")
        expect(
            change == (wasAnswered ? .returned : .validated),
            "an answer was taken for \(String(describing: change))"
        )
        expect(life.roundTrip == now - sentAt, "the round trip of another challenge")
        expect(!life.isHeld(now: now + configuration.holdMax), "held back for longer than allowed")
        if life.isHeld(now: now) { holds += 1 }
        wasAnswered = true
        asked = []
        return change
    }

    private mutating func check(_ before: PathState, _ change: PathChange?) {
        expect(before != .abandoned || life.state == .abandoned && change == nil, "an abandoned path lives")
        expect(wasAnswered || life.state != .active && life.state != .suspected, "data without a validation")
        let isChanged = before != life.state
        expect(
            isChanged == (change != nil && change != .released),
            "\(before) became \(life.state) by \(String(describing: change))"
        )
        // A path that is asked for too long in vain is asked on as before.
        if life.state == .failed, before != .failed, before != .validating || socketFailed {
            asked = []
            failedAt = now
        }
        if life.state == .abandoned { asked = [] }
    }

    private mutating func transmit() {
        guard life.challengeIsDue(now: now) else { return }
        expect(life.state == .validating || life.state == .failed, "a challenge where none is needed")
        expect(life.deadline.isNever, "two reasons to send one challenge")
        let token = 1_000 + draws
        life.challengeSent(token: token, probeTimeout: probeTimeout, now: now)
        asked.append((token, now))
        everSent.append(token)
        let gap = life.deadline - now
        let bound = now - failedAt < .seconds(30) ? configuration.probeIntervalMax : configuration.probeIntervalLateMax
        expect(gap >= min(probeTimeout, bound) && gap <= max(probeTimeout, bound), "an interval of \(gap)")
    }
}

@Suite("Lives of paths at random")
struct PathLifeModelTests {
    @Test("whatever happens, no path carries data unproven, returns from its end, or waits for too long")
    func random() {
        var seen: Set<PathChange> = []
        var holds = 0
        for seed in 0..<UInt64(isOptimized ? 5_000 : 300) {
            var trial = LifeTrial(seed: seed)
            trial.play(steps: 300)
            #expect(trial.complaint == nil, "seed \(seed)")
            seen.formUnion(trial.seen)
            holds += trial.holds
            guard trial.complaint == nil else { break }
        }
        #expect(seen == [.validated, .suspected, .recovered, .failed, .returned, .released, .abandoned])
        #expect(holds > 0)
    }
}
