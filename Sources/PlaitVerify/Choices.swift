import PlaitCore

/// One sequence of choices, from which a generator makes its value: the same sequence, the same value.
///
/// Every choice takes exactly one number of the sequence, and a smaller number is a simpler choice. Whoever shrinks a
/// case does so by handing in other numbers, without knowing what is made of them.
package struct Choices {
    private let source: Source
    /// Choices made so far.
    package private(set) var count = 0

    private enum Source {
        case random(RandomStream)
        case given([UInt64])
    }

    /// The choices that `seed` and the generator's name stand for.
    package init(seed: UInt64, name: String) {
        source = .random(RandomStream(seed: seed, name: name))
    }

    /// Choices that were made before; beyond their end, the simplest.
    package init(_ numbers: [UInt64]) { source = .given(numbers) }

    private mutating func next() -> UInt64 {
        defer { count += 1 }
        switch source {
        case .random(let stream): return stream.draw(UInt64(count))
        case .given(let numbers): return count < numbers.count ? numbers[count] : 0
        }
    }

    /// Any whole number of the range, each as likely.
    package mutating func number(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next().uniform(below: UInt64(range.upperBound - range.lowerBound) + 1))
    }

    /// A number of the range such that each doubling is as likely.
    package mutating func magnitude(_ range: ClosedRange<Int64>) -> Int64 {
        precondition(range.lowerBound > 0, "nothing is a magnitude of nothing")
        let bits = next()
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

    /// One of these, each as likely; the first is the simplest.
    package mutating func one<Element>(of elements: [Element]) -> Element {
        elements[Int(number(0...Int64(elements.count - 1)))]
    }
}
