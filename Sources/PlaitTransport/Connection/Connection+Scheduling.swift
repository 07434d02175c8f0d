import PlaitCore

/// Which path carries what.
extension Connection {
    /// A packet that is to be sent: over which path, and why.
    struct Errand {
        let slot: Int
        let purpose: Purpose
        /// Of a probe whose size is what it is for.
        var bytes = 0
    }

    /// Why a packet is sent, and so what may go into it.
    enum Purpose {
        /// Nothing but acknowledgements: the window is closed, or there is nothing else.
        case acknowledgement
        case data
        /// The peer has been silent for too long: whatever asks for an answer, whatever the window says.
        case probe
        /// The same on a path whose data is better sent elsewhere: nothing but a PING.
        case ping
        /// A challenge, or the answer to one.
        case validation
        /// Whether the path carries packets of that size.
        case sizeProbe
    }

    /// What to send next, the most urgent first, in at most `room` bytes; nil when there is nothing now.
    mutating func nextErrand(room: Int, now: Instant) -> Errand? {
        bindPins(now: now)
        for slot in paths.indices {
            guard let purpose = ownPurpose(of: slot, now: now) else { continue }
            if purpose == .probe { scheduling.bound = boundLane(of: slot) }
            return Errand(slot: slot, purpose: purpose)
        }
        if let errand = nextSizeProbe(room: room, now: now) { return errand }
        if let slot = dataSlot(now: now) { return Errand(slot: slot, purpose: .data) }
        for slot in paths.indices where paths[slot].received.ackIsDue(now: now) {
            guard let carrier = ackCarrier(of: slot), paths[carrier].allowsPacket else { continue }
            return Errand(slot: carrier, purpose: .acknowledgement)
        }
        return nil
    }

    /// What only this path can carry.
    private mutating func ownPurpose(of slot: Int, now: Instant) -> Purpose? {
        guard paths[slot].ids.hasPeer else { return nil }
        if wantsValidation(slot, now: now) { return .validation }
        guard paths[slot].allowsPacket else { return nil }
        let state = paths[slot].life.state
        guard paths[slot].recovery.probesDue > 0 else {
            let isAsked = now >= paths[slot].keepAliveDeadline(keepAliveInterval) || keysNeedAnswer(on: slot)
            return isAsked ? .ping : nil
        }
        switch state {
        case .active: return .probe
        case .suspected:
            #if Mutants
                if Mutant.isPlanted(.suspectedTakesData) { return .probe }
            #endif
            return hasActivePath(besides: slot) ? .ping : .probe
        case .validating, .failed, .abandoned:
            // Challenges probe these.
            paths[slot].recovery.probesDue = 0
            return nil
        }
    }

    /// Before data, which waits until there is room for both: see `Path.hasRoom`.
    private mutating func nextSizeProbe(room: Int, now: Instant) -> Errand? {
        for slot in paths.indices {
            guard let bytes = paths[slot].sizeProbe(now: now) else { continue }
            guard bytes <= room else {
                paths[slot].recovery.limitSize(to: room, now: now)
                continue
            }
            guard paths[slot].recovery.maySend(bytes) else { continue }
            let time = paths[slot].recovery.sendTime(now: now)
            guard time <= now else {
                pacedUntil = min(pacedUntil, time)
                continue
            }
            return Errand(slot: slot, purpose: .sizeProbe, bytes: bytes)
        }
        return nil
    }

    private func wantsValidation(_ slot: Int, now: Instant) -> Bool {
        guard paths[slot].isAlive, paths[slot].allowsChallenge else { return false }
        if !paths[slot].responses.isEmpty { return true }
        guard !tokens.isEmpty else { return false }
        return paths[slot].life.challengeIsDue(now: now) || paths[slot].address.challengeAt <= now
    }

    /// Several paths need more than one connection does: a dead one must be found while the others are busy.
    var keepAliveInterval: Interval { openPaths > 1 ? configuration.pathKeepAlive : .zero }

    /// Paths that are not over.
    var openPaths: Int {
        var count = 0
        for slot in paths.indices where paths[slot].isAlive { count += 1 }
        return count
    }

    // MARK: Data

    /// Over which path data goes now, if it may and there is some.
    private mutating func dataSlot(now: Instant) -> Int? {
        scheduling.askAgain = .never
        scheduling.repeats = false
        guard paths.count > 1 else { return onlySlot(now: now) }
        guard hasData || !scheduling.homes.isEmpty || holdsAny else { return idle(now: now) }
        fillViews(now: now)
        guard !scheduling.views.isEmpty else { return nil }
        if !hasData, let slot = reinjectTail(now: now) { return slot }
        if let slot = pinnedSlot(isFirst: true, now: now) { return slot }
        return placedSlot(now: now) ?? pinnedSlot(isFirst: false, now: now)
    }

    /// The same of what is not bound to a path.
    private mutating func placedSlot(now: Instant) -> Int? {
        var owes = false
        for index in scheduling.views.indices where hasOwnData(scheduling.views[index].slot) {
            if maySend(index) { return scheduling.views[index].slot }
            owes = true
        }
        guard hasData else {
            // What another path still owes does not fill this one.
            for index in scheduling.views.indices where !hasOwnData(scheduling.views[index].slot) {
                applicationLimited(scheduling.views[index].slot)
            }
            return owes ? later(now: now) : nil
        }
        if scheduling.views.count == 1 { return maySend(0) ? scheduling.views[0].slot : later(now: now) }
        return choose(now: now)
    }

    /// Whether a packet is in flight that might go over another path too, or a path has frames of its own to send.
    private var holdsAny: Bool {
        mutating get {
            for slot in paths.indices {
                if hasOwnData(slot) { return true }
                if scheduling.reinjection == .atTail, paths[slot].recovery.oldestHeld() != nil { return true }
            }
            return false
        }
    }

    /// Nothing is to be sent, and a path that is not used does not grow. Whoever only receives is here after each
    /// packet and needs no view of its paths.
    private mutating func idle(now: Instant) -> Int? {
        guard let best = bestRank(now: now) else { return nil }
        for slot in paths.indices where rank(of: slot, now: now) == best { paths[slot].recovery.applicationLimited() }
        return nil
    }

    /// With one path there is nothing to choose.
    private mutating func onlySlot(now: Instant) -> Int? {
        guard paths[0].carriesData else { return nil }
        guard hasData || hasOwnData(0) else {
            paths[0].recovery.applicationLimited()
            return nil
        }
        guard paths[0].hasRoom(now: now), paths[0].allowsPacket else { return nil }
        let time = paths[0].recovery.sendTime(now: now)
        if time <= now { return 0 }
        pacedUntil = time
        return nil
    }

    /// What waits to be sent on any path.
    private var hasData: Bool { !pending.isEmpty || datagrams.hasFrames || streams.hasFrames(in: scheduling.free) }

    /// What no stream's turn is waited for.
    var hasWords: Bool { !pending.isEmpty || datagrams.hasFrames || streams.hasControl }

    /// A path is left to itself, unless pinned streams go on there.
    private mutating func applicationLimited(_ slot: Int) {
        guard boundLane(of: slot) == nil else { return }
        paths[slot].recovery.applicationLimited()
    }

    /// What waits to be sent on this path and no other.
    private func hasOwnData(_ slot: Int) -> Bool { !paths[slot].copies.isEmpty }

    private func maySend(_ index: Int) -> Bool { scheduling.views[index].mayNow }

    /// When pacing lets the first of the paths with room go on.
    private mutating func later(now: Instant) -> Int? {
        for index in scheduling.views.indices where scheduling.views[index].hasRoom {
            let time = scheduling.views[index].sendTime
            if time > now { pacedUntil = min(pacedUntil, time) }
        }
        return nil
    }

    private mutating func choose(now: Instant) -> Int? {
        let packet = packetToSchedule(in: scheduling.free)
        switch traced(packet, now: now) ?? scheduling.choose(for: packet, now: now) {
        case .send(let slot):
            precondition(mayNow(slot), "a scheduler chose a path that may not send now")
            return slot
        case .sendOnAll:
            for index in scheduling.views.indices where maySend(index) {
                scheduling.copiesNext = true
                return scheduling.views[index].slot
            }
            return later(now: now)
        case .wait: return isAnythingToCome(now: now) ? hold(now: now) : fastest(now: now)
        case .waitUntil(let time):
            guard time > now, !time.isNever || isAnythingToCome(now: now) else { return fastest(now: now) }
            scheduling.askAgain = time
            return hold(now: now)
        }
    }

    /// Whether something will happen that lets a scheduler be asked again: one that waits for nothing would wait for
    /// ever.
    private func isAnythingToCome(now: Instant) -> Bool {
        for slot in paths.indices where paths[slot].isAlive && !paths[slot].recovery.isIdle { return true }
        for index in scheduling.views.indices where scheduling.views[index].hasRoom {
            if scheduling.views[index].sendTime > now { return true }
        }
        return false
    }

    private mutating func fastest(now: Instant) -> Int? {
        guard let best = scheduling.views.span.fastest(mayNowOnly: true) else { return later(now: now) }
        return scheduling.views[best].slot
    }

    /// The choice, told with all that led to it; nil when nobody wants to know.
    private mutating func traced(_ packet: PacketToSchedule, now: Instant) -> SchedulerChoice? {
        guard let observer, observer.wantsDecisions else { return nil }
        let before = scheduling.take()
        var after = before
        let choice = after.choose(for: packet, among: scheduling.views.span, now: now)
        let decision = SchedulingDecision(choice, of: before, for: packet, among: scheduling.views.span, now: now)
        scheduling.giveBack(after)
        observer.scheduled(decision, of: handle)
        return choice
    }

    private func mayNow(_ slot: Int) -> Bool {
        for index in scheduling.views.indices where scheduling.views[index].slot == slot { return maySend(index) }
        return false
    }

    /// Stream data is held back. What a peer waits for goes nevertheless; and a path that is not used does not grow.
    private mutating func hold(now: Instant) -> Int? {
        for index in scheduling.views.indices where maySend(index) {
            applicationLimited(scheduling.views[index].slot)
        }
        guard !pending.isEmpty || streams.hasControl else { return later(now: now) }
        guard let best = scheduling.views.span.fastest(mayNowOnly: true) else { return later(now: now) }
        scheduling.holdsBytes = true
        return scheduling.views[best].slot
    }

    func packetToSchedule(in lanes: Lanes, pin: Int? = nil) -> PacketToSchedule {
        let head = streams.head(in: lanes)
        return PacketToSchedule(
            bytes: recoveryConfiguration.packetSize,
            stream: head?.id.value,
            priority: head?.priority ?? 0,
            offset: head?.offset ?? 0,
            remaining: head?.remaining ?? 0,
            queuedBytes: streams.queuedBytes(in: lanes),
            creditBytes: streams.credit,
            isRetransmission: head?.isRetransmission ?? false,
            pin: pin
        )
    }

    // MARK: Views

    /// The paths that may carry data: active ones before those in reserve, and those before suspected ones.
    private mutating func fillViews(now: Instant) {
        scheduling.views.removeAll()
        guard let best = bestRank(now: now) else { return }
        for slot in paths.indices where rank(of: slot, now: now) == best {
            scheduling.views.append(view(of: slot, now: now))
        }
    }

    /// The least rank of a path; nil if none carries data.
    private func bestRank(now: Instant) -> Int? {
        var best: Int?
        for slot in paths.indices {
            guard let rank = rank(of: slot, now: now) else { continue }
            best = min(best ?? rank, rank)
        }
        return best
    }

    private func rank(of slot: Int, now: Instant) -> Int? {
        #if Mutants
            if Mutant.isPlanted(.unvalidatedCarries), paths[slot].life.state == .validating { return 0 }
            if Mutant.isPlanted(.abandonedCarries), paths[slot].life.state == .abandoned { return 0 }
            if Mutant.isPlanted(.standbyNeverUsed), paths[slot].wishes.isBackup { return nil }
            if Mutant.isPlanted(.standbyShares), paths[slot].life.state == .active { return 0 }
        #endif
        guard paths[slot].carriesData, paths[slot].address.allows(paths[slot].packetSize) else { return nil }
        let isReserve = paths[slot].wishes.isBackup || paths[slot].life.isHeld(now: now)
        return (paths[slot].life.state == .active ? 0 : 2) + (isReserve ? 1 : 0)
    }

    mutating func view(of slot: Int, now: Instant) -> PathView {
        let window = paths[slot].recovery.congestion.window
        let roundTrip = paths[slot].recovery.roundTrip
        var view = PathView(
            slot: slot,
            path: paths[slot].id.value,
            roundTrip: roundTrip.smoothed,
            window: window,
            packetSize: paths[slot].packetSize
        )
        view.roundTripVariation = roundTrip.variation
        view.minimumRoundTrip = roundTrip.minimum
        view.latestRoundTrip = roundTrip.latest
        view.hasRoundTrip = roundTrip.hasSample
        view.isBackup = paths[slot].wishes.isBackup
        view.isSuspected = paths[slot].life.state == .suspected
        view.slowStartThreshold = paths[slot].recovery.congestion.slowStartThreshold
        view.bytesInFlight = paths[slot].recovery.bytesInFlight
        view.sendTime = paths[slot].recovery.sendTime(now: now)
        view.oldestSentAt = paths[slot].recovery.oldestSentAt
        view.lossRate = paths[slot].recovery.lossRate(now: now)
        view.deliveredRate = paths[slot].recovery.deliveredRate
        view.unacknowledgedSince = paths[slot].recovery.unacknowledgedSince
        view.hasRoom = paths[slot].hasRoom(now: now)
        view.mayNow = view.hasRoom && view.sendTime <= now
        return view
    }

    /// The paths that carry data as they were before the ACK for `slot` that is being read, in the table that is kept
    /// for it: whoever takes it puts it back.
    mutating func coupledPaths(for slot: Int) -> Table<CoupledPath> {
        guard var coupled = scheduling.coupled.take() else { preconditionFailure("one ACK at a time") }
        coupled.removeAll()
        for other in paths.indices where paths[other].carriesData {
            coupled.append(paths[other].recovery.coupledPath(isSelf: other == slot))
        }
        return coupled
    }

    // MARK: Re-injection

    /// Nothing new may be sent: what is under way on a slow path goes over a faster one as well, if it arrives earlier
    /// so. What is bound to its path stays there. Answers over which one: a scheduler might choose the slow one again.
    private mutating func reinjectTail(now: Instant) -> Int? {
        guard scheduling.reinjection == .atTail, scheduling.views.count > 1 else { return nil }
        for to in scheduling.views.indices where maySend(to) {
            for from in scheduling.views.indices where from != to {
                let (late, fast) = (scheduling.views[from], scheduling.views[to])
                // A copy is not copied again: two paths would pass it to and fro until their windows are full.
                guard let held = paths[late.slot].recovery.oldestLoose() else { continue }
                guard scheduling.reinjection.repeats(sentAt: held.sentAt, from: late, to: fast, now: now) else {
                    continue
                }
                paths[late.slot].recovery.handOut(held)
                settle(late.slot, now: now)
                guard hasData else { continue }
                scheduling.repeats = true
                return fast.slot
            }
        }
        return nil
    }

    // MARK: Acknowledgements

    /// Which path tells the peer what came by `slot`; nil when none can.
    func ackCarrier(of slot: Int) -> Int? {
        let isOwn = paths.count == 1 || mayAcknowledge(slot)
        if isOwn {
            guard scheduling.acknowledgements == .fastest, openPaths > 1 else { return slot }
            // Now and then the way back of the path itself: a cut of one direction must not silence all paths.
            guard paths[slot].acknowledgedElsewhere < Self.acknowledgedElsewhereMax else { return slot }
        }
        return fastestCarrier ?? (paths[slot].ids.hasPeer && paths[slot].isAlive ? slot : nil)
    }

    private static var acknowledgedElsewhereMax: Int { 3 }

    /// Whether what came by a path can be acknowledged now.
    func canAcknowledge(_ slot: Int) -> Bool { ackCarrier(of: slot).map { paths[$0].allowsPacket } ?? false }

    /// Whether what is said by a path may be expected to arrive: it was heard of as lately as any other.
    private func mayAcknowledge(_ slot: Int) -> Bool {
        guard paths[slot].ids.hasPeer, paths[slot].allowsPacket else { return false }
        switch paths[slot].life.state {
        case .validating: return true
        case .failed, .abandoned: return false
        case .suspected: if hasActivePath(besides: slot) { return false }
        case .active: break
        }
        return paths[slot].heardAt + paths[slot].recovery.probeTimeout >= lastHeard
    }

    private var lastHeard: Instant {
        var latest = Instant.start
        for slot in paths.indices where paths[slot].carriesData { latest = max(latest, paths[slot].heardAt) }
        return latest
    }

    /// The path with the least round trip of those that were heard of as lately as any.
    private var fastestCarrier: Int? {
        let latest = lastHeard
        var best: Int?
        for slot in paths.indices where paths[slot].carriesData && paths[slot].life.state == .active {
            guard paths[slot].allowsPacket else { continue }
            guard paths[slot].heardAt + paths[slot].recovery.probeTimeout >= latest else { continue }
            let roundTrip = paths[slot].recovery.roundTrip.smoothed
            if let best, paths[best].recovery.roundTrip.smoothed <= roundTrip { continue }
            best = slot
        }
        return best
    }
}
