import PlaitCore
import PlaitTransport
import Testing

@Suite("Routes and deadlines")
struct RouteTableTests {
    @Test("routes are those of a dictionary, whatever is put in and taken out", arguments: 0..<40 as Range<UInt64>)
    func routes(seed: UInt64) {
        let dice = RandomStream(seed: seed, name: "routes")
        var table = RouteTable()
        var model: [ConnectionID: Int] = [:]
        // Few low bits, so that many ids have one home, and searches run around the end of the table.
        let ids: [ConnectionID] = (0..<300 as Range<UInt64>).map { index in
            let draw = dice.draw(index, 9)
            return ConnectionID((draw & ~0xff) | (draw >> 32 & (seed % 2 == 0 ? 0x0f : 0xff)) | 1 << 40)
        }
        for step in 0..<4_000 as Range<UInt64> {
            let draw = dice.draw(step)
            let id = ids[Int(draw % UInt64(ids.count))]
            // Phases of growth and of decline.
            let inserts = draw >> 32 % 10 < (step / 1_000 % 2 == 0 ? 7 : 3)
            if inserts {
                let isNew = table.insert(id, slot: Int(step))
                #expect(isNew == (model[id] == nil))
                if isNew { model[id] = Int(step) }
            } else {
                table.remove(id)
                model[id] = nil
            }
            let (count, found) = (table.count, table[ids[Int(draw >> 16 % UInt64(ids.count))]])
            #expect(count == model.count)
            #expect(found == model[ids[Int(draw >> 16 % UInt64(ids.count))]])
        }
        for id in ids {
            let found = table[id]
            #expect(found == model[id])
        }
        let nobody = table[.unknown]
        #expect(nobody == nil)
    }

    @Test("the earliest deadline is in front, whatever moves", arguments: 0..<40 as Range<UInt64>)
    func deadlines(seed: UInt64) {
        let dice = RandomStream(seed: seed, name: "deadlines")
        var heap = DeadlineHeap()
        var model = [Instant](repeating: .never, count: 60)
        for step in 0..<3_000 as Range<UInt64> {
            let draw = dice.draw(step)
            let slot = Int(draw % 60)
            let time: Instant = draw >> 32 % 3 == 0 ? .never : Instant(nanoseconds: Int64(draw >> 40 % 50))
            heap.set(slot, to: time)
            model[slot] = time
            let least = model.min() ?? .never
            let expected = least.isNever ? nil : model.firstIndex(of: least)
            let (first, firstSlot, own) = (heap.first, heap.firstSlot, heap[slot])
            #expect(first == least && firstSlot == expected && own == time)
        }
        // Emptied from the front, it comes out in order.
        var order: [Instant] = []
        while let slot = heap.firstSlot {
            order.append(heap.first)
            heap.set(slot, to: .never)
        }
        #expect(order == model.filter { !$0.isNever }.sorted())
    }
}
