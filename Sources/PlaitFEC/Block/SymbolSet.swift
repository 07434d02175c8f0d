/// Which of up to 256 numbered symbols are there.
struct SymbolSet: Sendable {
    private var words = InlineArray<4, UInt64>(repeating: 0)
    private(set) var count = 0

    @inline(__always)
    func contains(_ number: Int) -> Bool { words[number >> 6] >> UInt64(number & 63) & 1 == 1 }

    /// Adds a number.
    ///
    /// - Returns: Whether it was not there before.
    @inline(__always)
    mutating func insert(_ number: Int) -> Bool {
        let bit: UInt64 = 1 << UInt64(number & 63)
        guard words[number >> 6] & bit == 0 else { return false }
        words[number >> 6] |= bit
        count &+= 1
        return true
    }
}
