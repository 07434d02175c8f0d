import PlaitCore
import PlaitTransport
import Testing

/// The containers under the streams, each against the slowest obvious model.
@Suite("Containers of streams")
struct StreamContainerTests {
    @Test("runs are what a set of single offsets would be", arguments: 0..<20 as Range<UInt64>)
    func ranges(seed: UInt64) {
        var dice = Dice(seed: seed)
        var ranges = OffsetRanges()
        var model = Set<UInt64>()
        for _ in 0..<300 {
            let start = UInt64(dice.roll(100))
            let range = OffsetRange(start, start + UInt64(dice.roll(20)))
            if dice.perMille(550) {
                let expected = ranges.countInserting(range)
                ranges.insert(range)
                model.formUnion(range.start..<range.end)
                let count = ranges.count
                #expect(range.count == 0 || count == expected)
            } else {
                ranges.remove(range)
                model.subtract(range.start..<range.end)
            }
            ranges.checkInvariants()
            for offset in 0..<120 as Range<UInt64> {
                let isIn = ranges.contains(offset)
                #expect(isIn == model.contains(offset), "seed \(seed)")
            }
            let total = ranges.total
            #expect(total == UInt64(model.count))
        }
    }

    @Test("the narrowest gap is bridged")
    func bridge() {
        var ranges = OffsetRanges()
        for start in [0, 20, 33, 60] as [UInt64] { ranges.insert(OffsetRange(start, start + 10)) }
        let gap = ranges.narrowestGap()
        #expect(gap == 1)
        ranges.bridge(at: 1)
        let (count, bridged) = (ranges.count, ranges[1])
        #expect(count == 3 && bridged == OffsetRange(20, 43))
    }

    @Test("streams are found by id, whichever came and went", arguments: 0..<10 as Range<UInt64>)
    func index(seed: UInt64) {
        var dice = Dice(seed: seed)
        var index = StreamIndex()
        var model: [UInt64: Int] = [:]
        for step in 0..<3_000 {
            let id = UInt64(dice.roll(400))
            if model[id] == nil {
                index.insert(StreamID(id), slot: step)
                model[id] = step
            } else if dice.perMille(700) {
                index.remove(StreamID(id))
                model[id] = nil
            }
            let probe = UInt64(dice.roll(400))
            let found = index[StreamID(probe)]
            #expect(found == model[probe], "seed \(seed), step \(step)")
        }
        for id in 0..<400 as Range<UInt64> {
            let found = index[StreamID(id)]
            #expect(found == model[id])
        }
        let count = index.count
        #expect(count == model.count)
    }

    @Test(
        "slots take turns by level, in the order of coming, whichever lanes are looked at",
        arguments: 0..<10 as Range<UInt64>
    )
    func queue(seed: UInt64) {
        var dice = Dice(seed: seed)
        var queue = SlotQueue()
        var model: [(slot: Int, level: UInt8, lane: Int)] = []
        for _ in 0..<2_000 {
            let slot = dice.roll(12)
            let level = UInt8(dice.roll(4) * 85)
            let lane = [0, 0, 1, 63][dice.roll(4)]
            switch dice.roll(3) {
            case 0:
                queue.insert(slot, level: level, lane: lane)
                if let place = model.firstIndex(where: { $0.slot == slot }) {
                    if model[place].level != level || model[place].lane != lane {
                        model.remove(at: place)
                        model.append((slot, level, lane))
                    }
                } else {
                    model.append((slot, level, lane))
                }
            case 1:
                queue.remove(slot)
                model.removeAll { $0.slot == slot }
            default:
                queue.rotate(slot)
                if let place = model.firstIndex(where: { $0.slot == slot }) { model.append(model.remove(at: place)) }
            }
            var some = Lanes.unpinned
            some.insert(63)
            for lanes in [.all, .unpinned, some, Lanes(only: 1)] {
                let open = model.filter { lanes.contains($0.lane) }
                let urgent = open.map(\.level).min()
                let expected = open.first { $0.level == urgent }
                let first = queue.first(in: lanes)
                #expect(first?.slot == expected?.slot && first?.level == expected?.level, "seed \(seed), \(lanes)")
            }
            let (count, isIn, place) = (queue.count, queue.contains(slot), queue.lane(of: slot))
            #expect(count == model.count)
            #expect(isIn == model.contains { $0.slot == slot })
            #expect(place == model.first { $0.slot == slot }?.lane)
        }
    }

    @Test("a ring keeps its bytes while it grows and goes round", arguments: 0..<10 as Range<UInt64>)
    func ring(seed: UInt64) {
        var dice = Dice(seed: seed)
        var ring = ByteRing()
        var kept = OffsetRange(0, 0)
        var model: [UInt8] = []
        for _ in 0..<300 {
            let bytes = dice.bytes(dice.roll(700))
            ring.reserve(kept, upTo: kept.end + UInt64(bytes.count))
            ring.write(bytes.span.raw, at: kept.end)
            kept.end += UInt64(bytes.count)
            model += bytes
            let gone = dice.roll(Int(kept.count) + 1)
            kept.start += UInt64(gone)
            model.removeFirst(gone)
            var copy = [UInt8](repeating: 0, count: model.count)
            do {
                var span = copy.mutableSpan
                var raw = span.mutableRaw
                ring.read(kept, into: &raw)
            }
            #expect(copy == model, "seed \(seed)")
        }
        let capacity = ring.capacity
        #expect(capacity & (capacity - 1) == 0)
    }
}
