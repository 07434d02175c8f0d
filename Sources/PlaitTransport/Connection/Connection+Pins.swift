import PlaitCore

/// Streams that are pinned to a path: what they send is bound to it while it is in service, and anybody's otherwise.
///
/// A packet takes either bytes that are bound to its path or bytes that the scheduler places, never both: a full packet
/// of the one may not hold up the other, and what is repeated elsewhere at the tail is packed apart from what is not.
extension Connection {
    /// Notes to which path the bytes of each pinned stream are bound now.
    mutating func bindPins(now: Instant) {
        (scheduling.bound, scheduling.free) = (nil, .all)
        // One path takes everything, and the order is that of all streams.
        guard streams.hasPins, paths.count > 1 else {
            if !scheduling.homes.isEmpty { scheduling.homes.removeAll() }
            return
        }
        scheduling.homes.removeAll()
        scheduling.free = .unpinned
        for lane in streams.lanes.indices {
            let home = home(of: streams.lanes[lane].pin, now: now)
            scheduling.homes.append(home ?? -1)
            if home == nil { scheduling.free.insert(lane) }
        }
    }

    /// The slot of a path that pinned streams wait for: it is in service, if only in reserve. A path in doubt, or held
    /// back because it failed too often, keeps nobody waiting.
    private func home(of id: PathID?, now: Instant) -> Int? {
        guard let id, let slot = slot(of: id), paths[slot].life.state == .active, paths[slot].carriesData else {
            return nil
        }
        return paths[slot].allowsPacket && !paths[slot].life.isHeld(now: now) ? slot : nil
    }

    /// The lane whose bytes are bound to this path and may be sent now, as far as the peer is concerned.
    func boundLane(of slot: Int) -> Int? {
        for lane in scheduling.homes.indices where scheduling.homes[lane] == slot {
            return streams.turn(in: Lanes(only: lane)) == nil ? nil : lane
        }
        return nil
    }

    /// Whether a frame that was sent elsewhere has no business on this path: its stream is bound to another.
    func isBoundElsewhere(_ frame: SentFrame, than slot: Int) -> Bool {
        guard !scheduling.homes.isEmpty, case .stream(let id, _, _, _) = frame, let lane = streams.lane(of: id) else {
            return false
        }
        return lane < scheduling.homes.count && scheduling.homes[lane] >= 0 && scheduling.homes[lane] != slot
    }

    /// The path of the pinned streams whose turn it is, of those that may send now; nil when there is none. With
    /// `isFirst` only if it is their turn before that of all that the scheduler places.
    mutating func pinnedSlot(isFirst: Bool, now: Instant) -> Int? {
        guard !scheduling.homes.isEmpty else { return nil }
        var best: (lane: Int, turn: StreamTurn)?
        for lane in scheduling.homes.indices where scheduling.homes[lane] >= 0 {
            guard mayNow(home: scheduling.homes[lane], of: lane, now: now) else { continue }
            guard let turn = streams.turn(in: Lanes(only: lane))?.turn else { continue }
            if let best, best.turn < turn { continue }
            best = (lane, turn)
        }
        guard let best else { return nil }
        let slot = scheduling.homes[best.lane]
        if isFirst {
            guard !hasWords else { return nil }
            if paths[slot].copies.isEmpty {
                if let other = streams.turn(in: scheduling.free)?.turn, other < best.turn { return nil }
            } else {
                // A slow path may always have copies to carry.
                guard paths[slot].copiesWentLast else { return nil }
            }
        }
        scheduling.bound = best.lane
        tracePin(of: best.lane, to: slot, now: now)
        return slot
    }

    /// Whether a home may send; notes when it may, and that it is not used when its streams have nothing.
    private mutating func mayNow(home: Int, of lane: Int, now: Instant) -> Bool {
        guard paths[home].hasRoom(now: now) else { return false }
        let time = paths[home].recovery.sendTime(now: now)
        guard streams.turn(in: Lanes(only: lane)) != nil else {
            // The others see to the paths that they use as well.
            if time <= now, !isViewed(home) { paths[home].recovery.applicationLimited() }
            return false
        }
        if time > now { pacedUntil = min(pacedUntil, time) }
        return time <= now
    }

    /// Whether the scheduler was shown this path.
    private func isViewed(_ slot: Int) -> Bool {
        for index in scheduling.views.indices where scheduling.views[index].slot == slot { return true }
        return false
    }

    /// Told as a decision with one candidate, which no scheduler was asked about.
    private mutating func tracePin(of lane: Int, to slot: Int, now: Instant) {
        guard let observer, observer.wantsDecisions else { return }
        let lanes = Lanes(only: lane)
        let packet = packetToSchedule(in: lanes, pin: slot)
        var views = Table<PathView>(capacity: 1)
        views.append(view(of: slot, now: now))
        let scheduler = scheduling.take()
        let decision = SchedulingDecision(.send(slot: slot), of: scheduler, for: packet, among: views.span, now: now)
        scheduling.giveBack(scheduler)
        observer.scheduled(decision, of: handle)
    }
}
