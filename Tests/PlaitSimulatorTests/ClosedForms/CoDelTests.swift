import PlaitCore
import PlaitNetwork
import PlaitSimulator
import PlaitStatistics
import TestSupport
import Testing

/// RFC 8289, section 5, line by line: an own reading, with the RFC's names and its loop inside one dequeue.
private struct ReferenceCoDel {
    struct Packet {
        let serial: UInt64
        let arrival: Int64
        let bytes: Int
    }

    let target: Int64
    let interval: Int64
    let maxpacket = 1_500
    var queue: [Packet] = []
    var dropped: [(serial: UInt64, time: Int64)] = []
    private var firstAboveTime: Int64 = 0
    private var dropNext: Int64 = 0
    private var count: Int64 = 0
    private var lastcount: Int64 = 0
    private var dropping = false

    init(target: Interval, interval: Interval) {
        (self.target, self.interval) = (target.nanoseconds, interval.nanoseconds)
    }

    private func controlLaw(_ t: Int64, _ count: Int64) -> Int64 {
        t + Int64((Double(interval) / Double(count).squareRoot()).rounded(.down))
    }

    private mutating func dodequeue(_ now: Int64) -> (packet: Packet?, okToDrop: Bool) {
        guard !queue.isEmpty else {
            firstAboveTime = 0
            return (nil, false)
        }
        let packet = queue.removeFirst()
        let sojourn = now - packet.arrival
        if sojourn < target || queue.reduce(0, { $0 + $1.bytes }) <= maxpacket {
            firstAboveTime = 0
        } else if firstAboveTime == 0 {
            firstAboveTime = now + interval
        } else if now >= firstAboveTime {
            return (packet, true)
        }
        return (packet, false)
    }

    private mutating func drop(_ packet: Packet?, _ now: Int64) {
        if let packet { dropped.append((packet.serial, now)) }
    }

    mutating func deque(_ now: Int64) -> Packet? {
        var r = dodequeue(now)
        if dropping {
            if !r.okToDrop { dropping = false }
            while now >= dropNext && dropping {
                drop(r.packet, now)
                count += 1
                r = dodequeue(now)
                if !r.okToDrop { dropping = false } else { dropNext = controlLaw(dropNext, count) }
            }
        } else if r.okToDrop {
            drop(r.packet, now)
            r = dodequeue(now)
            dropping = true
            let delta = count - lastcount
            count = 1
            if delta > 1 && now - dropNext < 16 * interval { count = delta }
            dropNext = controlLaw(now, count)
            lastcount = count
        }
        return r.packet
    }
}

@Suite("CoDel")
struct CoDelTests {
    private static let codel = ModelChoice("codel")

    private func closedLoops(_ count: Int, queue: ModelChoice, ecn: ECN = .notCapable) -> World {
        var way = World.Way()
        (way.rate, way.delay) = (.megabits(50), .milliseconds(15))
        var world = World(way)
        world.links[0].forward.queue = queue
        for index in 0..<count {
            var flow = World.Flow(traffic: ModelChoice("closed-loop"), from: 0, to: 1, ecn: ecn)
            flow.start = .start + .milliseconds(Int64(37 * index))
            world.flows.append(flow)
        }
        world.stop.time = .start + .seconds(60)
        return world
    }

    private func overload(_ load: Double, seed: UInt64, for length: Interval) -> World {
        var world = World(Clockwork.way)
        world.links[0].forward.queue = Self.codel
        let rate = Rate(bitsPerSecond: UInt64(8_000_000 * load))
        let traffic = ModelChoice("poisson", [.init("rate", .rate(rate))])
        world.flows = [World.Flow(traffic: traffic, from: 0, to: 1, size: .fixed(1_000))]
        world.seed = seed
        world.stop.time = .start + length
        return world
    }

    @Test(
        "drops exactly the packets that RFC 8289 drops, when it drops them",
        .enabled(if: isOptimized),
        arguments: [0.9, 1.05, 1.3, 2],
        [1, 2] as [UInt64]
    )
    func controlLaw(load: Double, seed: UInt64) throws {
        let outcome = try overload(load, seed: seed, for: .seconds(12)).run()
        var reference = ReferenceCoDel(target: .milliseconds(5), interval: .milliseconds(100))
        var freeAt: Int64 = -1
        let offered = outcome.events.filter { $0.kind == .offered && $0.place == 0 }
        let end = outcome.end.nanoseconds
        func serve(until time: Int64) {
            while freeAt >= 0, freeAt <= time {
                freeAt = reference.deque(freeAt) == nil ? -1 : freeAt + 1_000_000
            }
        }
        for event in offered {
            let now = event.time.nanoseconds
            serve(until: now)
            reference.queue.append(.init(serial: event.packet, arrival: now, bytes: Int(event.length)))
            if freeAt < 0, reference.deque(now) != nil { freeAt = now + 1_000_000 }
        }
        serve(until: end)
        let dropped = outcome.events.filter { $0.reason == .aqm }
        #expect(dropped.map(\.packet) == reference.dropped.map(\.serial))
        #expect(dropped.map(\.time.nanoseconds) == reference.dropped.map(\.time))
        #expect(load < 1 || dropped.count > 20, "\(dropped.count) drops show little")
    }

    /// The median, over windows of CoDel's interval, of the least wait in the window: the queue that stands, in ms.
    private func standing(_ world: World, after start: Interval) throws -> Double {
        let meter = WaitMeter(after: start)
        try world.run(keepingEvents: false, observers: [meter])
        let least = meter.standing(every: .milliseconds(100))
        return try #require(Percentile.nearestRank(.percent(50), of: least))
    }

    @Test(
        "holds the standing queue near its target with 1 to 20 closed-loop sources, where drop-tail does not",
        .enabled(if: isOptimized),
        arguments: [1, 2, 5, 10, 20]
    )
    func target(sources: Int) throws {
        // A single NewReno source needs half a minute to fill a large buffer again after its first overshoot.
        let settled = Interval.seconds(30)
        let tail = ModelChoice("drop-tail", [.init("delay", .interval(.milliseconds(60)))])
        let managed = try standing(closedLoops(sources, queue: Self.codel), after: settled)
        let unmanaged = try standing(closedLoops(sources, queue: tail), after: settled)
        // Near: a drop takes away 1 / 2n of the load of n sources only, so 20 of them hold about 8 ms.
        #expect(managed < 10, "\(managed) ms stand")
        #expect(unmanaged > 15, "\(unmanaged) ms stand before drop-tail")
        #expect(managed < unmanaged / 4)
    }

    @Test("does not hold its target under a 2x overload that does not listen")
    func unresponsive() throws {
        let stands = try standing(overload(2, seed: 3, for: .seconds(14)), after: .seconds(4))
        #expect(stands > 100, "\(stands) ms")
    }

    @Test(
        "marks what is ECN capable instead of dropping it, and leaves the others to be dropped",
        .enabled(if: isOptimized)
    )
    func marks() throws {
        let choice = ModelChoice("codel", [.init("ecn", .flag(true))])
        let world = closedLoops(5, queue: choice, ecn: .capable0)
        let outcome = try world.run()
        #expect(outcome.count(.dropped) == 0)
        #expect(outcome.count(.marked) > 20)
        let deaf = try closedLoops(5, queue: choice).run()
        #expect(deaf.count(.marked) == 0)
        #expect(deaf.count(.dropped, .aqm) > 20)
    }
}
