import PlaitCore
import PlaitTransport
import Testing

/// A path whose challenges have the numbers 1, 2, 3, ... for tokens, and leave as soon as they are due.
struct LivedPath {
    var life: PathLife
    private(set) var now: Int64
    private(set) var sent: UInt64 = 0
    /// When each challenge left.
    private(set) var sentAt: [Int64] = []
    var probeTimeout = Interval.milliseconds(100)

    init(
        isValidated: Bool = true,
        _ configuration: PathLifeConfiguration = PathLifeConfiguration(),
        at milliseconds: Int64 = 0
    ) {
        now = milliseconds
        life = PathLife(isValidated: isValidated, configuration: configuration, now: Self.at(milliseconds))
        transmit()
    }

    static func at(_ milliseconds: Int64) -> Instant { .start + .milliseconds(milliseconds) }

    private mutating func transmit() {
        life.checkInvariants()
        guard life.challengeIsDue(now: Self.at(now)) else { return }
        sent += 1
        sentAt.append(now)
        life.challengeSent(token: sent, probeTimeout: probeTimeout, now: Self.at(now))
        life.checkInvariants()
    }

    /// Lets time pass, with all that is due in it; answers what changed.
    @discardableResult
    mutating func wait(until milliseconds: Int64) -> [PathChange] {
        var changes: [PathChange] = []
        while life.deadline <= Self.at(milliseconds) {
            now = max(now, life.deadline.nanoseconds / 1_000_000)
            if let change = life.deadlineReached(now: Self.at(now)) { changes.append(change) }
            transmit()
        }
        now = milliseconds
        return changes
    }

    @discardableResult
    mutating func timeout(others: Bool = true) -> PathChange? {
        defer { transmit() }
        return life.probeTimeoutPassed(othersAreUsable: others, now: Self.at(now))
    }

    mutating func answer(_ token: UInt64) -> PathChange? {
        defer { transmit() }
        return life.challengeAnswered(token: token, now: Self.at(now))
    }

    mutating func answerLast() -> PathChange? { answer(sent) }

    mutating func hear() -> PathChange? {
        defer { transmit() }
        return life.acknowledgementHeard(now: Self.at(now))
    }

    mutating func socketFailed() -> PathChange? {
        defer { transmit() }
        return life.socketFailed(now: Self.at(now))
    }

    mutating func abandon() -> PathChange? {
        defer { transmit() }
        return life.abandon()
    }

    /// Two probe timeouts in a row.
    mutating func fail() {
        timeout()
        timeout()
    }

    var isHeld: Bool { life.isHeld(now: Self.at(now)) }
}

@Suite("Lives of paths")
struct PathLifeTests {
    @Test("a path carries data once its challenge was answered, and that was a round trip")
    func validation() {
        var path = LivedPath(isValidated: false, at: 10)
        #expect(path.life.state == .validating && path.sent == 1)
        path.wait(until: 55)
        let wrong = path.answer(7)
        #expect(wrong == nil && path.life.state == .validating && path.life.roundTrip == nil)
        let change = path.answer(1)
        #expect(change == .validated && path.life.state == .active && path.life.deadline == .never)
        #expect(path.life.roundTrip == .milliseconds(45))
        #expect(!path.isHeld)
        let again = path.answer(1)
        #expect(again == nil && path.life.roundTrip == .milliseconds(45))
    }

    @Test("the handshake's path is active from the start, and asks nothing")
    func first() {
        var path = LivedPath()
        #expect(path.life.state == .active && path.sent == 0 && path.life.deadline == .never)
        let forged = path.answer(0)
        #expect(forged == nil && path.life.state == .active)
    }

    @Test(
        "a challenge is repeated; any of the last four may be answered, an older one not",
        arguments: 1...6 as ClosedRange<UInt64>
    )
    func tokens(answered: UInt64) {
        var path = LivedPath(isValidated: false)
        while path.sent < 6 { path.wait(until: path.now + 1) }
        let change = path.answer(answered)
        #expect(change == (answered > 2 ? .validated : nil))
        let sentAt = path.sentAt[Int(answered) - 1]
        if answered > 2 { #expect(path.life.roundTrip == .milliseconds(path.now - sentAt)) }
    }

    @Test("a path that never answers is reported after some tries, asked on, and validated at last without returning")
    func unreachable() {
        var path = LivedPath(isValidated: false)
        let changes = path.wait(until: 60_000)
        #expect(changes == [.failed] && path.life.state == .failed)
        // 100, 200, 400, then every half a second: the sixth waits until then for its answer.
        #expect(path.sentAt.prefix(7) == [0, 100, 300, 700, 1_200, 1_700, 2_200])
        let change = path.answerLast()
        #expect(change == .validated && path.life.state == .active && !path.isHeld)
    }

    @Test("challenges come at doubling intervals, first to half a second, later to a sixth of the idle timeout")
    func intervals() {
        var path = LivedPath()
        path.wait(until: 1_000)
        path.fail()
        #expect(path.sentAt == [1_000])
        path.wait(until: 91_000)
        let gaps = zip(path.sentAt, path.sentAt.dropFirst()).map { $1 - $0 }
        #expect(gaps.prefix(5) == [100, 200, 400, 500, 500])
        let late = path.sentAt.firstIndex { $0 >= 31_000 } ?? 0
        #expect(gaps[..<late].allSatisfy { $0 <= 500 } && gaps[late...].allSatisfy { $0 == 5_000 })
        #expect(gaps.count > 60)
    }

    @Test("a path slower than the bound is asked once a probe timeout")
    func slow() {
        var path = LivedPath()
        path.probeTimeout = .seconds(20)
        path.fail()
        path.wait(until: 100_000)
        #expect(path.sentAt == [0, 20_000, 40_000, 60_000, 80_000, 100_000])
    }

    @Test("the first probe timeout is a suspicion, the second a failure, and only while others are usable")
    func timeouts() {
        var path = LivedPath()
        let alone = path.timeout(others: false)
        #expect(alone == nil && path.life.state == .active)
        let first = path.timeout()
        #expect(first == .suspected && path.life.state == .suspected)
        let left = path.timeout(others: false)
        #expect(left == nil && path.life.state == .suspected && path.sent == 0)
        let second = path.timeout()
        #expect(second == .failed && path.life.state == .failed && path.sent == 1)
        let third = path.timeout()
        #expect(third == nil && path.life.state == .failed && path.sent == 1)
    }

    @Test("an acknowledgement ends a suspicion, but revives nothing")
    func acknowledgements() {
        var path = LivedPath()
        path.timeout()
        let heard = path.hear()
        let again = path.hear()
        #expect(heard == .recovered && again == nil && path.life.state == .active)
        // In a row: a suspicion that was answered does not count.
        path.timeout()
        #expect(path.life.state == .suspected)
        path.timeout()
        let late = path.hear()
        #expect(late == nil && path.life.state == .failed)
        var new = LivedPath(isValidated: false)
        let early = new.hear()
        #expect(early == nil && new.life.state == .validating)
    }

    @Test("an answer to a challenge from before a failure proves nothing")
    func stale() {
        var path = LivedPath(isValidated: false)
        path.wait(until: 100)
        let change = path.answer(1)
        path.fail()
        let stale = path.answer(2)
        #expect(change == .validated && stale == nil && path.life.state == .failed && path.sent == 3)
        let fresh = path.answer(3)
        #expect(fresh == .returned && path.life.state == .active && path.life.deadline == .never)
    }

    @Test("an error of the socket fails a path at once, whatever it was, and it is asked on")
    func sockets() {
        for state in [PathState.validating, .active, .suspected] {
            var path = LivedPath(isValidated: state != .validating)
            if state == .suspected { path.timeout() }
            let change = path.socketFailed()
            let again = path.socketFailed()
            #expect(change == .failed && again == nil && path.life.state == .failed)
            let sent = path.sent
            path.wait(until: 100)
            #expect(path.sent == sent + 1 && path.life.state == .failed)
            let back = path.answerLast()
            #expect(back == (state == .validating ? .validated : .returned))
        }
    }

    @Test("what cannot be sent is no reason to wake again and again")
    func unsent() {
        var life = PathLife(isValidated: false, configuration: PathLifeConfiguration(), now: .start)
        let isDue = life.challengeIsDue(now: .start)
        #expect(isDue && life.deadline == .never)
        life.challengeSent(token: 1, probeTimeout: .milliseconds(100), now: .start)
        #expect(life.deadline == LivedPath.at(100))
        let early = life.deadlineReached(now: LivedPath.at(99))
        let isEarly = life.challengeIsDue(now: LivedPath.at(99))
        #expect(early == nil && !isEarly)
        _ = life.deadlineReached(now: LivedPath.at(100))
        let isDueAgain = life.challengeIsDue(now: LivedPath.at(100))
        #expect(isDueAgain && life.deadline == .never)
    }

    @Test("an abandoned path is never used again")
    func abandoned() {
        for state in PathState.allCases where state != .abandoned {
            var path = LivedPath(isValidated: state != .validating)
            if state == .suspected || state == .failed { path.timeout() }
            if state == .failed { path.timeout() }
            #expect(path.life.state == state)
            let change = path.abandon()
            let again = path.abandon()
            #expect(change == .abandoned && again == nil && path.life.deadline == .never)
            let later = [path.answerLast(), path.hear(), path.timeout(), path.socketFailed()]
            #expect(later == [nil, nil, nil, nil] && path.life.state == .abandoned)
            let sent = path.sent
            path.wait(until: 100_000)
            #expect(path.sent == sent)
        }
    }

    @Test("a path that fails again within ten seconds of its return is held back, longer each time")
    func flapping() {
        var path = LivedPath()
        var holds: [Int64] = []
        for _ in 0..<9 {
            path.fail()
            path.wait(until: path.now + 50)
            let change = path.answerLast()
            #expect(change == .returned && path.life.state == .active)
            holds.append(path.isHeld ? path.life.deadline.nanoseconds / 1_000_000 - path.now : 0)
            path.wait(until: path.now + 9_000)
        }
        #expect(holds == [0, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000])
    }

    @Test("being held ends by itself, or with the next failure")
    func released() {
        var path = LivedPath()
        for _ in 0..<2 {
            path.fail()
            _ = path.answerLast()
        }
        #expect(path.isHeld)
        let early = path.wait(until: path.now + 199)
        #expect(early == [] && path.isHeld)
        let changes = path.wait(until: path.now + 1)
        #expect(changes == [.released] && !path.isHeld && path.life.deadline == .never)
        path.fail()
        _ = path.answerLast()
        #expect(path.isHeld)
        path.fail()
        #expect(!path.isHeld)
        let none = path.wait(until: path.now + 50)
        #expect(none == [])
    }

    @Test("thirty seconds of being active are forgiven, fewer are not, and ten to thirty change nothing")
    func calm() {
        for (lasted, wanted) in [(9_999, 400), (10_000, 200), (29_999, 200), (30_000, 0)] as [(Int64, Int64)] {
            var path = LivedPath()
            for _ in 0..<2 {
                path.fail()
                _ = path.answerLast()
            }
            path.wait(until: path.now + lasted)
            path.fail()
            _ = path.answerLast()
            let hold = path.isHeld ? path.life.deadline.nanoseconds / 1_000_000 - path.now : 0
            #expect(hold == wanted, "\(lasted)")
        }
    }
}
