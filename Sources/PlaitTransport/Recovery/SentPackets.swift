package import PlaitCore

/// The packets sent on one path, from sending until nothing more can be learned of them.
///
/// Numbers are dense, so a ring indexed by number holds the records; two chains run through them:
///
///     number      4    5    6    7    8    9   10   11   12
///     state       lost out  ack  ack  skip ack  out  out  out
///     outstanding      5 <-----------------> 10 <> 11 <> 12        losses are looked for from the low end
///     not acked   4 <- 5 <- 6 <- 7 <- 8 <- 9                       an acknowledged run is jumped over, not walked
///
/// The second is a disjoint-set forest with path halving: an ACK that repeats old ranges costs a step or two for each
/// range, and work is in proportion to what is newly acknowledged, however much is in flight.
package struct SentPackets: ~Copyable {
    var records: RingBuffer<SentPacket>
    /// The number of the first record.
    var firstNumber: UInt64 = 0
    var frames: RingBuffer<SentFrame>
    /// How many frames went before the first in the ring.
    var firstFrame: UInt64 = 0
    /// Of the packet that is being built.
    var framesRecorded = 0
    /// The ends of the chain of outstanding packets.
    var lowestOutstanding = SentPacket.none
    var highestOutstanding = SentPacket.none
    /// The first of the chain that asks for an acknowledgement. It only ever moves on, so looking is cheap.
    private(set) var lowestEliciting = SentPacket.none
    /// The first of them above every number that was acknowledged.
    private(set) var lowestUnheard = SentPacket.none
    /// Everything in flight below it has been handed back: hand-outs go from the oldest on.
    private var firstHeld: UInt64 = 0
    /// The same of what another path may carry, and none does yet.
    private var firstLoose: UInt64 = 0
    package private(set) var bytesInFlight = 0
    package private(set) var elicitingInFlight = 0
    /// Of those: nothing waits for them but the search for the path's MTU.
    private(set) var sizeProbesInFlight = 0
    /// Packets that only acknowledged and of which nothing was heard: no window limits these.
    package private(set) var unanswered = 0
    private var numbers: SkippedNumbers
    var resolved: RingBuffer<ResolvedFrame>

    package init(random: RandomStream) {
        records = RingBuffer(capacity: 4)
        frames = RingBuffer(capacity: 4)
        resolved = RingBuffer(capacity: 4)
        numbers = SkippedNumbers(random: random)
    }

    /// The number after the last sent or skipped one.
    var nextUnused: UInt64 { firstNumber + UInt64(records.count) }

    /// The number for the next packet. The same until that packet is noted as sent.
    package mutating func nextNumber() -> UInt64 {
        if numbers.skips(nextUnused) {
            append(now: .start, bytes: 0, isAckEliciting: false, state: .skipped)
        }
        return nextUnused
    }

    /// Notes what the packet being built carries.
    package mutating func record(_ frame: SentFrame) {
        frames.append(frame)
        framesRecorded += 1
    }

    /// Whether a packet being built carries anything to be told about.
    package var hasRecorded: Bool { framesRecorded > 0 }

    /// The packet being built is not sent: its frames are forgotten, unresolved.
    package mutating func discardRecorded() {
        frames.removeLast(framesRecorded)
        framesRecorded = 0
    }

    package mutating func packetSent(
        _ number: UInt64,
        bytes: Int,
        isAckEliciting: Bool,
        isBound: Bool = false,
        now: Instant
    ) {
        precondition(number == nextUnused, "packet numbers are sent in order, each once")
        append(now: now, bytes: UInt32(clamping: bytes), isAckEliciting: isAckEliciting, state: .outstanding)
        if isBound { self[number].isBound = true }
    }

    /// A probe of the path's MTU left: there is nothing in it to be handed back.
    mutating func sizeProbeSent(_ number: UInt64, bytes: Int, now: Instant) {
        precondition(!hasRecorded, "a probe that is likely to be lost carries nothing")
        packetSent(number, bytes: bytes, isAckEliciting: true, now: now)
        self[number].isSizeProbe = true
        self[number].isHandedBack = true
        sizeProbesInFlight += 1
    }

    /// Takes out the next frame of which it is known what became.
    package mutating func nextResolved() -> ResolvedFrame? { resolved.popFirst() }

    private mutating func append(now: Instant, bytes: UInt32, isAckEliciting: Bool, state: SentPacket.State) {
        let number = nextUnused
        let carries = state == .outstanding ? framesRecorded : 0
        precondition(carries <= UInt16.max, "more frames than fit a packet")
        records.append(
            SentPacket(
                sentAt: now,
                firstFrame: firstFrame + UInt64(frames.count - framesRecorded),
                lower: state == .outstanding ? highestOutstanding : number &- 1,
                higher: SentPacket.none,
                event: 0,
                bytes: bytes,
                frameCount: UInt16(carries),
                state: state,
                isAckEliciting: isAckEliciting,
                isHandedBack: false,
                isBound: false,
                cause: .numbers
            )
        )
        guard state == .outstanding else { return }
        framesRecorded = 0
        if highestOutstanding == SentPacket.none {
            lowestOutstanding = number
        } else {
            self[highestOutstanding].higher = number
        }
        highestOutstanding = number
        if isAckEliciting {
            bytesInFlight += Int(bytes)
            elicitingInFlight += 1
            if lowestEliciting == SentPacket.none { lowestEliciting = number }
            if lowestUnheard == SentPacket.none { lowestUnheard = number }
        } else {
            unanswered += 1
        }
    }
}

extension SentPackets {
    subscript(number: UInt64) -> SentPacket {
        get { records[Int(number - firstNumber)] }
        set { records[Int(number - firstNumber)] = newValue }
    }

    /// Whether a record of this number is still there.
    func isKnown(_ number: UInt64) -> Bool { number >= firstNumber && number < nextUnused }

    /// Refuses a range in which a number was never sent: the peer claims what it cannot have, to be sent more than the
    /// path carries (RFC 9000, 21.4).
    func check(_ range: AckRange) throws(PeerViolation) {
        if range.last >= nextUnused {
            throw PeerViolation(
                .protocolViolation,
                frame: FrameType.ack,
                "a packet was acknowledged before it was sent"
            )
        }
        if numbers.contains(anyOf: range) {
            throw PeerViolation(
                .protocolViolation,
                frame: FrameType.ack,
                "a packet was acknowledged whose number was left out"
            )
        }
    }

    /// The highest number at or below `number` that is neither acknowledged nor skipped, or nil if no such record is
    /// left.
    mutating func highestUnacknowledged(upTo number: UInt64) -> UInt64? {
        var place = number
        while isKnown(place) {
            let record = self[place]
            guard record.state == .acknowledged || record.state == .skipped else { return place }
            let next = record.lower
            guard isKnown(next) else { return nil }
            // Path halving: point over the next one, if that is passed too.
            let beyond = self[next]
            if beyond.state == .acknowledged || beyond.state == .skipped { self[place].lower = beyond.lower }
            place = next
        }
        return nil
    }

    /// Takes a packet from the chain of those that may still be lost.
    mutating func unchain(_ number: UInt64) {
        let record = self[number]
        if record.lower == SentPacket.none {
            lowestOutstanding = record.higher
        } else {
            self[record.lower].higher = record.higher
        }
        if record.higher == SentPacket.none {
            highestOutstanding = record.lower
        } else {
            self[record.higher].lower = record.lower
        }
        if number == lowestEliciting { lowestEliciting = firstEliciting(from: record.higher) }
        if number == lowestUnheard { lowestUnheard = firstEliciting(from: record.higher) }
        if record.isAckEliciting {
            bytesInFlight -= Int(record.bytes)
            elicitingInFlight -= 1
            if record.isSizeProbe { sizeProbesInFlight -= 1 }
        } else {
            unanswered -= 1
        }
    }

    private func firstEliciting(from place: UInt64) -> UInt64 {
        var place = place
        while place != SentPacket.none, !self[place].isAckEliciting { place = self[place].higher }
        return place
    }

    /// Every number up to `largest` is below one that was acknowledged.
    mutating func heard(upTo largest: UInt64) {
        while lowestUnheard != SentPacket.none, lowestUnheard <= largest {
            lowestUnheard = firstEliciting(from: self[lowestUnheard].higher)
        }
    }

    /// Hands the frames of a packet back once, and tells of their arrival whether or not they were.
    mutating func resolve(_ number: UInt64, as fate: ResolvedFrame.Fate) {
        let record = self[number]
        guard !record.isHandedBack || fate == .acknowledged else { return }
        self[number].isHandedBack = true
        let start = Int(record.firstFrame - firstFrame)
        for index in start..<start + Int(record.frameCount) {
            resolved.append(
                ResolvedFrame(frame: frames[index], number: number, fate: fate, isLate: record.isHandedBack)
            )
        }
    }

    /// - Returns: The packet as it was before: outstanding, or lost when it arrived late.
    mutating func acknowledge(_ number: UInt64) -> SentPacket {
        let record = self[number]
        if record.state == .outstanding { unchain(number) }
        resolve(number, as: .acknowledged)
        self[number].state = .acknowledged
        self[number].lower = number &- 1
        return record
    }

    mutating func lose(_ number: UInt64, event: UInt32, because cause: LossCause) {
        unchain(number)
        #if Mutants
            if !Mutant.isPlanted(.timeLossForgotten) || cause != .time { resolve(number, as: .lost) }
        #else
            resolve(number, as: .lost)
        #endif
        self[number].state = .lost
        self[number].event = event
        self[number].cause = cause
    }

    /// What was lost so far will say nothing any more if it arrives after all: the path failed in between.
    mutating func blameFailure() {
        for index in 0..<records.count where records[index].state == .lost {
            records[index].event = 0
            records[index].cause = .failure
        }
    }

    /// The next lower number that was not skipped, or `none`.
    func nextSent(below number: UInt64) -> UInt64 {
        var place = number &- 1
        while isKnown(place), self[place].state == .skipped { place &-= 1 }
        return place
    }

    var hasOutstanding: Bool { lowestOutstanding != SentPacket.none }

    /// The oldest packet in flight that asks for an acknowledgement and whose frames nobody else carries yet.
    mutating func oldestHeld() -> UInt64? {
        firstHeld = max(firstHeld, firstNumber)
        while firstHeld < nextUnused {
            let record = self[firstHeld]
            if record.state == .outstanding, record.isAckEliciting, !record.isHandedBack { return firstHeld }
            firstHeld += 1
        }
        return nil
    }

    /// The oldest of them that another path may carry while this one works, and that none carries yet.
    mutating func oldestLoose() -> UInt64? {
        firstLoose = max(firstLoose, firstHeld, firstNumber)
        while firstLoose < nextUnused {
            let record = self[firstLoose]
            let isHeld = record.state == .outstanding && record.isAckEliciting && !record.isHandedBack
            if isHeld, !record.isBound, !record.isShared { return firstLoose }
            firstLoose += 1
        }
        return nil
    }

    mutating func share(_ number: UInt64) { self[number].isShared = true }

    /// Hands back the frames of the oldest `count` such packets, so that others carry them. The packets stay in flight.
    mutating func handOutOldest(_ count: Int) {
        var left = count
        while left > 0, let oldest = oldestHeld() {
            resolve(oldest, as: .probed)
            left -= 1
        }
    }

    /// Drops what nothing more is expected of from the low end: acknowledged, or sent before `horizon` and no longer in
    /// flight. Of packets that nobody has to acknowledge, no more than `unansweredMax` wait.
    mutating func forget(sentBefore horizon: Instant) {
        while records.count > 0 {
            let record = records[0]
            switch record.state {
            case .skipped, .acknowledged:
                break
            case .lost:
                guard record.sentAt < horizon else { return }
            case .outstanding:
                guard !record.isAckEliciting else { return }
                guard record.sentAt < horizon || records.count > Self.unansweredMax else { return }
                lose(firstNumber, event: 0, because: .time)
            }
            for _ in 0..<Int(record.frameCount) { _ = frames.popFirst() }
            firstFrame += UInt64(record.frameCount)
            _ = records.popFirst()
            firstNumber += 1
        }
    }

    private static let unansweredMax = 1_024

    package func checkInvariants() {
        var bytes = 0
        var eliciting = 0
        var sizeProbes = 0
        var place = lowestOutstanding
        var below = SentPacket.none
        while place != SentPacket.none {
            let record = self[place]
            precondition(record.state == .outstanding, "the chain holds a packet that was resolved")
            precondition(record.lower == below, "the chain is torn")
            let isHeld = record.isAckEliciting && !record.isHandedBack
            precondition(!isHeld || place >= firstHeld, "a packet was passed over when frames were handed back")
            if record.isAckEliciting {
                if eliciting == 0 { precondition(place == lowestEliciting, "another packet is the oldest in flight") }
                bytes += Int(record.bytes)
                eliciting += 1
                if record.isSizeProbe { sizeProbes += 1 }
            }
            below = place
            place = record.higher
        }
        precondition(below == highestOutstanding, "the chain ends elsewhere")
        precondition(bytes == bytesInFlight, "bytes in flight are not those of the packets in flight")
        precondition(eliciting == elicitingInFlight, "packets in flight are miscounted")
        precondition(sizeProbes == sizeProbesInFlight, "probes in flight are miscounted")
        precondition(eliciting > 0 || lowestEliciting == SentPacket.none, "the oldest of nothing")
        var counted = framesRecorded
        for index in 0..<records.count { counted += Int(records[index].frameCount) }
        precondition(counted == frames.count, "frames without a packet")
    }
}
