import PlaitCore

/// How long a flow's packets are, in bytes of UDP payload.
package enum PacketSizes: Sendable {
    case fixed(Int)
    /// Exponentially distributed around `mean`, clipped to 24 bytes (the header) below and to `most` above.
    case exponential(mean: Int, most: Int)

    /// Room for the header of a plain packet.
    package static let least = 24

    /// The mean of what is sent, clipping included: over 2^16 equal steps of probability.
    func mean(_ exponential: QuantileTable) -> Int {
        switch self {
        case .fixed(let bytes): return bytes
        case .exponential(let mean, let most):
            var sum = 0
            for step in 0..<UInt64(1 << 16) {
                let size = Int(exponential.sample(step << 48 | 1 << 47, scale: Int64(mean)))
                sum += min(most, max(Self.least, size))
            }
            return (sum + 1 << 15) >> 16
        }
    }

    package var largest: Int {
        switch self {
        case .fixed(let bytes): bytes
        case .exponential(_, let most): most
        }
    }

    /// The size of packet `index`.
    func size(of index: UInt64, stream: RandomStream, exponential: QuantileTable) -> Int {
        switch self {
        case .fixed(let bytes): bytes
        case .exponential(let mean, let most):
            min(most, max(Self.least, Int(exponential.sample(stream.draw(index, 1), scale: Int64(mean)))))
        }
    }
}
