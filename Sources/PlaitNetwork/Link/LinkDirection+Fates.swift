import PlaitCore

/// What happens to a packet on the wire, in this order: loss, corruption, truncation, duplication, then its way.
extension LinkDirection {
    /// A packet that waits to be overtaken.
    struct SetAside: BitwiseCopyable {
        let packet: PacketSlot
        /// Packets that still have to pass.
        var toPass: Int
        /// When it stops waiting for them and goes its way.
        let leaves: Instant
        /// When it then arrives.
        let deadline: Instant
        /// No earlier arrival is possible: the delay was this long when it departed, and may have been lowered since.
        let soonest: Instant
        let order: UInt64
    }

    mutating func updateFates() {
        hasFates =
            loss != nil || duplication != .never || reordering.probability != .never || corruption.probability != .never
            || corruption.truncation != .never || !setAside.isEmpty
    }

    mutating func depart(_ packet: PacketSlot, now: Instant, in fabric: inout Fabric) {
        guard hasFates else { return travel(packet, now: now, in: &fabric) }
        let index = fabric.packets[packet].index
        if let loss, loss.loses(index: index, at: now) { return drop(packet, .loss, now: now, in: &fabric) }
        corrupt(packet, index: index, now: now, in: &fabric)
        let isDuplicated = duplication != .never && duplication.happens(streams.duplication.draw(index))
        let isSetAside =
            reordering.probability != .never && reordering.probability.happens(streams.reordering.draw(index))
        if isSetAside { setAside(packet, now: now, in: &fabric) } else { travel(packet, now: now, in: &fabric) }
        if isDuplicated { travel(copy(of: packet, now: now, in: &fabric), now: now, in: &fabric) }
        if !isSetAside { countPassing(now: now, in: &fabric) }
    }

    /// The way to the far end: propagation and jitter, never before a packet that went earlier unless jitter may
    /// reorder.
    private mutating func travel(
        _ packet: PacketSlot,
        later: Interval = .zero,
        between bounds: (soonest: Instant, latest: Instant)? = nil,
        now: Instant,
        in fabric: inout Fabric
    ) {
        let index = fabric.packets[packet].index
        let extra = jitter?.extraDelay(index: index, at: now) ?? .zero
        let keepsOrder = later == .zero && bounds == nil && !(jitter?.mayReorder ?? false)
        var arrival = now + delay + extra + later
        if let bounds { arrival = min(max(arrival, bounds.soonest, wire.lastArrival), bounds.latest) }
        wire.append(packet, arrival: arrival, order: fabric.nextOrder(), keepsOrder: keepsOrder)
    }

    private mutating func copy(of packet: PacketSlot, now: Instant, in fabric: inout Fabric) -> PacketSlot {
        let origin = fabric.packets[packet].serial
        let copy = fabric.packets.duplicate(packet)
        fabric.packets[copy].serial = fabric.nextSerial()
        counters.copied.add(fabric.packets[copy].length)
        note(.copied, copy, detail: origin, now: now, in: &fabric)
        return copy
    }

    private mutating func corrupt(_ packet: PacketSlot, index: UInt64, now: Instant, in fabric: inout Fabric) {
        guard corruption.probability != .never || corruption.truncation != .never else { return }
        let length = fabric.packets[packet].length
        guard length > 0 else { return }
        if corruption.probability.happens(streams.corruption.draw(index, 0)) {
            for number in 0..<corruption.bits {
                let draw = streams.corruption.draw(index, UInt64(2 + number))
                let bit = Int(draw.multipliedFullWidth(by: UInt64(length) * 8).high)
                fabric.packets.flip(bit: bit, of: packet)
            }
            noteCorruption(packet, detail: UInt64(corruption.bits), now: now, in: &fabric)
        }
        if corruption.truncation != .never, corruption.truncation.happens(streams.corruption.draw(index, 1)) {
            let draw = streams.corruption.draw(index, UInt64(2 + corruption.bits))
            let kept = UInt32(draw.multipliedFullWidth(by: UInt64(length)).high)
            fabric.packets[packet].length = kept
            counters.truncatedBytes += UInt64(length - kept)
            noteCorruption(packet, detail: 1 << 32 + UInt64(length - kept), now: now, in: &fabric)
        }
    }

    private mutating func noteCorruption(_ packet: PacketSlot, detail: UInt64, now: Instant, in fabric: inout Fabric) {
        fabric.packets[packet].digest = fabric.packets.bytes(packet).digest
        counters.corrupted.add(fabric.packets[packet].length)
        note(.corrupted, packet, detail: detail, now: now, in: &fabric)
    }

    // MARK: Reordering

    private mutating func setAside(_ packet: PacketSlot, now: Instant, in fabric: inout Fabric) {
        guard reordering.distance > 0 else {
            return travel(packet, later: reordering.extraDelay, now: now, in: &fabric)
        }
        setAside.append(
            SetAside(
                packet: packet,
                toPass: reordering.distance,
                leaves: now + reordering.within,
                deadline: now + reordering.within + delay,
                soonest: now + delay,
                order: fabric.nextOrder()
            )
        )
    }

    /// Another packet went onto the wire: whoever was passed by enough of them follows it at once.
    private mutating func countPassing(now: Instant, in fabric: inout Fabric) {
        var index = 0
        while index < setAside.count {
            guard setAside[index].leaves >= now else {
                index += 1
                continue
            }
            setAside[index].toPass -= 1
            if setAside[index].toPass > 0 {
                index += 1
            } else {
                let aside = setAside.remove(at: index)
                travel(aside.packet, between: (aside.soonest, aside.deadline), now: now, in: &fabric)
            }
        }
    }

    /// Finds out anew what comes out next.
    mutating func refreshArrival() {
        arrivalAlarm = isClogged ? .none : wire.next
        guard !isClogged else { return }
        if arrivalAlarm.time < heldUntil { arrivalAlarm.time = heldUntil }
        guard !setAside.isEmpty, let aside = earliestSetAside, aside.alarm.time < arrivalAlarm.time else { return }
        arrivalAlarm = aside.alarm
    }

    /// When the first packet set aside gives up waiting to be overtaken, and which one it is.
    var earliestSetAside: (alarm: Alarm, index: Int)? {
        guard !setAside.isEmpty else { return nil }
        var earliest = 0
        for index in 1..<max(1, setAside.count) where setAside[index].deadline < setAside[earliest].deadline {
            earliest = index
        }
        let aside = setAside[earliest]
        return (Alarm(time: max(aside.deadline, heldUntil), order: aside.order), earliest)
    }

    /// Takes the packet that `arrivalAlarm` speaks of.
    mutating func popArrival() -> PacketSlot {
        if !setAside.isEmpty, let aside = earliestSetAside, aside.alarm == arrivalAlarm {
            return setAside.remove(at: aside.index).packet
        }
        guard let packet = wire.popFirst() else { preconditionFailure("an alarm without a packet") }
        return packet
    }
}
