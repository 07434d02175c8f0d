package import PlaitCore

/// The packets in flight: when each was sent, whether it was corrupted, and which are copies of one another.
///
/// A datagram counts as good once. Copies are made only of packets in flight, so a datagram with its copies forms a
/// family that is remembered exactly while a member is in flight: nothing is forgotten too early, and memory is
/// bounded.
package struct Flights {
    /// What a delivery was.
    package enum Delivery: Sendable { case good, duplicate, corrupted }

    private struct Flight: BitwiseCopyable {
        var sentAt: Int64
        /// Place in `families`, or -1 for a datagram that was never copied.
        var family: Int32 = -1
        var isCorrupted = false
    }

    private struct Family {
        var inFlight: Int
        var isDelivered: Bool
    }

    private var flights = SerialTable(filler: Flight(sentAt: 0))
    private var families: [Family] = []
    private var freeFamilies: [Int32] = []

    package init() {}

    package mutating func begin(_ packet: UInt64, at time: Instant) {
        flights.set(packet, Flight(sentAt: time.nanoseconds))
    }

    package mutating func corrupt(_ packet: UInt64) {
        guard var flight = flights[packet] else { return unknown(packet) }
        flight.isCorrupted = true
        flights.set(packet, flight)
    }

    /// A copy has the sending time of its original, and its corruption when that came first.
    package mutating func copy(_ packet: UInt64, of original: UInt64) {
        guard var flight = flights[original] else { return unknown(original) }
        if flight.family < 0 {
            if let free = freeFamilies.popLast() {
                flight.family = free
            } else {
                flight.family = Int32(families.count)
                families.append(Family(inFlight: 0, isDelivered: false))
            }
            families[Int(flight.family)] = Family(inFlight: 1, isDelivered: false)
            flights.set(original, flight)
        }
        families[Int(flight.family)].inFlight += 1
        flights.set(packet, flight)
    }

    package mutating func drop(_ packet: UInt64) {
        guard let flight = flights.remove(packet) else { return unknown(packet) }
        leave(flight.family)
    }

    /// - Returns: When the datagram was sent, in nanoseconds, and what this delivery was.
    package mutating func deliver(_ packet: UInt64) -> (sentAt: Int64, kind: Delivery) {
        guard let flight = flights.remove(packet) else {
            unknown(packet)
            return (0, .corrupted)
        }
        guard flight.family >= 0 else { return (flight.sentAt, flight.isCorrupted ? .corrupted : .good) }
        let family = Int(flight.family)
        let kind: Delivery =
            if flight.isCorrupted { .corrupted } else if families[family].isDelivered { .duplicate } else { .good }
        if kind == .good { families[family].isDelivered = true }
        leave(flight.family)
        return (flight.sentAt, kind)
    }

    private mutating func leave(_ family: Int32) {
        guard family >= 0 else { return }
        families[Int(family)].inFlight -= 1
        if families[Int(family)].inFlight == 0 { freeFamilies.append(family) }
    }

    /// The simulator broke the contract of `TraceEvent`: no number that follows would be true.
    private func unknown(_ packet: UInt64) {
        preconditionFailure("the trace names packet \(packet), which is not in flight")
    }
}
