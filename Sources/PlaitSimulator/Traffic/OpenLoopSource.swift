import PlaitCore

/// Sends packets at times of its own choosing, whatever becomes of them.
final class OpenLoopSource: Endpoint {
    enum Gaps {
        /// The next packet follows after this many nanoseconds times `size / divisor`, the remainder carried.
        case perByte(nanoseconds: UInt64, divisor: UInt64)
        /// Every packet is followed by the same gap, `nanoseconds / divisor`, the remainder carried.
        case perPacket(nanoseconds: UInt64, divisor: UInt64)
        /// Independent exponential gaps of this mean, in 2^-`shift` of a nanosecond, the remainder carried.
        case exponential(mean: Int64, shift: Int64)
    }

    private let context: TrafficContext
    private let gaps: Gaps
    /// Kept here: it is asked for with every packet.
    private let exponential: QuantileTable
    /// Packets sent since the beginning; draws are taken at this index.
    private var count: UInt64 = 0
    private var sequence: UInt64 = 0
    private var next: Instant
    private var carry: UInt64 = 0

    init(_ context: TrafficContext, gaps: Gaps) {
        self.context = context
        self.gaps = gaps
        exponential = context.distributions.exponential
        next = context.start
        skipFirstGap()
    }

    /// A Poisson process has no packet at its start: the first gap is drawn like all others.
    private func skipFirstGap() {
        guard case .exponential = gaps else { return }
        next = next + gap(size: 0)
        count += 1
    }

    var deadline: Instant { next < context.stop ? next : .never }

    func deadlineReached(now: Instant) {}

    func receive(_ datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress, ecn: ECN, now: Instant) {}

    func restarted(now: Instant) {
        sequence = 0
        next = max(now, context.start)
        carry = 0
        skipFirstGap()
    }

    func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        guard next <= now, next < context.stop else { return nil }
        let size = context.sizes.size(
            of: count,
            stream: context.stream,
            exponential: exponential
        )
        PlainPacket(kind: .data, flow: context.flow, sequence: sequence).write(to: &buffer, length: size)
        sequence += 1
        count += 1
        let gap = gap(size: size)
        next = next + gap
        // Whoever was paused goes on from here; it does not make up for the time lost.
        if next < now { next = now + gap }
        return Transmit(length: size, local: context.local, remote: context.remote, ecn: context.ecn)
    }

    private func gap(size: Int) -> Interval {
        switch gaps {
        case .perByte(let nanoseconds, let divisor): carried(nanoseconds * UInt64(size), divisor)
        case .perPacket(let nanoseconds, let divisor): carried(nanoseconds, divisor)
        case .exponential(let mean, let shift):
            whole(exponential.sample(context.stream.draw(count, 0), scale: mean), shift)
        }
    }

    private func whole(_ drawn: Int64, _ shift: Int64) -> Interval {
        let sum = UInt64(max(0, drawn)) + carry
        carry = sum & (1 << UInt64(shift) - 1)
        return Interval(nanoseconds: Int64(sum >> UInt64(shift)))
    }

    private func carried(_ dividend: UInt64, _ divisor: UInt64) -> Interval {
        let (quotient, rest) = (dividend + carry).quotientAndRemainder(dividingBy: divisor)
        carry = rest
        return Interval(nanoseconds: Int64(quotient))
    }
}

/// Takes what comes and answers nothing.
final class TrafficSink: Endpoint {
    var deadline: Instant { .never }
    func deadlineReached(now: Instant) {}
    func receive(_ datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress, ecn: ECN, now: Instant) {}
    func restarted(now: Instant) {}
    func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? { nil }
}
