import PlaitCore
import PlaitCrypto
import PlaitTransport

/// `gate.promises`: whoever sends first packets, again or under others' addresses, gets no more than is his.
enum GateProperty {
    static var property: Property {
        var stateful = StatefulProperty<GateWorld>(
            "gate.promises",
            "A gate sends little to unproven addresses, believes cookies only where it sent them, and frees places.",
            steps: 1...60
        )
        stateful.casesUsual = 2_000
        // Without them nothing tells the address that got a cookie from others, or that the limit holds.
        stateful.health.marks = [GateWorld.cookieSent, GateWorld.limitMet]
        stateful.health.needsHealing = true
        return stateful.property
    }
}

/// A gate, clients who only ask, and an attacker who sends their packets again from where he likes.
struct GateWorld: StatefulWorld, ~Copyable {
    static let rules = ["Ask", "Repeat", "Steal", "Answer", "Serve", "Wait"]
    static let cookieSent = "cookie sent"
    static let limitMet = "an unproven address got nearly three times what came from it"

    /// A server that repeats itself ten times a second. The usual one gives up after eight replies, which are far less
    /// than three times a first packet: whether it minds the limit nobody could see.
    private static let impatient = HandshakeTiming(
        firstTimeout: .milliseconds(100),
        timeoutMax: .milliseconds(100),
        giveUpAfter: HandshakeTiming.usual.giveUpAfter,
        repetitionsMax: 60,
        cookieLifetime: HandshakeTiming.usual.cookieLifetime
    )

    private static let clients = 3
    private static let local = SocketAddress(interface: 99, port: 4_433)

    /// What one address sent and got.
    private struct Account {
        var received = 0
        var sent = 0
        var isProven = false
        var hasCookie = false
    }

    /// A first packet, and when it last opened a place from its own address.
    private struct Packet {
        let bytes: [UInt8]
        let client: Int
        var opened: Opening?
    }

    private struct Opening {
        let at: Instant
        let expired: UInt64
        let evicted: UInt64
    }

    private var gate: Gate
    private let identity: KeyPair
    private let clientIdentity: KeyPair
    private var secrets: SecretStream
    private var clientSecrets: SecretStream
    private var initiators = Table<Initiator>(capacity: 3)
    private var packets: [Packet] = []
    private var accounts = [Account](repeating: Account(), count: 2 * clients)
    private var now = Instant.start
    private let timing: HandshakeTiming

    init(_ choices: inout Choices, swarm: Swarm) {
        let mode: HandshakeMode = choices.one(of: [.xx, .ik])
        let configuration = HandshakeConfiguration(
            suites: [.chaChaPolySHA256],
            halfOpenMax: Int(choices.number(1...2))
        )
        var secrets = SecretStream(simulationSeed: 1, name: "gate/server")
        var clientSecrets = SecretStream(simulationSeed: 1, name: "gate/clients")
        let identity = KeyPair(from: &secrets, storage: .heap)
        let clientIdentity = KeyPair(from: &clientSecrets, storage: .heap)
        var own = configuration
        if choices.happens(percent: 25) { own.timing = Self.impatient }
        let gate = Gate(own, secrets: &secrets, storage: .heap, now: .start)
        for _ in 0..<Self.clients {
            initiators.append(
                Initiator(
                    configuration: configuration,
                    mode: mode,
                    identity: clientIdentity,
                    server: identity.publicKey,
                    sourceID: ConnectionID(clientSecrets.next()),
                    secrets: &clientSecrets,
                    now: .start
                )
            )
        }
        timing = configuration.timing
        self.identity = identity
        self.clientIdentity = clientIdentity
        self.secrets = secrets
        self.clientSecrets = clientSecrets
        self.gate = gate
    }

    private static func address(_ place: Int) -> SocketAddress {
        SocketAddress(interface: UInt32(place + 1), port: 4_433)
    }

    mutating func attempt(_ rule: Int, _ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        switch Self.rules[rule] {
        case "Ask": return ask(Int(choices.number(0...Int64(Self.clients - 1))), &record)
        case "Repeat":
            guard !packets.isEmpty else { return .notAllowed }
            let packet = Int(choices.number(0...Int64(packets.count - 1)))
            return arrive(packet, from: packets[packet].client, &record)
        case "Steal":
            guard !packets.isEmpty else { return .notAllowed }
            let packet = Int(choices.number(0...Int64(packets.count - 1)))
            return arrive(packet, from: Self.clients + Int(choices.number(0...Int64(Self.clients - 1))), &record)
        case "Answer": return answer(&record)
        case "Serve": return serve(.milliseconds(choices.magnitude(100...12_000)), &record)
        default:
            pass(.milliseconds(choices.magnitude(100...12_000)), &record)
            return .accepted
        }
    }

    /// A client sends its first packet, with a cookie if it was sent one.
    private mutating func ask(_ client: Int, _ record: inout RunRecord) -> RuleOutcome {
        var buffer = [UInt8](repeating: 0, count: 1_500)
        var span = buffer.mutableSpan
        var target = span.mutableRaw
        guard let length = initiators[client].nextTransmit(into: &target, now: now) else { return .notAllowed }
        packets.append(Packet(bytes: Array(buffer[..<length]), client: client))
        return arrive(packets.count - 1, from: client, &record)
    }

    private mutating func arrive(_ packet: Int, from place: Int, _ record: inout RunRecord) -> RuleOutcome {
        let before = gate.counters
        accounts[place].received += packets[packet].bytes.count
        let bytes = packets[packet].bytes
        _ = gate.receive(
            bytes.span.raw,
            from: Self.address(place),
            to: Self.local,
            identity: identity,
            secrets: &secrets,
            now: now
        )
        let after = gate.counters
        record.event("packet \(packet) of client \(packets[packet].client) arrives from address \(place)")
        if after.cookiesAccepted > before.cookiesAccepted {
            accounts[place].isProven = true
            if !accounts[place].hasCookie { record.fail("gate.cookie", "a cookie was believed that went elsewhere") }
        }
        let hasBegun = after.begun > before.begun
        if place == packets[packet].client {
            if hasBegun, let opened = packets[packet].opened, opened.expired == before.expired,
                opened.evicted == before.evicted, now < opened.at + timing.giveUpAfter
            {
                record.fail("gate.again", "the same first packet opened a second handshake")
            }
            if hasBegun {
                packets[packet].opened = Opening(at: now, expired: after.expired, evicted: after.evicted)
            }
        }
        return hasBegun || after.cookiesSent > before.cookiesSent ? .accepted : .rejected
    }

    /// The gate sends; a cookie reaches its client, a reply is lost, so that everybody goes on asking.
    private mutating func answer(_ record: inout RunRecord) -> RuleOutcome {
        send(isDelivered: true, &record) ? .accepted : .notAllowed
    }

    /// For some time the gate sends whatever is due, and none of it reaches anybody: so does the victim of a forged
    /// address look to it.
    private mutating func serve(_ time: Interval, _ record: inout RunRecord) -> RuleOutcome {
        let end = now + time
        var packets = 0
        while true {
            while send(isDelivered: false, &record) { packets += 1 }
            let next = gate.deadline
            guard next > now, next < end else { break }
            pass(next - now, &record)
        }
        pass(end - now, &record)
        return packets > 0 ? .accepted : .rejected
    }

    /// False if nothing is due.
    private mutating func send(isDelivered: Bool, _ record: inout RunRecord) -> Bool {
        let replies = gate.counters.replies
        var buffer = [UInt8](repeating: 0, count: 1_500)
        var span = buffer.mutableSpan
        var target = span.mutableRaw
        guard let sent = gate.nextTransmit(into: &target, now: now) else { return false }
        let place = Int(sent.remote.interface) - 1
        accounts[place].sent += sent.length
        record.event("\(sent.length) bytes go to address \(place)")
        if gate.counters.replies == replies {
            accounts[place].hasCookie = true
            record.mark(Self.cookieSent)
            if isDelivered, place < Self.clients {
                _ = initiators[place].receive(
                    buffer.span.raw.extracting(0..<sent.length),
                    identity: clientIdentity,
                    secrets: &clientSecrets,
                    now: now
                )
            }
        }
        return true
    }

    private mutating func pass(_ time: Interval, _ record: inout RunRecord) {
        now = now + time
        record.event("\(time) pass")
        gate.deadlineReached(now: now)
        for client in initiators.indices { _ = initiators[client].deadlineReached(now: now) }
    }

    mutating func check(_ record: inout RunRecord) {
        for (place, account) in accounts.enumerated() where !account.isProven {
            // A reply is less than a tenth of what a first packet allows for.
            if 10 * account.sent > 27 * account.received { record.mark(Self.limitMet) }
            guard account.sent > 3 * account.received else { continue }
            record.fail("gate.budget", "\(account.sent) bytes went to address \(place) for \(account.received)")
        }
    }

    /// When nobody sends any more, all places are free after as long as a handshake may take.
    mutating func heal(_ record: inout RunRecord) -> Bool {
        record.bounded(by: 1)
        pass(timing.giveUpAfter, &record)
        if gate.waiting > 0 { record.fail("gate.places", "\(gate.waiting) places are taken and nobody waits") }
        return true
    }
}
