import PlaitCore

/// Looks for cases with a higher score, by changing the best one so far (Loescher and Sagonas, Targeted Property-Based
/// Testing, ISSTA 2017: hill climbing, here on the sequence of choices).
///
/// It goes by generations of a fixed size, each made from the best of those before, so that the number of workers
/// changes nothing.
package struct TargetedSearch {
    private let property: Property
    private let target: String
    private let seed: UInt64
    private let stream: RandomStream
    private(set) package var best: PropertyVerdict
    /// Cases made so far.
    package private(set) var tries = 0

    static let generation = 16

    package init(_ property: Property, _ target: String, from start: PropertyVerdict, seed: UInt64) {
        self.property = property
        self.target = target
        self.seed = seed
        stream = RandomStream(seed: seed, name: "search/\(property.name)/\(target)")
        best = start
    }

    /// The score of a case; nil if it has none.
    package static func value(of verdict: PropertyVerdict, _ target: String) -> Int64? {
        verdict.record.scores.first { $0.name == target }?.value
    }

    /// The next cases to try.
    package mutating func candidates(_ count: Int) -> [Choices] {
        defer { tries += count }
        return (0..<count).map { candidate(UInt64(tries + $0)) }
    }

    /// Goes on from the best of these, if none before was better; from an equal one too, so as not to stay on a plain.
    package mutating func take(_ verdicts: [PropertyVerdict]) {
        for verdict in verdicts where verdict.holds {
            guard let value = Self.value(of: verdict, target) else { continue }
            if value >= Self.value(of: best, target) ?? .min { best = verdict }
        }
    }

    private func candidate(_ index: UInt64) -> Choices {
        var numbers = best.choices
        let changes = 1 + stream.draw(index, 0).uniform(below: 3)
        for change in 0..<changes { self.change(&numbers, index, 8 * (change + 1)) }
        // Beyond its end a case goes on with new choices, so that it can grow.
        return Choices(numbers, thenSeed: seed &+ index, name: "search/\(property.name)/\(target)/more")
    }

    private func change(_ numbers: inout [UInt64], _ index: UInt64, _ draw: UInt64) {
        guard !numbers.isEmpty else { return }
        let place = Int(stream.draw(index, draw).uniform(below: UInt64(numbers.count)))
        let chance = stream.draw(index, draw + 1)
        switch stream.draw(index, draw + 2).uniform(below: 8) {
        case 0, 1: numbers[place] = chance.uniform(below: numbers[place] < 1 << 62 ? 2 * numbers[place] + 16 : .max)
        case 2: numbers[place] = numbers[place] &+ 1
        case 3: numbers[place] = numbers[place] > 0 ? numbers[place] - 1 : 0
        // The largest that there is.
        case 4: numbers[place] = .max
        // From here on anew.
        case 5: numbers.removeSubrange(place...)
        case 6: numbers.removeSubrange(span(place, numbers))
        default: numbers.insert(contentsOf: numbers[span(place, numbers)], at: place)
        }
    }

    /// A whole step, or a few numbers where there are none.
    private func span(_ place: Int, _ numbers: [UInt64]) -> Range<Int> {
        let start = best.steps.last { $0 <= place } ?? place
        let end = best.steps.first { $0 > place } ?? start + 4
        let from = min(start, numbers.count)
        return from..<max(from, min(end, numbers.count))
    }
}
