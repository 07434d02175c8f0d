package import PlaitCore

/// What the server says inside the second message, where it is encrypted and authenticated.
package struct ServerPayload: Hashable, Sendable {
    /// This one counts; the source id in front of the packet can be changed by anybody.
    package var connectionID: ConnectionID
    package var capabilities: Capabilities
    package var parameters: TransportParameters

    package init(connectionID: ConnectionID, capabilities: Capabilities, parameters: TransportParameters) {
        self.connectionID = connectionID
        self.capabilities = capabilities
        self.parameters = parameters
    }

    package static let lengthMax = ConnectionID.length + 16 + TransportParameters.lengthMax

    @_lifetime(writer: copy writer)
    package func write(into writer: inout ByteWriter) throws(ByteError) {
        try writer.write(connectionID.value)
        try writer.write(capabilities.supported)
        try writer.write(capabilities.required)
        try parameters.write(into: &writer)
    }

    package init(reading bytes: RawSpan) throws(PeerViolation) {
        var reader = ByteReader(bytes)
        do throws(ByteError) {
            connectionID = ConnectionID(try reader.integer())
            capabilities = Capabilities(supported: try reader.integer(), required: try reader.integer())
        } catch {
            throw PeerViolation(.parameter, "a server's message that ends in the middle")
        }
        guard connectionID != .unknown else { throw PeerViolation(.parameter, "a server without a connection id") }
        parameters = try TransportParameters(reading: reader.rest())
    }
}
