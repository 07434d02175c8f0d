/// Makes a failing case small: looks for a shorter sequence of choices, and among equally long ones for smaller
/// numbers, that still fails in the same property.
///
/// It knows nothing of what is made of the numbers. Where a stateful run says at which number each step began, whole
/// steps are left out and exchanged. It draws nothing: the same case shrinks to the same case in every process.
package struct Shrinker {
    private let property: Property
    private let target: String
    private let triesMax: Int
    package private(set) var best: PropertyVerdict
    /// Cases that were run.
    package private(set) var tries = 0

    /// `failing` is a verdict with a failure, whose property's name must stay.
    package init(_ property: Property, _ failing: PropertyVerdict, triesMax: Int = 4_000) {
        guard let failure = failing.failure else { preconditionFailure("a case that holds cannot be shrunk") }
        self.property = property
        self.triesMax = triesMax
        target = failure.property
        best = failing
    }

    /// Whether `numbers` are simpler than `others`: fewer, or as many and smaller at the first difference.
    package static func isSimpler(_ numbers: [UInt64], than others: [UInt64]) -> Bool {
        numbers.count == others.count ? numbers.lexicographicallyPrecedes(others) : numbers.count < others.count
    }

    /// Tries until no way of making the case simpler helps, or too many were tried.
    package mutating func shrink() {
        var before: [UInt64]
        repeat {
            before = best.choices
            cutTail()
            deleteSteps()
            deleteBlocks()
            zeroSteps()
            lowerNumbers()
            lowerAndDelete()
            swapSteps()
            swapNumbers()
            moveAlong()
        } while best.choices != before && tries < triesMax
    }

    @discardableResult
    private mutating func accept(_ numbers: [UInt64]) -> Bool {
        guard tries < triesMax, Self.isSimpler(numbers, than: best.choices) else { return false }
        tries += 1
        let verdict = property.run(Choices(numbers))
        // What was used may be longer than what was given.
        guard verdict.failure?.property == target, Self.isSimpler(verdict.choices, than: best.choices) else {
            return false
        }
        best = verdict
        return true
    }

    private func without(_ range: Range<Int>) -> [UInt64] {
        var numbers = best.choices
        numbers.removeSubrange(range)
        return numbers
    }

    /// Where a step lies among the numbers.
    private func span(_ steps: Range<Int>) -> Range<Int> {
        let end = steps.upperBound < best.steps.count ? best.steps[steps.upperBound] : best.choices.count
        return best.steps[steps.lowerBound]..<end
    }

    // MARK: Shorter

    private mutating func cutTail() {
        var (low, high) = (0, best.choices.count)
        while low < high {
            let middle = (low + high) / 2
            if accept(Array(best.choices.prefix(middle))) {
                high = min(middle, best.choices.count)
            } else {
                low = middle + 1
            }
        }
    }

    private mutating func deleteSteps() {
        var size = max(1, best.steps.count / 2)
        while true {
            var end = best.steps.count
            while end > 0 {
                let start = max(0, end - size)
                _ = accept(without(span(start..<end)))
                end = min(start, best.steps.count)
            }
            guard size > 1 else { return }
            size /= 2
        }
    }

    private mutating func deleteBlocks() {
        for size in [16, 8, 4, 3, 2, 1] {
            var start = best.choices.count - size
            while start >= 0 {
                if start + size <= best.choices.count { accept(without(start..<start + size)) }
                start -= 1
            }
        }
    }

    // MARK: Smaller

    private mutating func zeroSteps() {
        for step in stride(from: best.steps.count - 1, through: 0, by: -1) where step < best.steps.count {
            var numbers = best.choices
            // The first number of a step says which rule it is.
            for index in span(step..<step + 1).dropFirst() { numbers[index] = 0 }
            accept(numbers)
        }
    }

    private mutating func lowerNumbers() {
        var index = best.choices.count - 1
        while index >= 0 {
            if index < best.choices.count { lower(index) }
            index -= 1
        }
    }

    private func with(_ index: Int, _ number: UInt64) -> [UInt64] {
        var numbers = best.choices
        numbers[index] = number
        return numbers
    }

    private mutating func lower(_ index: Int) {
        let count = best.choices.count
        guard best.choices[index] > 0, !accept(with(index, 0)) else { return }
        var low: UInt64 = 0
        // What fails need not fail below a number that holds, so the search is a guess, and small steps follow it.
        while index < best.choices.count, best.choices.count == count, best.choices[index] - low > 1 {
            let middle = low + (best.choices[index] - low) / 2
            if !accept(with(index, middle)) { low = middle }
            if tries >= triesMax { return }
        }
        while index < best.choices.count, best.choices[index] > 0, accept(with(index, best.choices[index] - 1)) {}
    }

    /// A number may say how many things follow it.
    private mutating func lowerAndDelete() {
        var index = best.choices.count - 1
        while index >= 0 {
            for size in 1...6 where index + size < best.choices.count && best.choices[index] > 0 {
                var numbers = with(index, best.choices[index] - 1)
                numbers.removeSubrange(index + 1...index + size)
                if accept(numbers) { break }
            }
            index -= 1
        }
    }

    // MARK: In order

    private mutating func swapSteps() {
        var step = 1
        while step < best.steps.count {
            let (first, second) = (span(step - 1..<step), span(step..<step + 1))
            let numbers = best.choices
            let swapped =
                numbers[..<first.lowerBound] + numbers[second] + numbers[first] + numbers[second.upperBound...]
            step = accept(Array(swapped)) ? max(1, step - 1) : step + 1
        }
    }

    private mutating func swapNumbers() {
        var index = 1
        while index < best.choices.count {
            if best.choices[index - 1] > best.choices[index] {
                var numbers = best.choices
                numbers.swapAt(index - 1, index)
                accept(numbers)
            }
            index += 1
        }
    }

    /// Two numbers may have to add up to something: as much of it as can be goes to the later one.
    private mutating func moveAlong() {
        for first in best.choices.indices {
            for second in first + 1..<first + 9 {
                guard first < best.choices.count, second < best.choices.count, best.choices[first] > 0 else { break }
                guard best.choices[second] > 0 else { continue }
                var step = best.choices[first]
                while step > 0, tries < triesMax {
                    if !move(step, from: first, to: second) { step /= 2 }
                }
            }
        }
    }

    private mutating func move(_ amount: UInt64, from first: Int, to second: Int) -> Bool {
        guard first < best.choices.count, second < best.choices.count, best.choices[first] >= amount,
            best.choices[second] <= .max - amount
        else { return false }
        var numbers = best.choices
        numbers[first] -= amount
        numbers[second] += amount
        return accept(numbers)
    }
}
