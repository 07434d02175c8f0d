/// How an endpoint makes and runs its connections.
package struct EndpointConfiguration: Sendable {
    package var handshake = HandshakeConfiguration()
    package var connection = ConnectionConfiguration()
    /// Whether clients may connect to it.
    package var accepts = false
    /// Connections at once; further initiations are dropped. A hostile crowd ends here.
    package var connectionsMax = 100_000

    package init() {}
}
