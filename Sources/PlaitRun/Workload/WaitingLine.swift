/// First come, first served.
struct WaitingLine {
    private var waiting: [Int] = []
    /// Those before it have gone.
    private var next = 0

    var isEmpty: Bool { next == waiting.count }
    var first: Int? { isEmpty ? nil : waiting[next] }

    mutating func append(_ slot: Int) { waiting.append(slot) }

    mutating func popFirst() -> Int? {
        guard let first else { return nil }
        next += 1
        // Half of it is gone: each place is moved at most once.
        if 2 * next >= waiting.count {
            waiting.removeFirst(next)
            next = 0
        }
        return first
    }
}
