package import PlaitCore

/// One direction of a link: packets and `now` go in, packets and deadlines come out.
///
///     offered ─▶ MTU, down? ─▶ queue, AQM ─▶ serialisation ─▶ loss, corruption, copies ─▶ delay, jitter ─▶ arrival
///       │ index counted │        │ admits?      │ one at a time   │ the wire time is spent   │ in order
///       ▼               ▼        ▼              ▼                 ▼                          ▼
///     offer(_:)      dropped  waiting        service.alarm     finishService              wire, arrivalAlarm
///
/// The owner calls `offer`, `finishService` when `serviceAlarm` is due and `takeArrival` when `arrivalAlarm` is due,
/// and looks at both alarms after every call. The direction reads no clock and keeps every packet until it hands it on
/// (`takeArrival`) or drops it; its counters say which.
package struct LinkDirection: ~Copyable {
    /// Whether packets pass; `downHoldingQueue` loses what is offered and on the wire, and keeps what waits.
    package enum Availability: Hashable, Sendable { case up, down, downHoldingQueue }

    // What every packet touches stands first and together: in a large network the directions do not fit in a cache, and
    // each line of memory that a packet needs is waited for.
    package let id: DirectionID
    package internal(set) var availability = Availability.up
    package internal(set) var isClogged = false
    /// Whether anything but the delay can happen to a packet on the wire: lets the plain link skip the fates at once.
    var hasFates = false
    var inService = PacketSlot.none
    /// When the packet in service has left, with its rank.
    package internal(set) var serviceAlarm = Alarm.none
    /// When the next packet comes out at the far end, with its rank; `.none` while clogged.
    ///
    /// Stored, like `serviceAlarm`, because the owner reads it after every call: a computed property of a large
    /// noncopyable value costs a copy of the whole at each reading.
    package internal(set) var arrivalAlarm = Alarm.none
    /// Everything that happened here, in order.
    package internal(set) var hash = RunningHash()
    var wire = Wire()
    var waiting = RingBuffer<PacketSlot>(capacity: 16)
    var waitingBytes = 0
    var serializer: Serializer
    package internal(set) var delay: Interval
    package internal(set) var mtu: Int
    package internal(set) var overhead: Int
    /// The end of the last clog: nothing that it held comes out before.
    var heldUntil = Instant.start
    var setAside = RingBuffer<SetAside>(capacity: 2)
    var jitter: (any JitterModel)?
    var queue: any QueueDiscipline
    package internal(set) var counters = LinkCounters()

    var loss: (any LossModel)?
    var duplication: Probability
    var reordering: Reordering
    var corruption: Corruption
    let streams: LinkStreams

    package init(id: DirectionID, configuration: LinkConfiguration, streams: LinkStreams) {
        self.id = id
        delay = configuration.delay
        mtu = configuration.mtu
        overhead = configuration.overhead
        loss = configuration.loss
        jitter = configuration.jitter
        queue = configuration.queue
        duplication = configuration.duplication
        reordering = configuration.reordering
        corruption = configuration.corruption
        serializer = Serializer(rate: configuration.rate)
        self.streams = streams
        updateFates()
    }

    package var rate: Rate { serializer.rate }

    /// Packets waiting for service, without the one in service.
    package var queuedPackets: Int { waiting.count }
    package var queuedBytes: Int { waitingBytes }

    /// What is between the queue and the far end: in service, on the wire, or set aside to be overtaken.
    package func onWire(in fabric: borrowing Fabric) -> Tally {
        var tally = Tally()
        if !inService.isNone { tally.add(fabric.packets[inService].length) }
        for index in 0..<wire.count { tally.add(fabric.packets[wire[index]].length) }
        for index in 0..<setAside.count { tally.add(fabric.packets[setAside[index].packet].length) }
        return tally
    }

    // MARK: Inputs

    /// A packet reached the entrance. It now belongs to the direction.
    package mutating func offer(_ packet: PacketSlot, now: Instant, in fabric: inout Fabric) {
        let index = counters.offered.packets
        let length = fabric.packets[packet].length
        fabric.packets[packet].index = index
        counters.offered.add(length)
        note(.offered, packet, detail: index, now: now, in: &fabric)
        guard Int(length) + overhead <= mtu else { return drop(packet, .tooBig, now: now, in: &fabric) }
        guard availability == .up else { return drop(packet, .down, now: now, in: &fabric) }
        if mustWait, !queue.admits(length: Int(length), behind: backlog(now: now), now: now) {
            return drop(packet, .queueFull, now: now, in: &fabric)
        }
        fabric.packets[packet].enqueuedAt = now
        waiting.append(packet)
        waitingBytes += Int(length)
        if inService.isNone { serveNext(now: now, in: &fabric) }
    }

    /// The last bit of the packet in service left: its fates are decided, and the next packet starts.
    package mutating func finishService(now: Instant, in fabric: inout Fabric) {
        precondition(!inService.isNone && serviceAlarm.time == now, "nothing ends its service now")
        let packet = inService
        inService = .none
        serviceAlarm = .none
        serializer.end(now: now)
        counters.departed.add(fabric.packets[packet].length)
        note(.departed, packet, now: now, in: &fabric)
        depart(packet, now: now, in: &fabric)
        refreshArrival()
        serveNext(now: now, in: &fabric)
    }

    /// The packet that comes out at the far end now. It belongs to the caller from here on.
    package mutating func takeArrival(now: Instant, in fabric: inout Fabric) -> PacketSlot {
        precondition(arrivalAlarm.time == now, "nothing arrives now")
        let packet = popArrival()
        refreshArrival()
        counters.arrived.add(fabric.packets[packet].length)
        note(.arrived, packet, now: now, in: &fabric)
        return packet
    }

    // MARK: Queue and serialisation

    /// Whether a packet offered now would have to wait.
    @inline(__always)
    var mustWait: Bool { !inService.isNone || !waiting.isEmpty || isClogged }

    mutating func serveNext(now: Instant, in fabric: inout Fabric) {
        guard availability == .up, !isClogged else { return }
        while inService.isNone {
            guard let packet = waiting.popFirst() else { return queue.becameEmpty(now: now) }
            let (length, enqueuedAt) = (fabric.packets[packet].length, fabric.packets[packet].enqueuedAt)
            waitingBytes -= Int(length)
            let isCapable = fabric.packets[packet].ecn.isCapable
            let head = QueueHead(enqueuedAt: enqueuedAt, length: Int(length), isECNCapable: isCapable)
            switch queue.judge(head, before: backlog(now: now), now: now) {
            case .drop:
                drop(packet, .aqm, now: now, in: &fabric)
                continue
            case .mark:
                precondition(isCapable, "a queue discipline marked a packet that is not ECN capable")
                fabric.packets[packet].ecn = .congestionExperienced
                counters.marked.add(length)
                note(.marked, packet, now: now, in: &fabric)
            case .send:
                break
            }
            start(packet, length: Int(length), enqueuedAt: enqueuedAt, now: now, in: &fabric)
        }
    }

    private mutating func start(
        _ packet: PacketSlot,
        length: Int,
        enqueuedAt: Instant,
        now: Instant,
        in fabric: inout Fabric
    ) {
        note(.started, packet, now: now, in: &fabric)
        inService = packet
        let finish = serializer.begin(byteCount: length + overhead, wasWaiting: enqueuedAt < now, now: now)
        serviceAlarm = Alarm(time: finish, order: fabric.nextOrder())
    }

    @inline(__always)
    func backlog(now: Instant) -> Backlog {
        // Saturates: billions of waiting bytes are more than any bound.
        let waitingWork = UInt64(waitingBytes + overhead * waiting.count)
            .multipliedReportingOverflow(by: Serializer.workPerByte)
        let left = inService.isNone ? 0 : serializer.workLeft(now: now)
        let work = waitingWork.partialValue.addingReportingOverflow(left)
        return Backlog(
            packets: waiting.count,
            bytes: waitingBytes,
            work: waitingWork.overflow || work.overflow ? .max : work.partialValue,
            rate: serializer.rate
        )
    }

    // MARK: Bookkeeping

    mutating func drop(
        _ packet: PacketSlot,
        _ reason: TraceEvent.DropReason,
        now: Instant,
        in fabric: inout Fabric
    ) {
        counters.drop(fabric.packets[packet].length, reason)
        note(.dropped, packet, reason: reason, now: now, in: &fabric)
        fabric.packets.give(packet)
    }

    mutating func note(
        _ kind: TraceEvent.Kind,
        _ packet: PacketSlot,
        reason: TraceEvent.DropReason = .none,
        detail: UInt64 = 0,
        now: Instant,
        in fabric: inout Fabric
    ) {
        let event = TraceEvent(
            time: now,
            kind: kind,
            place: id.index,
            packet: fabric.packets[packet].serial,
            flow: fabric.packets[packet].flow,
            length: fabric.packets[packet].length,
            ecn: fabric.packets[packet].ecn,
            reason: reason,
            detail: detail
        )
        hash.fold(event)
        fabric.trace.append(event)
        guard !fabric.captures.isEmpty else { return }
        switch kind {
        case .dropped, .corrupted, .copied, .arrived: fabric.capture(event, packet)
        case .sent, .offered, .marked, .started, .departed, .delivered, .changed: break
        }
    }
}
