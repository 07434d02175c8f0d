package import PlaitCore
import PlaitCrypto
import PlaitNetwork
import PlaitSimulator
package import PlaitTransport

/// A server under forged first packets, and one honest client in the middle of them.
///
///     client ──────┐
///                  ├── router ── server
///     attacker ────┘
///
/// Half of the forged packets are an honest client's first packet with bytes changed in them, the others random bytes
/// in the right shape; each says it comes from another address.
package struct FloodTrial: Sendable {
    package var mode: HandshakeMode
    package var seed: UInt64
    package var packets: Int
    package var halfOpenMax = 128

    package init(mode: HandshakeMode, seed: UInt64, packets: Int) {
        self.mode = mode
        self.seed = seed
        self.packets = packets
    }

    /// What one flood came to.
    package struct Outcome: Sendable {
        /// Until the honest client had keys, without and with the flood; nil: never.
        package var calm: Interval?
        package var flooded: Interval?
        package var counters = GateCounters()
        /// The most places at the gate that were taken at any time, and the most connections.
        package var waitingMax = 0
        package var connectionsMax = 0
        /// Forged packets that reached the server.
        package var forged = 0
        /// Wall time that the server spent on them.
        package var nanoseconds: Int64 = 0

        package var nanosecondsEach: Int64 { nanoseconds / Int64(max(1, forged)) }
    }

    package static let roundTrip = Interval.milliseconds(100)

    /// Runs the client without and with the flood. `nanoseconds` is a clock that only measures.
    package func run(_ nanoseconds: @escaping () -> Int64) -> Outcome {
        let calm = runOnce(packets: 0, nanoseconds)
        var outcome = runOnce(packets: packets, nanoseconds)
        outcome.calm = calm.flooded
        return outcome
    }

    private func runOnce(packets: Int, _ nanoseconds: @escaping () -> Int64) -> Outcome {
        let server = FloodedServer(self, nanoseconds)
        let template = FloodedClient(self, serverKey: server.publicKey, at: .start).firstPacket()
        let spacing = Self.floodLength.nanoseconds / Int64(max(1, packets))
        let attacker = Attacker(packets: packets, every: Interval(nanoseconds: spacing), template: template, seed: seed)
        // When a half of the flood is over, the gate has been full for long.
        let client = FloodedClient(
            self,
            serverKey: server.publicKey,
            at: .start + Interval(nanoseconds: Self.floodLength.nanoseconds / 2)
        )
        var simulator = Simulator(plan)
        simulator.seat(client, on: Self.client, port: Self.port, flow: FlowID(-1), name: "the client")
        simulator.seat(server, on: Self.server, port: Self.port, flow: FlowID(-1), name: "the server")
        simulator.seat(attacker, on: Self.attacker, port: Self.port, flow: FlowID(-1), name: "the attacker")
        var stop = StopConditions()
        stop.time = .start + 3 * Self.floodLength
        _ = simulator.run(until: stop)
        var outcome = server.outcome
        outcome.flooded = client.took
        return outcome
    }

    /// Shorter than a place at the gate is held, so that no place becomes free in between.
    private static let floodLength = Interval.seconds(5)
    static let port: UInt16 = 4_433

    // MARK: The network

    static let (client, server, attacker, router) = (HostID(0), HostID(1), HostID(2), HostID(3))
    /// Where each host's interface towards the router is addressed: the links' directions, numbered in their order.
    static let clientAddress = SocketAddress(interface: UInt32(LinkID(0).forward.index), port: port)
    static let serverAddress = SocketAddress(interface: UInt32(LinkID(1).forward.index), port: port)
    static let attackerAddress = SocketAddress(interface: UInt32(LinkID(2).forward.index), port: port)

    private var plan: NetworkPlan {
        var plan = NetworkPlan()
        plan.seed = seed
        plan.hosts = ["client", "server", "attacker", "router"].map { HostPlan(name: $0) }
        plan.hosts[3].forwards = true
        let quarter = Interval(nanoseconds: Self.roundTrip.nanoseconds / 4)
        plan.links = [("access", Self.client), ("uplink", Self.server), ("crowd", Self.attacker)].map { name, host in
            LinkPlan(name: name, from: host, to: Self.router, forward: direction(quarter), backward: direction(quarter))
        }
        return plan
    }

    private func direction(_ delay: Interval) -> LinkConfiguration {
        var direction = LinkConfiguration(queue: UnlimitedQueue())
        direction.rate = .gigabits(10)
        direction.delay = delay
        return direction
    }

    var configuration: EndpointConfiguration {
        var configuration = EndpointConfiguration()
        configuration.handshake = HandshakeConfiguration(suites: [.chaChaPolySHA256], halfOpenMax: halfOpenMax)
        return configuration
    }
}

extension FloodTrial.Outcome {
    /// Name and value.
    package var figures: [(String, String)] {
        var figures: [(String, String)] = []
        figures.append(("forged_packets", String(forged)))
        figures.append(("ns_per_forged_packet", String(nanosecondsEach)))
        figures.append(("handshake_calm", calm?.description ?? "never"))
        figures.append(("handshake_flooded", flooded?.description ?? "never"))
        figures.append(("initiations", String(counters.initiations)))
        figures.append(("malformed", String(counters.malformed)))
        figures.append(("begun", String(counters.begun)))
        figures.append(("x25519", String(counters.exchanges)))
        figures.append(("cookies_sent", String(counters.cookiesSent)))
        figures.append(("cookies_accepted", String(counters.cookiesAccepted)))
        figures.append(("waiting_max", String(waitingMax)))
        figures.append(("connections_max", String(connectionsMax)))
        return figures
    }
}

extension FloodTrial {
    /// What the flood must not change.
    package func targets(of outcome: Outcome) -> [HandshakeCampaign.Target] {
        let (calm, flooded) = (outcome.calm, outcome.flooded)
        let (one, slack) = (Self.roundTrip, Interval.milliseconds(5))
        let begun = outcome.counters.begun
        return [
            HandshakeCampaign.Target(
                text: "the honest client needs at most one round trip more",
                measured: "\(flooded?.description ?? "never") instead of \(calm?.description ?? "never")",
                isMet: Self.isAtMost(flooded, calm.map { $0 + one + slack })
            ),
            HandshakeCampaign.Target(
                text: "and at most \(2 * one + slack) in all",
                measured: flooded?.description ?? "never",
                isMet: Self.isAtMost(flooded, 2 * one + slack)
            ),
            HandshakeCampaign.Target(
                text: "X25519 for at most \(halfOpenMax) initiations without a valid cookie",
                measured: "\(begun) begun, \(outcome.counters.cookiesAccepted) with a cookie",
                isMet: begun <= UInt64(halfOpenMax) + outcome.counters.cookiesAccepted
            ),
            HandshakeCampaign.Target(
                text: "at most \(halfOpenMax + 1) places taken and one connection",
                measured: "\(outcome.waitingMax) and \(outcome.connectionsMax)",
                isMet: outcome.waitingMax <= halfOpenMax + 1 && outcome.connectionsMax <= 1
            ),
        ]
    }

    private static func isAtMost(_ time: Interval?, _ limit: Interval?) -> Bool {
        guard let time, let limit else { return false }
        return time <= limit
    }
}
