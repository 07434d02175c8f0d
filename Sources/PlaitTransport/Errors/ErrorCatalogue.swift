/// What a user should know of one error: sentences without their first capital and last stop, to be joined.
package struct ErrorEntry: Sendable {
    package let code: ErrorCode
    /// What happened.
    package let cause: StaticString
    /// What that says about the connection, the peer or the data.
    package let meaning: StaticString
    /// What to do about it.
    package let remedy: StaticString
    /// Whether the same thing, tried again later without a change at either end, may succeed.
    package let isRetryable: Bool

    init(
        _ code: ErrorCode,
        cause: StaticString,
        meaning: StaticString,
        remedy: StaticString,
        isRetryable: Bool = false
    ) {
        self.code = code
        self.cause = cause
        self.meaning = meaning
        self.remedy = remedy
        self.isRetryable = isRetryable
    }
}

/// The one list of all errors. docs/ERRORS.md is made from it; descriptions take their sentences from it.
package enum ErrorCatalogue {
    /// In the order of their codes.
    package static let entries: [ErrorEntry] =
        handshake + transport + streams + datagrams + paths + reconnection + operations

    package static func entry(of code: ErrorCode) -> ErrorEntry {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].code.rawValue < code.rawValue { low = middle + 1 } else { high = middle }
        }
        precondition(low < entries.count && entries[low].code == code, "an error without its entry")
        return entries[low]
    }
}
