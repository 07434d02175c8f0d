import PlaitCore
import PlaitScenario

/// Sends one item's messages at its rate, on whichever end of the connection they come from.
struct MessageSender {
    let item: Int
    let connection: Int
    /// Stays open while messages are sent, and ends after the last.
    let stream: StreamSlot
    /// When the next one is due.
    private(set) var next: Instant
    private let work: DatagramWork
    private let end: Instant
    private var number: UInt32 = 0
    private var carry: UInt64 = 0

    /// What the owner knows the stream by.
    typealias StreamSlot = Int

    /// `end` is when the run ends, on this host's clock.
    init(_ work: DatagramWork, item: Int, connection: Int, stream: StreamSlot, now: Instant, end: Instant) {
        self.work = work
        self.item = item
        self.connection = connection
        self.stream = stream
        next = now
        self.end = work.duration.map { now + $0 } ?? (work.count == nil ? end : .never)
    }

    var isDone: Bool { next >= end || work.count.map { Int64(number) >= $0 } ?? false || number == .max }

    /// Sends what is due. `scratch` is as long as the longest message.
    mutating func send<Carrier: StreamCarrier & ~Copyable>(
        _ carrier: inout Carrier,
        _ ledger: WorkLedger,
        _ scratch: inout [UInt8],
        now: Instant
    ) {
        while next <= now, !isDone {
            let drawn = ledger.plan.amount(work.size, .message, item: item, number: UInt64(number))
            let length = max(MessageHeader.length, min(Int(drawn), scratch.count))
            let header = MessageHeader(item: UInt32(item), number: number, sentAt: now)
            do {
                var bytes = scratch.mutableSpan
                var raw = bytes.mutableRaw
                PatternBytes.fill(&raw, MessageHeader.length..<length, seed: header.seed, offset: 0)
                header.write(into: &raw)
            }
            let expires = work.deadline.map { now + $0 } ?? .never
            let wasTaken = carrier.send(
                message: scratch.span.raw.extracting(0..<length),
                on: connection,
                expires: expires
            )
            ledger.sent(message: item, bytes: length, wasTaken: wasTaken)
            number += 1
            let gap = gap(length)
            next = next + gap
            // Whoever was paused goes on from here; it does not make up for the time lost.
            if next < now { next = now + gap }
        }
    }

    private mutating func gap(_ length: Int) -> Interval {
        let (dividend, divisor): (UInt64, UInt64) =
            switch work.rate {
            case .messages(let count): (1_000_000_000_000, UInt64(count))
            case .bits(let rate): (UInt64(length) * 8_000_000_000, rate.bitsPerSecond)
            }
        let (quotient, rest) = (dividend + carry).quotientAndRemainder(dividingBy: divisor)
        carry = rest
        // Time passes, whatever the rate: else a sender would never come to its end.
        return Interval(nanoseconds: max(1, Int64(quotient)))
    }
}
