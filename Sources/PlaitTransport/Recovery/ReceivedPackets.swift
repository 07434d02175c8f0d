package import PlaitCore

/// Which packets of one path arrived, and when the peer must be told: RFC 9000, section 13.2.
///
/// An acknowledgement is due at once for every second packet that asks for one, for one that came out of order or after
/// a gap, and for one that a router marked; otherwise within `ackDelayMax`. Packets that ask for none are reported with
/// the next that do: an ACK alone never asks for an ACK, or two ends would acknowledge each other for ever. Whoever
/// calls `received` says so by `isAckEliciting`.
///
/// The owner has refused duplicates already. At most `rangesMax` ranges are kept: a peer that leaves a gap after every
/// packet loses the report of its oldest ones, and sends those again.
package struct ReceivedPackets: ~Copyable {
    private var list: [AckRange]
    /// The highest number so far; the next truncated number is read against it.
    package private(set) var largest: UInt64?
    private var largestReceivedAt = Instant.start
    private var largestEliciting: UInt64?
    private var waiting = 0
    private var counts = ECNCounts(capable0: 0, capable1: 0, congestionExperienced: 0)

    /// When an acknowledgement is due, or `.never`; in the past when it is due at once.
    package private(set) var ackDeadline = Instant.never

    /// The longest that an acknowledgement is held back, as the peer was told.
    package let ackDelayMax: Interval

    package init(ackDelayMax: Interval = .milliseconds(25)) {
        self.ackDelayMax = ackDelayMax
        list = []
        list.reserveCapacity(4)
    }

    /// What an ACK frame tells, highest first.
    package var ranges: Span<AckRange> {
        @_lifetime(borrow self) borrowing get { list.span }
    }

    /// Whether there is anything to tell at all.
    package var isEmpty: Bool { list.isEmpty }

    /// Whether packets that ask for an acknowledgement wait for one: worth adding to a packet that goes out anyway.
    package var hasNews: Bool { waiting > 0 }

    /// What the peer's packets were marked with; nil until one was marked.
    package var ecn: ECNCounts? {
        counts.capable0 | counts.capable1 | counts.congestionExperienced == 0 ? nil : counts
    }

    package func ackIsDue(now: Instant) -> Bool { ackDeadline <= now }

    /// For the frame: microseconds since the largest number arrived.
    package func ackDelay(now: Instant) -> UInt64 {
        UInt64(max((now - largestReceivedAt).nanoseconds, 0)) / 1_000
    }

    /// Notes a packet whose protection held.
    ///
    /// - Returns: Whether the number was new.
    @discardableResult
    package mutating func received(_ number: UInt64, isAckEliciting: Bool, ecn: ECN, now: Instant) -> Bool {
        guard insert(number) else { return false }
        switch ecn {
        case .notCapable: break
        case .capable0: counts.capable0 += 1
        case .capable1: counts.capable1 += 1
        case .congestionExperienced: counts.congestionExperienced += 1
        }
        if largest.map({ number > $0 }) ?? true {
            largest = number
            largestReceivedAt = now
        }
        guard isAckEliciting else { return true }
        waiting += 1
        if waiting >= Self.packetsPerAck || isOutOfOrder(number) || ecn == .congestionExperienced {
            ackDeadline = min(ackDeadline, now)
        } else {
            ackDeadline = min(ackDeadline, now + ackDelayMax)
        }
        largestEliciting = largestEliciting.map { max($0, number) } ?? number
        return true
    }

    /// An ACK frame with the present ranges left, alone or in company.
    package mutating func ackSent(now: Instant) {
        waiting = 0
        ackDeadline = .never
    }

    /// The ACK frame that was sent last may be lost with the path that it took: another is due, if there is anything to
    /// tell.
    package mutating func tellAgain(now: Instant) {
        guard !list.isEmpty else { return }
        waiting = max(waiting, 1)
        ackDeadline = min(ackDeadline, now)
    }

    /// The peer has an ACK frame whose largest number was `number`: what lies at or below needs no more telling.
    package mutating func acknowledged(upTo number: UInt64) {
        while let lowest = list.last, lowest.last <= number { list.removeLast() }
        if let lowest = list.last, lowest.first <= number { list[list.count - 1].first = number + 1 }
        guard list.isEmpty else { return }
        // The ACK that was to be told again arrived after all: an empty one says nothing.
        waiting = 0
        ackDeadline = .never
    }

    /// RFC 9000, 13.2.1: below one that came before, or with a gap between the two. Below one that asked for nothing
    /// counts as well: were it to wait, the ACK that told of that one might be acknowledged first, and both be
    /// forgotten.
    private func isOutOfOrder(_ number: UInt64) -> Bool {
        if let largest, number < largest { return true }
        guard let largestEliciting else { return false }
        // No gap between them: the range that `number` was just added to reaches down to the other, which may itself be
        // forgotten because the peer knows of it.
        guard let range = list.first(where: { $0.first <= number && number <= $0.last }) else { return true }
        return range.first > largestEliciting + 1
    }

    private mutating func insert(_ number: UInt64) -> Bool {
        var place = 0
        while place < list.count, list[place].first > number + 1 { place += 1 }
        guard place < list.count else {
            if list.count < Self.rangesMax { list.append(AckRange(first: number, last: number)) }
            return true
        }
        let range = list[place]
        if range.first == number + 1 {
            list[place].first = number
            // It may have closed the gap to the next lower range.
            if place + 1 < list.count, list[place + 1].last + 1 == number {
                list[place].first = list[place + 1].first
                list.remove(at: place + 1)
            }
            return true
        }
        if number <= range.last { return false }
        #if Mutants
            if Mutant.isPlanted(.gapAcknowledged), range.last + 2 == number {
                list[place].last = number
                return true
            }
        #endif
        if range.last + 1 == number {
            list[place].last = number
            return true
        }
        if list.count == Self.rangesMax { list.removeLast() }
        list.insert(AckRange(first: number, last: number), at: place)
        return true
    }

    /// As many gaps as reordering and loss leave on any path worth using.
    package static let rangesMax = 32

    /// RFC 9000, 13.2.2.
    private static let packetsPerAck = 2

    package func checkInvariants() {
        precondition(list.count <= Self.rangesMax, "more ranges than are kept")
        precondition(waiting == 0 || !list.isEmpty, "an ACK is due that would say nothing")
        for index in list.indices {
            precondition(list[index].first <= list[index].last, "a range ends before it begins")
            guard index > 0 else { continue }
            precondition(list[index].last + 1 < list[index - 1].first, "two ranges touch or are out of order")
        }
    }
}
