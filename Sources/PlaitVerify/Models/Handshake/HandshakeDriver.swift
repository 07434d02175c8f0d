import PlaitCore
import PlaitCrypto
import PlaitNetwork
import PlaitSimulator
import PlaitTransport

/// A real client and a real server in the simulator's step-controlled mode, led through the module's actions.
///
/// What waits in the simulator stands for the module's wire: of each content one packet is held, and a copy of it is
/// delivered. Data packets, of which the module says that one can always come, are kept from the first one on.
///
/// A class, because a simulator cannot be copied and whoever leads a driver keeps it in values that can.
package final class HandshakeDriver: ModelDriver {
    package typealias Twin = HandshakeModel

    let model: HandshakeModel
    /// The client's.
    private let configuration: EndpointConfiguration
    let seed: UInt64
    let client: HandshakeEnd
    let server: HandshakeEnd
    var simulator: Simulator
    var held = HeldHandshake()
    /// What the application and the network have seen of it so far.
    var history = HandshakeHistory()
    /// There once the client has connected, since it needs the client's first packet.
    var attacker: HandshakeAttacker?
    /// The state, until something is done.
    var known: HandshakeState?
    package internal(set) var hasAsked = false

    /// Time between a message and its repetition. Far below any timer of a connection, so that handshakes' come first.
    static let tick = Interval(nanoseconds: 100)

    package init(_ model: HandshakeModel, seed: UInt64) {
        self.model = model
        self.seed = seed
        configuration = Self.configuration(model, accepts: false)
        client = HandshakeEnd(configuration, seed: seed, name: "handshake/client")
        server = HandshakeEnd(Self.configuration(model, accepts: true), seed: seed, name: "handshake/server")
        simulator = Simulator(Self.plan(seed))
        simulator.seat(client, on: HostID(0), port: Self.port, flow: FlowID(-1), name: "the client")
        simulator.seat(server, on: HostID(1), port: Self.port, flow: FlowID(-1), name: "the server")
    }

    // MARK: The world

    private static let port: UInt16 = 4_433
    static let clientAddress = SocketAddress(interface: UInt32(LinkID(0).forward.index), port: port)
    static let serverAddress = SocketAddress(interface: UInt32(LinkID(0).backward.index), port: port)
    static let (clientSeat, serverSeat) = (0, 1)
    /// Best first; both work on every machine.
    static let suites: [Suite] = [.chaChaPolySHA256, .chaChaPolyBLAKE2b]

    private static func configuration(_ model: HandshakeModel, accepts: Bool) -> EndpointConfiguration {
        var configuration = EndpointConfiguration()
        configuration.accepts = accepts
        var parameters = TransportParameters.usual
        // Long against the handshake's timers, short against probes: silence is over after a few.
        parameters.idleTimeout = .milliseconds(200)
        configuration.handshake = HandshakeConfiguration(
            suites: Array(suites.prefix(accepts ? 2 : model.attemptsMax)),
            timing: HandshakeTiming(
                firstTimeout: tick,
                timeoutMax: 10 * tick,
                giveUpAfter: 2 * tick,
                cookieLifetime: .seconds(1_000_000)
            ),
            halfOpenMax: model.halfOpenMax,
            parameters: parameters
        )
        return configuration
    }

    private static func plan(_ seed: UInt64) -> NetworkPlan {
        var plan = NetworkPlan()
        plan.seed = seed
        plan.hosts = [HostPlan(name: "client"), HostPlan(name: "server")]
        let direction = LinkConfiguration(queue: UnlimitedQueue())
        plan.links = [
            LinkPlan(name: "link", from: HostID(0), to: HostID(1), forward: direction, backward: direction)
        ]
        return plan
    }

    // MARK: The beginning

    func connect(_ mode: HandshakeState.Mode) -> Bool {
        guard history.mode == .none, model.modes.contains(mode) else { return false }
        let pattern: HandshakeMode = mode == .xx ? .xx : .ik
        let key = server.transport.publicKey
        do throws(ConnectError) {
            _ = try client.transport.connect(
                to: Self.serverAddress,
                from: Self.clientAddress,
                serverKey: key,
                mode: pattern,
                now: client.clock
            )
        } catch {
            preconditionFailure("a client that knows the key and has a suite can connect: \(error)")
        }
        history.mode = mode
        simulator.takeControl()
        collect()
        guard let first = held.first(.initiation(.none)), let bytes = simulator.bytes(ofHeld: first) else {
            preconditionFailure("a client that connects sends its first message")
        }
        attacker = HandshakeAttacker(
            overheard: bytes,
            configuration: configuration.handshake,
            mode: pattern,
            server: key,
            seed: seed
        )
        return true
    }

    package func concreteFailures() -> [String] {
        client.transport.checkInvariants()
        server.transport.checkInvariants()
        var failures = history.failures + gateFailures()
        if server.bytesOut > 3 * server.bytesIn {
            failures.append(
                "\(server.bytesOut) bytes went to an address that sent \(server.bytesIn) and proved nothing"
            )
        }
        if let known = client.established.first, known.peer != server.transport.publicKey {
            failures.append("the client took another key for the server's")
        }
        if server.established.contains(where: { $0.peer != client.transport.publicKey }) {
            failures.append("the server took another key for the client's")
        }
        return failures
    }

    /// What the state cannot show of the gate, since it has one place for each kind of initiation.
    private func gateFailures() -> [String] {
        var failures: [String] = []
        var (own, forged, changed) = (0, 0, server.transport.placesSpent().count)
        for index in 0..<server.transport.responderCount() {
            guard let responder = server.transport.responder(at: index) else { continue }
            if responder.stage == .unfit { failures.append("the gate keeps a handshake that broke a rule") }
            if isClients(responder) {
                own += 1
            } else if responder.mark == attacker?.forgedMark {
                forged += 1
            } else if responder.mark == attacker?.changedMark {
                changed += 1
            } else {
                failures.append("the gate keeps a handshake that nobody began")
            }
        }
        let places = state.places
        if max(own, forged, changed) > 1 || own + forged + changed != places {
            failures.append(
                "the gate keeps \(own) of the client's, \(forged) forged and \(changed) changed: not \(places) places"
            )
        }
        return failures
    }
}

/// What is not in the machines any more, or was never: what was seen of them.
struct HandshakeHistory {
    var mode = HandshakeState.Mode.none
    /// By generation, less one: the id that the server gave to it.
    var generations: [ConnectionID] = []
    /// Sessions that began, by generation, and generations of the second suite.
    var sessions: UInt64 = 0
    var weak: UInt64 = 0
    /// What the client's connection had of a handshake when it was last seen alive.
    var clientKeys = 0
    /// What the gate calls the client's initiations, that of the second attempt too.
    var firstMark: UInt64 = 0
    var secondMark: UInt64 = 0
    /// The one that answers the client's first message.
    var rightCookie: [UInt8] = []
    var faults = 0
    /// Rules of the bytes that were broken.
    var failures: [String] = []
    /// Whether it was the client's own first message that arrived last: then a cookie is for that.
    var answersClient = false

    /// The generation with this id; nil if it is a stranger's, or one that has no place in the module's state.
    func generation(of id: ConnectionID) -> Int? {
        guard let index = generations.firstIndex(of: id), index < HandshakeMessage.generationsMax else { return nil }
        return index + 1
    }

    /// Those that have a place.
    var generationsPlaced: Int { min(generations.count, HandshakeMessage.generationsMax) }
}
