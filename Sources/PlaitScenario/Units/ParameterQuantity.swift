package import PlaitCore

extension ParameterKind {
    /// The quantity a parameter is written as, or `nil` for flags, words and lists.
    package var quantity: Quantity? {
        switch self {
        case .probability: .probability
        case .interval: .interval
        case .bytes: .bytes
        case .rate: .rate
        case .frequency: .frequency
        case .packets: .packets
        case .integer: .integer
        case .decimal: .decimal
        case .flag, .integers, .word: nil
        }
    }
}

extension Quantity {
    /// A value in base units, as models take it.
    package func parameterValue(_ value: Int64) -> ParameterValue? {
        switch self {
        case .interval, .signedInterval: .interval(Interval(nanoseconds: value))
        case .rate: UInt64(exactly: value).map { .rate(Rate(bitsPerSecond: $0)) }
        case .bytes: .bytes(value)
        case .probability: UInt32(exactly: value).map { .probability(Probability(partsPerBillion: $0)) }
        case .frequency: .frequency(perThousandSeconds: value)
        case .packets: .packets(value)
        case .integer: .integer(value)
        case .decimal: .decimal(millionths: value)
        case .drift: nil
        }
    }
}

extension ParameterValue {
    /// As it is written in a scenario file.
    package var written: String {
        switch self {
        case .probability(let value): Quantity.probability.print(Int64(value.partsPerBillion))
        case .interval(let value): Quantity.signedInterval.print(value.nanoseconds)
        case .bytes(let value): Quantity.bytes.print(value)
        case .rate(let value):
            value.isUnlimited ? "unlimited" : Quantity.rate.print(Int64(clamping: value.bitsPerSecond))
        case .frequency(let value): Quantity.frequency.print(value)
        case .packets(let value): Quantity.packets.print(value)
        case .integer(let value): Quantity.integer.print(value)
        case .decimal(let value): Quantity.decimal.print(value)
        case .flag(let value): value ? "true" : "false"
        case .word(let value): value
        case .integers(let ranges):
            "["
                + ranges.map {
                    $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)..\($0.upperBound)"
                }
                .joined(separator: ", ") + "]"
        }
    }
}
