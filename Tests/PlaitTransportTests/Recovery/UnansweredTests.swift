import PlaitCore
import PlaitTransport
import Testing

@Suite("A peer that acknowledges nothing")
struct UnansweredTests {
    private static func recovery() -> PathRecovery {
        PathRecovery(
            configuration: RecoveryConfiguration(),
            congestion: NewReno(CongestionContext(packetSize: 1_200)),
            random: RandomStream(seed: 1, name: "unanswered")
        )
    }

    private static func send(_ count: Int, from recovery: inout PathRecovery) {
        for _ in 0..<count {
            let number = recovery.nextNumber()
            recovery.packetSent(number: number, bytes: 40, isAckEliciting: false, now: .start + .seconds(1))
        }
    }

    @Test("what is remembered of acknowledgements behind an unanswered packet has an end")
    func bounded() {
        var recovery = Self.recovery()
        let first = recovery.nextNumber()
        recovery.record(.ping)
        recovery.packetSent(number: first, bytes: 40, isAckEliciting: true, now: .start)
        Self.send(1 << 17, from: &recovery)
        let before = recovery.isUnanswered
        Self.send(1, from: &recovery)
        let after = recovery.isUnanswered
        #expect(!before && after)
    }

    @Test("one acknowledgement of everything makes it nothing again")
    func answered() throws {
        var recovery = Self.recovery()
        let first = recovery.nextNumber()
        recovery.record(.ping)
        recovery.packetSent(number: first, bytes: 40, isAckEliciting: true, now: .start)
        Self.send(1 << 17 + 1, from: &recovery)
        let last = recovery.nextNumber()
        recovery.record(.ping)
        recovery.packetSent(number: last, bytes: 40, isAckEliciting: true, now: .start + .seconds(1))
        try recovery.acknowledge(AckRange(first: last, last: last))
        try recovery.acknowledge(AckRange(first: first, last: first))
        recovery.finishAcknowledgement(largest: last, delay: 0, now: .start + .seconds(2))
        let isUnanswered = recovery.isUnanswered
        #expect(!isUnanswered)
    }
}
