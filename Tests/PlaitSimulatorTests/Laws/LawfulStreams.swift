import PlaitCore
import PlaitSimulator

extension IdealWorld {
    /// A world of random links, traffic and timeline, run to a random end.
    static func random(seed: UInt64, fault: WorldFault? = nil) -> IdealWorld {
        var draws = Draws(seed: seed ^ 0xABCD)
        let facts = (0..<4).map { randomLink($0, &draws) }
        let window = PartitionFacts(
            from: [HostID(0)],
            to: [HostID(2)],
            start: Instant(nanoseconds: 1_000_000),
            end: Instant(nanoseconds: 1_500_000)
        )
        let world = IdealWorld(
            seed: seed,
            facts: facts,
            partitions: draws.chance(30) ? [window] : [],
            fault: fault,
            roundsUp: draws.chance(50)
        )
        for _ in 0..<draws.number(20...150) {
            let ends = draws.chance(60) ? (0, 2) : (2, 0)
            // Whole microseconds, so that much happens at the same instant.
            world.at(
                1_000 * draws.number(0...3_000),
                .send(
                    from: ends.0,
                    target: ends.1,
                    length: draws.number(1...1_400),
                    ecn: draws.chance(50) ? .capable0 : .notCapable
                )
            )
        }
        if draws.chance(75) {
            for _ in 0..<draws.number(4...30) {
                let (time, event) = (1_000 * draws.number(0...3_000), randomChange(&draws))
                world.at(time, .change(event))
                // What stops usually goes on later, so that much is seen of both.
                guard [.up, .clog, .host].contains(event.property), draws.chance(80) else { continue }
                let restored = event.property == .clog || (event.property == .host && draws.chance(30)) ? 0 : 1
                world.at(
                    time + 1_000 * draws.number(0...400),
                    .change(.change(event.property, Int(event.place), restored))
                )
            }
        }
        return world
    }

    /// Runs it, shows the trace to a new checker in batches of odd sizes, and finishes with the links' own counters.
    func judge(until end: Int = 4_000_000) -> LawChecker {
        run(until: end)
        let checker = LawChecker(hosts: hosts, directions: directions.map(\.facts), partitions: partitions)
        checker.observe(all: events)
        checker.finish(at: Instant(nanoseconds: Int64(end)))
        checker.compare(with: counters, at: Instant(nanoseconds: Int64(end)))
        return checker
    }

    var counters: [LawCounters] {
        directions.map { link in
            var result = link.counters
            result.queued = tally(link.waiting)
            result.onWire = tally(link.serving + link.wire)
            return result
        }
    }

    private func tally(_ packets: [Packet]) -> LawTally {
        LawTally(packets: UInt64(packets.count), bytes: UInt64(packets.reduce(0) { $0 + $1.length }))
    }

    private static func randomLink(_ index: Int, _ draws: inout Draws) -> LinkFacts {
        let (from, to) = [(0, 1), (1, 0), (1, 2), (2, 1)][index]
        let queues: [QueueBound] = [
            .unlimited, .packets(Int64(draws.number(0...5))), .bytes(Int64(draws.number(0...6_000))),
            .delay(.microseconds(Int64(draws.number(0...400)))),
        ]
        return LinkFacts(
            name: ["client>router", "router>client", "router>server", "server>router"][index],
            from: HostID(from),
            to: HostID(to),
            rate: draws.chance(10) ? .unlimited : Rate(bitsPerSecond: UInt64(draws.number(7_000_001...997_000_003))),
            delay: .nanoseconds(Int64(draws.number(0...300_000))),
            overheadBytes: draws.chance(50) ? 28 : 0,
            mtu: draws.number(1_200...1_500),
            jitterMax: draws.chance(40) ? .microseconds(Int64(draws.number(1...90))) : .zero,
            jitterMayReorder: draws.chance(20),
            mayReorder: draws.chance(20),
            reorderHoldMax: .microseconds(150),
            queue: queues[draws.number(0...3)],
            isManaged: draws.chance(30),
            mayLose: draws.chance(30),
            mayDuplicate: draws.chance(30),
            mayCorrupt: draws.chance(30)
        )
    }

    private static func randomChange(_ draws: inout Draws) -> TraceEvent {
        if draws.chance(20) { return .change(.host, draws.number(0...2), draws.number(0...2)) }
        let place = draws.number(0...3)
        switch draws.number(-3...13) {
        case -3...1: return .change(.up, place, draws.number(0...2))
        case 2, 3: return .change(.clog, place, draws.number(0...1))
        case 4: return .change(.rate, place, draws.chance(10) ? 0 : draws.number(1_000_003...800_000_011))
        case 5: return .change(.delay, place, draws.number(0...300_000))
        case 6: return .change(.mtu, place, draws.number(500...1_500))
        case 7: return .change(.overhead, place, draws.number(0...60))
        case 8: return .change(.loss, place, draws.number(0...1))
        case 9: return .change(.reordering, place, draws.number(0...1) * 5_000)
        case 10: return .change(.duplication, place, draws.number(0...1) * 5_000)
        case 11: return .change(.jitter, place, draws.number(0...90_000) | (draws.chance(30) ? .min : 0))
        case 12:
            var event = TraceEvent.change(.queue, place, draws.number(0...9_000))
            event.length = UInt32(draws.number(0...3) + (draws.chance(30) ? 256 : 0))
            return event
        default: return .change(.corruption, place, draws.number(0...1) * 5_000)
        }
    }
}

extension TraceEvent {
    /// A change of the world; the time is set when the world makes it.
    static func change(_ property: Property, _ place: Int, _ value: Int) -> TraceEvent {
        TraceEvent(
            time: .start,
            kind: .changed,
            place: Int32(place),
            property: property,
            detail: UInt64(bitPattern: Int64(value))
        )
    }
}

extension LawChecker {
    /// Shows all events, in batches, because their borders mean nothing.
    func observe(all events: [TraceEvent]) {
        var start = 0
        while start < events.count {
            let end = min(events.count, start + 37)
            observe(events.span.extracting(start..<end))
            start = end
        }
    }
}
