public import PlaitCore

/// The two ends of a flow of plain traffic.
public struct TrafficPair {
    public let source: any Endpoint
    public let sink: any Endpoint

    public init(source: any Endpoint, sink: any Endpoint) {
        self.source = source
        self.sink = sink
    }
}

/// What a traffic model is made with besides its own parameters.
public struct TrafficContext: Sendable {
    public var flow: FlowID
    /// Where the source sends from and to.
    public var local: SocketAddress
    public var remote: SocketAddress
    package var sizes: PacketSizes
    /// On the source's clock.
    public var start: Instant
    public var stop: Instant
    public var ecn: ECN
    public var stream: RandomStream
    public var distributions: Distributions

    package init(
        flow: FlowID,
        local: SocketAddress,
        remote: SocketAddress,
        sizes: PacketSizes,
        start: Instant,
        stop: Instant,
        ecn: ECN,
        stream: RandomStream,
        distributions: Distributions
    ) {
        self.flow = flow
        self.local = local
        self.remote = remote
        self.sizes = sizes
        self.start = start
        self.stop = stop
        self.ecn = ecn
        self.stream = stream
        self.distributions = distributions
    }
}

/// A traffic model's name and parameters, and how its two ends are made from them.
public struct TrafficRegistration: Sendable {
    public let signature: ModelSignature
    public let make: @Sendable (ModelChoice, TrafficContext) throws(ModelError) -> TrafficPair

    public init(
        signature: ModelSignature,
        make: @escaping @Sendable (ModelChoice, TrafficContext) throws(ModelError) -> TrafficPair
    ) {
        self.signature = signature
        self.make = make
    }
}

/// The traffic models that scenario files can name. A new one is one file and one line here.
public struct TrafficModels: Sendable {
    public var traffic: [TrafficRegistration]

    public static let standard = TrafficModels(
        traffic: [
            ConstantTraffic.registration,
            PoissonTraffic.registration,
            ClosedLoopTraffic.registration,
        ]
    )
}
