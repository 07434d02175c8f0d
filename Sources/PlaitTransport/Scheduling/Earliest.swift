package import PlaitCore

/// Plait's own scheduler and the default: each packet goes where it will arrive first.
///
/// With the forecast of each path (`PathForecast`: opening, queue, repair, silence), s the path that delivers the
/// packet first among those that may send now, and B those not open yet that would still deliver it earlier:
///
///     B is empty                                                        -> s
///     B can deliver all that is queued before s the packet              -> wait for B
///     B would use up the peer's credit before s delivers                -> wait for B
///     s may lose the packet, and that is likely to cost B more than
///     a packet: what B could have delivered until it is repaired,
///     beyond what is queued or the peer's credit allows                 -> wait for B
///     otherwise                                                         -> s
///
/// The first rule is minRTT with a better idea of time. The second is what ECF is after: nothing is won by a packet on
/// a slow path if the better ones would have been done before; but no path is left idle as long as there is more to
/// send than the better ones can deliver in its one-way time. The third is what BLEST is after: bytes in order behind
/// a slow packet fill the receiver's window. The fourth weighs both against the odds. One lost packet keeps back all
/// that follows it: on s the packet wins one packet's time with probability 1 - p, and loses with p what the others
/// could have brought, or sent, while it is repaired. p is what the path lost of its last thousand packets.
///
/// A path that would be waited beside so while s carries the packet, by the same rules, has nothing better to do than
/// to carry a copy. It gets one if s loses packets and the copy is there before s could have repaired a loss. Copies
/// take none of the peer's credit, and end when the first one is acknowledged.
package struct Earliest: Scheduler {
    /// The largest window of the connection so far, in bytes: credit and what was in flight with it.
    private var sendWindow = 0.0

    /// By slot.
    private var memory: [PathMemory]

    package init(_ context: SchedulerContext) {
        memory = Array(repeating: PathMemory(), count: max(context.pathsMax, 1))
    }

    package mutating func acknowledged(_ bytes: Int, on slot: Int, now: Instant) {
        if slot < memory.count { memory[slot].acknowledged(bytes) }
    }

    package mutating func lost(_ bytes: Int, on slot: Int, now: Instant) {
        if slot < memory.count { memory[slot].lost(bytes) }
    }

    package mutating func choose(
        for packet: PacketToSchedule,
        among paths: Span<PathView>,
        now: Instant
    ) -> SchedulerChoice {
        let rank = Self.bestRank(of: paths)
        var chosen: Int?
        var soonest = PathForecast.unreachable
        var inFlight = 0
        var toCome = Double(packet.queuedBytes)
        for index in paths.indices where Self.rank(of: paths[index]) == rank {
            inFlight += paths[index].bytesInFlight
            remember(paths[index], now: now)
            let forecast = forecast(paths[index], now: now)
            toCome += forecast.expectedLosses
            guard paths[index].mayNow, chosen == nil || forecast.arrival < soonest else { continue }
            chosen = index
            soonest = forecast.arrival
        }
        sendWindow = max(sendWindow, Double(packet.creditBytes) + Double(inFlight))
        guard let chosen else { return .wait }

        var better = Better(than: forecast(paths[chosen], now: now), risk: risk(paths[chosen]))
        for index in paths.indices where !paths[index].mayNow && Self.rank(of: paths[index]) == rank {
            better.add(forecast(paths[index], now: now))
        }
        guard better.isWorthWaiting(toCome, creditLeft(beside: paths[chosen], packet), packet.bytes) else {
            let copies = copies(besides: chosen, toCome, packet, among: paths, now: now)
            return copies ? .sendOnAll : .send(slot: paths[chosen].slot)
        }
        let pause = min(max(better.patience, Self.pauseMin), Self.pauseMax)
        return .waitUntil(now + Interval(nanoseconds: Int64(pause)))
    }

    /// Whether every other path is best used for a copy of what goes over the chosen one.
    private func copies(
        besides chosen: Int,
        _ toCome: Double,
        _ packet: PacketToSchedule,
        among paths: Span<PathView>,
        now: Instant
    ) -> Bool {
        guard paths.count > 1, isLossy(paths[chosen]) else { return false }
        let own = forecast(paths[chosen], now: now)
        let rank = Self.rank(of: paths[chosen])
        for index in paths.indices where index != chosen {
            guard Self.rank(of: paths[index]) == rank else { return false }
            let other = forecast(paths[index], now: now)
            guard other.delay < own.repaired else { return false }
            var better = Better(than: other, risk: risk(paths[index]))
            better.add(own)
            let credit = creditLeft(beside: paths[index], packet)
            guard better.isWorthWaiting(toCome, credit, packet.bytes) else { return false }
        }
        return true
    }

    private func isLossy(_ path: PathView) -> Bool { path.slot < memory.count && memory[path.slot].isLossy }

    private func risk(_ path: PathView) -> Double { path.slot < memory.count ? memory[path.slot].risk : 0 }

    /// What the others may send while one path keeps what it has in flight and this packet.
    private func creditLeft(beside path: PathView, _ packet: PacketToSchedule) -> Double {
        sendWindow - Double(path.bytesInFlight + packet.bytes)
    }

    package func estimate(_ path: PathView, for packet: PacketToSchedule, now: Instant) -> Interval? {
        let arrival = forecast(path, now: now).arrival
        return arrival < PathForecast.unreachable ? Interval(nanoseconds: Int64(arrival)) : nil
    }

    private mutating func remember(_ path: PathView, now: Instant) {
        // Slots beyond what was announced come at most once each.
        while memory.count <= path.slot { memory.append(PathMemory()) }
        memory[path.slot].note(path, now: now)
    }

    private func forecast(_ path: PathView, now: Instant) -> PathForecast {
        let drained = path.slot < memory.count ? memory[path.slot].drained(path) : 0
        return PathForecast(path, drained: drained, now: now)
    }

    /// The paths that would deliver earlier than the one that may send now, taken together.
    private struct Better {
        var count = 0
        /// What they can deliver before the packet would arrive by the path that may send now; and before it would if
        /// it is lost and repaired. Of windows that double, a mishap is not charged with what they may become.
        var bytesInTime = 0.0
        var bytesIfLost = 0.0
        /// What they send until that packet is known to have arrived; and if it is lost and repaired.
        var bytesMeanwhile = 0.0
        var bytesMeanwhileIfLost = 0.0
        /// How long to wait for the first of them before asking again: until then it keeps its advantage though late.
        var patience = PathForecast.unreachable
        private let arrival: Double
        private let repaired: Double
        private let risk: Double

        init(than path: PathForecast, risk: Double) {
            arrival = path.arrival
            repaired = path.opening + path.repaired
            self.risk = risk
        }

        mutating func add(_ path: PathForecast) {
            guard path.arrival < arrival else { return }
            count += 1
            bytesInTime += path.bytes(by: arrival)
            bytesIfLost += path.steadyBytes(by: repaired)
            bytesMeanwhile += path.bytes(in: arrival + path.delay)
            bytesMeanwhileIfLost += path.steadyBytes(in: repaired + path.delay)
            patience = min(patience, arrival - path.delay)
        }

        func isWorthWaiting(_ toCome: Double, _ creditLeft: Double, _ packet: Int) -> Bool {
            guard count > 0 else { return false }
            guard bytesInTime < toCome, bytesMeanwhile <= creditLeft else { return true }
            let cost = max(bytesIfLost - toCome, bytesMeanwhileIfLost - creditLeft)
            return risk * cost > (1 - risk) * Double(packet)
        }
    }

    /// The connection shows backups and suspected paths only when nothing better is left; should it show both kinds,
    /// the better ones are looked at alone.
    private static func bestRank(of paths: Span<PathView>) -> Int {
        var best = Int.max
        for index in paths.indices { best = min(best, rank(of: paths[index])) }
        return best
    }

    private static func rank(of path: PathView) -> Int { (path.isSuspected ? 2 : 0) + (path.isBackup ? 1 : 0) }

    /// Between a millisecond, the granularity of timers, and a second, after which anything may have changed.
    private static let pauseMin = 1e6
    private static let pauseMax = 1e9

    static let registration = SchedulerRegistration(
        signature: ModelSignature(
            name: "earliest",
            summary: "sends each packet where it is estimated to arrive first, and waits when that is better (default)"
        )
    ) { _, context in Earliest(context) }
}
