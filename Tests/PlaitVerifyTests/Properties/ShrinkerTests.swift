import PlaitVerify
import Testing

@Suite("Shrinking")
struct ShrinkerTests {
    private func failing(_ property: Property, _ name: String? = nil) throws -> PropertyVerdict {
        let verdicts = (UInt64(1)...5_000).lazy.map { property.run(property.choices(seed: $0)) }
        return try #require(
            verdicts.first { $0.failure != nil && $0.failure?.property == name ?? $0.failure?.property }
        )
    }

    private func shrunk(_ property: Property, _ verdict: PropertyVerdict) -> PropertyVerdict {
        var shrinker = Shrinker(property, verdict)
        shrinker.shrink()
        return shrinker.best
    }

    @Test("a long run with a planted bug becomes the two steps that need to be, with the least numbers")
    func counter() throws {
        let smallest = shrunk(Toys.counter, try failing(Toys.counter))
        // Plain configuration, two steps at most, nothing for the world; then two raises of 9 and 1, no more.
        #expect(smallest.choices == [0, 1, 0, 0, 1, 0, 0, 9, 0])
        #expect(smallest.steps == [3, 6] && smallest.record.steps == 2)
        #expect(smallest.failure?.property == "toy.bound")
    }

    @Test("every seed that fails shrinks to the same case", arguments: UInt64(1)...10)
    func canonical(seed: UInt64) throws {
        let verdict = Toys.counter.run(Toys.counter.choices(seed: seed))
        guard verdict.failure != nil else { return }
        #expect(shrunk(Toys.counter, verdict).choices == [0, 1, 0, 0, 1, 0, 0, 9, 0])
    }

    @Test("a case keeps failing in its own property, also where another one is easier to break")
    func ownProperty() throws {
        let smallest = shrunk(Toys.twoBugs, try failing(Toys.twoBugs, "toy.order"))
        #expect(smallest.failure?.property == "toy.order")
        #expect(smallest.record.steps == 3)
    }

    @Test("whole steps are left out, where a part of one would break all that follow", arguments: UInt64(1)...10)
    func frames(seed: UInt64) {
        let verdict = Toys.frames.run(Toys.frames.choices(seed: seed))
        guard verdict.failure != nil else { return }
        let frame: [UInt64] = [3, 2, 0, 0, 0, 0, 0]
        #expect(shrunk(Toys.frames, verdict).choices == [0] + frame + frame)
    }

    @Test("lists shrink to the elements that matter, with the number that says how many there are")
    func list() {
        let property = Property("toy.list", "No two elements add up to 150 or more.") { choices, record in
            let count = choices.number(0...30)
            let numbers = (0..<count).map { _ in choices.number(0...100) }
            for (index, number) in numbers.enumerated() where numbers[..<index].contains(where: { $0 + number >= 150 })
            {
                record.fail("toy.list", "\(numbers)")
            }
        }
        for seed in UInt64(1)...20 {
            let verdict = property.run(property.choices(seed: seed))
            guard verdict.failure != nil else { continue }
            #expect(shrunk(property, verdict).choices == [2, 50, 100], "seed \(seed)")
        }
    }

    @Test("the number of tries is bounded, and the best so far is kept")
    func bounded() throws {
        let verdict = try failing(Toys.counter)
        var shrinker = Shrinker(Toys.counter, verdict, triesMax: 5)
        shrinker.shrink()
        #expect(shrinker.tries == 5)
        #expect(shrinker.best.failure?.property == "toy.bound")
        #expect(!Shrinker.isSimpler(verdict.choices, than: shrinker.best.choices))
    }

    @Test("simpler is shorter, and of the same length the first smaller number")
    func order() {
        #expect(Shrinker.isSimpler([9], than: [0, 0]))
        #expect(Shrinker.isSimpler([1, 9], than: [2, 0]))
        #expect(!Shrinker.isSimpler([1, 9], than: [1, 9]))
    }
}
