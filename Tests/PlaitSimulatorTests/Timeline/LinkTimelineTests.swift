import PlaitCore
import PlaitNetwork
import PlaitSimulator
import Testing

@Suite("What the timeline does to a link")
struct LinkTimelineTests {
    @Test("without a timeline every instant is as computed by hand")
    func undisturbed() throws {
        let outcome = try Clockwork.world().run()
        #expect(outcome.times(.sent) == ms(from: 0, through: 38, by: 2))
        #expect(outcome.times(.departed) == ms(from: 1, through: 39, by: 2))
        #expect(outcome.times(.delivered) == ms(from: 11, through: 49, by: 2))
    }

    @Test("down loses what is on the wire and in service, and refuses what is offered until up")
    func down() throws {
        var world = Clockwork.world()
        world.at(.ms(4.5), .availability(.down))
        world.at(.ms(9.5), .availability(.up))
        let outcome = try world.run()
        #expect(outcome.packets(.dropped, .cut).sorted() == [0, 1, 2])
        #expect(outcome.times(.dropped, .cut) == ms(4.5, 4.5, 4.5))
        #expect(outcome.times(.dropped, .down) == ms(6, 8))
        #expect(outcome.times(.delivered) == ms(from: 21, through: 49, by: 2))
    }

    @Test("down flushes the queue")
    func flush() throws {
        var world = Clockwork.world(gap: 500)
        world.at(.ms(4.25), .availability(.down))
        let outcome = try world.run()
        // Nine were offered: four departed, the fifth is in service, four wait.
        #expect(outcome.packets(.dropped, .cut).sorted() == [0, 1, 2, 3, 4])
        #expect(outcome.packets(.dropped, .flushed) == [5, 6, 7, 8])
        #expect(outcome.count(.delivered) == 0)
    }

    @Test("down with hold keeps the queue and serves it from the instant of up")
    func hold() throws {
        var world = Clockwork.world(gap: 500)
        world.at(.ms(4.25), .availability(.downHoldingQueue))
        world.at(.ms(7.25), .availability(.up))
        let outcome = try world.run()
        #expect(outcome.packets(.dropped, .cut).sorted() == [0, 1, 2, 3, 4])
        #expect(outcome.count(.dropped, .flushed) == 0)
        #expect(outcome.times(.dropped, .down) == ms(from: 4.5, through: 7, by: 0.5))
        #expect(outcome.packets(.delivered).prefix(5) == [5, 6, 7, 8, 15])
        #expect(outcome.times(.delivered).prefix(5) == ms(18.25, 19.25, 20.25, 21.25, 22.25)[...])
    }

    @Test("down without hold after down with hold flushes what was held")
    func holdThenDown() throws {
        var world = Clockwork.world(gap: 500)
        world.at(.ms(4.25), .availability(.downHoldingQueue))
        world.at(.ms(5.25), .availability(.down))
        let outcome = try world.run()
        #expect(outcome.times(.dropped, .flushed) == ms(5.25, 5.25, 5.25, 5.25))
    }

    @Test("a clogged link stands still, loses nothing, and goes on where it was")
    func clog() throws {
        var world = Clockwork.world()
        world.at(.ms(4.25), .clog(true))
        world.at(.ms(20), .clog(false))
        let outcome = try world.run()
        let between = outcome.times(.departed) + outcome.times(.started)
        #expect(between.allSatisfy { $0 < .ms(4.25) || $0 >= .ms(20) })
        #expect(outcome.count(.dropped) == 0)
        // The packet in service has 0.75 ms left. Those on the wire were due at 11 and 13 ms.
        #expect(outcome.times(.departed).prefix(4) == ms(1, 3, 20.75, 21.75)[...])
        #expect(outcome.times(.delivered).prefix(4) == ms(20, 20, 30.75, 31.75)[...])
    }

    @Test("what is not due when a clog is released arrives when it would have")
    func releasedBeforeDue() throws {
        var world = Clockwork.world()
        world.at(.ms(4.25), .clog(true))
        world.at(.ms(5.25), .clog(false))
        let outcome = try world.run()
        #expect(outcome.times(.delivered).prefix(4) == ms(11, 13, 16, 17)[...])
    }

    @Test("a full queue still refuses while the link is clogged")
    func cloggedQueue() throws {
        var world = Clockwork.world()
        world.links[0].forward.queue = ModelChoice("drop-tail", [.init("packets", .packets(2))])
        world.at(.ms(0), .clog(true))
        let outcome = try world.run()
        #expect(outcome.times(.dropped, .queueFull) == ms(from: 4, through: 38, by: 2))
        #expect(outcome.inside == 2)
    }

    @Test("one direction is cut and the other goes on")
    func oneWay() throws {
        var world = Clockwork.world()
        world.flows.append(Clockwork.flow(from: 1, to: 0))
        world.at(.ms(0), .way(LinkID(0).backward, .plain(.availability(.down))))
        let outcome = try world.run()
        #expect(outcome.count(.dropped, .down, at: 1) == 20)
        #expect(outcome.count(.delivered, at: 1) == 20)
        #expect(outcome.count(.delivered, at: 0) == 0)
    }

    @Test("a changed rate serves the rest of the packet in service and leaves the wire alone")
    func rate() throws {
        var world = Clockwork.world(gap: 1_000)
        world.at(.ms(2.5), .rate(.megabits(4)))
        let outcome = try world.run()
        #expect(outcome.times(.departed).prefix(4) == ms(1, 2, 3.5, 5.5)[...])
        #expect(outcome.times(.arrived).prefix(4) == ms(11, 12, 13.5, 15.5)[...])
    }

    @Test("a rate that becomes unlimited empties the queue at that instant")
    func unlimited() throws {
        var world = Clockwork.world(gap: 500)
        world.at(.ms(2.25), .rate(.unlimited))
        let outcome = try world.run()
        #expect(outcome.times(.departed).prefix(6) == ms(1, 2, 2.25, 2.25, 2.25, 2.5)[...])
    }

    @Test("nothing overtakes when the delay is lowered, and later packets get the new delay")
    func lowerDelay() throws {
        var world = Clockwork.world()
        world.at(.ms(5.5), .delay(.milliseconds(1)))
        let outcome = try world.run()
        // Departed at 1, 3, 5 | 7, 9, 11, 13 would arrive before 15 ms.
        #expect(outcome.times(.arrived).prefix(9) == ms(11, 13, 15, 15, 15, 15, 15, 16, 18)[...])
        #expect(outcome.packets(.arrived) == Array(0..<20))
    }

    @Test("a raised delay holds for packets that depart later only")
    func raiseDelay() throws {
        var world = Clockwork.world()
        world.at(.ms(5.5), .delay(.milliseconds(20)))
        let outcome = try world.run()
        #expect(outcome.times(.arrived).prefix(5) == ms(11, 13, 15, 27, 29)[...])
    }

    @Test("after a cut nobody is left on the wire to stay behind")
    func cutForgetsOrder() throws {
        var world = Clockwork.world()
        world.at(.ms(5.5), .availability(.down))
        world.at(.ms(5.6), .availability(.up))
        world.at(.ms(5.6), .delay(.milliseconds(1)))
        let outcome = try world.run()
        #expect(outcome.times(.arrived).prefix(2) == ms(8, 10)[...])
    }

    @Test("at one instant the world changes before a packet moves")
    func faultsFirst() throws {
        var world = Clockwork.world()
        // The second packet's last bit is due to leave at this instant, and the first packet arrives at 11 ms.
        world.at(.ms(3), .availability(.down))
        world.at(.ms(3), .availability(.up))
        let outcome = try world.run()
        #expect(outcome.packets(.dropped, .cut).sorted() == [0, 1])
        #expect(outcome.packets(.departed).prefix(2) == [0, 2])
    }

    @Test("changes of one instant are made in the order of the scenario")
    func orderOfScenario() throws {
        var world = Clockwork.world()
        world.at(.ms(5.5), .availability(.up))
        world.at(.ms(5.5), .availability(.down))
        #expect(try world.run().times(.delivered).isEmpty)
    }

    @Test("MTU and overhead count together, from the next packet offered")
    func mtu() throws {
        var world = Clockwork.world()
        world.at(.ms(3), .mtu(1_000))
        world.at(.ms(7), .overhead(1))
        world.at(.ms(11), .mtu(1_001))
        let outcome = try world.run()
        #expect(outcome.times(.dropped, .tooBig) == ms(8, 10))
        // 1,001 bytes take 1.001 ms.
        #expect(outcome.times(.departed).prefix(5) == ms(1, 3, 5, 7, 13.001)[...])
    }

    @Test("a loss model that is put in and taken out loses meanwhile, and the wire time is spent")
    func loss() throws {
        var world = Clockwork.world()
        let all = ModelChoice("independent", [.init("probability", .probability(.always))])
        world.at(.ms(2), .way(DirectionID(0), .loss(all)))
        world.at(.ms(6), .way(DirectionID(0), .loss(nil)))
        let outcome = try world.run()
        // A packet's fate is decided when its last bit leaves.
        #expect(outcome.times(.dropped, .loss) == ms(3, 5))
        #expect(outcome.count(.departed) == 20)
    }

    @Test("a queue that takes over judges those who wait and those who come")
    func queue() throws {
        var world = Clockwork.world(gap: 500)
        world.at(.ms(4.25), .way(DirectionID(0), .queue(ModelChoice("drop-tail", [.init("packets", .packets(2))]))))
        let outcome = try world.run()
        // Four wait at that instant and stay; newcomers are refused until fewer than two wait.
        #expect(outcome.times(.dropped, .queueFull).prefix(5) == ms(4.5, 5, 5.5, 6, 6.5)[...])
        #expect(outcome.count(.dropped, .flushed) == 0)
    }

    @Test("a packet set aside arrives right behind those that overtake it, or after its time")
    func reordering() throws {
        var world = Clockwork.world()
        var reordering = Reordering()
        (reordering.probability, reordering.distance, reordering.within) = (.always, 2, .milliseconds(7))
        world.links[0].forward.reordering = reordering
        world.at(.ms(1.5), .way(DirectionID(0), .reordering(Reordering())))
        world.at(.ms(35), .way(DirectionID(0), .reordering(reordering)))
        let outcome = try world.run()
        // Packet 0 departs at 1 ms and is passed at 3 and 5 ms. At the end all are set aside and nobody passes.
        #expect(outcome.packets(.arrived).prefix(4) == [1, 2, 0, 3])
        #expect(outcome.times(.arrived).prefix(4) == ms(13, 15, 15, 17)[...])
        #expect(outcome.times(.arrived).suffix(3) == ms(52, 54, 56)[...])
    }

    @Test("a lowered delay does not make a packet that was set aside too fast, a raised one not too late")
    func reorderingAndDelay() throws {
        for (delay, expected) in [(Interval.ms(1), Interval.ms(11)), (.ms(50), .ms(18))] {
            var world = Clockwork.world()
            var reordering = Reordering()
            (reordering.probability, reordering.distance, reordering.within) = (.always, 2, .milliseconds(7))
            world.links[0].forward.reordering = reordering
            world.at(.ms(1.5), .way(DirectionID(0), .reordering(Reordering())))
            world.at(.ms(1.5), .delay(delay))
            let outcome = try world.run()
            #expect(zip(outcome.packets(.arrived), outcome.times(.arrived)).first { $0.0 == 0 }?.1 == expected)
        }
    }

    @Test("of two links between the same hosts each keeps its own packets and its own faults")
    func parallel() throws {
        var world = Clockwork.world()
        world.links.append(world.links[0])
        world.links[1].forward.delay = .milliseconds(3)
        world.flows = [Clockwork.flow(), Clockwork.flow()]
        (world.flows[0].link, world.flows[1].link) = (0, 1)
        world.at(.ms(0), .availability(.down))
        let outcome = try world.run()
        #expect(outcome.count(.dropped, .down, at: 0) == 20)
        #expect(outcome.times(.delivered) == ms(from: 4, through: 42, by: 2))
    }

    @Test("exactly the listed packets are lost, counted as offered")
    func list() throws {
        var world = Clockwork.world()
        world.links[0].forward.mtu = 999
        world.links[0].forward.loss = ModelChoice("list", [.init("packets", .integers([3...3, 7...9, 8...10]))])
        world.at(.ms(1), .mtu(1_500))
        let outcome = try world.run()
        // Packet 0 was too big and still took number 0.
        #expect(outcome.packets(.dropped, .loss) == [3, 7, 8, 9, 10])
    }
}
