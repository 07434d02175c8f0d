import PlaitCore
import PlaitTransport
import Testing

@Suite("What other paths take over")
struct FailureTests {
    @Test("a suspected path hands back what is in flight once, oldest first, and keeps it in flight")
    func suspicion() throws {
        var path = HandPath()
        path.send(4, at: 0)
        try path.hear(0...0, at: 100)
        path.send(at: 110, eliciting: false)
        path.wake(at: path.deadline)
        let probed = path.numbers(.probed)
        #expect(probed == [1, 2])
        path.handOutAll()
        path.handOutAll()
        let all = path.numbers(.probed)
        #expect(all == [1, 2, 3])
        #expect(path.recovery.bytesInFlight == 3_600 && path.recovery.congestion.window == 13_200)
        // Nothing was changed: an answer is an answer.
        try path.hear(1...3, at: 500)
        let acknowledged = path.numbers(.acknowledged)
        #expect(acknowledged == [0, 3, 2, 1])
        #expect(path.recovery.statistics.packetsLost == 0 && path.recovery.statistics.packetsSpurious == 0)
        #expect(path.recovery.congestion.window == 16_800)
        let late = path.fates.filter(\.isLate).map(\.number)
        #expect(late == [3, 2, 1])
    }

    @Test("packets are handed back until they have the bytes that were asked for, those handed back before passed over")
    func bytes() throws {
        var path = HandPath()
        path.send(5, at: 0)
        path.send(at: 3)
        let first = path.recovery.oldestHeld()
        #expect(first?.number == 0 && first?.sentAt == HandPath.at(0) && first?.bytes == 1_200)
        let few = path.handOut(oldest: 1_201)
        #expect(few == 2_400)
        try path.hear(2...2, at: 100)
        let rest = path.handOut(oldest: .max)
        #expect(rest == 3_600)
        let none = path.handOut(oldest: 1)
        let next = path.recovery.oldestHeld()
        #expect(none == 0 && next == nil)
        let probed = path.numbers(.probed)
        #expect(probed == [0, 1, 3, 4, 5])
        // What is handed back is not handed back again when it is lost.
        try path.hear(5...5, at: 110)
        #expect(path.recovery.statistics.packetsLost == 2)
        let lost = path.numbers(.lost)
        #expect(lost == [])
    }

    @Test("what arrives after it was declared lost is acknowledged all the same")
    func late() throws {
        var path = HandPath()
        path.send(4, at: 0)
        try path.hear(3...3, at: 100)
        try path.hear(0...3, at: 101)
        let lost = path.numbers(.lost)
        let acknowledged = path.numbers(.acknowledged)
        #expect(lost == [0] && acknowledged == [3, 2, 1, 0])
        let late = path.fates.filter(\.isLate).map(\.number)
        #expect(late == [0])
        // Once is enough.
        try path.hear(0...3, at: 102)
        #expect(path.fates.count == 5)
    }

    @Test("when a path fails, everything in flight is lost, and the window knows nothing of it")
    func failure() throws {
        var path = HandPath()
        path.send(3, at: 0)
        try path.hear(0...0, at: 100)
        path.send(2, at: 100)
        path.send(at: 100, eliciting: false)
        path.wake(at: path.deadline)
        let window = path.recovery.congestion.window
        path.forgetAll(at: 600)
        let probed = path.numbers(.probed)
        let lost = path.numbers(.lost)
        #expect(probed == [1, 2] && lost == [3, 4, 5])
        #expect(path.recovery.bytesInFlight == 0 && path.deadline == -1 && path.recovery.probesDue == 0)
        #expect(path.recovery.congestion.window == window)
        let counted = path.recovery.statistics
        #expect(counted.packetsLost == 4 && counted.bytesLost == 4_800 && counted.congestionEvents == 0)
    }

    @Test("late acknowledgements of a path that failed free what they are about, and teach nothing")
    func lateAfterFailure() throws {
        var path = HandPath()
        path.send(at: 0)
        try path.hear(0...0, at: 100)
        path.send(10, at: 100)
        // Seven are lost to numbers, two to the failure.
        try path.hear(10...10, at: 200)
        path.forgetAll(at: 600)
        let (window, roundTrip) = (path.recovery.congestion.window, path.recovery.roundTrip.latest)
        let isAnswer = try path.hear(1...9, at: 900)
        let late = path.fates.filter(\.isLate).map(\.number)
        #expect(isAnswer && late == [9, 8, 7, 6, 5, 4, 3, 2, 1])
        #expect(path.recovery.roundTrip.latest == roundTrip && path.recovery.congestion.window == window)
        #expect(path.recovery.statistics.packetsSpurious == 9 && path.recovery.statistics.eventsUndone == 0)
        // The threshold is what it was: three later ones make a loss.
        path.send(4, at: 900)
        try path.hear(14...14, at: 1_000)
        let lost = path.numbers(.lost)
        #expect(lost == [1, 2, 3, 4, 5, 6, 7, 8, 9, 11])
        #expect(path.recovery.statistics.congestionEvents == 2)
    }

    @Test("what is forgotten altogether may still be acknowledged")
    func forgotten() throws {
        var path = HandPath()
        path.send(at: 0)
        try path.hear(0...0, at: 100)
        path.send(5, at: 100)
        path.forgetAll(at: 600)
        // Three probe timeouts after their sending nobody remembers them.
        path.forgetAll(at: 10_000)
        path.send(at: 10_000)
        try path.hear(0...6, at: 10_100)
        let acknowledged = path.numbers(.acknowledged)
        #expect(acknowledged == [0, 6])
        #expect(path.recovery.statistics.packetsSpurious == 0)
    }

    @Test("a path that returns begins anew, and its numbers go on")
    func restart() throws {
        var path = HandPath()
        path.send(10, at: 0)
        try path.hear(3...3, at: 100)
        try path.hear(6...6, 3...3, at: 101)
        // Packets 4 and 5 by time, then a probe timeout.
        path.wake(at: 114)
        path.wake(at: 325)
        #expect(path.recovery.probesDue == 2)
        path.restart(at: 700)
        let roundTrip = path.recovery.roundTrip
        #expect(!roundTrip.hasSample && roundTrip.smoothed == .milliseconds(333))
        #expect(path.recovery.congestion.window == 12_000)
        #expect(path.recovery.bytesInFlight == 0 && path.recovery.probesDue == 0)
        let loss = path.recovery.lossRate(now: HandPath.at(700))
        #expect(loss == 0 && path.recovery.deliveredRate == 0)
        path.recovery.challengeAnswered(.milliseconds(40), now: HandPath.at(700))
        #expect(path.recovery.roundTrip.latest == .milliseconds(40))
        let number = path.send(4, at: 700)
        #expect(number == 13)
        // 40 + 4 * 20 + 25: no backoff is left of the time before.
        #expect(path.deadline == 845)
        // What was lost in the old life arrives after all, and neither measures the new one nor undoes anything.
        try path.hear(0...9, at: 710)
        #expect(path.recovery.roundTrip.latest == .milliseconds(40))
        #expect(path.recovery.statistics.eventsUndone == 0 && path.recovery.congestion.window == 12_000)
        try path.hear(10...13, at: 740)
        #expect(path.recovery.congestion.window == 16_800)
    }

    @Test("a path is unanswered since the first packet above all that were acknowledged")
    func unanswered() throws {
        var path = HandPath()
        #expect(path.recovery.unacknowledgedSince == .never)
        path.send(3, at: 1)
        #expect(path.recovery.unacknowledgedSince == HandPath.at(1))
        path.send(at: 2, eliciting: false)
        path.send(at: 3)
        path.send(at: 4)
        // A hole below what arrived does not count.
        try path.hear(2...2, at: 10)
        #expect(path.recovery.unacknowledgedSince == HandPath.at(3))
        #expect(path.recovery.oldestSentAt == HandPath.at(1))
        try path.hear(5...5, at: 11)
        #expect(path.recovery.unacknowledgedSince == .never)
        path.send(2, at: 12)
        #expect(path.recovery.unacknowledgedSince == HandPath.at(12))
        path.forgetAll(at: 20)
        #expect(path.recovery.unacknowledgedSince == .never)
        path.send(at: 21)
        #expect(path.recovery.unacknowledgedSince == HandPath.at(21))
    }

    @Test("the oldest packet in flight is the oldest that asks for an acknowledgement")
    func oldest() throws {
        var path = HandPath()
        #expect(path.recovery.oldestSentAt == .never)
        path.send(at: 1, eliciting: false)
        #expect(path.recovery.oldestSentAt == .never)
        path.send(at: 2)
        path.send(at: 3, eliciting: false)
        path.send(at: 4)
        path.send(at: 5)
        #expect(path.recovery.oldestSentAt == HandPath.at(2))
        try path.hear(1...1, at: 10)
        #expect(path.recovery.oldestSentAt == HandPath.at(4))
        path.handOutAll()
        #expect(path.recovery.oldestSentAt == HandPath.at(4))
        try path.hear(3...4, at: 11)
        #expect(path.recovery.oldestSentAt == .never)
        path.send(at: 12)
        #expect(path.recovery.oldestSentAt == HandPath.at(12))
    }
}
