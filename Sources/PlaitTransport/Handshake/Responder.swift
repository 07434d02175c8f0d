import PlaitCore
import PlaitCrypto

/// A server's side of one handshake that is not finished: half open.
///
///     init ──▶ reads message 1, writes message 2
///                │ XX                             │ IK
///                ▼                                ▼
///        ┌────────────────┐  message 3     ┌──────────────┐  the first packet under the new keys
///        │ awaitingFinish │ ─────────────▶ │    keyed     │ ──────▶ gone: the connection has begun
///        └────────────────┘  verifies      └──────────────┘
///                │  ╰─▶ timer, repeated message 1: message 2 again, as far as the amplification limit allows
///                ▼ time over
///              gone
///
/// A client that lacks a capability gets message 2, which proves it to the client, and no connection: `unfit`.
struct Responder: ~Copyable {
    enum Stage: Hashable, Sendable { case awaitingFinish, keyed, unfit }

    /// What tells this handshake from all others, forged ones included.
    let key: ResponderKey
    /// Where replies go from.
    let local: SocketAddress
    /// What the client is to write in front of its packets from now on.
    let localID: ConnectionID
    private(set) var stage: Stage
    private let version: UInt32
    let suite: Suite
    private let capabilities: UInt64
    private let timing: HandshakeTiming
    let startedAt: Instant
    /// Message 2: written once.
    private let reply: [UInt8]
    /// XX, not IK.
    private let isThreeMessages: Bool
    /// Until message 3 was read.
    private var noise: NoiseHandshake?
    private(set) var result: HandshakeResult?
    private var timer: RepeatTimer
    private var isReplyDue = true
    private var replies = 0
    private var repliedAt = Instant.start
    private(set) var budget: AmplificationBudget
    /// What reading and writing cost so far.
    private(set) var exchanges: Int

    /// Reads message 1 and writes message 2.
    init(
        _ arrival: borrowing Initiation,
        offer: Offer,
        suite: Suite,
        localID: ConnectionID,
        configuration: HandshakeConfiguration,
        identity: borrowing KeyPair,
        secrets: inout SecretStream,
        now: Instant
    ) throws(ResponderRefusal) {
        var noise = NoiseHandshake(
            pattern: offer.mode.pattern,
            role: .responder,
            suite: suite.noise,
            prologue: Offer.prologue(arrival.offer).span.raw,
            localStatic: identity.copy(storage: .heap),
            localEphemeral: KeyPair(from: &secrets, storage: .heap),
            remoteStatic: nil
        )
        guard let payload = try? NoiseMessage.read(arrival.message, by: &noise) else {
            throw ResponderRefusal(reason: .unreadable, exchanges: noise.exchanges)
        }
        let parameters = try Self.parameters(payload, mode: offer.mode, exchanges: noise.exchanges)
        let own = configuration.capabilities
        let isFit = own.missing(at: offer.capabilities) == 0 && offer.capabilities.missing(at: own) == 0
        let answer = ServerPayload(
            connectionID: localID,
            capabilities: own,
            parameters: configuration.parameters
        )
        reply = NoiseMessage.write(&noise) { writer throws(ByteError) in try answer.write(into: &writer) }
        key = ResponderKey(remote: arrival.remote, peerID: offer.sourceID, digest: arrival.digest)
        local = arrival.local
        self.localID = localID
        self.suite = suite
        version = offer.version
        isThreeMessages = offer.mode == .xx
        capabilities = own.supported & offer.capabilities.supported
        timing = configuration.timing
        startedAt = now
        timer = RepeatTimer(configuration.timing, of: .server)
        budget = AmplificationBudget(received: arrival.byteCount, isValidated: arrival.isProven)
        exchanges = noise.exchanges
        if !isFit {
            stage = .unfit
        } else if offer.mode == .xx {
            stage = .awaitingFinish
            self.noise = consume noise
        } else {
            stage = .keyed
            result = Self.result(
                consume noise,
                suite: suite,
                version: version,
                parameters: parameters,
                localID: localID,
                peerID: offer.sourceID,
                capabilities: capabilities,
                roundTrip: nil
            )
        }
    }
}

// What arrives.
extension Responder {
    /// The client's first message came again: message 2 may be lost.
    mutating func repeated(byteCount: Int) {
        budget.received(byteCount)
        isReplyDue = true
    }

    /// A third message came; whether it verified. A forged one leaves everything as it was.
    mutating func finish(_ message: RawSpan, byteCount: Int, now: Instant) -> ResponderFinish {
        guard stage == .awaitingFinish, var noise = noise.take() else { return .ignored }
        guard let payload = try? NoiseMessage.read(message, by: &noise) else {
            self.noise = consume noise
            return .unverified
        }
        budget.validate()
        exchanges = noise.exchanges
        let parameters: TransportParameters
        do throws(PeerViolation) { parameters = try TransportParameters(reading: payload.span.raw) } catch {
            stage = .unfit
            return .violation(error)
        }
        result = Self.result(
            consume noise,
            suite: suite,
            version: version,
            parameters: parameters,
            localID: localID,
            peerID: key.peerID,
            capabilities: capabilities,
            roundTrip: replies == 1 ? now - repliedAt : nil
        )
        stage = .keyed
        isReplyDue = false
        timer.stop()
        return .established
    }

    /// Time passed; false when it is over.
    mutating func deadlineReached(now: Instant) -> Bool {
        if now >= giveUpAt { return false }
        if timer.isDue(now: now) { isReplyDue = true }
        return true
    }

    /// The keys, once.
    mutating func takeResult() -> HandshakeResult? { result.take() }
}

// What leaves.
extension Responder {
    var deadline: Instant { min(timer.deadline, giveUpAt) }
    var hasResult: Bool { result != nil }
    /// Whether a reply would go out now.
    var isDue: Bool { isReplyDue && budget.allows(replyLength) }
    private var giveUpAt: Instant { startedAt + timing.giveUpAfter }
    /// Message 3 came: the client has the keys.
    var isConfirmed: Bool { stage == .keyed && isThreeMessages }

    private var replyLength: Int { HandshakeHeader.length + 1 + Varint.length(UInt64(reply.count)) + reply.count }

    /// Writes message 2 if it is due. Beyond three times what came from an address that nobody proved, nothing goes
    /// there: a forged source address must not aim us at a victim.
    mutating func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Int? {
        guard isDue else { return nil }
        isReplyDue = false
        let header = HandshakeHeader(kind: .reply, version: version, destination: key.peerID, source: localID)
        let length = HandshakeEnvelope(header: header).write(message: reply.span.raw, into: &buffer)
        assert(length == replyLength, "a reply is as long as was allowed")
        budget.sent(length)
        replies += 1
        repliedAt = now
        timer.sent(now: now)
        return length
    }
}

extension Responder {
    /// IK brings the client's parameters in message 1, XX brings nothing there.
    private static func parameters(
        _ payload: [UInt8],
        mode: HandshakeMode,
        exchanges: Int
    ) throws(ResponderRefusal) -> TransportParameters {
        do throws(PeerViolation) {
            guard mode == .ik || payload.isEmpty else {
                throw PeerViolation(.parameter, "bytes where none are encrypted")
            }
            return try TransportParameters(reading: payload.span.raw)
        } catch { throw ResponderRefusal(reason: .parameter, exchanges: exchanges) }
    }

    private static func result(
        _ noise: consuming NoiseHandshake,
        suite: Suite,
        version: UInt32,
        parameters: TransportParameters,
        localID: ConnectionID,
        peerID: ConnectionID,
        capabilities: UInt64,
        roundTrip: Interval?
    ) -> HandshakeResult {
        guard let peerKey = noise.remoteStatic else { preconditionFailure("both patterns tell the client's key") }
        let hash = Array(copying: noise.handshakeHash)
        return HandshakeResult(
            secrets: noise.split(),
            suite: suite,
            version: version,
            handshakeHash: hash,
            peerKey: peerKey,
            peerParameters: parameters,
            localID: localID,
            peerID: peerID,
            capabilities: capabilities,
            roundTrip: roundTrip
        )
    }
}

/// What became of a third message.
enum ResponderFinish: Hashable {
    case established
    /// Not expected: repeated, or of IK.
    case ignored
    /// Forged or damaged.
    case unverified
    /// The client is who it says, and breaks a rule.
    case violation(PeerViolation)
}

/// Why no responder came of an initiation, and how many X25519 operations it took to see that.
struct ResponderRefusal: Error, Hashable {
    enum Reason: Hashable {
        /// The Noise message does not verify.
        case unreadable
        /// The client is authentic but its parameters break a rule.
        case parameter
    }

    let reason: Reason
    let exchanges: Int
}

/// The address, the client's id and a digest of offer and message: a forged first message under the same id is another
/// handshake, and does not stand in the way of the right one.
struct ResponderKey: Hashable {
    let remote: SocketAddress
    let peerID: ConnectionID
    let digest: InitiationDigest
}

/// How much may be sent to an address before somebody there proved to receive it (RFC 9000, section 8.1).
struct AmplificationBudget {
    private var received: Int
    private var sent = 0
    private(set) var isValidated: Bool

    static let factor = 3

    init(received: Int, isValidated: Bool) {
        self.received = received
        self.isValidated = isValidated
    }

    mutating func received(_ count: Int) { received += count }
    mutating func sent(_ count: Int) { sent += count }
    mutating func validate() { isValidated = true }

    func allows(_ count: Int) -> Bool {
        #if Mutants
            if Mutant.isPlanted(.budgetForgotten) { return true }
        #endif
        return isValidated || sent + count <= Self.factor * received
    }
}
