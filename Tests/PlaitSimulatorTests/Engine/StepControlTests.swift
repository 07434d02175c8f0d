import PlaitCore
import PlaitNetwork
import PlaitSimulator
import Testing

@Suite("The step-controlled mode")
struct StepControlTests {
    /// What the leader does with a packet.
    private enum Fate: CaseIterable { case deliver, drop, deliverTwice }

    private func makeSimulator(_ pair: ScriptedPair) throws -> Simulator {
        for byte in 1...3 as ClosedRange<UInt8> { pair.a.send([byte], from: pair.addressA, to: pair.addressB) }
        var simulator = try pair.simulator(Clockwork.way)
        simulator.takeControl()
        return simulator
    }

    @Test("every interleaving of three packets, each delivered, dropped or delivered twice, reaches its state")
    func interleavings() throws {
        let orders: [[UInt64]] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
        var states: Set<[[UInt8]]> = []
        for order in orders {
            for choice in 0..<27 {
                let fates = [choice % 3, choice / 3 % 3, choice / 9].map { Fate.allCases[$0] }
                let pair = ScriptedPair()
                var simulator = try makeSimulator(pair)
                var expected: [[UInt8]] = []
                for serial in order {
                    let bytes: [UInt8] = [UInt8(serial + 1)]
                    let held = simulator.bytes(ofHeld: serial)
                    #expect(held == bytes)
                    switch fates[Int(serial)] {
                    case .deliver: expected.append(bytes)
                    case .drop: break
                    case .deliverTwice:
                        expected += [bytes, bytes]
                        let duplicate = simulator.duplicate(serial)
                        let copy = try #require(duplicate)
                        #expect(copy > 2)
                        simulator.deliver(copy)
                    }
                    let known = fates[Int(serial)] == .drop ? simulator.drop(serial) : simulator.deliver(serial)
                    #expect(known)
                    let again = simulator.deliver(serial)
                    #expect(!again, "a packet has one end")
                }
                #expect(pair.b.inbox == expected)
                let (left, inside) = (simulator.heldPackets, simulator.fabric.packets.count)
                #expect(left.isEmpty && inside == 0)
                states.insert(pair.b.inbox)
            }
        }
        #expect(states.count > 50)
    }

    @Test("packets wait in order of sending, with their ends and lengths")
    func held() throws {
        let pair = ScriptedPair()
        let simulator = try makeSimulator(pair)
        let held = simulator.heldPackets
        #expect(held.map(\.serial) == [0, 1, 2])
        #expect(held.allSatisfy { $0.source == pair.addressA && $0.destination == pair.addressB && $0.length == 1 })
    }

    @Test("an answer waits as well, and timers fire in the order that the leader chooses")
    func timers() throws {
        let pair = ScriptedPair()
        pair.b.onReceive = { end, bytes, remote, local in end.send(bytes + [9], from: local, to: remote) }
        pair.a.deadline = .start + .milliseconds(5)
        pair.b.deadline = .start + .milliseconds(8)
        var fired: [(String, Instant)] = []
        for (name, end) in [("a", pair.a), ("b", pair.b)] {
            end.onDeadline = { end, now in
                fired.append((name, now))
                end.deadline = .never
            }
        }
        var simulator = try makeSimulator(pair)
        simulator.deliver(1)
        let held = simulator.heldPackets
        #expect(held.map(\.serial) == [0, 2, 3])
        let pending = simulator.pendingTimers
        #expect(pending.map(\.name) == ["endpoint a", "endpoint b"])
        #expect(pending.map(\.due) == [.start + .milliseconds(5), .start + .milliseconds(8)])
        // The later one first: time passes to it, and the earlier one is then late.
        let (later, earlier) = (simulator.fire(timerOf: 1), simulator.fire(timerOf: 0))
        #expect(later && earlier)
        #expect(fired.map(\.0) == ["b", "a"])
        #expect(fired.map(\.1) == [.start + .milliseconds(8), .start + .milliseconds(8)])
        let third = simulator.fire(timerOf: 0)
        #expect(!third, "it was not armed again")
        simulator.deliver(3)
        #expect(pair.a.inbox == [[2, 9]])
    }
}
