import PlaitCore
import PlaitNetwork
import PlaitSimulator

/// Small networks drawn at random: every model, every fault, open and closed loop.
///
/// Everything follows from the seed. Times are whole multiples of 100 us so often that faults, departures and arrivals
/// meet at the same instant.
struct RandomWorld {
    private var draws: Draws
    private var world: World
    /// When the last flow stops.
    static let quiet = Interval.milliseconds(400)
    private static let grain: Int64 = 100_000

    static func make(seed: UInt64) -> World {
        var maker = RandomWorld(seed: seed)
        maker.makeHosts()
        maker.makeLinks()
        maker.makeFlows()
        maker.makeTimeline()
        maker.endGently()
        return maker.world
    }

    private init(seed: UInt64) {
        draws = Draws(seed: seed)
        world = World()
        (world.hosts, world.links) = ([], [])
        world.seed = seed
        world.stop.time = .start + .seconds(200)
        world.stop.events = 60_000
    }

    private mutating func makeHosts() {
        for index in 0..<draws.number(2...6) {
            var host = HostPlan(name: "h\(index)")
            host.forwards = draws.chance(50)
            if draws.chance(30) { host.drift = Int64(draws.number(-300_000_000...300_000_000)) }
            if draws.chance(30) { host.receiveBuffer = draws.number(0...6_000) }
            world.hosts.append(host)
        }
    }

    private mutating func makeLinks() {
        let count = world.hosts.count
        func add(_ from: Int, _ to: Int) {
            let forward = makeWay()
            world.links.append(
                World.Link(from: from, to: to, forward: forward, backward: draws.chance(50) ? forward : makeWay())
            )
        }
        // A tree reaches everyone who is not behind a host that does not forward; some links more make loops.
        for host in 1..<count { add(draws.number(0...host - 1), host) }
        for _ in 0..<draws.number(0...2) {
            let from = draws.number(0...count - 1)
            add(from, (from + draws.number(1...count - 1)) % count)
        }
    }

    private mutating func makeWay() -> World.Way {
        var way = World.Way()
        let rates: [Rate] = [.unlimited, .megabits(1), .megabits(7), .megabits(12), Rate(bitsPerSecond: 999_999_937)]
        way.rate = rates[draws.number(0...4)]
        way.delay = time(0...200)
        way.overhead = draws.chance(30) ? 28 : 0
        way.mtu = draws.chance(20) ? draws.number(200...1_500) : 1_500
        way.queue = queue()
        if draws.chance(40) { way.loss = loss(isTimed: !way.rate.isUnlimited) }
        if draws.chance(40) { way.jitter = jitter() }
        if draws.chance(20) { way.duplication = chance(30) }
        if draws.chance(20) { way.reordering = reordering() }
        if draws.chance(20) { way.corruption = corruption() }
        return way
    }

    private mutating func makeFlows() {
        for _ in 0..<draws.number(1...4) {
            let from = draws.number(0...world.hosts.count - 1)
            let to = (from + draws.number(1...world.hosts.count - 1)) % world.hosts.count
            let joint = world.links.indices.filter {
                (world.links[$0].from, world.links[$0].to) == (from, to)
                    || (world.links[$0].from, world.links[$0].to) == (to, from)
            }
            var flow = World.Flow(traffic: ModelChoice("constant"), from: from, to: to)
            flow.start = .start + time(0...500)
            flow.stop = .start + time(600...Int(Self.quiet.nanoseconds / Self.grain))
            flow.ecn = [.notCapable, .capable0, .capable1][draws.number(0...2)]
            if !joint.isEmpty, draws.chance(50) { flow.link = joint[draws.number(0...joint.count - 1)] }
            choose(&flow)
            if flow.link != nil || isReachable(from, to) { world.flows.append(flow) }
        }
    }

    private mutating func choose(_ flow: inout World.Flow) {
        let rate = ParameterValue.rate(.megabits(UInt64(draws.number(1...3))))
        switch draws.number(0...3) {
        case 0: flow.traffic = ModelChoice("constant", [.init("rate", rate)])
        case 1: flow.traffic = ModelChoice("poisson", [.init("rate", rate)])
        case 2: flow.traffic = ModelChoice("closed-loop", [.init("bytes", .bytes(Int64(draws.number(1...200_000))))])
        default: flow.traffic = ModelChoice("closed-loop")
        }
        if draws.chance(50) { flow.size = .fixed(draws.number(40...1_400)) }
        if flow.traffic.name != "closed-loop", draws.chance(50) { flow.size = .exponential(mean: 400, most: 1_500) }
    }

    private func isReachable(_ from: Int, _ to: Int) -> Bool {
        guard let plan = try? world.plan() else { return false }
        var topology = Topology(plan)
        return topology.shortestInterfaces(from: HostID(from), to: HostID(to)) != nil
    }

    private mutating func makeTimeline() {
        for _ in 0..<draws.number(0...20) {
            let moment = time(0...4_500)
            switch draws.number(0...9) {
            case 0...4: world.at(moment, .way(DirectionID(draws.number(0...2 * world.links.count - 1)), change()))
            case 5...7: world.at(moment, .host(draws.number(0...world.hosts.count - 1), hostFault()))
            case 8:
                let split = draws.number(1...world.hosts.count - 1)
                let (left, right) = (Array(0..<split), Array(split..<world.hosts.count))
                world.at(moment, .partition(from: left, to: right))
                if draws.chance(50) { world.at(moment, .partition(from: right, to: left)) }
            default: world.at(moment, .heal)
            }
        }
    }

    /// Everything that stands still goes on again, so that what is inside can leave.
    private mutating func endGently() {
        let end = Interval.seconds(2)
        for direction in 0..<2 * world.links.count {
            world.at(end, .way(DirectionID(direction), .plain(.clog(false))))
            world.at(end, .way(DirectionID(direction), .plain(.availability(.up))))
        }
        for host in world.hosts.indices {
            world.at(end, .host(host, .restart))
            world.at(end, .host(host, .resume))
        }
    }

    // MARK: Parts

    private mutating func time(_ range: ClosedRange<Int>) -> Interval {
        let grains = Int64(draws.number(range)) * Self.grain
        return Interval(nanoseconds: draws.chance(70) ? grains : grains + Int64(draws.number(0...99_999)))
    }

    private mutating func chance(_ percent: Int) -> Probability {
        Probability(partsPerBillion: UInt32(draws.number(1...percent * 10_000_000)))
    }

    private mutating func queue() -> ModelChoice {
        switch draws.number(0...5) {
        case 0: ModelChoice("unlimited")
        case 1: ModelChoice("drop-tail", [.init("packets", .packets(Int64(draws.number(0...8))))])
        case 2: ModelChoice("drop-tail", [.init("bytes", .bytes(Int64(draws.number(0...9_000))))])
        case 3: ModelChoice("drop-tail", [.init("delay", .interval(time(0...200)))])
        case 4:
            ModelChoice(
                "codel",
                [.init("target", .interval(.milliseconds(1))), .init("interval", .interval(.milliseconds(10)))]
            )
        default: ModelChoice("codel", [.init("limit", .bytes(20_000)), .init("ecn", .flag(true))])
        }
    }

    private mutating func loss(isTimed: Bool) -> ModelChoice {
        switch draws.number(0...3) {
        case 0: return ModelChoice("independent", [.init("probability", .probability(chance(30)))])
        case 1: return ModelChoice("list", [.init("packets", .integers([0...0, 7...9, 30...60]))])
        case 2 where isTimed:
            return ModelChoice(
                "gilbert-elliott",
                [.init("mean", .probability(.percent(5))), .init("burst", .decimal(millionths: 4_000_000))]
            )
        default:
            return ModelChoice(
                "gilbert-elliott",
                [
                    .init("good-to-bad", .probability(chance(20))), .init("bad-to-good", .probability(chance(80))),
                    .init("loss-good", .probability(chance(2))), .init("clock", .word("packets")),
                ]
            )
        }
    }

    private mutating func jitter() -> ModelChoice {
        var timing: [ModelChoice.Argument] = []
        if draws.chance(50) { timing.append(.init("reorder", .flag(true))) }
        if !timing.isEmpty, draws.chance(50) { timing.append(.init("per-packet", .flag(true))) }
        let spread = Interval.microseconds(Int64(draws.number(1...3_000)))
        switch draws.number(0...3) {
        case 0: return ModelChoice("uniform", [.init("deviation", .interval(spread))] + timing)
        case 1:
            let most = ModelChoice.Argument("to", .interval(Interval(nanoseconds: 3 * spread.nanoseconds)))
            return ModelChoice("uniform", [.init("from", .interval(spread)), most] + timing)
        case 2: return ModelChoice("normal", [.init("deviation", .interval(spread))] + timing)
        default: return ModelChoice("exponential", [.init("mean", .interval(spread))] + timing)
        }
    }

    private mutating func reordering() -> Reordering {
        var reordering = Reordering()
        reordering.probability = chance(40)
        reordering.within = time(0...300)
        if draws.chance(50) { reordering.distance = draws.number(1...4) } else { reordering.extraDelay = time(1...100) }
        return reordering
    }

    private mutating func corruption() -> Corruption {
        var corruption = Corruption()
        if draws.chance(70) { corruption.probability = chance(40) }
        if draws.chance(70) { corruption.truncation = chance(40) }
        corruption.bits = draws.number(1...3)
        return corruption
    }

    private mutating func change() -> World.Change {
        switch draws.number(0...14) {
        case 0, 1: .plain(.availability(.down))
        case 2: .plain(.availability(.downHoldingQueue))
        case 3, 4: .plain(.availability(.up))
        case 5: .plain(.clog(true))
        case 6: .plain(.clog(false))
        case 7:
            .plain(
                .rate(draws.chance(20) ? .unlimited : Rate(bitsPerSecond: UInt64(draws.number(300_000...40_000_000))))
            )
        case 8: .plain(.delay(time(0...80)))
        case 9: draws.chance(50) ? .plain(.mtu(draws.number(100...1_500))) : .plain(.overhead(draws.number(0...60)))
        case 10: .loss(draws.chance(30) ? nil : loss(isTimed: false))
        case 11: .jitter(draws.chance(30) ? nil : jitter())
        case 12: .queue(queue())
        case 13: .reordering(draws.chance(30) ? Reordering() : reordering())
        default: .plain(draws.chance(50) ? .duplication(chance(20)) : .corruption(corruption()))
        }
    }

    private mutating func hostFault() -> HostFault {
        switch draws.number(0...8) {
        case 0: .crash
        case 1: .restart
        case 2, 3: .pause
        case 4: .resume
        case 5: .drift(Int64(draws.number(-400_000_000...400_000_000)))
        case 6: .stepWall(.milliseconds(Int64(draws.number(-1_000...1_000))))
        case 7: .rebindPorts
        default: .rebindAddress(DirectionID(draws.number(0...2 * world.links.count - 1)))
        }
    }
}
