package import PlaitCore
import PlaitNetwork

/// Packets that were sent and wait for someone to decide what becomes of them.
struct ControlledPackets {
    var held: [PacketSlot] = []

    mutating func hold(_ packet: PacketSlot) { held.append(packet) }
}

/// A packet that waits in the step-controlled mode.
package struct HeldPacket: Hashable, Sendable {
    package let serial: UInt64
    package let flow: FlowID
    package let source: SocketAddress
    package let destination: SocketAddress
    package let length: Int
}

/// The step-controlled mode: nothing happens by itself. Whoever drives chooses the next packet's fate or the next
/// timer, in any order, so that a test or a model's trace can lead the endpoints through every interleaving.
///
/// Links play no part: a packet waits from `sent` until it is delivered, dropped or duplicated.
extension Simulator {
    /// Takes control. From here on `run` must not be called. The endpoints send their first packets.
    package mutating func takeControl() {
        precondition(events == 0 && control == nil, "control is taken before the run begins")
        control = ControlledPackets()
        startSeats()
    }

    /// What waits, in order of sending.
    package var heldPackets: [HeldPacket] {
        (control?.held ?? []).map { slot in
            let record = fabric.packets[slot]
            return HeldPacket(
                serial: record.serial,
                flow: FlowID(Int(record.flow)),
                source: record.source,
                destination: record.destination,
                length: Int(record.length)
            )
        }
    }

    /// The bytes of a waiting packet, copied.
    package func bytes(ofHeld serial: UInt64) -> [UInt8]? {
        guard let index = indexOfHeld(serial), let slot = control?.held[index] else { return nil }
        let span = fabric.packets.bytes(slot)
        return (0..<span.byteCount).map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }

    /// Hands a waiting packet to its destination now.
    ///
    /// - Returns: Whether there was such a packet.
    @discardableResult
    package mutating func deliver(_ serial: UInt64) -> Bool {
        guard let packet = release(serial) else { return false }
        countStep()
        receive(packet, at: Int(topology.owner(of: fabric.packets[packet].destination.interface).index))
        return true
    }

    /// Loses a waiting packet.
    @discardableResult
    package mutating func drop(_ serial: UInt64) -> Bool {
        guard let packet = release(serial) else { return false }
        countStep()
        drop(packet, .controlled, at: Int(topology.owner(of: fabric.packets[packet].source.interface).index))
        return true
    }

    /// Makes a second waiting packet with the same bytes.
    ///
    /// - Returns: The copy's serial.
    package mutating func duplicate(_ serial: UInt64) -> UInt64? {
        guard let index = indexOfHeld(serial), let packet = control?.held[index] else { return nil }
        countStep()
        let copy = fabric.packets.duplicate(packet)
        fabric.packets[copy].serial = fabric.nextSerial()
        let record = fabric.packets[copy]
        fabric.trace.append(
            TraceEvent(
                time: now,
                kind: .copied,
                place: topology.uplink(of: record.source.interface).index,
                packet: record.serial,
                flow: record.flow,
                length: record.length,
                ecn: record.ecn,
                detail: serial
            )
        )
        control?.hold(copy)
        return fabric.packets[copy].serial
    }

    /// Armed timers of endpoints: whose, and when they are due.
    package var pendingTimers: [(seat: Int, name: String, due: Instant)] {
        seats.indices.compactMap { seat in
            let alarm = timers.alarm(of: seatTimer(seat))
            return alarm == .none ? nil : (seat, seatNames[seat], alarm.time)
        }
    }

    /// Lets virtual time pass to the timer's due instant, if that is ahead, and fires it.
    @discardableResult
    package mutating func fire(timerOf seat: Int) -> Bool {
        let alarm = timers.alarm(of: seatTimer(seat))
        guard control != nil, alarm != .none else { return false }
        timers.set(seatTimer(seat), to: .none)
        advance(to: max(now, alarm.time))
        countStep()
        wake(seat: seat)
        return true
    }

    private func indexOfHeld(_ serial: UInt64) -> Int? {
        control?.held.firstIndex { fabric.packets[$0].serial == serial }
    }

    private mutating func release(_ serial: UInt64) -> PacketSlot? {
        guard let index = indexOfHeld(serial) else { return nil }
        return control?.held.remove(at: index)
    }
}
