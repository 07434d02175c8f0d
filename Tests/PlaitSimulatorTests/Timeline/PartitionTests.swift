import PlaitCore
import PlaitNetwork
import PlaitSimulator
import Testing

@Suite("Partitions")
struct PartitionTests {
    /// Packets each way every 2 ms, 11 ms under way.
    private func world() -> World {
        var world = Clockwork.world()
        world.flows.append(Clockwork.flow(from: 1, to: 0))
        return world
    }

    @Test("a one-way partition loses what is sent and what arrives while it lasts, and nothing the other way")
    func asymmetric() throws {
        var world = world()
        world.at(.ms(5), .partition(from: [0], to: [1]))
        world.at(.ms(12), .heal)
        let outcome = try world.run()
        #expect(outcome.times(.dropped, .partitioned, at: 0) == ms(6, 8, 10))
        #expect(outcome.times(.dropped, .partitioned, at: 1) == ms(11))
        // Under way when it ended: sent at 2 and 4 ms. Sent at the instant of the end: 12 ms.
        #expect(outcome.times(.delivered, at: 1).prefix(3) == ms(13, 15, 23)[...])
        #expect(outcome.times(.delivered, at: 0) == ms(from: 11, through: 49, by: 2))
    }

    @Test("a symmetric partition separates both ways")
    func symmetric() throws {
        var world = world()
        world.at(.ms(5), .partition(from: [0], to: [1]))
        world.at(.ms(5), .partition(from: [1], to: [0]))
        world.at(.ms(12), .heal)
        let outcome = try world.run()
        for host in 0...1 {
            #expect(outcome.times(.dropped, .partitioned, at: host) == ms(6, 8, 10, 11))
            #expect(outcome.times(.delivered, at: host).prefix(3) == ms(13, 15, 23)[...])
        }
    }

    @Test("heal ends every partition, and without it a partition lasts")
    func heal() throws {
        var world = world()
        world.at(.ms(0), .partition(from: [0], to: [1]))
        world.at(.ms(1), .partition(from: [0], to: [1]))
        world.at(.ms(19), .heal)
        world.at(.ms(29), .partition(from: [1], to: [0]))
        let outcome = try world.run()
        #expect(outcome.times(.delivered, at: 1).first == .ms(31))
        #expect(outcome.times(.delivered, at: 0).last == .ms(27))
    }

    @Test("a partition is between ends: a router on either side passes on what is for others")
    func router() throws {
        var world = Clockwork.world()
        world.hosts.append(HostPlan(name: "c"))
        world.hosts[1].forwards = true
        world.links.append(World.Link(from: 1, to: 2, forward: Clockwork.way, backward: Clockwork.way))
        world.flows = [Clockwork.flow(from: 0, to: 2), Clockwork.flow(from: 0, to: 1)]
        world.at(.ms(0), .partition(from: [0], to: [1]))
        let outcome = try world.run()
        #expect(outcome.count(.delivered, at: 2) == 20)
        #expect(outcome.count(.delivered, at: 1) == 0)
    }
}
