/// A point in time in whole nanoseconds: virtual in a simulation, monotonic on a socket.
///
/// Nothing below the drivers reads a clock. Whatever depends on time takes `now`, and calls never go backwards.
@frozen public struct Instant: Hashable, Sendable {
    public let nanoseconds: Int64

    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    @inlinable public static var start: Instant { Instant(nanoseconds: 0) }

    /// Later than any reachable instant. Stored instead of `nil`, so that a table of deadlines is dense.
    @inlinable public static var never: Instant { Instant(nanoseconds: .max) }

    @inlinable public var isNever: Bool { nanoseconds == .max }
}

extension Instant: Comparable {
    @inlinable public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }
}

extension Instant {
    /// `never` stays `never`, and a sum past the end of time becomes it.
    @inlinable public static func + (start: Instant, length: Interval) -> Instant {
        let (sum, overflow) = start.nanoseconds.addingReportingOverflow(length.nanoseconds)
        return overflow || start.isNever ? .never : Instant(nanoseconds: sum)
    }

    @inlinable public static func - (end: Instant, start: Instant) -> Interval {
        Interval(nanoseconds: end.nanoseconds - start.nanoseconds)
    }

    @inlinable public static func - (end: Instant, length: Interval) -> Instant {
        Instant(nanoseconds: end.nanoseconds - length.nanoseconds)
    }
}

extension Instant: CustomStringConvertible {
    public var description: String { isNever ? "never" : Interval(nanoseconds: nanoseconds).description }
}
