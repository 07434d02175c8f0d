/// A distribution in standard form as integers: its quantiles at fixed probabilities, linear in between.
///
/// Values are in units of 2^-32, so that 1.0 is `1 << 32`. A sample takes 64 uniform bits `u` to the quantile of
/// `u / 2^64`, or of `1 - ~u / 2^64` in the upper half, so that both halves are treated alike. Probabilities are
/// counted from the nearer end, `tail = min(u, ~u)`, and every halving of the distance to an end is one octave of 64
/// cells:
///
///     p   0   2^-41         2^-40                 ...                 1/8             1/4             1/2
///         |cell 0|  64 cells  |       64 cells     |      64 cells     |    64 cells    |    64 cells    |
///
/// so both tails keep their shape to about 1 in 2^41. A table is made once, when a scenario is loaded, and may be made
/// with floating point; sampling is integer arithmetic without branches on the distribution, and so the same
/// everywhere.
public struct QuantileTable: Hashable, Sendable {
    /// What the distribution is called: `exponential`.
    public let name: String
    /// The lower half from p = 0 to 1/2, then the upper half from p = 1 down to 1/2. What a run's hash must cover.
    public let words: [Int64]

    /// Where on the distribution a stored quantile stands.
    public struct Knot: Hashable, Sendable {
        /// Whether `probability` is counted from the upper end.
        public let isUpper: Bool
        /// The chance of a value beyond this one, towards the knot's own end. Exact; 0 to 1/2.
        public let probability: Double
    }

    /// How many halvings of the distance to an end have cells of their own.
    @usableFromInline static var octaves: Int { 40 }
    /// A power of two: `sample` takes the cell from six bits.
    @usableFromInline static var cellsPerOctave: Int { 64 }
    /// Both ends of every cell, and of the one below all octaves.
    @usableFromInline static var knotsPerHalf: Int { 2 + octaves * cellsPerOctave }

    /// Asks `quantile` for the value at every knot, in units of 2^-32. Its values may not fall as p grows.
    public init<Failure: Error>(
        name: String,
        quantile: (Knot) throws(Failure) -> Int64
    ) throws(Failure) {
        var words: [Int64] = []
        words.reserveCapacity(2 * Self.knotsPerHalf)
        for index in 0..<2 * Self.knotsPerHalf { words.append(try quantile(Self.knot(index))) }
        self.init(name: name, words: words)
    }

    /// A table whose words are already known: as many as `knots`, in that order.
    public init(name: String, words: [Int64]) {
        precondition(words.count == 2 * Self.knotsPerHalf, "a quantile table of the wrong size")
        for index in 1..<Self.knotsPerHalf {
            let upper = Self.knotsPerHalf + index
            precondition(words[index - 1] <= words[index] && words[upper] <= words[upper - 1], "quantiles that fall")
        }
        precondition(words[Self.knotsPerHalf - 1] <= words[2 * Self.knotsPerHalf - 1], "halves that overlap")
        precondition(words.allSatisfy { $0.magnitude < 1 << 62 }, "a quantile too large to interpolate")
        self.name = name
        self.words = words
    }

    /// What each of `words` is the quantile of.
    public static var knots: [Knot] { (0..<2 * knotsPerHalf).map(knot) }

    private static func knot(_ index: Int) -> Knot {
        let isUpper = index >= knotsPerHalf
        let place = isUpper ? index - knotsPerHalf : index
        guard place > 0 else { return Knot(isUpper: isUpper, probability: 0) }
        let (octave, cell) = (place - 1).quotientAndRemainder(dividingBy: cellsPerOctave)
        let mantissa = Double(cellsPerOctave + cell) / Double(cellsPerOctave)
        return Knot(
            isUpper: isUpper,
            probability: Double(sign: .plus, exponent: octave - octaves - 1, significand: mantissa)
        )
    }

    /// The value that 64 uniform bits stand for, in units of 2^-32.
    @inlinable public func sample(_ draw: UInt64) -> Int64 {
        let isUpper = draw >> 63 != 0
        let tail = isUpper ? ~draw : draw
        // 0 in the octave that ends at p = 1/2. Everything below the last octave is one cell more.
        let octave = tail.leadingZeroBitCount - 1
        let place: Int
        let fraction: UInt64
        if octave < Self.octaves {
            // The bits below the leading one: six for the cell, the rest for the place in it.
            let bits = tail &<< UInt64(octave + 2)
            place = 1 + (Self.octaves - 1 - octave) * Self.cellsPerOctave + Int(bits >> 58)
            fraction = bits << 6
        } else {
            place = 0
            fraction = tail << UInt64(Self.octaves + 1)
        }
        let index = isUpper ? place + Self.knotsPerHalf : place
        let start = words[index]
        let (high, low) = (words[index + 1] - start).multipliedFullWidth(by: Int64(fraction >> 1))
        // Divided by 2^63, rounded to nearest.
        return start + (high << 1 | Int64(low >> 63)) + Int64(low >> 62 & 1)
    }

    /// The value that 64 uniform bits stand for, where `scale` stands for 1.0, rounded to nearest.
    ///
    /// With a scale in nanoseconds the result is in nanoseconds.
    @inlinable public func sample(_ draw: UInt64, scale: Int64) -> Int64 {
        let (high, low) = sample(draw).multipliedFullWidth(by: scale)
        let (rounded, carry) = low.addingReportingOverflow(1 << 31)
        let top = high + (carry ? 1 : 0)
        precondition(top >> 31 == top >> 63, "a scale too large for the result")
        return top << 32 | Int64(rounded >> 32)
    }
}
