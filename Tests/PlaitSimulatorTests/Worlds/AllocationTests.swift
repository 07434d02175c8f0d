import PlaitCore
import PlaitNetwork
import PlaitSimulator
import TestSupport
import Testing

/// In steady state a packet costs no heap allocation, whatever it passes.
@Suite("Allocations in steady state", .enabled(if: isOptimized))
struct AllocationTests {
    static let worlds: [(name: String, change: @Sendable (inout World.Way) -> Void)] = [
        ("plain", { _ in }),
        ("unlimited rate", { $0.rate = .unlimited }),
        ("drop-tail by packets", { $0.queue = ModelChoice("drop-tail", [.init("packets", .packets(9))]) }),
        ("drop-tail by bytes", { $0.queue = ModelChoice("drop-tail", [.init("bytes", .bytes(9_000))]) }),
        ("drop-tail by delay", { $0.queue = ModelChoice("drop-tail", [.init("delay", .interval(.milliseconds(9)))]) }),
        ("codel", { $0.queue = ModelChoice("codel", [.init("limit", .bytes(60_000))]) }),
        (
            "codel with marks",
            { $0.queue = ModelChoice("codel", [.init("limit", .bytes(60_000)), .init("ecn", .flag(true))]) }
        ),
        (
            "independent loss",
            { $0.loss = ModelChoice("independent", [.init("probability", .probability(.percent(2)))]) }
        ),
        (
            "loss in bursts",
            {
                $0.loss = ModelChoice(
                    "gilbert-elliott",
                    [.init("mean", .probability(.percent(2))), .init("burst", .decimal(millionths: 4_000_000))]
                )
            }
        ),
        ("listed loss", { $0.loss = ModelChoice("list", [.init("packets", .integers([3...3, 700...900]))]) }),
        ("uniform jitter", { $0.jitter = ModelChoice("uniform", [.init("deviation", .interval(.milliseconds(1)))]) }),
        ("normal jitter", { $0.jitter = ModelChoice("normal", [.init("deviation", .interval(.milliseconds(1)))]) }),
        (
            "exponential jitter",
            { $0.jitter = ModelChoice("exponential", [.init("mean", .interval(.milliseconds(1)))]) }
        ),
        (
            "jitter per packet",
            {
                $0.jitter = ModelChoice(
                    "exponential",
                    [
                        .init("mean", .interval(.milliseconds(1))), .init("per-packet", .flag(true)),
                        .init("reorder", .flag(true)),
                    ]
                )
            }
        ),
        (
            "copies, damage and overtaking",
            {
                $0.duplication = .percent(3)
                ($0.corruption.probability, $0.corruption.truncation) = (.percent(2), .percent(2))
                ($0.reordering.probability, $0.reordering.distance) = (.percent(5), 3)
            }
        ),
    ]

    /// a - router - b over two links of that kind, Poisson traffic at 120 % one way and a closed loop the other.
    private func world(_ change: (inout World.Way) -> Void) -> World {
        var way = World.Way()
        (way.rate, way.queue) = (.megabits(20), ModelChoice("drop-tail", [.init("packets", .packets(50))]))
        change(&way)
        var world = World(way)
        world.hosts[1].forwards = true
        world.hosts.append(HostPlan(name: "c"))
        world.links.append(World.Link(from: 1, to: 2, forward: way, backward: way))
        let poisson = ModelChoice("poisson", [.init("rate", .rate(.megabits(24)))])
        world.flows = [
            World.Flow(traffic: poisson, from: 0, to: 2, ecn: .capable0),
            World.Flow(traffic: ModelChoice("closed-loop"), from: 2, to: 0),
        ]
        return world
    }

    @Test("no packet allocates", arguments: worlds.indices)
    func steady(index: Int) throws {
        let (name, change) = Self.worlds[index]
        var simulator = try world(change).simulator()
        var stop = StopConditions()
        stop.time = .start + .seconds(40)
        _ = simulator.run(until: stop)
        // A queue that reaches a new record doubles its room, once. What a packet costs shows in every window.
        var counts: [Int] = []
        for window in 1...4 {
            let before = simulator.events
            stop.time = .start + .seconds(40 + 5 * Int64(window))
            let count = allocations { _ = simulator.run(until: stop) }
            let events = simulator.events - before
            #expect(events > 10_000)
            if let count { counts.append(count) }
        }
        #expect(counts.isEmpty || counts.contains(0), "\(name): \(counts) allocations")
        #expect(counts.reduce(0, +) <= 4, "\(name): \(counts) allocations")
    }
}
