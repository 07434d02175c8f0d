/// A kind of number in a scenario file, with the units it is written in. Values are whole numbers of a base unit.
package enum Quantity: Hashable, Sendable, CaseIterable {
    /// Nanoseconds, not negative.
    case interval
    /// Nanoseconds.
    case signedInterval
    /// Bits per second.
    case rate
    case bytes
    /// Parts per billion.
    case probability
    /// Packets per thousand seconds.
    case frequency
    case packets
    case integer
    /// Millionths.
    case decimal
    /// Parts per billion of a clock's speed.
    case drift
}

/// A unit and how many base units it stands for.
package struct QuantityUnit: Hashable, Sendable {
    package let name: String
    package let factor: Int64
}

extension Quantity {
    /// The units, smallest first. An empty name stands for a number without a unit.
    package var units: [QuantityUnit] {
        switch self {
        case .interval, .signedInterval:
            [
                QuantityUnit(name: "ns", factor: 1),
                QuantityUnit(name: "us", factor: 1_000),
                QuantityUnit(name: "ms", factor: 1_000_000),
                QuantityUnit(name: "s", factor: 1_000_000_000),
                QuantityUnit(name: "min", factor: 60_000_000_000),
                QuantityUnit(name: "h", factor: 3_600_000_000_000),
            ]
        case .rate:
            [
                QuantityUnit(name: "kbps", factor: 1_000),
                QuantityUnit(name: "Mbps", factor: 1_000_000),
                QuantityUnit(name: "Gbps", factor: 1_000_000_000),
            ]
        case .bytes:
            [
                QuantityUnit(name: "B", factor: 1),
                QuantityUnit(name: "kB", factor: 1_000),
                QuantityUnit(name: "MB", factor: 1_000_000),
                QuantityUnit(name: "GB", factor: 1_000_000_000),
            ]
        case .probability:
            [QuantityUnit(name: "%", factor: 10_000_000), QuantityUnit(name: "", factor: 1_000_000_000)]
        case .frequency: [QuantityUnit(name: "pps", factor: 1_000)]
        case .packets: [QuantityUnit(name: "packets", factor: 1), QuantityUnit(name: "packet", factor: 1)]
        case .integer: [QuantityUnit(name: "", factor: 1)]
        case .decimal: [QuantityUnit(name: "", factor: 1_000_000)]
        case .drift: [QuantityUnit(name: "ppb", factor: 1), QuantityUnit(name: "ppm", factor: 1_000)]
        }
    }

    /// For messages: `'20 ms' is a time, not a rate`.
    package var noun: String {
        switch self {
        case .interval, .signedInterval: "a time"
        case .rate: "a rate"
        case .bytes: "a number of bytes"
        case .probability: "a probability"
        case .frequency: "a number of packets per second"
        case .packets: "a number of packets"
        case .integer: "a whole number"
        case .decimal: "a number"
        case .drift: "a clock drift"
        }
    }

    package var example: String {
        switch self {
        case .interval: "15 ms"
        case .signedInterval: "-3 s"
        case .rate: "50 Mbps"
        case .bytes: "1_200 B"
        case .probability: "0.5 %"
        case .frequency: "400 pps"
        case .packets: "50 packets"
        case .integer: "3"
        case .decimal: "1.5"
        case .drift: "50 ppm"
        }
    }

    /// The smallest step: `'1.5 ns' is finer than a nanosecond`.
    package var step: String {
        switch self {
        case .interval, .signedInterval: "a nanosecond"
        case .rate: "a bit per second"
        case .bytes: "a byte"
        case .probability, .drift: "a billionth"
        case .frequency: "a packet in a thousand seconds"
        case .packets: "a packet"
        case .integer: "a whole number"
        case .decimal: "a millionth"
        }
    }

    /// What can be written, in base units. Sums of two intervals still fit 64 bits.
    package var range: ClosedRange<Int64> {
        switch self {
        case .interval: 0...Self.longest
        case .signedInterval: -Self.longest...Self.longest
        case .rate: 0...1_000_000_000_000_000
        case .bytes: 0...1_000_000_000_000_000
        case .probability: 0...1_000_000_000
        case .frequency: 0...1_000_000_000_000_000
        case .packets: 0...1_000_000_000_000
        case .integer, .decimal: -Int64.max...Int64.max
        case .drift: -500_000_000...500_000_000
        }
    }

    /// A million hours.
    private static let longest: Int64 = 3_600_000_000_000_000_000
}
