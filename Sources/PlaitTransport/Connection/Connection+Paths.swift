import PlaitCore
import PlaitCrypto

/// Paths begin, move and end.
extension Connection {
    /// The slot of a path that is open, or was until lately.
    func slot(of id: PathID) -> Int? {
        for slot in paths.indices where paths[slot].id == id && !paths[slot].isDrained { return slot }
        return nil
    }

    func reserve(of id: PathID) -> Int? {
        for index in reserves.indices where reserves[index].id == id { return index }
        return nil
    }

    /// How paths live: probing ends where the connection's patience does.
    var lives: PathLifeConfiguration {
        PathLifeConfiguration(
            probeIntervalMax: recoveryConfiguration.probeIntervalMax,
            probeEagerness: recoveryConfiguration.probeEagerness,
            probeIntervalLateMax: recoveryConfiguration.probeIntervalLateMax
        )
    }

    /// What gets packets across a new path. The handshake's draws as the connection does, each other one by itself.
    func recovery(of id: PathID, slot: Int) -> PathRecovery {
        let own =
            id == .first ? random : RandomStream(seed: random.draw(UInt64(id.value), Self.pathDraws), name: "path")
        return PathRecovery(
            slot: slot,
            configuration: recoveryConfiguration,
            congestion: configuration.congestion(CongestionContext(packetSize: recoveryConfiguration.packetSize)),
            random: own
        )
    }

    private static var pathDraws: UInt64 { 0x70_61_74_68 }

    mutating func addReserve() {
        reserves.append(PathReserve(id: nextPath, ids: ConnectionIDs(limit: ownIDsMax)))
        nextPath = PathID(nextPath.value + 1)
    }

    // MARK: Opening

    /// Opens a path as soon as the peer has given an id for it.
    mutating func openPath(
        from local: SocketAddress,
        to remote: SocketAddress,
        isBackup: Bool,
        now: Instant
    ) throws(PathError) -> PathID {
        guard life == .established else { throw .noConnection }
        guard role == .client else { throw .notTheClient }
        for slot in paths.indices where paths[slot].isAlive {
            if paths[slot].local == local, paths[slot].address.remote == remote { throw .open }
        }
        for index in openings.indices {
            if openings[index].local == local, openings[index].remote == remote { throw .open }
        }
        guard let id = firstReserve else { throw .limit }
        openings.append(PathOpening(id: id, local: local, remote: remote, isBackup: isBackup))
        openWhatIsWanted(now: now)
        return id
    }

    /// The smallest id that nobody wants yet: slots pass on to larger ones only.
    private var firstReserve: PathID? {
        var first: PathID?
        for index in reserves.indices where !isWanted(reserves[index].id) {
            let id = reserves[index].id
            if first.map({ id.value < $0.value }) ?? true { first = id }
        }
        return first
    }

    private func isWanted(_ id: PathID) -> Bool {
        for index in openings.indices where openings[index].id == id { return true }
        return false
    }

    private mutating func withdrawOpening(of id: PathID) {
        for index in openings.indices where openings[index].id == id { return removeOpening(index) }
    }

    private mutating func removeOpening(_ index: Int) {
        if let last = openings.popLast(), index < openings.count { openings[index] = last }
    }

    /// After the peer gave an id.
    mutating func openWhatIsWanted(now: Instant) {
        var index = 0
        while index < openings.count {
            let opening = openings[index]
            guard let reserve = reserve(of: opening.id), reserves[reserve].ids.hasPeer else {
                index += 1
                continue
            }
            removeOpening(index)
            let address = PathAddress(opening.remote, isProven: true)
            let slot = begin(takeReserve(reserve), from: opening.local, address, now: now)
            if paths[slot].wishes.wish(backup: opening.isBackup) { pending.append(.pathStatus(opening.id)) }
        }
    }

    /// The peer's first packet on a path came, and was authentic.
    mutating func openPassively(
        _ reserve: Int,
        from remote: SocketAddress,
        to local: SocketAddress,
        now: Instant
    ) -> Int {
        begin(takeReserve(reserve), from: local, PathAddress(remote, isProven: false), now: now)
    }

    private mutating func takeReserve(_ index: Int) -> PathReserve {
        guard let last = reserves.popLast() else { preconditionFailure("a reserve that is not there") }
        if index == reserves.count { return last }
        return exchange(&reserves[index], with: last)
    }

    private mutating func begin(
        _ reserve: consuming PathReserve,
        from local: SocketAddress,
        _ address: PathAddress,
        now: Instant
    ) -> Int {
        let slot = vacantSlot(for: reserve.id)
        let (id, wishes) = (reserve.id, reserve.wishes)
        let path = Path(
            id: id,
            slot: slot,
            local: local,
            address: address,
            ids: reserve.takeIDs(),
            recovery: recovery(of: id, slot: slot),
            received: ReceivedPackets(ackDelayMax: recoveryConfiguration.ackDelayMax),
            life: PathLife(isValidated: false, configuration: lives, now: now),
            now: now
        )
        if slot == paths.count { paths.append(path) } else { paths[slot] = path }
        paths[slot].wishes = wishes
        protection?.begin(slot: slot)
        tell(.opened, of: slot, now: now)
        return slot
    }

    /// A slot that no path is in, and that the keys let one of this id into.
    ///
    /// Once a slot was passed on, no smaller id than that of its last path may be sealed for anew. So whoever may still
    /// do so comes first; but not what a client leaves out for ever.
    func vacantSlot(for id: PathID) -> Int {
        let isCrowded = role == .server && paths.count >= Self.slotsMax
        for slot in paths.indices where paths[slot].isDrained && paths[slot].id.value < id.value {
            if hasSilentPath(below: paths[slot].id) { continue }
            if isCrowded || !hasReserve(below: paths[slot].id) { return slot }
        }
        return paths.count
    }

    private func hasReserve(below id: PathID) -> Bool {
        for index in reserves.indices where reserves[index].id.value < id.value { return true }
        return false
    }

    /// Whether there is a path on which this end has not said anything yet.
    private func hasSilentPath(below id: PathID) -> Bool {
        for slot in paths.indices where !paths[slot].isDrained && paths[slot].id.value < id.value {
            if paths[slot].traffic.packetsSent == 0 { return true }
        }
        return false
    }

    private static var slotsMax: Int { 64 }

    // MARK: What the peer says of paths

    mutating func receive(_ status: PathStatusFrame, now: Instant) throws(PeerViolation) {
        if let index = reserve(of: status.path) {
            _ = reserves[index].wishes.heard(status)
            return
        }
        guard let slot = try open(status.path, FrameType.pathStatus) else { return }
        if paths[slot].wishes.heard(status) { tell(.statusChanged(isBackup: status.isBackup), of: slot, now: now) }
    }

    /// The slot of a path that a frame speaks of; nil when it is gone, or not open yet.
    func open(_ id: PathID, _ frame: UInt64) throws(PeerViolation) -> Int? {
        if let slot = slot(of: id) { return slot }
        guard id.value < nextPath.value else {
            throw PeerViolation(.protocolViolation, frame: frame, "a path that was never opened")
        }
        return nil
    }

    /// The peer's answer to a challenge came, on whichever path.
    mutating func challengeAnswered(_ token: UInt64, now: Instant) {
        for slot in paths.indices where paths[slot].isAlive {
            // An answer to what was sent elsewhere shows that the path works, and nothing of who is at this address.
            let (hasMoved, isElsewhere) = (paths[slot].address.hasMoved, paths[slot].address.isElsewhere)
            if paths[slot].address.answered(token, until: now + lingering, now: now), hasMoved {
                tell(.rebound, of: slot, now: now)
                // What was measured is of another way (RFC 9000, 9.4).
                if isElsewhere { beginAnew(slot, packets: 10, now: now) }
            }
            guard let answer = paths[slot].life.challengeAnswered(token: token, now: now) else { continue }
            take(answer, of: slot, now: now)
            if let roundTrip = paths[slot].life.roundTrip {
                paths[slot].recovery.challengeAnswered(roundTrip, now: now)
            }
        }
    }

    /// Challenges need what nobody can guess. A connection of one path that does not move has none.
    var wantsToken: Bool {
        guard life == .established, tokens.count < max(Self.tokensMin, paths.count) else { return false }
        if paths.count > 1 || !openings.isEmpty { return true }
        let isAsked = !paths[0].address.isProven || !paths[0].address.challengeAt.isNever
        return isAsked || paths[0].life.state != .active
    }

    /// More where more paths may be due at once.
    private static var tokensMin: Int { 4 }

    // MARK: The end of a path

    /// Gives a path up for ever.
    mutating func abandon(_ id: PathID, code: UInt64, now: Instant) throws(PathError) {
        guard life == .established else { throw .noConnection }
        guard let slot = slot(of: id), paths[slot].isAlive else { throw .unknown }
        for other in paths.indices where other != slot && paths[other].carriesData {
            end(slot, code: code, now: now)
            abandonmentsUnderWay += 1
            return
        }
        throw .last
    }

    /// The peer gives a path up: so does this end.
    mutating func receive(_ abandon: PathAbandonFrame, now: Instant) throws(PeerViolation) {
        if let reserve = reserve(of: abandon.path) {
            // Opened and abandoned before its first packet came here: it becomes a path that is over.
            withdrawOpening(of: abandon.path)
            let slot = begin(takeReserve(reserve), from: paths[0].local, paths[0].address, now: now)
            paths[slot].isAbandonedByPeer = true
            end(slot, code: abandon.code, now: now)
            try checkLingering()
            addReserve()
            return
        }
        guard let slot = try open(abandon.path, FrameType.pathAbandon), !paths[slot].isAbandonedByPeer else { return }
        paths[slot].isAbandonedByPeer = true
        if paths[slot].isAlive {
            end(slot, code: abandon.code, now: now)
            try checkLingering()
            addReserve()
        } else {
            abandonmentsUnderWay -= 1
            // An id for the path that takes its place may have overtaken this frame, and made room for itself.
            if reservesAhead > 0 { reservesAhead -= 1 } else { addReserve() }
        }
        guard hasPath else {
            throw PeerViolation(.noPath, frame: FrameType.pathAbandon, "both ends gave up the other's last path")
        }
    }

    /// A peer that opens and abandons without an end would fill the memory with paths that linger.
    private func checkLingering() throws(PeerViolation) {
        var lingering = 0
        for slot in paths.indices where !paths[slot].isAlive && !paths[slot].isDrained { lingering += 1 }
        guard lingering <= Self.lingeringMax, nextPath.value < UInt32.max else {
            throw PeerViolation(.resourceLimit, frame: FrameType.pathAbandon, "paths were abandoned too fast")
        }
    }

    private static var lingeringMax: Int { 64 }

    private var hasPath: Bool {
        for slot in paths.indices where paths[slot].isAlive { return true }
        return false
    }

    private mutating func end(_ slot: Int, code: UInt64, now: Instant) {
        guard let change = paths[slot].life.abandon() else { return }
        paths[slot].abandonCode = code
        paths[slot].drainedAt = now + lingering
        pending.append(.pathAbandon(paths[slot].id))
        take(change, of: slot, now: now)
    }

    /// Late packets of abandoned paths are known no more: their ids lead nowhere, their slots are free.
    mutating func drainPaths(now: Instant) {
        for slot in paths.indices where now >= paths[slot].drainedAt {
            guard paths[slot].isAbandonedByPeer else {
                // It may not have heard of it yet.
                paths[slot].drainedAt = now + lingering
                continue
            }
            paths[slot].drainedAt = .never
            paths[slot].isDrained = true
            while let id = paths[slot].ids.withdraw() { unrouted.append(id) }
        }
    }

    // MARK: Lives

    /// What follows from a change in a path's life.
    mutating func take(_ change: PathChange, of slot: Int, now: Instant) {
        switch change {
        case .validated: tell(.validated, of: slot, now: now)
        case .suspected:
            #if Mutants
                if Mutant.isPlanted(.suspicionKeepsAll) { break }
            #endif
            if scheduling.reinjection.handsOutOnSuspicion { paths[slot].recovery.handOutAll() }
            paths[slot].received.tellAgain(now: now)
            tell(.suspected, of: slot, now: now)
        case .recovered: tell(.recovered, of: slot, now: now)
        case .failed:
            paths[slot].doubtedFrom = nil
            paths[slot].recovery.forgetAll(now: now)
            tell(.failed, of: slot, now: now)
        case .returned:
            // As after persistent congestion (RFC 9002, 7.6.2): a path that fails and returns because it loses so much
            // would otherwise take more packets after each return than it took before it failed.
            beginAnew(slot, packets: 2, now: now)
            tell(.returned, of: slot, now: now)
        case .released: break
        case .abandoned:
            paths[slot].doubtedFrom = nil
            paths[slot].recovery.forgetAll(now: now)
            for other in paths.indices where other != slot { paths[other].recovery.closed(ackSlot: slot) }
            tell(.abandoned(code: paths[slot].abandonCode), of: slot, now: now)
        }
        settle(slot, now: now)
        if change == .validated || change == .returned || change == .recovered {
            suspectSilent(besides: slot, now: now)
        }
    }

    /// Nothing that was measured holds any more; slow start begins with so many packets.
    private mutating func beginAnew(_ slot: Int, packets: Int, now: Instant) {
        let size = paths[slot].packetBase
        let fresh = configuration.congestion(CongestionContext(packetSize: size, initialWindow: packets * size))
        paths[slot].recovery.restart(congestion: fresh, now: now)
        paths[slot].doubtedFrom = paths[slot].life.state == .suspected ? paths[slot].recovery.numbersUsed : nil
        settle(slot, now: now)
    }

    /// A path can be used again: what waits on others that do not answer need not wait any longer.
    private mutating func suspectSilent(besides slot: Int, now: Instant) {
        #if Mutants
            if Mutant.isPlanted(.silentStaysTrusted) { return }
        #endif
        for other in paths.indices where other != slot && paths[other].recovery.probeCount > 0 {
            guard paths[other].life.state == .active else { continue }
            guard let change = paths[other].life.probeTimeoutPassed(othersAreUsable: true, now: now) else { continue }
            take(change, of: other, now: now)
        }
    }

    /// Whether data could go over another path at once.
    func hasActivePath(besides slot: Int) -> Bool {
        for other in paths.indices where other != slot && paths[other].life.state == .active { return true }
        return false
    }

    /// The network refuses packets between these addresses. Answers whether a path here failed of it.
    mutating func socketFailed(from local: SocketAddress, to remote: SocketAddress?, now: Instant) -> Bool {
        var isHit = false
        for slot in paths.indices where paths[slot].isAlive && paths[slot].local == local {
            if let remote, paths[slot].address.remote != remote { continue }
            guard let change = paths[slot].life.socketFailed(now: now) else { continue }
            take(change, of: slot, now: now)
            isHit = true
        }
        return isHit
    }

    mutating func setStatus(of id: PathID, isBackup: Bool, now: Instant) throws(PathError) {
        guard let slot = slot(of: id), paths[slot].isAlive else { throw .unknown }
        guard paths[slot].wishes.wish(backup: isBackup) else { return }
        sendOnce(.pathStatus(id))
        tell(.statusChanged(isBackup: isBackup), of: slot, now: now)
    }

    mutating func tell(_ what: PathEvent.What, of slot: Int, now: Instant) {
        let event = PathEvent(path: paths[slot].id, what: what)
        if pathNews.count == Self.pathNewsMax { _ = pathNews.popFirst() }
        pathNews.append(event)
        observer?.pathChanged(event, of: handle, now: now)
    }

    /// An application that takes no events hears of the latest only.
    private static var pathNewsMax: Int { 64 }
}

/// A path that is wanted.
struct PathOpening: BitwiseCopyable {
    let id: PathID
    let local: SocketAddress
    let remote: SocketAddress
    let isBackup: Bool
}
