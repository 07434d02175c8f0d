/// Wall-clock time since it was made. The only clock of this module; nothing it says reaches a result.
package struct Stopwatch: Sendable {
    private let start = ContinuousClock.now

    package init() {}

    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
