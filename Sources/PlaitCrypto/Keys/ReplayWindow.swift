/// Which packet numbers of a path were accepted already: no packet is taken twice.
///
///     refused: too old │◀──────── window ────────▶│ not seen yet
///     ─────────────────┴──────────────────────────┴────────────▶ numbers
///                      first                    highest
///
/// The window starts at 2^10 numbers and doubles whenever a number that was never seen would leave it, up to
/// `capacityMax`; so a busy path with much reordering pays for a large window and an idle one does not. It moves only
/// by `insert`, which is called when a packet's tag has verified: a forged number moves nothing.
package struct ReplayWindow: ~Copyable {
    /// One bit a number, in words of 64 numbers; a word's place is its index modulo the count.
    private var words: [UInt64]
    private let wordCountMax: Int
    /// The word that the largest number seen lies in.
    private var top: UInt64 = 0
    /// Whether anything was seen.
    private var isEmpty = true
    /// The largest number seen. 0 before the first.
    package private(set) var highest: UInt64 = 0

    /// How many numbers the window starts with.
    package static var capacityAtStart: Int { 1 << 10 }

    /// - Parameter capacityMax: How many numbers the window may come to hold; a power of two of at least 2^10.
    package init(capacityMax: Int = 1 << 14) {
        precondition(capacityMax >= Self.capacityAtStart && capacityMax & (capacityMax - 1) == 0, "not a power of two")
        words = Array(repeating: 0, count: Self.capacityAtStart / 64)
        wordCountMax = capacityMax / 64
    }

    /// How many numbers the window holds now.
    package var capacity: Int { words.count * 64 }

    /// Whether a packet of this number must be refused: it was seen, or is too old to tell.
    package func contains(_ number: UInt64) -> Bool {
        let word = number / 64
        if isEmpty || word > top { return false }
        if top - word >= UInt64(words.count) { return true }
        return words[place(of: word)] >> (number % 64) & 1 != 0
    }

    /// Takes note of a packet that was accepted.
    ///
    /// - Precondition: `contains(number)` is false.
    package mutating func insert(_ number: UInt64) {
        precondition(!contains(number), "a packet number accepted twice")
        let word = number / 64
        if word > top { move(to: word) }
        words[place(of: word)] |= 1 << (number % 64)
        highest = isEmpty ? number : max(highest, number)
        isEmpty = false
    }

    private func place(of word: UInt64) -> Int { Int(truncatingIfNeeded: word) & (words.count - 1) }

    private mutating func move(to word: UInt64) {
        while words.count < wordCountMax, losesUnseen(movingTo: word) { grow() }
        // At most once around: what lies further back is too old afterwards.
        let first = max(top + 1, word - min(word, UInt64(words.count - 1)))
        for new in first...word { words[place(of: new)] = 0 }
        top = word
    }

    /// Whether a number that was never seen would leave the window.
    private func losesUnseen(movingTo word: UInt64) -> Bool {
        let count = UInt64(words.count)
        guard word >= count else { return false }
        let oldest = top >= count ? top - count + 1 : 0
        let leaving = oldest...min(top, word - count)
        for word in leaving where words[place(of: word)] != .max { return true }
        // The words between, of which nothing was seen.
        return word - count > top
    }

    private mutating func grow() {
        let old = words
        // What left the smaller window is unknown, so the larger one counts it as seen.
        words = Array(repeating: .max, count: 2 * old.count)
        let oldest = top >= UInt64(old.count) ? top - UInt64(old.count) + 1 : 0
        for word in oldest...top { words[place(of: word)] = old[Int(truncatingIfNeeded: word) & (old.count - 1)] }
    }
}
