extension StreamLimits {
    /// What an end's transport parameters say of streams.
    init(_ parameters: TransportParameters) {
        self.init(
            dataMax: parameters.dataMax,
            streamDataMaxLocal: parameters.streamDataMaxLocal,
            streamDataMaxRemote: parameters.streamDataMaxRemote,
            streamDataMaxUnidirectional: parameters.streamDataMaxUnidirectional,
            streamsMaxBidirectional: parameters.streamsMaxBidirectional,
            streamsMaxUnidirectional: parameters.streamsMaxUnidirectional
        )
    }
}
