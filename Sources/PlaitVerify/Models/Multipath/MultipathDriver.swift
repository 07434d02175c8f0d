import PlaitCore
import PlaitCrypto
import PlaitNetwork
import PlaitSimulator
import PlaitTransport

/// A real client and a real server with two paths between them, in the simulator's step-controlled mode.
///
/// The windows of all paths are shut but while an action sends, and then only that path's is open: so the model
/// chooses the path. Time stands still, and each path's timers are passed alone, so the model chooses their order. The
/// server's own validation of the second path is no part of the model, and is seen to at once. A class, because a
/// simulator cannot be copied.
package final class MultipathDriver: ModelDriver {
    package typealias Twin = MultipathModel

    let model: MultipathModel
    let client: MultipathEnd
    let server: MultipathEnd
    var simulator: Simulator
    let stream: StreamID
    /// Bytes of a unit.
    let unit: Int
    private let salt: UInt64

    var held: [HeldMultipath] = []
    /// By path, what the server was once seen to have received: once it knows that an ACK was heard it need not
    /// remember earlier packets, whether or not that ACK told of them.
    var came: [Set<UInt64>] = [[], []]
    /// What is delivered now the model does not have.
    var isBeside = false
    /// By path, what the client sent that asks for an acknowledgement, in order of sending.
    var packets: [[(number: UInt64, items: UInt64)]] = [[], []]
    var ids: [PathID?] = [.first, nil]
    /// Which path and round a challenge's token was for.
    var tokens: [(token: UInt64, path: Int, round: Int)] = []
    var rounds = [1, 0]
    var wasActive = [true, false]
    /// As they were before the present action.
    var lives: [MultipathState.Life] = [.active, .unopened]
    var works: UInt64 = 0b11
    var faults = 0
    var written = 0
    var delivered = 0
    var failures: [String] = []
    var known: MultipathState?
    package internal(set) var hasAsked = false
    /// Below this, packets in the simulator were looked at.
    var seen: UInt64 = 0

    static let (clientSeat, serverSeat) = (0, 1)
    private static let port: UInt16 = 4_433
    static func local(_ path: Int) -> SocketAddress {
        SocketAddress(interface: UInt32(LinkID(path - 1).forward.index), port: port)
    }
    static func remote(_ path: Int) -> SocketAddress {
        SocketAddress(interface: UInt32(LinkID(path - 1).backward.index), port: port)
    }

    package init(_ model: MultipathModel, seed: UInt64) {
        self.model = model
        let random = RandomStream(seed: seed, name: "model/multipath")
        unit = 40 + Int(random.draw(0) % 60)
        salt = random.draw(1)
        client = MultipathEnd(Self.configuration(accepts: false), seed: seed, name: "multipath/client")
        server = MultipathEnd(Self.configuration(accepts: true), seed: seed, name: "multipath/server")
        simulator = Simulator(Self.plan(seed))
        simulator.seat(client, on: HostID(0), port: Self.port, flow: FlowID(-1), name: "the client")
        simulator.seat(server, on: HostID(1), port: Self.port, flow: FlowID(-1), name: "the server")
        stream = StreamID(index: 0, opener: .client, direction: .unidirectional)
        begin()
    }

    private static func configuration(accepts: Bool) -> EndpointConfiguration {
        var configuration = EndpointConfiguration()
        configuration.accepts = accepts
        var parameters = TransportParameters.usual
        parameters.idleTimeout = .zero
        parameters.ackDelayMax = .zero
        parameters.pathsMax = UInt64(MultipathModel.pathsMax)
        configuration.handshake = HandshakeConfiguration(parameters: parameters)
        configuration.connection.congestion = { _ in MultipathWindow.shut }
        configuration.connection.scheduler = { _ in MultipathChoice() }
        configuration.connection.reinjection = .onSuspicion
        configuration.connection.pathKeepAlive = .zero
        configuration.connection.pathsMax = MultipathModel.pathsMax
        return configuration
    }

    private static func plan(_ seed: UInt64) -> NetworkPlan {
        var plan = NetworkPlan()
        plan.seed = seed
        plan.hosts = [HostPlan(name: "client"), HostPlan(name: "server")]
        let direction = LinkConfiguration(queue: UnlimitedQueue())
        plan.links = (0..<MultipathModel.pathsMax).map { place in
            LinkPlan(
                name: "path \(place + 1)",
                from: HostID(0),
                to: HostID(1),
                forward: direction,
                backward: direction
            )
        }
        return plan
    }

    /// What stands at an offset of the stream.
    func byte(at offset: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: ((UInt64(offset) ^ salt) &* 0x9E37_79B9_7F4A_7C15) >> 56)
    }

    // MARK: The beginning

    /// Handshake, ids for both paths, and a stream; then the windows are shut.
    private func begin() {
        do throws(ConnectError) {
            _ = try client.transport.connect(
                to: Self.remote(1),
                from: Self.local(1),
                serverKey: server.transport.publicKey,
                mode: .ik,
                now: .start
            )
        } catch { preconditionFailure("a client that knows the key can connect: \(error)") }
        simulator.takeControl()
        deliverAll()
        // The server has a connection once it hears the client under the new keys.
        for end in [client, server] {
            control(end, by: MultipathWindow.open)
            deliverAll()
        }
        for end in [client, server] { control(end, by: MultipathWindow.shut) }
        guard let connection = client.connection else { preconditionFailure("both ends are connected") }
        do throws(StreamError) {
            let opened = try client.transport.open(.unidirectional, on: connection, now: .start)
            precondition(opened == stream, "the first stream has the first number")
        } catch { preconditionFailure("the peer allows streams: \(error)") }
        deliverAll()
    }

    private func control(_ end: MultipathEnd, by window: MultipathWindow) {
        guard let connection = end.connection else { preconditionFailure("both ends are connected") }
        end.transport.control(.first, of: connection, by: window, now: .start)
    }

    private func deliverAll() {
        for _ in 0..<100 {
            simulator.attend(seat: Self.clientSeat)
            simulator.attend(seat: Self.serverSeat)
            let waiting = simulator.heldPackets
            guard !waiting.isEmpty else { break }
            for packet in waiting { simulator.deliver(packet.serial) }
        }
        client.sent.removeAll()
        server.sent.removeAll()
    }

    package func concreteFailures() -> [String] {
        client.transport.checkInvariants()
        server.transport.checkInvariants()
        var found = failures
        for end in [client, server] {
            if let reason = end.closed { found.append("the connection was closed: \(reason)") }
        }
        for path in packets where zip(path, path.dropFirst()).contains(where: { $0.number >= $1.number }) {
            found.append("a packet number was used twice")
        }
        return found
    }

    func expect(_ holds: Bool, _ words: @autoclosure () -> String) {
        if !holds { failures.append(words()) }
    }
}

/// A packet that waits in the simulator, by what it is to the model.
struct HeldMultipath {
    let serial: UInt64
    /// Without what it acknowledges.
    var message: MultipathMessage
    let packet: SentMultipathPacket
    /// The path on which it travels.
    let way: Int
}
