/// A span of time in whole nanoseconds. Half the size of `Duration`, and exact.
@frozen public struct Interval: Hashable, Sendable {
    public let nanoseconds: Int64

    @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    @inlinable public static var zero: Interval { Interval(nanoseconds: 0) }
    @inlinable public static func nanoseconds(_ count: Int64) -> Interval { Interval(nanoseconds: count) }
    @inlinable public static func microseconds(_ count: Int64) -> Interval { Interval(nanoseconds: count * 1_000) }
    @inlinable public static func milliseconds(_ count: Int64) -> Interval { Interval(nanoseconds: count * 1_000_000) }
    @inlinable public static func seconds(_ count: Int64) -> Interval { Interval(nanoseconds: count * 1_000_000_000) }
}

extension Interval: Comparable {
    @inlinable public static func < (a: Interval, b: Interval) -> Bool { a.nanoseconds < b.nanoseconds }
}

extension Interval {
    @inlinable public static func + (a: Interval, b: Interval) -> Interval {
        Interval(nanoseconds: a.nanoseconds + b.nanoseconds)
    }

    @inlinable public static func - (a: Interval, b: Interval) -> Interval {
        Interval(nanoseconds: a.nanoseconds - b.nanoseconds)
    }

    @inlinable public static func * (count: Int64, length: Interval) -> Interval {
        Interval(nanoseconds: count * length.nanoseconds)
    }
}

extension Interval: CustomStringConvertible {
    /// The shortest exact form, in the units of scenario files: `15 ms`, `2.5 s`, `480 ns`.
    public var description: String {
        let magnitude = nanoseconds.magnitude
        let (unit, name): (UInt64, String) =
            switch magnitude {
            case 0: (1_000_000_000, "s")
            case ..<1_000: (1, "ns")
            case ..<1_000_000: (1_000, "us")
            case ..<1_000_000_000: (1_000_000, "ms")
            default: (1_000_000_000, "s")
            }
        var text = (nanoseconds < 0 ? "-" : "") + String(magnitude / unit)
        var rest = magnitude % unit
        if rest > 0 {
            text += "."
            var place = unit / 10
            while rest > 0 {
                text += String(rest / place)
                rest %= place
                place /= 10
            }
        }
        return text + " " + name
    }
}
