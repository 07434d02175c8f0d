package import PlaitCore

/// The packets between a direction's two ends, in order of arrival.
package struct Wire: ~Copyable {
    /// One packet on the wire, and when it comes out.
    package struct Flight: BitwiseCopyable {
        package let arrival: Instant
        /// Rank among events of the same instant: when the packet went onto the wire.
        package let order: UInt64
        package let packet: PacketSlot
    }

    private var flights = RingBuffer<Flight>(capacity: 16)
    /// No packet that keeps the order may arrive before this.
    package private(set) var lastArrival: Instant = .start

    package init() {}

    package var count: Int { flights.count }

    /// The packet that arrives as number `index` from now.
    package subscript(index: Int) -> PacketSlot { flights[index].packet }

    /// When the next packet comes out.
    package var next: Alarm {
        flights.isEmpty ? .none : Alarm(time: flights[0].arrival, order: flights[0].order)
    }

    /// Puts a packet on the wire.
    ///
    /// If it `keepsOrder`, it arrives no earlier than any that went before it, even if the delay was lowered since.
    package mutating func append(_ packet: PacketSlot, arrival: Instant, order: UInt64, keepsOrder: Bool) {
        let arrival = keepsOrder ? max(arrival, lastArrival) : arrival
        if keepsOrder { lastArrival = arrival }
        var place = flights.count
        // In order this is the end at once; one that overtakes moves only those it overtakes.
        while place > 0, flights[place - 1].arrival > arrival { place -= 1 }
        flights.insert(Flight(arrival: arrival, order: order, packet: packet), at: place)
    }

    /// Takes the packet that arrives next off the wire.
    package mutating func popFirst() -> PacketSlot? { flights.popFirst()?.packet }

    /// The wire was cut and is empty: what goes onto it next has nobody to stay behind.
    package mutating func forgetOrder() { lastArrival = .start }
}
