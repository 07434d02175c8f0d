import PlaitCore
import PlaitTransport
import Testing

/// A path on which packets of 1,200 bytes leave at given milliseconds, and ACKs come likewise.
struct HandPath: ~Copyable {
    var recovery: PathRecovery
    private(set) var fates: [ResolvedFrame] = []

    init(
        _ configuration: RecoveryConfiguration = RecoveryConfiguration(),
        controller: any CongestionController = NewReno(CongestionContext(packetSize: 1_200)),
        seed: UInt64 = 1
    ) {
        recovery = PathRecovery(
            configuration: configuration,
            congestion: controller,
            random: RandomStream(seed: seed, name: "hand")
        )
    }

    static func at(_ milliseconds: Int64) -> Instant { .start + .milliseconds(milliseconds) }

    @discardableResult
    mutating func send(_ count: Int = 1, at milliseconds: Int64, eliciting: Bool = true, isProbe: Bool = false)
        -> UInt64
    {
        var number: UInt64 = 0
        for _ in 0..<count {
            number = recovery.nextNumber()
            recovery.record(.datagram(number))
            recovery.packetSent(
                number: number,
                bytes: 1_200,
                isAckEliciting: eliciting,
                isProbe: isProbe,
                now: Self.at(milliseconds)
            )
        }
        return number
    }

    @discardableResult
    mutating func hear(
        _ ranges: ClosedRange<UInt64>...,
        delay: UInt64 = 0,
        by ackSlot: Int? = nil,
        at milliseconds: Int64
    ) throws(PeerViolation) -> Bool {
        for range in ranges {
            try recovery.acknowledge(AckRange(first: range.lowerBound, last: range.upperBound))
        }
        let isAnswer = recovery.finishAcknowledgement(
            largest: ranges[0].upperBound,
            delay: delay,
            by: ackSlot,
            now: Self.at(milliseconds)
        )
        drain()
        return isAnswer
    }

    /// An ACK of these numbers, the highest last.
    mutating func hear(_ numbers: some Collection<UInt64>, at milliseconds: Int64) throws(PeerViolation) {
        var largest: UInt64 = 0
        for number in numbers.reversed() {
            try recovery.acknowledge(AckRange(first: number, last: number))
            largest = max(largest, number)
        }
        recovery.finishAcknowledgement(largest: largest, delay: 0, now: Self.at(milliseconds))
        drain()
    }

    mutating func handOutAll() {
        recovery.handOutAll()
        drain()
    }

    mutating func handOut(oldest bytes: Int) -> Int {
        defer { drain() }
        return recovery.handOut(oldest: bytes)
    }

    mutating func forgetAll(at milliseconds: Int64) {
        recovery.forgetAll(now: Self.at(milliseconds))
        drain()
    }

    mutating func restart(at milliseconds: Int64) {
        recovery.restart(congestion: NewReno(CongestionContext(packetSize: 1_200)), now: Self.at(milliseconds))
        drain()
    }

    mutating func wake(at milliseconds: Int64) {
        recovery.deadlineReached(now: Self.at(milliseconds))
        drain()
    }

    private mutating func drain() {
        while let next = recovery.nextResolved() { fates.append(next) }
        recovery.checkInvariants()
    }

    /// The numbers of packets whose frames met this fate, as they came.
    func numbers(_ fate: ResolvedFrame.Fate) -> [UInt64] { fates.filter { $0.fate == fate }.map(\.number) }

    var deadline: Int64 { recovery.deadline.isNever ? -1 : recovery.deadline.nanoseconds / 1_000_000 }
}

@Suite("Recovery of one path")
struct RecoveryTests {
    @Test("three later packets make one lost, two do not")
    func packetThreshold() throws {
        var path = HandPath()
        path.send(4, at: 0)
        try path.hear(1...2, at: 100)
        let lost1 = path.numbers(.lost)
        #expect(lost1 == [])
        try path.hear(1...3, at: 101)
        let lost2 = path.numbers(.lost)
        #expect(lost2 == [0])
        let acknowledged3 = path.numbers(.acknowledged)
        #expect(acknowledged3 == [2, 1, 3])
        #expect(path.recovery.bytesInFlight == 0)
        #expect(path.recovery.statistics.packetsLost == 1 && path.recovery.statistics.congestionEvents == 1)
    }

    @Test("a packet is lost nine eighths of a round trip after its sending, if a later one arrived")
    func timeThreshold() throws {
        var path = HandPath()
        path.send(2, at: 0)
        try path.hear(1...1, at: 80)
        #expect(path.deadline == 90)
        path.wake(at: 89)
        let lost4 = path.numbers(.lost)
        #expect(lost4 == [])
        path.wake(at: 90)
        let lost5 = path.numbers(.lost)
        #expect(lost5 == [0])
        #expect(path.deadline == -1)
    }

    @Test(
        "without a later arrival nothing is lost; a probe is due after smoothed, four variations and the peer's delay"
    )
    func probeTimeout() throws {
        var path = HandPath()
        path.send(at: 0)
        try path.hear(0...0, at: 100)
        path.send(3, at: 100)
        // 100 + 4 * 50 + 25, after the last packet.
        #expect(path.deadline == 425)
        path.wake(at: 424)
        #expect(path.recovery.probesDue == 0)
        path.wake(at: 425)
        #expect(path.recovery.probesDue == 2)
        let probed6 = path.numbers(.probed)
        let lost7 = path.numbers(.lost)
        #expect(probed6 == [1, 2] && lost7 == [])
        #expect(path.recovery.bytesInFlight == 3_600)
        #expect(path.recovery.congestion.window == 13_200)
        path.send(2, at: 425, isProbe: true)
        #expect(path.recovery.probesDue == 0)
        // Twice as long, but no longer than 500 ms after the sending.
        #expect(path.deadline == 925)
    }

    @Test("probe intervals double, to at most the eager bound, later to at most the late one")
    func backoff() throws {
        var configuration = RecoveryConfiguration()
        configuration.probeIntervalMax = .milliseconds(4_000)
        configuration.probeEagerness = .seconds(10)
        configuration.probeIntervalLateMax = .milliseconds(20_000)
        var path = HandPath(configuration)
        path.send(at: 0)
        try path.hear(0...0, at: 100)
        path.send(at: 100)
        var last: Int64 = 100
        var intervals: [Int64] = []
        for _ in 0..<9 {
            let due = path.deadline
            intervals.append(due - last)
            path.wake(at: due)
            path.send(at: due, isProbe: true)
            last = due
        }
        #expect(
            intervals == [325, 650, 1_300, 2_600, 4_000, 4_000, 10_400 * 2, 20_000, 20_000].map { min($0, 20_000) }
        )
        // An answer ends the backoff: 100 ms smoothed less what the samples make of it.
        try path.hear(10...10, at: last + 100)
        #expect(path.recovery.probesDue == 0)
        path.send(at: last + 100)
        #expect(path.recovery.deadline - HandPath.at(last + 100) < .milliseconds(400))
    }

    @Test("a probe that the owner cannot send does not keep it busy")
    func unsentProbe() {
        var path = HandPath()
        path.send(at: 0)
        var last: Int64 = 0
        for _ in 0..<40 {
            let due = path.deadline
            #expect(due > last)
            path.wake(at: due)
            last = due
        }
        #expect(path.recovery.statistics.probeTimeouts == 40)
    }

    @Test("an acknowledgement by a packet that asked for none makes no sample, and none makes one twice")
    func samples() throws {
        var path = HandPath()
        path.send(at: 0, eliciting: false)
        try path.hear(0...0, at: 50)
        #expect(!path.recovery.roundTrip.hasSample)
        path.send(2, at: 60)
        try path.hear(2...2, at: 100)
        #expect(path.recovery.roundTrip.latest == .milliseconds(40))
        // The largest is not new: no sample.
        try path.hear(1...2, at: 300)
        #expect(path.recovery.roundTrip.latest == .milliseconds(40))
    }

    @Test("a peer's delay counts up to what it promised")
    func peerDelay() throws {
        var path = HandPath()
        path.send(at: 0)
        try path.hear(0...0, at: 100)
        path.send(at: 100)
        try path.hear(1...1, delay: 1 << 62 - 1, at: 300)
        // 200 - 25 = 175: 7/8 * 100 + 1/8 * 175.
        #expect(path.recovery.roundTrip.smoothed == .microseconds(109_375))
    }

    @Test("acknowledging what was not sent yet ends the connection")
    func optimistic() throws {
        var path = HandPath()
        path.send(3, at: 0)
        var caught: PeerViolation?
        do throws(PeerViolation) { try path.recovery.acknowledge(AckRange(first: 0, last: 3)) } catch { caught = error }
        #expect(caught?.code == .protocolViolation && caught?.frame == FrameType.ack)
    }

    @Test("acknowledging a number that was left out ends the connection; its neighbours do not", arguments: 1..<20)
    func skipped(seed: UInt64) throws {
        var path = HandPath(seed: seed)
        var sent: [UInt64] = []
        while sent.count < 2_000 {
            sent.append(path.send(at: Int64(sent.count)))
            try path.hear((sent.last ?? 0)...(sent.last ?? 0), at: Int64(sent.count))
        }
        let gaps = zip(sent, sent.dropFirst()).filter { $1 != $0 + 1 }.map { $0.0 + 1 }
        #expect((2...9).contains(gaps.count))
        #expect(gaps.first ?? 0 >= 16 && gaps.first ?? 1_000 < 256)
        for gap in gaps {
            try path.recovery.acknowledge(AckRange(first: gap - 1, last: gap - 1))
            try path.recovery.acknowledge(AckRange(first: gap + 1, last: gap + 1))
            for range in [gap...gap, gap - 2...gap, gap...gap + 2, gap - 1...gap + 1] {
                var caught: PeerViolation?
                do throws(PeerViolation) {
                    try path.recovery.acknowledge(AckRange(first: range.lowerBound, last: range.upperBound))
                } catch { caught = error }
                #expect(caught?.code == .protocolViolation, "\(range)")
            }
        }
    }

    @Test("an ACK frame, as written and read, acknowledges what its ranges say")
    func frame() throws {
        var path = HandPath()
        path.send(10, at: 0)
        var bytes = [UInt8](repeating: 0, count: 64)
        let told = [AckRange(first: 6, last: 9), AckRange(first: 4, last: 4), AckRange(first: 0, last: 2)]
        do {
            var span = bytes.mutableSpan
            var writer = ByteWriter(unsafe span.mutableBytes)
            let written = writer.writeAck(path: .first, delay: 1_000, ranges: told.span)
            #expect(written == 3)
        }
        var reader = FrameReader(unsafe bytes.span.bytes)
        guard case .ack(let ack)? = try reader.next() else {
            Issue.record("no ACK")
            return
        }
        try path.recovery.acknowledge(ack, in: unsafe bytes.span.bytes, now: HandPath.at(100))
        var arrived: [UInt64] = []
        while let next = path.recovery.nextResolved() { if next.wasAcknowledged { arrived.append(next.number) } }
        #expect(arrived == [9, 8, 7, 6, 4, 2, 1, 0])
        #expect(path.recovery.largestAcknowledged == 9)
    }

    @Test("losses of one round trip halve the window once")
    func oneEvent() throws {
        var path = HandPath()
        path.send(10, at: 0)
        try path.hear(3...3, at: 100)
        let lost8 = path.numbers(.lost)
        #expect(lost8 == [0])
        #expect(path.recovery.congestion.window == 6_000)
        try path.hear(7...7, 3...3, at: 101)
        let lost9 = path.numbers(.lost)
        #expect(lost9 == [0, 1, 2, 4])
        #expect(path.recovery.congestion.window == 6_000)
        // Sent after the event, in the same instant as others before: a new event.
        path.send(1, at: 101)
        path.send(3, at: 102)
        try path.hear(11...13, at: 202)
        #expect(path.recovery.statistics.congestionEvents == 2)
    }

    @Test("when all losses of an event prove spurious, it is taken back")
    func undo() throws {
        var path = HandPath()
        path.send(10, at: 0)
        try path.hear(4...5, at: 100)
        let lost10 = path.numbers(.lost)
        #expect(lost10 == [0, 1, 2])
        #expect(path.recovery.congestion.window == 6_000)
        try path.hear(4...5, 0...1, at: 101)
        #expect(path.recovery.congestion.window == 6_000)
        #expect(path.recovery.statistics.packetsSpurious == 2)
        try path.hear(0...5, at: 102)
        #expect(path.recovery.statistics.eventsUndone == 1)
        // Ten packets as before the event, and one for packet 3; those that came late were counted out long ago.
        #expect(path.recovery.congestion.window == 13_200)
        #expect(path.recovery.congestion.slowStartThreshold == .max)
        // The late ones too, so that nobody sends again what arrived.
        let acknowledged11 = path.numbers(.acknowledged)
        #expect(acknowledged11 == [5, 4, 1, 0, 3, 2])
    }

    @Test("a packet that came late raises the threshold to what would have sufficed")
    func adapts() throws {
        var path = HandPath()
        path.send(10, at: 0)
        try path.hear(5...5, at: 100)
        try path.hear(0...5, at: 101)
        #expect(path.recovery.statistics.packetsSpurious == 3)
        // Packet 0 was five behind: six are needed now.
        path.send(7, at: 101)
        try path.hear(11...15, 0...9, at: 200)
        #expect(path.recovery.statistics.packetsLost == 3)
        try path.hear(11...16, 0...9, at: 200)
        #expect(path.recovery.statistics.packetsLost == 4)
    }

    @Test("a long run of losses without an arrival is persistent congestion")
    func persistent() throws {
        var path = HandPath()
        path.send(at: 0)
        try path.hear(0...0, at: 100)
        // The sample of the last ACK leaves 100 + 150 + 25, and three times that is 825.
        path.send(at: 200)
        path.send(at: 700)
        path.send(at: 1_200)
        path.send(3, at: 1_250)
        try path.hear(6...6, at: 1_350)
        let lost12 = path.numbers(.lost)
        #expect(lost12 == [1, 2, 3])
        #expect(path.recovery.statistics.persistentCongestions == 1)
        // Two packets, and slow start begins with the one that arrived.
        #expect(path.recovery.congestion.window == 3_600)
    }

    @Test("a run just as long with an arrival in it, or one not longer, is not", arguments: [true, false])
    func notPersistent(hasArrival: Bool) throws {
        var path = HandPath()
        path.send(at: 0)
        try path.hear(0...0, at: 100)
        path.send(at: 200)
        path.send(at: 700)
        path.send(at: hasArrival ? 1_200 : 1_020)
        path.send(3, at: 1_250)
        if hasArrival {
            try path.hear(6...6, 2...2, at: 1_350)
        } else {
            try path.hear(6...6, at: 1_350)
        }
        #expect(path.recovery.statistics.persistentCongestions == 0)
        #expect(path.recovery.congestion.window > 2_400)
    }

    @Test("a window that is not filled does not grow, one that is filled again does")
    func applicationLimited() throws {
        var path = HandPath()
        path.send(2, at: 0)
        path.recovery.applicationLimited()
        try path.hear(0...1, at: 100)
        #expect(path.recovery.congestion.window == 12_000)
        path.send(10, at: 100)
        // Full: having nothing more to send now is no sign of too little to send.
        path.recovery.applicationLimited()
        let hasRoom = path.recovery.maySend(1)
        #expect(!hasRoom)
        try path.hear(2...11, at: 200)
        #expect(path.recovery.congestion.window == 24_000)
    }

    @Test("who only acknowledges keeps no endless list", arguments: [1_000, 5_000])
    func onlyACKs(count: Int) throws {
        var path = HandPath()
        for index in 0..<count { path.send(at: Int64(index), eliciting: false) }
        try path.hear(at: 10_000, last: UInt64(count) / 2)
        #expect(path.recovery.bytesInFlight == 0 && path.deadline == -1)
        let lost13 = path.numbers(.lost)
        let acknowledged14 = path.numbers(.acknowledged)
        #expect(lost13.count + acknowledged14.count > count / 2)
    }

    @Test("a week one way is only slow", arguments: [1, 2 * 604_800 * 1_000] as [Int64])
    func sillyRoundTrips(milliseconds: Int64) throws {
        var configuration = RecoveryConfiguration(initialRoundTrip: .milliseconds(milliseconds))
        configuration.probeIntervalLateMax = .seconds(100 * 86_400)
        var path = HandPath(configuration, controller: Cubic(CongestionContext(packetSize: 1_200)))
        var now: Int64 = 0
        for _ in 0..<50 {
            let numbers = (0..<10).map { _ in path.send(at: now) }
            now += milliseconds
            for number in numbers { try path.hear(number...number, at: now) }
            now = max(now, path.deadline)
            path.wake(at: now)
            let wait = path.recovery.sendTime(now: HandPath.at(now)) - HandPath.at(now)
            #expect(wait <= .milliseconds(milliseconds) + .milliseconds(1_000))
        }
        // Nothing answers any more; intervals grow to the bound and no further.
        path.send(at: now)
        for _ in 0..<80 {
            #expect(path.deadline >= now)
            now = path.deadline
            path.wake(at: now)
            path.send(2, at: now, isProbe: true)
        }
    }

    @Test("a round trip of nothing divides nothing by zero")
    func noTime() throws {
        var path = HandPath()
        for _ in 0..<100 {
            let numbers = (0..<10).map { _ in path.send(at: 5) }
            for number in numbers { try path.hear(number...number, at: 5) }
        }
        let next = path.recovery.sendTime(now: HandPath.at(5))
        #expect(next - HandPath.at(5) <= .nanoseconds(1))
    }
}

extension HandPath {
    mutating func hear(at milliseconds: Int64, last: UInt64) throws(PeerViolation) {
        // The highest number not above `last` that was not left out.
        var number = last
        while true {
            var isRefused = false
            do throws(PeerViolation) {
                try recovery.acknowledge(AckRange(first: number, last: number))
            } catch { isRefused = true }
            if !isRefused { break }
            number -= 1
        }
        try hear(number...number, at: milliseconds)
    }
}
