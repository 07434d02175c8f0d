import PlaitVerify
import Testing

@Suite("Choices")
struct ChoicesTests {
    private func some(_ choices: inout Choices) -> [Int64] {
        [
            choices.number(-5...5), choices.magnitude(1...1_000_000), choices.number(0...Int64.max - 1),
            choices.happens(percent: 50) ? 1 : 0, choices.one(of: [7, 8, 9]), choices.magnitude(300...301),
        ]
    }

    @Test("what was chosen, handed in again, makes the same values", arguments: UInt64(1)...50)
    func again(seed: UInt64) {
        var first = Choices(seed: seed, name: "again")
        let values = (0..<5).flatMap { _ in some(&first) }
        var second = Choices(first.numbers)
        #expect((0..<5).flatMap { _ in some(&second) } == values)
        #expect(second.numbers == first.numbers && second.isSpent && !first.isSpent)
    }

    @Test("zero is the simplest choice, and stands for all that was not handed in")
    func simplest() {
        var choices = Choices([])
        #expect(some(&choices) == [-5, 1, 0, 0, 7, 300])
        #expect(choices.numbers == [0, 0, 0, 0, 0, 0])
    }

    @Test("a number too large for its choice is the largest there is, and is recorded so")
    func clamped() {
        var choices = Choices([.max, .max, 3])
        #expect(choices.number(2...9) == 9)
        #expect(choices.magnitude(1...1_000) == 1_000)
        #expect(choices.one(of: ["a", "b"]) == "b")
        #expect(choices.numbers == [7, 999, 1])
    }

    @Test("numbers that are handed in may go on with those of a seed")
    func tail() {
        var choices = Choices([4], thenSeed: 3, name: "tail")
        var other = Choices(seed: 3, name: "tail")
        #expect(choices.number(0...9) == 4)
        _ = other.number(0...9)
        let (a, b) = ((0..<20).map { _ in choices.number(0...99) }, (0..<20).map { _ in other.number(0...99) })
        #expect(a == b && !choices.isSpent)
    }

    @Test("each doubling of a magnitude is as likely")
    func magnitudes() {
        var choices = Choices(seed: 1, name: "magnitudes")
        let small = (0..<4_000).count { _ in choices.magnitude(1...1_048_576) < 1_024 }
        #expect((1_850...2_150).contains(small))
    }
}
