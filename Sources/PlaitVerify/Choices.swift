import PlaitCore

/// One sequence of choices, from which a generator makes its value: the same sequence, the same value.
///
/// Every choice takes exactly one number of the sequence: how far it is from the simplest, which is 0. Whoever shrinks
/// a case does so by handing in other numbers, without knowing what is made of them; a number too large for its choice
/// stands for the largest there is.
package struct Choices: Sendable {
    private let source: Source
    /// What was chosen so far, a number a choice: handed in again, it makes the same value.
    package private(set) var numbers: [UInt64] = []
    /// At which of the numbers each step of a stateful run began.
    package private(set) var steps: [Int] = []
    /// Is told of each number, and with nil of each beginning of a step, as soon as it is chosen. Of a case that ends
    /// the process, nothing else is left.
    package var listener: (@Sendable (UInt64?) -> Void)?

    /// What makes the same choices in another process.
    package enum Recipe: Hashable, Sendable {
        case seed(UInt64)
        case numbers([UInt64])
    }

    /// Nil for choices that are given only in part.
    package let recipe: Recipe?

    private enum Source {
        case random(RandomStream)
        /// Numbers, and what follows them; without a stream, zeros.
        case given([UInt64], then: RandomStream?)
    }

    /// The choices that `seed` and the generator's name stand for.
    package init(seed: UInt64, name: String) {
        source = .random(RandomStream(seed: seed, name: name))
        recipe = .seed(seed)
    }

    /// Choices that were made before; beyond their end, the simplest.
    package init(_ numbers: [UInt64]) {
        source = .given(numbers, then: nil)
        recipe = .numbers(numbers)
    }

    /// Choices that were made before; beyond their end, those of `seed` and `name`.
    package init(_ numbers: [UInt64], thenSeed seed: UInt64, name: String) {
        source = .given(numbers, then: RandomStream(seed: seed, name: name))
        recipe = nil
    }

    /// Choices made so far.
    package var count: Int { numbers.count }

    /// Whether all that was handed in is used up: a run that could go on for ever ends here.
    package var isSpent: Bool {
        switch source {
        case .random, .given(_, then: .some): false
        case .given(let numbers, then: nil): count >= numbers.count
        }
    }

    /// What is chosen from here on belongs to another step, which can be left out as a whole.
    package mutating func beginStep() {
        steps.append(count)
        listener?(nil)
    }

    /// A number below `bound`.
    private mutating func next(below bound: UInt64, _ random: (UInt64) -> UInt64) -> UInt64 {
        let index = count
        let number: UInt64
        switch source {
        case .random(let stream): number = random(stream.draw(UInt64(index)))
        case .given(let numbers, let then):
            if index < numbers.count {
                number = min(numbers[index], bound - 1)
            } else {
                number = then.map { random($0.draw(UInt64(index))) } ?? 0
            }
        }
        numbers.append(number)
        listener?(number)
        return number
    }

    /// Any whole number of the range, each as likely.
    package mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
        let bound = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int64(next(below: bound) { $0.uniform(below: bound) })
    }

    /// A number of the range such that each doubling is as likely.
    package mutating func magnitude(_ range: ClosedRange<Int64>) -> Int64 {
        precondition(range.lowerBound > 0, "nothing is a magnitude of nothing")
        let bound = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound
            + Int64(next(below: bound) { UInt64(Self.magnitude(range, $0) - range.lowerBound) })
    }

    private static func magnitude(_ range: ClosedRange<Int64>, _ bits: UInt64) -> Int64 {
        var (low, high) = (range.lowerBound, range.lowerBound)
        var doublings: UInt64 = 0
        while high < range.upperBound {
            high = high > Int64.max / 2 ? .max : 2 * high
            doublings += 1
        }
        guard doublings > 0 else { return low }
        low <<= Int64(bits.uniform(below: doublings))
        // What is left of the draw decides within the doubling.
        let within = (bits &* 0x9E37_79B9_7F4A_7C15).uniform(below: UInt64(low))
        return min(range.upperBound, low + Int64(within))
    }

    /// True in so many of a hundred cases; false is the simpler choice.
    package mutating func happens(percent: Int64) -> Bool { number(0...99) >= 100 - percent }

    /// A place in `weights`, as likely as its weight says. It is recorded as it is, so that it does not depend on the
    /// weights when it is handed in again.
    package mutating func weighted(_ weights: [Int]) -> Int {
        let sum = UInt64(weights.reduce(0, +))
        precondition(sum > 0, "nothing to choose from")
        return Int(
            next(below: UInt64(weights.count)) { bits in
                var place = Int(bits.uniform(below: sum))
                for (index, weight) in weights.enumerated() {
                    if place < weight { return UInt64(index) }
                    place -= weight
                }
                preconditionFailure("a place beyond all weights")
            }
        )
    }

    /// One of these, each as likely; the first is the simplest.
    package mutating func one<Element>(of elements: [Element]) -> Element {
        elements[Int(number(0...Int64(elements.count - 1)))]
    }
}
