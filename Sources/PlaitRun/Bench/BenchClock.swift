/// Reads a monotonic clock in nanoseconds. Clocks belong to the command line and the live world, so a bench is handed
/// one.
package struct BenchClock {
    private let read: () -> UInt64

    package init(_ read: @escaping () -> UInt64) { self.read = read }

    /// Since some moment that stays the same.
    var now: UInt64 { read() }

    /// Runs `body`.
    ///
    /// - Returns: What it answered, and how many nanoseconds it took.
    func time<Answer>(_ body: () -> Answer) -> (answer: Answer, wall: UInt64) {
        let start = now
        let answer = body()
        return (answer, now - start)
    }
}

/// One figure of a bench, as it is printed: `name value`.
package struct BenchFigure: Hashable, Sendable, CustomStringConvertible {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: some CustomStringConvertible) {
        self.name = name
        self.value = value.description
    }

    package var description: String { "\(name) \(value)" }
}

/// `part / whole` with `digits` decimals, in integers, rounded to nearest.
func decimal(_ part: UInt64, per whole: UInt64, digits: Int) -> String {
    precondition(whole > 0, "a ratio to nothing")
    var scale: UInt128 = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = (UInt128(part) * scale + UInt128(whole / 2)) / UInt128(whole)
    guard digits > 0 else { return scaled.description }
    let fraction = (scaled % scale).description
    return "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
}

/// Nanoseconds as seconds with six decimals.
func seconds(_ nanoseconds: UInt64) -> String { decimal(nanoseconds, per: 1_000_000_000, digits: 6) }

/// Events a second, whole.
func rate(_ count: UInt64, in nanoseconds: UInt64) -> UInt64 {
    UInt64(UInt128(count) * 1_000_000_000 / UInt128(max(nanoseconds, 1)))
}
