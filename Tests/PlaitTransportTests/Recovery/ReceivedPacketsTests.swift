import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Received packets")
struct ReceivedPacketsTests {
    private static let start = Instant.start + .seconds(1)

    private func receive(
        _ numbers: [UInt64],
        into packets: inout ReceivedPackets,
        eliciting: Bool = true,
        ecn: ECN = .notCapable,
        at now: Instant = start
    ) {
        for number in numbers { packets.received(number, isAckEliciting: eliciting, ecn: ecn, now: now) }
    }

    private func ranges(_ pairs: (UInt64, UInt64)...) -> [AckRange] {
        pairs.map { AckRange(first: $0.0, last: $0.1) }
    }

    @Test("an ACK that is to be told again is due no more once the peer has it after all")
    func toldAfterAll() {
        var packets = ReceivedPackets()
        receive([1, 2], into: &packets)
        packets.ackSent(now: Self.start)
        packets.tellAgain(now: Self.start)
        let (isDue, hasNews) = (packets.ackIsDue(now: Self.start), packets.hasNews)
        #expect(isDue && hasNews)
        packets.acknowledged(upTo: 2)
        let (isEmpty, isDueStill, hasNewsStill) = (
            packets.isEmpty, packets.ackIsDue(now: Self.start), packets.hasNews
        )
        #expect(isEmpty && !isDueStill && !hasNewsStill)
        packets.checkInvariants()
        receive([3], into: &packets)
        let hasNewsAgain = packets.hasNews
        #expect(hasNewsAgain)
    }

    @Test("ranges are those of a plain set, in whatever order packets come", arguments: 0..<200 as Range<UInt64>)
    func model(seed: UInt64) {
        let stream = RandomStream(seed: seed, name: "received")
        var packets = ReceivedPackets()
        var set: Set<UInt64> = []
        var forgotten: UInt64?
        for step in 0..<120 as Range<UInt64> {
            let number = stream.draw(step, 0).uniform(below: 60)
            guard forgotten.map({ number > $0 }) ?? true else { continue }
            let isNew = packets.received(number, isAckEliciting: true, ecn: .notCapable, now: Self.start)
            #expect(isNew == set.insert(number).inserted)
            if stream.draw(step, 1).uniform(below: 20) == 0 {
                let known = stream.draw(step, 2).uniform(below: 40)
                packets.acknowledged(upTo: known)
                set = set.filter { $0 > known }
                forgotten = max(forgotten ?? 0, known)
            }
            packets.checkInvariants()
            let told = packets.copiedRanges()
            #expect(told.flatMap { Array($0.first...$0.last) }.sorted() == set.sorted(), "seed \(seed), step \(step)")
        }
    }

    @Test("a late packet is acknowledged at once, also below one that asked for nothing")
    func belowSilent() {
        var packets = ReceivedPackets()
        receive([10], into: &packets)
        receive([12], into: &packets, eliciting: false)
        packets.ackSent(now: Self.start)
        receive([11], into: &packets)
        let isDue = packets.ackIsDue(now: Self.start)
        #expect(isDue)
    }

    @Test("the first packet is acknowledged within the delay, the second at once")
    func everySecond() {
        var packets = ReceivedPackets()
        receive([0], into: &packets)
        let first = packets.ackDeadline
        #expect(first == Self.start + .milliseconds(25))
        let (early, late) = (packets.ackIsDue(now: Self.start), packets.ackIsDue(now: Self.start + .milliseconds(25)))
        #expect(!early && late)
        receive([1], into: &packets, at: Self.start + .milliseconds(3))
        let atOnce = packets.ackIsDue(now: Self.start + .milliseconds(3))
        #expect(atOnce)
        packets.ackSent(now: Self.start + .milliseconds(3))
        let (after, news) = (packets.ackDeadline, packets.hasNews)
        #expect(after == .never && !news)
    }

    @Test(
        "a packet behind another, or after a gap, is acknowledged at once",
        arguments: [[5, 3], [5, 7]] as [[UInt64]]
    )
    func outOfOrder(numbers: [UInt64]) {
        var packets = ReceivedPackets()
        receive([numbers[0]], into: &packets)
        packets.ackSent(now: Self.start)
        receive([numbers[1]], into: &packets)
        let isDue = packets.ackIsDue(now: Self.start)
        #expect(isDue)
    }

    @Test("a packet that follows on is not out of order, even when what was before is forgotten")
    func followsOn() {
        var packets = ReceivedPackets()
        receive([5], into: &packets)
        packets.ackSent(now: Self.start)
        packets.acknowledged(upTo: 5)
        receive([6], into: &packets)
        let isDue = packets.ackIsDue(now: Self.start)
        #expect(!isDue)
    }

    @Test("a gap filled by packets that ask for nothing is no gap")
    func filledGap() {
        var packets = ReceivedPackets()
        receive([5], into: &packets)
        packets.ackSent(now: Self.start)
        receive([6, 7], into: &packets, eliciting: false)
        receive([8], into: &packets)
        let isDue = packets.ackIsDue(now: Self.start)
        #expect(!isDue)
    }

    @Test("packets that ask for nothing never make an acknowledgement due")
    func silent() {
        var packets = ReceivedPackets()
        receive([0, 1, 2, 9, 4], into: &packets, eliciting: false)
        let (deadline, news, told) = (packets.ackDeadline, packets.hasNews, packets.copiedRanges())
        #expect(deadline == .never && !news)
        #expect(told == ranges((9, 9), (4, 4), (0, 2)))
    }

    @Test("a mark of congestion is told at once, and all marks are counted")
    func marks() {
        var packets = ReceivedPackets()
        receive([0], into: &packets, ecn: .congestionExperienced)
        let isDue = packets.ackIsDue(now: Self.start)
        #expect(isDue)
        receive([1, 2], into: &packets, ecn: .capable0)
        receive([3], into: &packets, ecn: .capable1)
        receive([4], into: &packets)
        let counts = packets.ecn
        #expect(counts == ECNCounts(capable0: 2, capable1: 1, congestionExperienced: 1))
    }

    @Test("unmarked packets have no counts to tell")
    func unmarked() {
        var packets = ReceivedPackets()
        receive([0, 1], into: &packets)
        let counts = packets.ecn
        #expect(counts == nil)
    }

    @Test("the delay is that of the largest number, in microseconds")
    func delay() {
        var packets = ReceivedPackets()
        receive([7], into: &packets)
        receive([6], into: &packets, at: Self.start + .milliseconds(2))
        let delay = packets.ackDelay(now: Self.start + .microseconds(4_250))
        #expect(delay == 4_250)
    }

    @Test("a peer that leaves a gap after every packet makes the list no longer, and the newest are kept")
    func gaps() {
        var packets = ReceivedPackets()
        for index in 0..<10_000 as Range<UInt64> {
            receive([index * 2], into: &packets)
            packets.checkInvariants()
        }
        let told = packets.copiedRanges()
        #expect(told.count == 32)
        #expect(told.first?.last == 19_998 && told.last?.first == 19_998 - 62)
        // From behind, too.
        receive([1, 3, 5, 100], into: &packets)
        let count = packets.copiedRanges().count
        #expect(count == 32)
    }

    @Test("the highest numbers there are do no harm")
    func highest() {
        var packets = ReceivedPackets()
        let top: UInt64 = 1 << 62 - 1
        receive([0, top, top - 1, top - 3], into: &packets)
        packets.acknowledged(upTo: top - 1)
        let told = packets.copiedRanges()
        #expect(told == ranges((top, top)))
    }
}
