import PlaitSimulator
import Testing

@Suite("The table of packets in flight")
struct PacketTableTests {
    @Test("finds what was put in and not taken out, as a dictionary does", arguments: 0..<8 as Range<UInt64>)
    func model(seed: UInt64) {
        var draws = Draws(seed: seed)
        var table = PacketTable()
        var model: [UInt64: UInt32] = [:]
        var live: [UInt64] = []
        // Some serials stay for long while others pass, and every second seed jumps about.
        for step in 0..<20_000 as Range<UInt64> {
            let serial = seed % 2 == 0 ? step : step << UInt64(draws.number(0...40))
            if model[serial] == nil, draws.chance(live.count < 700 ? 60 : 30) {
                var trail = PacketTrail(serial: serial)
                trail.length = UInt32(truncatingIfNeeded: draws.next())
                table.insert(trail)
                model[serial] = trail.length
                live.append(serial)
            } else if !live.isEmpty {
                let gone = live.remove(at: draws.chance(50) ? 0 : draws.number(0...live.count - 1))
                table.remove(at: table.find(gone))
                model[gone] = nil
                #expect(table.find(gone) < 0)
            }
            let asked = live.isEmpty ? serial : live[draws.number(0...live.count - 1)]
            let slot = table.find(asked)
            #expect((slot >= 0 ? table[slot].length : nil) == model[asked])
        }
        for serial in live { #expect(table.find(serial) >= 0, "\(serial)") }
        #expect(table.count == live.count)
        #expect((0..<table.capacity).count { table.isLive($0) } == live.count)
        #expect(table.find(.max) < 0)
    }

    @Test("stays small however many packets pass")
    func bounded() {
        var table = PacketTable()
        table.insert(PacketTrail(serial: 0))
        for serial in 1..<100_000 as Range<UInt64> {
            table.insert(PacketTrail(serial: serial))
            if serial > 20 { table.remove(at: table.find(serial - 20)) }
        }
        #expect(table.find(0) >= 0)
        #expect(table.capacity == 64)
    }
}
