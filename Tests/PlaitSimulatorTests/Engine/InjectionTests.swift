import PlaitCore
import PlaitNetwork
import PlaitSimulator
import Testing

@Suite("Packets that nobody sent")
struct InjectionTests {
    @Test("an injected packet waits under the address that it claims, and counts as sent")
    func injected() throws {
        let pair = ScriptedPair()
        pair.a.send([1], from: pair.addressA, to: pair.addressB)
        var simulator = try pair.simulator(Clockwork.way)
        simulator.takeControl()
        let serial = simulator.inject([7, 8, 9], from: pair.addressA, to: pair.addressB)
        let held = simulator.heldPackets
        #expect(held.map(\.serial) == [0, serial])
        #expect(held[1].source == pair.addressA && held[1].destination == pair.addressB && held[1].length == 3)
        let isDelivered = simulator.deliver(serial)
        #expect(isDelivered)
        #expect(pair.b.inbox == [[7, 8, 9]])
        let (sent, delivered, inside) = (
            simulator.hosts[0].counters.sent, simulator.hosts[1].counters.delivered, simulator.fabric.packets.count
        )
        #expect(sent == 2 && delivered == 1 && inside == 1)
    }
}
