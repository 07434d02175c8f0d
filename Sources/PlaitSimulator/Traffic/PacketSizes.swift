import PlaitCore

/// How long a flow's packets are, in bytes of UDP payload.
package enum PacketSizes: Sendable {
    case fixed(Int)
    /// Exponentially distributed around `mean`, clipped to 24 bytes (the header) below and to `most` above.
    case exponential(mean: Int, most: Int)

    /// Room for the header of a plain packet.
    package static let least = 24

    package var mean: Int {
        switch self {
        case .fixed(let bytes): bytes
        case .exponential(let mean, _): mean
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
