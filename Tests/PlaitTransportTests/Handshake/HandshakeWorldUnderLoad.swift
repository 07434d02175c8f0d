import PlaitCore
import PlaitCrypto
import PlaitTransport

/// Clients that come to a server that has others.
enum HandshakeWorldUnderLoad {
    /// The world's own client, whose first packets were thrown away, begins anew against the loaded gate.
    static func join(_ world: HandshakeWorld, over channel: Channel) -> HandshakeWorld {
        let key = world.serverIdentity.publicKey
        world.initiator = Initiator(
            configuration: world.configuration.client,
            mode: world.initiator.mode,
            identity: world.clientIdentity,
            server: key,
            sourceID: ConnectionID(world.clientSecrets.next()),
            secrets: &world.clientSecrets,
            now: world.now
        )
        world.wire = []
        world.run(until: world.now + .seconds(10), over: channel)
        return world
    }

    /// Carries a client's packets to another world's gate and back, `messages` times each way.
    static func exchange(_ client: HandshakeWorld, with server: HandshakeWorld, port: UInt16, messages: Int) {
        let from = SocketAddress(interface: 1, port: port)
        for _ in 0..<messages {
            var datagram = [UInt8](repeating: 0, count: 1_500)
            var span = datagram.mutableSpan
            var bytes = span.mutableRaw
            guard client.initiator.nextTransmit(into: &bytes, now: client.now) != nil else { return }
            let initiation = Array(datagram[..<1_200])
            server.deliver(Flight(toServer: true, arrival: server.now, bytes: initiation, from: from, order: 0))
            while let reply = server.nextReply() {
                client.deliver(Flight(toServer: false, arrival: client.now, bytes: reply, from: from, order: 0))
            }
        }
    }
}
