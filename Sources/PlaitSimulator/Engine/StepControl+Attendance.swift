import PlaitCore
import PlaitNetwork

/// What an application and an attacker do in the step-controlled mode.
extension Simulator {
    /// Asks a seat for its packets and its deadline, after an application's call on its endpoint. In the
    /// step-controlled mode nothing else would: what was written waits until a packet comes or the timer fires.
    package mutating func attend(seat: Int) {
        precondition(control != nil, "a seat is attended by whoever has control")
        pump(seat: seat)
    }

    /// How many packets wait.
    package var heldCount: Int { control?.held.count ?? 0 }

    /// The serial of a waiting packet, by its place in the order of sending.
    package func serial(ofHeld place: Int) -> UInt64? {
        guard let held = control?.held, held.indices.contains(place) else { return nil }
        return fabric.packets[held[place]].serial
    }

    /// A waiting packet, by its place in the order of sending.
    package func held(at place: Int) -> HeldPacket? {
        guard let held = control?.held, held.indices.contains(place) else { return nil }
        let record = fabric.packets[held[place]]
        return HeldPacket(
            serial: record.serial,
            flow: FlowID(Int(record.flow)),
            source: record.source,
            destination: record.destination,
            length: Int(record.length)
        )
    }

    /// Inverts one bit of a waiting packet.
    ///
    /// - Returns: Whether there was such a bit.
    @discardableResult
    package mutating func damage(_ serial: UInt64, bit: Int) -> Bool {
        guard let packet = control?.held.first(where: { fabric.packets[$0].serial == serial }), bit >= 0,
            bit < 8 * Int(fabric.packets[packet].length)
        else { return false }
        countStep()
        fabric.packets.flip(bit: bit, of: packet)
        fabric.packets[packet].digest = fabric.packets.bytes(packet).digest
        let record = fabric.packets[packet]
        fabric.trace.append(
            TraceEvent(
                time: now,
                kind: .corrupted,
                place: topology.uplink(of: record.source.interface).index,
                packet: record.serial,
                flow: record.flow,
                length: record.length,
                ecn: record.ecn,
                detail: 1
            )
        )
        return true
    }
}
