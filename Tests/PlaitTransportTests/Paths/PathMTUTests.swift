import PlaitCore
import PlaitTransport
import Testing

@Suite("Path MTU discovery")
struct PathMTUTests {
    /// A path that carries what fits, and sometimes loses it all the same.
    private struct Search {
        var mtu: PathMTU
        var carries: Int
        var number: UInt64 = 0
        var now = Instant.start
        var probes = 0

        init(base: Int = 1_200, most: Int, carries: Int) {
            mtu = PathMTU(base: base, most: most)
            self.carries = carries
        }

        /// One packet of so many bytes.
        mutating func send(_ bytes: Int, isLost: Bool = false) {
            if bytes <= carries, !isLost {
                mtu.acknowledged(number, bytes: bytes, now: now)
            } else {
                mtu.lost(number, bytes: bytes, next: number + 1, now: now)
            }
            number += 1
            now = now + .milliseconds(10)
            mtu.checkInvariants()
        }

        /// Everything that is to be tried now; `isLost` is asked for each probe.
        mutating func probe(isLost: (Int) -> Bool = { _ in false }) {
            while let bytes = mtu.probeSize(now: now) {
                #expect(bytes > mtu.size && bytes <= mtu.most)
                mtu.probeSent(number)
                #expect(mtu.probeSize(now: now) == nil, "one at a time")
                probes += 1
                send(bytes, isLost: isLost(probes))
            }
        }
    }

    @Test("the size found is at most the precision below what the path carries, for every MTU there may be")
    func everyMTU() {
        for (base, most) in [(1_200, 1_452), (1_200, 1_201), (1_200, 1_216), (1_280, 9_000), (1_200, 16_000)] {
            let bound = PathMTU.probesMax(base: base, most: most)
            for carries in base...most + 2 {
                var search = Search(base: base, most: most, carries: carries)
                search.probe()
                #expect(search.probes == 0, "nothing is tried before anything arrived")
                search.send(base)
                search.probe()
                let (found, best) = (search.mtu.size, min(carries, most))
                guard search.mtu.state == .complete, found <= best, best - found < PathMTU.precision,
                    search.probes <= bound
                else {
                    Issue.record("\(base)...\(most), carries \(carries): \(found) after \(search.probes) probes")
                    return
                }
            }
        }
    }

    @Test("a path that carries the most there may be needs one probe")
    func most() {
        var search = Search(most: 1_452, carries: 1_500)
        search.send(1_200)
        search.probe()
        #expect(search.mtu.size == 1_452 && search.probes == 1)
    }

    @Test("whatever is lost, the search ends in a size that the path carries", arguments: 0..<200 as Range<UInt64>)
    func randomLoss(seed: UInt64) {
        var dice = Dice(seed: seed, name: "losses")
        let (most, share) = (1_201 + dice.roll(14_000), dice.roll(1_001))
        var search = Search(most: most, carries: 1_200 + dice.roll(15_000))
        for _ in 0..<20 {
            search.send(1_200)
            let before = search.probes
            var luck = (0..<200).map { _ in dice.perMille(share) }
            search.probe { _ in luck.removeLast() }
            #expect(search.probes - before <= PathMTU.probesMax(base: 1_200, most: most))
            #expect(search.mtu.size <= min(search.carries, most))
            #expect(search.mtu.state == .complete)
            // Another way, of which nothing is known.
            search.carries = 1_200 + dice.roll(15_000)
            search.mtu.restart(next: search.number)
            #expect(search.mtu.size == 1_200 && search.mtu.state == .base)
        }
    }

    @Test("one probe that is lost is tried again, three are not")
    func tries() {
        var search = Search(most: 1_452, carries: 1_500)
        search.send(1_200)
        search.probe { $0 < 3 }
        #expect(search.mtu.size == 1_452 && search.probes == 3)
        search = Search(most: 1_452, carries: 1_500)
        search.send(1_200)
        search.probe { $0 < 4 }
        #expect(search.mtu.size < 1_452 && search.mtu.size > 1_452 - 17)
    }

    @Test("after ten minutes what was too large is tried again, once anything is to be sent")
    func raising() {
        var search = Search(most: 1_452, carries: 1_300)
        search.send(1_200)
        search.probe()
        search.carries = 1_500
        search.now = search.now + .seconds(590)
        #expect(search.mtu.probeSize(now: search.now) == nil)
        search.now = search.now + .seconds(11)
        search.probe()
        #expect(search.mtu.size == 1_452)
    }

    @Test("large packets that vanish while small ones arrive are a black hole, and the new size is found at once")
    func blackHole() {
        var search = Search(most: 1_452, carries: 1_500)
        search.send(1_200)
        search.probe()
        search.carries = 1_330
        for _ in 0..<3 {
            #expect(search.mtu.size == 1_452)
            search.send(1_452)
            search.send(400)
        }
        #expect(search.mtu.size == 1_200 && search.mtu.state == .blackHole)
        search.probe()
        #expect(search.mtu.size <= 1_330 && search.mtu.size > 1_330 - PathMTU.precision)
    }

    @Test("large packets that are lost among others that arrive are only lost")
    func ordinaryLoss() {
        var search = Search(most: 1_452, carries: 1_500)
        search.send(1_200)
        search.probe()
        for _ in 0..<100 {
            search.send(1_452, isLost: true)
            search.send(1_452, isLost: true)
            search.send(900)
            search.send(1_452)
        }
        #expect(search.mtu.size == 1_452)
    }

    @Test("a false alarm costs one probe; each further one in ten minutes a longer wait, up to a minute and a bit")
    func falseAlarms() {
        var search = Search(most: 1_452, carries: 1_500)
        search.send(1_200)
        search.probe()
        var waits: [Int64] = []
        for _ in 0..<10 {
            for _ in 0..<3 { search.send(1_452, isLost: true) }
            #expect(search.mtu.size == 1_200 && search.mtu.state == .blackHole)
            let (probes, began) = (search.probes, search.now)
            search.probe()
            while !search.mtu.isRaised {
                search.now = search.now + .milliseconds(500)
                search.probe()
            }
            #expect(search.probes == probes + 1)
            waits.append((search.now - began).nanoseconds / 1_000_000_000)
        }
        #expect(waits == [0, 1, 2, 4, 8, 16, 32, 64, 64, 64])
    }

    @Test("what was sent before a new beginning proves nothing, and is no black hole after it")
    func stale() {
        var search = Search(most: 1_452, carries: 1_500)
        search.send(1_200)
        search.probe()
        let old = search.number
        search.number += 10
        search.mtu.restart(next: search.number)
        search.mtu.acknowledged(old, bytes: 1_452, now: search.now)
        #expect(search.mtu.size == 1_200 && search.mtu.state == .base)
        search.send(1_200)
        search.probe()
        #expect(search.mtu.size == 1_452)
        for number in old..<old + 9 {
            search.mtu.lost(number, bytes: 1_452, next: search.number, now: search.now)
        }
        #expect(search.mtu.size == 1_452)
    }

    @Test("a probe that had seemed lost and arrives proves its size")
    func late() {
        var search = Search(most: 1_452, carries: 1_500)
        search.send(1_200)
        let first = search.number
        search.probe { $0 < 4 }
        let without = search.mtu.size
        search.mtu.acknowledged(first, bytes: 1_452, now: search.now)
        search.mtu.checkInvariants()
        #expect(without < 1_452 && search.mtu.size == 1_452)
    }

    @Test("after a new beginning the size that worked is tried first")
    func memory() {
        var search = Search(most: 9_000, carries: 1_500)
        search.send(1_200)
        search.probe()
        let size = search.mtu.size
        search.mtu.restart(next: search.number)
        search.send(1_200)
        let first = search.mtu.probeSize(now: search.now)
        search.probe()
        #expect(first == size && search.mtu.size >= size && search.mtu.size <= 1_500)
    }

    @Test("with nothing to find nothing is tried", arguments: [0, 800, 1_200])
    func fixed(most: Int) {
        var search = Search(most: most, carries: 9_000)
        search.send(1_200)
        for _ in 0..<5 { search.send(1_200, isLost: true) }
        search.mtu.restart(next: search.number)
        search.now = search.now + .seconds(1_000)
        search.probe()
        #expect(search.probes == 0 && search.mtu.size == 1_200 && search.mtu.state == .complete)
    }

    @Test("a buffer that is too small ends the search at its size", arguments: [1_000, 1_200, 1_300, 1_452, 2_000])
    func buffers(room: Int) {
        for begins in [true, false] {
            var search = Search(most: 1_452, carries: 1_500)
            search.send(1_200)
            if begins { search.probe() }
            search.mtu.limit(to: room, next: search.number, now: search.now)
            search.mtu.checkInvariants()
            search.send(1_200)
            search.probe()
            #expect(search.mtu.size == max(1_200, min(1_452, room)))
        }
    }
}
