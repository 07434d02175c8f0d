public import PlaitCore

/// A byte source that waits for acknowledgements: a NewReno window over plain packets. Not TCP: no handshake, no SACK,
/// an acknowledgement per packet; its answer to loss and delay is what cross traffic needs.
enum ClosedLoopTraffic {
    static let registration = TrafficRegistration(
        signature: ModelSignature(
            name: "closed-loop",
            summary: "a byte source behind a NewReno window (no handshake, no SACK)",
            parameters: [
                .init("bytes", .bytes, "UDP payload to get across; sends until the flow stops unless given"),
                .init(
                    "window",
                    .packets,
                    "the most packets in flight, as a receiver's buffer sets it; 10,000 unless given"
                ),
            ],
            shorthands: ["bytes"]
        )
    ) { choice, context throws(ModelError) in
        guard case .fixed(let size) = context.sizes, size >= PlainPacket.closedLoopHeader else {
            throw ModelError("closed-loop packets have one size, of at least \(PlainPacket.closedLoopHeader) B")
        }
        if let bytes = choice.bytes("bytes"), bytes <= 0 {
            throw ModelError(parameter: "bytes", "must be larger than 0")
        }
        let windowMax = choice.packets("window") ?? 10_000
        guard windowMax > 0, windowMax <= 1_000_000 else {
            throw ModelError(parameter: "window", "must be from 1 to 1,000,000 packets")
        }
        let segments = choice.bytes("bytes").map { (UInt64(max(0, $0)) + UInt64(size) - 1) / UInt64(size) }
        return TrafficPair(
            source: ClosedLoopSource(context, size: size, segments: segments, windowMax: UInt64(windowMax)),
            sink: ClosedLoopSink(context)
        )
    }
}

/// What a source with an end tells whoever asks after the run.
public protocol CompletingEndpoint: Endpoint {
    /// On the host's clock, or nil while something is missing.
    var completedAt: Instant? { get }
}
