/// The largest integer whose square is at most `value`. Integers only, so that every machine agrees.
public func squareRoot(_ value: UInt64) -> UInt64 {
    guard value > 0 else { return 0 }
    // The hardware's root of the rounded Double is at most one off; both neighbours are checked.
    var root = UInt64(Double(value).squareRoot())
    while root > UInt64(UInt32.max) || root * root > value { root -= 1 }
    while root < UInt64(UInt32.max), (root + 1) * (root + 1) <= value { root += 1 }
    return root
}
