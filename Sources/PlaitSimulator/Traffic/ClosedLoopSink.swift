import PlaitCore

/// The receiving end of closed-loop traffic: answers every packet with the first number that is missing.
final class ClosedLoopSink: Endpoint {
    private let flow: FlowID
    /// The first segment that is missing.
    private var expected: UInt64 = 0
    /// Which of the segments after `expected` are here, one bit each, from `expected` on; bounded by the sender's
    /// window.
    private var received = RingBuffer<Bool>(capacity: 1_024)
    private var marks: UInt64 = 0
    private var life: UInt16 = 0
    private var answers = RingBuffer<Answer>(capacity: 16)

    private struct Answer: BitwiseCopyable {
        let local: SocketAddress
        let remote: SocketAddress
        let sequence: UInt64
        let echo: Instant
        let marks: UInt64
        let life: UInt16
    }

    init(_ context: TrafficContext) { flow = context.flow }

    var deadline: Instant { .never }

    func deadlineReached(now: Instant) {}

    /// What had arrived is gone, and the source will not send it again: such a flow does not complete.
    func restarted(now: Instant) {
        forget()
        answers.removeAll()
    }

    func receive(_ datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress, ecn: ECN, now: Instant) {
        guard let packet = PlainPacket(checked: datagram), packet.kind == .data, packet.flow == flow else { return }
        // Lives wrap, so they are compared by their distance. A packet of an earlier one was overtaken: too late.
        let ahead = Int16(bitPattern: packet.life &- life)
        guard ahead >= 0 else { return }
        if ahead > 0 {
            forget()
            life = packet.life
        }
        if ecn == .congestionExperienced { marks += 1 }
        note(packet.sequence)
        answers.append(
            Answer(local: local, remote: remote, sequence: expected, echo: packet.echo, marks: marks, life: life)
        )
    }

    func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        guard let answer = answers.popFirst() else { return nil }
        PlainPacket(
            kind: .acknowledgement,
            life: answer.life,
            flow: flow,
            sequence: answer.sequence,
            echo: answer.echo,
            marks: answer.marks
        ).writeChecked(to: &buffer, length: PlainPacket.closedLoopHeader)
        return Transmit(length: PlainPacket.closedLoopHeader, local: answer.local, remote: answer.remote)
    }

    private func forget() {
        expected = 0
        marks = 0
        received.removeAll()
    }

    private func note(_ segment: UInt64) {
        // A segment far beyond any window is damage that passed the check, or a stranger's: it takes no memory.
        guard segment >= expected, segment - expected < Self.farthest else { return }
        let place = Int(segment - expected)
        while received.count <= place { received.append(false) }
        received[place] = true
        while !received.isEmpty, received[0] {
            _ = received.popFirst()
            expected += 1
        }
    }

    private static let farthest: UInt64 = 1 << 20
}
