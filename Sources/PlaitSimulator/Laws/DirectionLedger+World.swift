import PlaitCore

extension DirectionLedger {
    /// The timeline changed the direction. What was done until now counts by the old values.
    ///
    /// - Returns: Whether packets must be gone by the end of this instant.
    mutating func change(_ event: TraceEvent, _ findings: inout LawFindings) -> Bool {
        settlePending(&findings)
        let now = event.time.nanoseconds
        let detail = event.detail
        settleService(now)
        switch event.property {
        case .up:
            return changeCondition(event, &findings)
        case .clog:
            let wasAble = isAble
            if isClogged, detail == 0 { releasedAt = now }
            isClogged = detail != 0
            if isAble, !wasAble { enabledAt = now }
        case .rate:
            rate = detail
            service.tolerance = max(service.tolerance, Int64(truncatingIfNeeded: rate))
        case .delay:
            delay = Int64(bitPattern: detail)
        case .mtu:
            mtu = Int64(bitPattern: detail)
        case .overhead:
            overhead = Int64(bitPattern: detail)
        case .loss:
            mayLose = detail != 0
        case .jitter:
            jitterMax = Int64(bitPattern: detail & (1 << 63 - 1))
            jitterMayReorder = detail >> 63 != 0
            changeReordering(now)
        case .queue:
            changeQueue(Int64(clamping: detail), code: event.length)
        case .duplication:
            mayDuplicate = detail != 0
        case .reordering:
            mayReorder = detail != 0
            changeReordering(now)
        case .corruption:
            mayCorrupt = detail != 0
        case .none, .host, .drift, .wallStep, .rebind, .partition:
            break
        }
        return false
    }

    private mutating func changeCondition(_ event: TraceEvent, _ findings: inout LawFindings) -> Bool {
        let now = event.time.nanoseconds
        let wasAble = isAble
        switch event.detail {
        case 1:
            judgeEmptied(event, &findings)
            condition = .up
            if isAble, !wasAble { enabledAt = now }
            return false
        case 2:
            if condition == .up { cutAt = now }
            condition = .held
            return true
        default:
            if condition == .up { cutAt = now }
            if condition != .down { flushedAt = now }
            condition = .down
            return true
        }
    }

    /// A direction that is down has nothing on its wire, and nothing in its queue unless that is held.
    func judgeEmptied(_ event: TraceEvent, _ findings: inout LawFindings) {
        guard condition != .up else { return }
        let queued = condition == .down ? Int64(waiting.count) : 0
        let left = queued + Int64(wire.packets) + (service.isIdle ? 0 : 1)
        guard left > 0 else { return }
        findings.report(.flush, event, found: left, "went down, and \(left) packets survived the instant")
    }

    private mutating func changeReordering(_ now: Int64) {
        if jitterMayReorder || mayReorder {
            overtakableUntil = .max
        } else if overtakableUntil == .max {
            overtakableUntil = now
        }
    }

    private mutating func changeQueue(_ limit: Int64, code: UInt32) {
        isManaged = code & 256 != 0
        switch code & 255 {
        case 0: queue = .unlimited
        case 1: queue = .packets(limit)
        case 2: queue = .bytes(limit)
        case 3: queue = .delay(Interval(nanoseconds: limit))
        default: queue = .unknown
        }
    }
}
