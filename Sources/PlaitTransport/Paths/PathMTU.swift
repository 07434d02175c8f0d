package import PlaitCore

/// How large the packets of one path may be: discovery of its MTU by probing, as RFC 8899 has it (and RFC 9000, 14.3).
///
///     ┌──────┐ any answer   ┌───────────┐ nothing left to try   ┌──────────┐
///     │ base │ ───────────▶ │ searching │ ────────────────────▶ │ complete │
///     └──────┘              └───────────┘ ◀──────────────────── └──────────┘
///        ▲                    ▲       │     10 minutes passed         │
///        │ the path failed,   │ wait  │ large packets vanish          │
///        │ moved, is silent   │ over  ▼                               │
///        ╰─ any state       ┌────────────┐                            │
///                           │ black hole │ ◀──────────────────────────╯
///                           └────────────┘
///
/// Between the largest size that is known to arrive and the smallest that seems not to, the next probe halves the
/// distance; before that come the size that last worked, and the most there may be, which most paths carry. A size of
/// which `triesMax` probes in a row vanish is taken for too large. That is a guess: bad luck makes the answer smaller
/// than it could be, never larger than what arrived.
///
/// A router that starts to drop what is larger than it likes says nothing. Packets larger than the base that are lost,
/// `vanishedMax` of them with none that arrived after them, while smaller ones arrive, are such a black hole: the size
/// falls back, and the old one is tried again first, so that a false alarm costs a round trip.
///
/// A pure value that knows numbers of packets and their sizes, and no timers: whoever sends asks `probeSize`.
package struct PathMTU: Hashable, Sendable, BitwiseCopyable {
    /// RFC 8899, 5.2, without DISABLED and ERROR: a path that does not carry the base has failed.
    package enum State: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
        /// Nothing has arrived yet since the path began, or began anew.
        case base
        case searching
        /// The size is known as well as it is worth knowing.
        case complete
        /// Larger packets vanished: it is too early to try again.
        case blackHole
    }

    package private(set) var state: State
    /// Bytes of the largest packet that this path is known to carry.
    package private(set) var size: Int
    /// Bytes that every path must carry.
    package let base: Int
    /// Bytes that neither end, nor any buffer, goes beyond.
    package private(set) var most: Int

    /// The smallest size that seems not to arrive; one more than `most` if there is none.
    private var tooLarge: Int
    /// What worked before it had to be given up; 0 for nothing.
    private var remembered = 0
    /// Of the next size to be tried.
    private var tries = 0
    /// The probe that is under way.
    private var probe: Probe?
    /// Packets before this number say nothing of the path as it is now.
    private var since: UInt64 = 0
    /// The highest number of a packet larger than the base that arrived.
    private var arrived: UInt64?
    /// How many of those above it are lost.
    private var vanished = 0
    /// How many black holes there were lately, and when the last was found.
    private var holes = 0
    private var holeAt = Instant.start
    /// When searching begins again.
    private var againAt = Instant.never

    private struct Probe: Hashable, Sendable, BitwiseCopyable {
        let number: UInt64
        let size: Int
    }

    /// - Parameters:
    ///   - base: Bytes that every path must carry.
    ///   - most: Bytes that no packet may exceed; what is not above `base` means that nothing is searched for.
    package init(base: Int, most: Int) {
        precondition(base > 0, "packets have a size")
        self.base = base
        self.most = max(base, most)
        size = base
        tooLarge = self.most + 1
        state = self.most > base ? .base : .complete
    }

    /// Whether there is nothing to search for, ever.
    package var isFixed: Bool { most == base }

    /// Whether packets are larger than every path must carry.
    package var isRaised: Bool { size > base }

    // MARK: Probing

    /// Bytes of the probe that may be sent now; nil while one is under way, and when there is nothing to try.
    package mutating func probeSize(now: Instant) -> Int? {
        guard !isFixed, probe == nil else { return nil }
        if now >= againAt { search(now: now) }
        guard state == .searching else { return nil }
        return candidate
    }

    /// A probe of `probeSize` left as this packet.
    package mutating func probeSent(_ number: UInt64) {
        precondition(state == .searching && probe == nil, "one probe at a time, while there is something to find")
        probe = Probe(number: number, size: candidate)
    }

    private var candidate: Int {
        if remembered > size, remembered < tooLarge { return remembered }
        return tooLarge > most ? most : size + (tooLarge - size) / 2
    }

    /// Begins again after a black hole, or because what was too large may fit by now.
    private mutating func search(now: Instant) {
        if state == .complete { tooLarge = most + 1 }
        againAt = .never
        tries = 0
        state = .searching
        finishIfDone(now: now)
    }

    // MARK: What became of packets

    /// A packet of so many bytes arrived, probe or not.
    package mutating func acknowledged(_ number: UInt64, bytes: Int, now: Instant) {
        guard !isFixed, number >= since else { return }
        if state == .base { state = .searching }
        if probe?.number == number { probe = nil }
        guard bytes > base else { return }
        if arrived.map({ number > $0 }) ?? true {
            arrived = number
            vanished = 0
        }
        guard bytes > size, bytes <= most else { return }
        size = bytes
        tries = 0
        // One that had seemed lost, with two before it.
        if tooLarge <= size { tooLarge = most + 1 }
        finishIfDone(now: now)
    }

    /// A packet of so many bytes is lost, probe or not. `next` is the number that the next packet will have.
    package mutating func lost(_ number: UInt64, bytes: Int, next: UInt64, now: Instant) {
        guard !isFixed, number >= since else { return }
        if let probe, probe.number == number {
            self.probe = nil
            probeLost(probe.size, now: now)
            return
        }
        guard bytes > base, isRaised, arrived.map({ number > $0 }) ?? true else { return }
        vanished += 1
        if vanished >= Self.vanishedMax { fallIntoHole(next: next, now: now) }
    }

    private mutating func probeLost(_ tried: Int, now: Instant) {
        // Whatever was learned in between.
        guard state == .searching, tried == candidate else { return }
        tries += 1
        guard tries >= Self.triesMax else { return }
        tries = 0
        tooLarge = tried
        if remembered >= tried { remembered = 0 }
        finishIfDone(now: now)
    }

    private mutating func finishIfDone(now: Instant) {
        guard state == .searching else { return }
        guard size == most || tooLarge <= most && tooLarge - size <= Self.precision else { return }
        state = .complete
        remembered = 0
        if size < most { againAt = now + Self.raiseInterval }
    }

    // MARK: Falling back

    private mutating func fallIntoHole(next: UInt64, now: Instant) {
        let before = size
        holes = now - holeAt > Self.raiseInterval ? 1 : min(holes + 1, Self.holesMax)
        holeAt = now
        forget(next: next)
        remembered = before
        tooLarge = before + 1
        state = .blackHole
        // The first may be a false alarm.
        againAt = holes == 1 ? now : now + Interval(nanoseconds: Self.patience.nanoseconds << Int64(holes - 2))
    }

    /// The path begins anew: it failed, its packets go elsewhere, or nothing has been heard for so long that either may
    /// be so. `next` is the number that the next packet will have.
    package mutating func restart(next: UInt64) {
        guard !isFixed else { return }
        let before = max(size, remembered)
        forget(next: next)
        remembered = before > base ? before : 0
        tooLarge = most + 1
        state = .base
        againAt = .never
    }

    private mutating func forget(next: UInt64) {
        size = base
        tries = 0
        probe = nil
        since = next
        arrived = nil
        vanished = 0
    }

    /// No buffer has room for more than so many bytes.
    package mutating func limit(to bytes: Int, next: UInt64, now: Instant) {
        guard bytes < most else { return }
        if size > bytes { restart(next: next) }
        most = max(bytes, base)
        tooLarge = min(tooLarge, most + 1)
        if let probe, probe.size > most { self.probe = nil }
        if isFixed { state = .searching }
        finishIfDone(now: now)
    }

    // MARK: Constants

    /// A search ends with a size that is at most this much less than the smallest that is too large.
    package static var precision: Int { 16 }
    /// RFC 8899, 5.1.2: MAX_PROBES.
    package static var triesMax: Int { 3 }
    /// RFC 8899, 5.1.1: PMTU_RAISE_TIMER.
    package static var raiseInterval: Interval { .seconds(600) }
    /// Packets in a row that are lost until this is a black hole.
    package static var vanishedMax: Int { 3 }
    /// How long nothing is tried after the second black hole in `raiseInterval`; twice as long after each further one.
    package static var patience: Interval { .seconds(1) }
    private static var holesMax: Int { 8 }

    /// How many probes one search takes at the most, with an unlimited appetite for loss.
    package static func probesMax(base: Int, most: Int) -> Int {
        var halvings = 0
        var distance = most - base
        while distance > precision {
            distance = (distance + 1) / 2
            halvings += 1
        }
        return (halvings + 2) * triesMax
    }

    package func checkInvariants() {
        precondition(base <= size && size <= most, "a size out of bounds")
        precondition(size < tooLarge && tooLarge <= most + 1, "what arrives is not too large")
        precondition(probe.map { $0.size <= most } ?? true, "a probe larger than anybody takes")
        precondition(!isFixed || state == .complete, "a search without an aim")
        precondition(
            state != .base && state != .blackHole || !isRaised,
            "a path that proved nothing has the base's size"
        )
    }
}
