import PlaitCore
import PlaitSimulator
import PlaitTransport

/// The packets that wait in the simulator, by what they are to the module: one of each.
struct HeldHandshake {
    /// By the message's place; zero: none.
    private var serials = InlineArray<12, UInt64>(repeating: 0)
    /// The digest of the bytes that a message had when it was first seen, by its place: it is written once.
    private var digests = InlineArray<12, UInt64>(repeating: 0)
    /// Of the second attempt, whatever cookie it carries.
    var second: UInt64?
    /// Of each end, the first under the new keys; the server's by generation.
    var clientData: UInt64?
    var serverData: [(generation: Int, serial: UInt64)] = []
    /// Below this, packets are known.
    fileprivate var known: UInt64 = 0

    /// The module's set `wire`.
    var wire: UInt64 {
        var wire: UInt64 = 0
        for place in 0..<HandshakeMessage.count where serials[place] != 0 { wire |= 1 << UInt64(place) }
        return wire
    }

    /// The serial of a packet with this content.
    func first(_ message: HandshakeMessage) -> UInt64? {
        serials[message.place] == 0 ? nil : serials[message.place] - 1
    }

    mutating func forget(_ message: HandshakeMessage) { serials[message.place] = 0 }

    /// Keeps a packet unless there is one of its content. Answers whether it was kept, and whether its bytes are those
    /// that this content always had.
    fileprivate mutating func keep(
        _ serial: UInt64,
        as message: HandshakeMessage,
        digest: UInt64
    ) -> (isKept: Bool, isSame: Bool) {
        let isSame = digests[message.place] == 0 || digests[message.place] == digest
        digests[message.place] = digest
        guard serials[message.place] == 0 else { return (false, isSame) }
        serials[message.place] = serial + 1
        return (true, isSame)
    }
}

extension HandshakeDriver {
    /// Looks at what was sent since the last time. One packet of each content stays; the rest is dropped.
    func collect() {
        learnGenerations()
        var surplus: [UInt64] = []
        for packet in simulator.heldPackets where packet.serial >= held.known {
            held.known = packet.serial + 1
            guard let bytes = simulator.bytes(ofHeld: packet.serial) else { continue }
            let isFromClient = packet.source == Self.clientAddress
            let isKept = isFromClient ? keepOfClient(packet.serial, bytes) : keepOfServer(packet.serial, bytes)
            if !isKept { surplus.append(packet.serial) }
        }
        for serial in surplus { simulator.drop(serial) }
        learnSessions()
    }

    private func keep(_ serial: UInt64, _ bytes: [UInt8], as message: HandshakeMessage) -> Bool {
        let digest = bytes.span.raw.digest
        let (isKept, isSame) = held.keep(serial, as: message, digest: digest)
        // A wrong cookie may be any, and comes with the initiation.
        if !isSame, message != .initiation(.wrong) {
            history.failures.append("\(message.words) was written twice, and differently")
        }
        return isKept
    }

    private func keepOfClient(_ serial: UInt64, _ bytes: [UInt8]) -> Bool {
        guard let parts = HandshakeParts(bytes), let kind = parts.header.kind else {
            guard held.clientData == nil else { return false }
            held.clientData = serial
            return true
        }
        switch kind {
        case .initiation:
            let mark = parts.mark(in: bytes)
            if history.firstMark == 0 { history.firstMark = mark }
            guard mark == history.firstMark else {
                history.secondMark = mark
                if let old = held.second { simulator.drop(old) }
                held.second = serial
                return true
            }
            return keep(serial, bytes, as: .initiation(state(of: bytes[parts.cookie])))
        case .finish:
            guard let generation = history.generation(of: parts.header.destination) else {
                history.failures.append("a finish went to an id that nobody gave out")
                return false
            }
            return keep(serial, bytes, as: .finish(generation))
        case .reply, .cookie, .refusal:
            history.failures.append("a client sent what only servers send")
            return false
        }
    }

    private func keepOfServer(_ serial: UInt64, _ bytes: [UInt8]) -> Bool {
        guard let parts = HandshakeParts(bytes), let kind = parts.header.kind else {
            return keepServerData(serial, bytes)
        }
        switch kind {
        case .reply:
            // Replies to strangers are left out: to the client they are what the attacker can send at any time.
            guard let generation = history.generation(of: parts.header.source) else { return false }
            return keep(serial, bytes, as: .reply(generation))
        case .cookie:
            if history.answersClient, history.rightCookie.isEmpty {
                history.rightCookie = Array(bytes[parts.cookie])
            }
            guard state(of: bytes[parts.cookie]) == .right else { return false }
            return keep(serial, bytes, as: .cookie)
        case .refusal: return false
        case .initiation, .finish:
            history.failures.append("a server sent what only clients send")
            return false
        }
    }

    private func keepServerData(_ serial: UInt64, _ bytes: [UInt8]) -> Bool {
        // Sent by the session that began last: the module has no more than one.
        learnSessions()
        guard history.sessions > 1 else {
            history.failures.append("a server sent data without a session")
            return false
        }
        let generation = 63 - history.sessions.leadingZeroBitCount
        guard !held.serverData.contains(where: { $0.generation == generation }) else { return false }
        held.serverData.append((generation, serial))
        return true
    }

    /// What a cookie is to the client's first message.
    func state(of cookie: some Collection<UInt8>) -> HandshakeMessage.CookieState {
        guard !cookie.isEmpty else { return .none }
        return cookie.elementsEqual(history.rightCookie) ? .right : .wrong
    }

    /// Numbers the responders that the client's own initiations have opened.
    private func learnGenerations() {
        for index in 0..<server.transport.responderCount() {
            guard let responder = server.transport.responder(at: index), isClients(responder),
                !history.generations.contains(responder.localID)
            else { continue }
            history.generations.append(responder.localID)
            guard history.generations.count <= model.generationMax else {
                history.failures.append("the gate opened a responder beyond the last that the driver let in")
                continue
            }
            guard responder.suite != Self.suites[0] else { continue }
            history.weak |= 1 << UInt64(history.generations.count)
        }
    }

    /// Whether an initiation of the client's opened it, unchanged.
    func isClients(_ responder: ResponderView) -> Bool {
        responder.mark == history.firstMark || responder.mark == history.secondMark && history.secondMark != 0
    }

    /// Remembers which connections there were at the server, and whose reply the client took.
    private func learnSessions() {
        var found = 0
        for generation in 1...max(1, history.generationsPlaced) where isConnected(generation) {
            history.sessions |= 1 << UInt64(generation)
            found += 1
        }
        if server.transport.connectionCount > found { history.sessions |= 1 }
        guard let keys = client.transport.handshakeKeys(inSlot: 0) else { return }
        history.clientKeys = history.generation(of: keys.peerID) ?? 0
        if history.clientKeys == 0 { history.failures.append("the client took a stranger's reply") }
    }

    /// Whether the server has a connection of this generation now.
    func isConnected(_ generation: Int) -> Bool {
        guard generation <= history.generations.count else { return false }
        return server.transport.slot(ofID: history.generations[generation - 1]) != nil
    }
}
