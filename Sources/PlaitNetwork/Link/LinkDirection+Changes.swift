package import PlaitCore

/// What the timeline can do to a direction while packets are on it.
extension LinkDirection {
    /// One property and its new value.
    package enum Change {
        case availability(Availability)
        case clog(Bool)
        case rate(Rate)
        case delay(Interval)
        case mtu(Int)
        case overhead(Int)
        case loss((any LossModel)?)
        case jitter((any JitterModel)?)
        case queue(any QueueDiscipline)
        case duplication(Probability)
        case reordering(Reordering)
        case corruption(Corruption)
    }

    /// Applies a change at `now`, after everything that was due before it.
    package mutating func apply(_ change: Change, now: Instant, in fabric: inout Fabric) {
        noteChange(change, now: now, in: &fabric)
        switch change {
        case .availability(let next): become(next, now: now, in: &fabric)
        case .clog(let isClogged): setClogged(isClogged, now: now, in: &fabric)
        case .rate(let rate): setRate(rate, now: now, in: &fabric)
        case .delay(let next): delay = next
        case .mtu(let next): mtu = next
        case .overhead(let next): overhead = next
        case .loss(let model): loss = model
        case .jitter(let model): jitter = model
        case .queue(let discipline): queue = discipline
        case .duplication(let chance): duplication = chance
        case .reordering(let next): reordering = next
        case .corruption(let next): corruption = next
        }
        updateFates()
        refreshArrival()
    }

    private mutating func become(_ next: Availability, now: Instant, in fabric: inout Fabric) {
        let previous = availability
        availability = next
        switch next {
        case .up:
            if previous != .up { serveNext(now: now, in: &fabric) }
        case .down:
            cutWire(now: now, in: &fabric)
            while let packet = waiting.popFirst() { drop(packet, .flushed, now: now, in: &fabric) }
            waitingBytes = 0
            queue.becameEmpty(now: now)
        case .downHoldingQueue:
            cutWire(now: now, in: &fabric)
        }
    }

    /// Loses what is in service, on the wire and set aside: a cable was pulled.
    private mutating func cutWire(now: Instant, in fabric: inout Fabric) {
        while let packet = wire.popFirst() { drop(packet, .cut, now: now, in: &fabric) }
        while let aside = setAside.popFirst() { drop(aside.packet, .cut, now: now, in: &fabric) }
        wire.forgetOrder()
        guard !inService.isNone else { return }
        drop(inService, .cut, now: now, in: &fabric)
        inService = .none
        serviceAlarm = .none
        serializer.abandon()
    }

    /// A clogged direction stands still: nothing starts, nothing comes out, nothing is lost but to a full queue.
    private mutating func setClogged(_ next: Bool, now: Instant, in fabric: inout Fabric) {
        guard next != isClogged else { return }
        isClogged = next
        if next {
            serializer.pause(now: now)
            if !inService.isNone { serviceAlarm = .none }
        } else {
            heldUntil = now
            let finish = serializer.resume(now: now)
            if inService.isNone {
                serveNext(now: now, in: &fabric)
            } else {
                serviceAlarm = Alarm(time: finish, order: fabric.nextOrder())
            }
        }
    }

    private mutating func setRate(_ rate: Rate, now: Instant, in fabric: inout Fabric) {
        let finish = serializer.change(to: rate, now: now)
        guard !inService.isNone, !isClogged else { return }
        serviceAlarm = Alarm(time: finish, order: fabric.nextOrder())
    }

    private mutating func noteChange(_ change: Change, now: Instant, in fabric: inout Fabric) {
        let (property, detail): (TraceEvent.Property, UInt64) =
            switch change {
            case .availability(.down): (.up, 0)
            case .availability(.up): (.up, 1)
            case .availability(.downHoldingQueue): (.up, 2)
            case .clog(let isClogged): (.clog, isClogged ? 1 : 0)
            case .rate(let rate): (.rate, rate.bitsPerSecond)
            case .delay(let delay): (.delay, UInt64(delay.nanoseconds))
            case .mtu(let bytes): (.mtu, UInt64(bytes))
            case .overhead(let bytes): (.overhead, UInt64(bytes))
            case .loss(let model): (.loss, model == nil ? 0 : 1)
            case .jitter(let model): (.jitter, Self.traced(model))
            case .queue(let discipline): (.queue, discipline.limit.traced.limit)
            case .duplication(let chance): (.duplication, UInt64(chance.partsPerBillion))
            case .reordering(let reordering): (.reordering, UInt64(reordering.probability.partsPerBillion))
            case .corruption(let next):
                (.corruption, UInt64(max(next.probability.partsPerBillion, next.truncation.partsPerBillion)))
            }
        var event = TraceEvent(time: now, kind: .changed, place: id.index, property: property, detail: detail)
        if case .queue(let discipline) = change {
            event.length = discipline.limit.traced.unit + (discipline.isManaged ? 256 : 0)
        }
        hash.fold(event)
        fabric.trace.append(event)
    }

    /// The top bit says whether it may reorder.
    private static func traced(_ model: (any JitterModel)?) -> UInt64 {
        guard let model else { return 0 }
        return UInt64(model.largestDelay.nanoseconds) | (model.mayReorder ? 1 << 63 : 0)
    }
}
