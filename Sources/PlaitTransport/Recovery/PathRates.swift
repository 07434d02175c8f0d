import PlaitCore

/// How many of a path's packets are lost, and how fast the others arrive, over the last second or so.
///
/// All four sums forget: before something is added, each is multiplied by what is left of it,
///
///     left(t) = 1 s / (1 s + t)            for many small t like exp(-t / 1 s), without its last bit's troubles
///     loss rate      = lost / (lost + arrived + 1)      in packets; t is the time that passed
///     delivered rate = bytes / busy                     t is the time that passed with something in flight
///
/// The 1 is one packet's worth of trust in any path, so that a bad hour does not stay with a path that nobody uses.
/// Time in which nothing was in flight says nothing about how fast a path is, and does not count.
struct PathRates {
    private var lost = 0.0
    private var arrived = 0.0
    private var countedAt = Instant.start
    private var bytes = 0.0
    private var busy = 0.0
    /// Since when something is in flight of which nothing has been counted.
    private var busySince = Instant.start

    /// The first packet is in flight.
    mutating func begin(now: Instant) { busySince = now }

    /// One ACK told of so many packets, together so many bytes.
    mutating func arrived(packets: Int, bytes count: Int, now: Instant) {
        pass(now)
        arrived += Double(packets)
        let length = Self.seconds(now - busySince)
        let left = Self.left(length)
        bytes = bytes * left + Double(count)
        busy = busy * left + length
        busySince = now
    }

    mutating func lost(now: Instant) {
        pass(now)
        lost += 1
    }

    /// A packet that counted as lost is among those that arrived.
    mutating func foundAgain() { lost = max(lost - 1, 0) }

    /// Between 0 and 1.
    func lossRate(now: Instant) -> Double {
        let left = Self.left(Self.seconds(now - countedAt))
        return lost * left / ((lost + arrived) * left + 1)
    }

    /// Bytes a second; 0 before there was an ACK.
    var deliveredRate: Double { busy > 0 ? bytes / busy : 0 }

    private mutating func pass(_ now: Instant) {
        let left = Self.left(Self.seconds(now - countedAt))
        lost *= left
        arrived *= left
        countedAt = now
    }

    private static func left(_ length: Double) -> Double { 1 / (1 + length) }

    private static func seconds(_ length: Interval) -> Double { Double(max(length.nanoseconds, 0)) / 1_000_000_000 }

    func checkInvariants() {
        precondition(lost >= 0 && arrived >= 0 && bytes >= 0 && busy >= 0, "a rate below nothing")
        precondition((lost + arrived + bytes + busy).isFinite, "a rate beyond all bounds")
    }
}
