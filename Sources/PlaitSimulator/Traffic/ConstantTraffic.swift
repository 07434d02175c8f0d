import PlaitCore

/// Constant rate: `rate` in bits of UDP payload, or `frequency` in packets.
enum ConstantTraffic {
    static let registration = TrafficRegistration(
        signature: ModelSignature(
            name: "constant",
            summary: "packets at a constant rate",
            parameters: [
                .init("rate", .rate, "bits of UDP payload per second"),
                .init("frequency", .frequency, "packets per second, instead of `rate`"),
            ],
            shorthands: ["rate", "frequency"]
        )
    ) { choice, context throws(ModelError) in
        let gaps: OpenLoopSource.Gaps
        switch (choice.rate("rate"), choice.frequency("frequency")) {
        case (let rate?, nil) where !rate.isUnlimited:
            gaps = .perByte(nanoseconds: 8_000_000_000, divisor: rate.bitsPerSecond)
        case (nil, let frequency?) where frequency > 0:
            gaps = .perPacket(nanoseconds: 1_000_000_000_000, divisor: UInt64(frequency))
        default:
            throw ModelError("write either `rate` or `frequency`, larger than 0")
        }
        return TrafficPair(source: OpenLoopSource(context, gaps: gaps), sink: TrafficSink())
    }
}
