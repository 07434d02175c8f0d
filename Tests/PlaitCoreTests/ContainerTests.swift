import PlaitCore
import TestSupport
import Testing

@Suite("Containers")
struct ContainerTests {
    /// Counts how often it was made and destroyed.
    private final class Ledger { var alive = 0 }

    private struct Tracked: ~Copyable {
        let ledger: Ledger
        let value: Int
        init(_ value: Int, _ ledger: Ledger) {
            (self.value, self.ledger) = (value, ledger)
            ledger.alive += 1
        }
        deinit { ledger.alive -= 1 }
    }

    @Test("a table keeps its elements through growth and destroys each once")
    func table() {
        let ledger = Ledger()
        do {
            var table = Table<Tracked>(capacity: 1)
            for value in 0..<100 { table.append(Tracked(value, ledger)) }
            let values = table.indices.map { table[$0].value }
            #expect(values == Array(0..<100))
            guard let last = table.popLast() else { preconditionFailure("the table lost its elements") }
            let value = last.value
            #expect(value == 99)
            _ = consume last
            #expect(ledger.alive == 99)
        }
        #expect(ledger.alive == 0)
    }

    @Test("a ring buffer agrees with an array over random operations", arguments: [1, 2, 3, 4] as [UInt64])
    func ring(seed: UInt64) {
        let stream = RandomStream(seed: seed, name: "ring")
        var ring = RingBuffer<UInt64>(capacity: 2)
        var model: [UInt64] = []
        for step in 0..<4_000 as Range<UInt64> {
            let draw = stream.draw(step)
            switch draw % 8 {
            case 0...2:
                ring.append(draw)
                model.append(draw)
            case 3...4:
                let first = ring.popFirst()
                #expect(first == (model.isEmpty ? nil : model.removeFirst()))
            case 5:
                let place = Int(stream.draw(step, 1) % UInt64(model.count + 1))
                ring.insert(draw, at: place)
                model.insert(draw, at: place)
            case 6 where !model.isEmpty:
                let place = Int(stream.draw(step, 1) % UInt64(model.count))
                let removed = ring.remove(at: place)
                #expect(removed == model.remove(at: place))
            default: break
            }
            let held = (0..<ring.count).map { ring[$0] }
            #expect(held == model)
        }
    }

    @Test("packets keep their bytes while others come and go, and slots are reused")
    func pool() {
        var pool = PacketPool(largestPacket: 100)
        var slots: [PacketSlot] = []
        for number in 0..<600 as Range<UInt8.Stride> {
            let slot = pool.take()
            var storage = pool.storage(slot)
            storage.storeBytes(of: UInt8(truncatingIfNeeded: number), toByteOffset: 99, as: UInt8.self)
            pool[slot].length = 100
            slots.append(slot)
        }
        #expect(Set(slots).count == 600)
        for (number, slot) in slots.enumerated() {
            let last = [UInt8](copying: pool.bytes(slot))[99]
            #expect(last == UInt8(truncatingIfNeeded: number))
        }
        for slot in slots { pool.give(slot) }
        let left = pool.count
        #expect(left == 0)
        let reused = pool.take()
        #expect(reused == slots.last, "the slot given back last is the warmest")
    }

    @Test("a copy of a packet has bytes of its own, and a flipped bit is flipped in them")
    func copies() {
        var pool = PacketPool(largestPacket: 64)
        let origin = pool.take()
        pool[origin].length = 2
        var storage = pool.storage(origin)
        storage.storeBytes(of: 0, toByteOffset: 0, as: UInt16.self)
        let copy = pool.duplicate(origin)
        pool.flip(bit: 0, of: copy)
        pool.flip(bit: 15, of: copy)
        let (first, second) = ([UInt8](copying: pool.bytes(copy))[0], [UInt8](copying: pool.bytes(copy))[1])
        #expect((first, second) == (0x80, 0x01))
        let untouched = [UInt8](copying: pool.bytes(origin))[0]
        #expect(untouched == 0)
    }

    @Test("an integer square root is the largest whose square is not above")
    func roots() {
        for value in [0, 1, 2, 3, 4, 99, 100, 1 << 32, (1 << 32) - 1, .max, .max - 1] as [UInt64] {
            let root = squareRoot(value)
            #expect(root.multipliedFullWidth(by: root).high == 0 && root * root <= value)
            let next = (root + 1).multipliedFullWidth(by: root + 1)
            #expect(next.high > 0 || next.low > value)
        }
    }

    private final class Listener: TraceObserver {
        var serials: [UInt64] = []
        var end: Instant?
        func observe(_ events: Span<TraceEvent>) {
            for index in events.indices { serials.append(events[index].packet) }
        }
        func finish(at end: Instant) { self.end = end }
    }

    @Test("listeners hear every event once, in order, and of the end; without any, none is even made")
    func trace() {
        var made = 0
        func event(_ serial: UInt64) -> TraceEvent {
            made += 1
            return TraceEvent(time: .start, kind: .sent, place: 0, packet: serial)
        }
        var buffer = TraceBuffer()
        buffer.append(event(0))
        #expect(made == 0)
        let (one, other) = (Listener(), Listener())
        buffer.add(one)
        for serial in 0..<10_000 as Range<UInt64> { buffer.append(event(serial)) }
        buffer.add(other)
        buffer.append(event(10_000))
        buffer.finish(at: .start + .seconds(1))
        #expect(one.serials == Array(0...10_000))
        #expect(other.serials == [10_000])
        #expect(one.end == .start + .seconds(1))
    }
}
