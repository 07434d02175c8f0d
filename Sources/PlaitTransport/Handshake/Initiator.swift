package import PlaitCore
package import PlaitCrypto

/// The client's side of one handshake.
///
///                 ╭─ (timer, refusal, cookie: the same message again, or one attempt more)
///                 ▼     │
///     init ──▶ ┌────────┴─┐  reply verifies, IK   ┌───────────┐
///              │  asking  │ ────────────────────▶ │ confirmed │
///              └──────────┘                       └───────────┘
///         time  │       │ reply verifies, XX            ▲ a packet under the new keys
///         over, │       ▼                               │
///         or    │   ┌───────────┐ ──────────────────────╯
///         peer  │   │ finishing │  (timer, repeated reply: message 3 again)
///         unfit ▼   └───────────┘
///           ┌────────┐
///           │ failed │
///           └────────┘
///
/// An attempt is one Noise handshake for one version and suite; its first message is written once and only repeated.
/// A refusal may be forged, so it never ends an attempt: it adds one with another choice, and answers to either are
/// taken.
package struct Initiator: ~Copyable {
    enum Stage: Hashable { case asking, finishing, confirmed, failed }

    let configuration: HandshakeConfiguration
    package let mode: HandshakeMode
    let serverKey: PublicKey?
    package let sourceID: ConnectionID
    let startedAt: Instant
    var stage = Stage.asking
    /// In the order of their beginnings; at most `attemptsMax`.
    var attempts: Table<Attempt>
    var timer: RepeatTimer
    /// The one to be repeated beside the newest the next time.
    var olderAttempt = 0
    /// Whether no cookie was answered at once since the last timer.
    var answersCookies = true
    var hint: HandshakeHint?
    /// Message 3 of XX, and the reply that it answers.
    var finish = Finish()
    var result: HandshakeResult?

    /// Begins with the first version and suite.
    ///
    /// `server` is the server's key: needed for IK; in XX the only one that is accepted, if given. The ephemeral key
    /// comes from `secrets`.
    package init(
        configuration: HandshakeConfiguration,
        mode: HandshakeMode,
        identity: borrowing KeyPair,
        server: PublicKey?,
        sourceID: ConnectionID,
        secrets: inout SecretStream,
        now: Instant
    ) {
        precondition(mode == .xx || server != nil, "IK begins with the server's key")
        precondition(sourceID != .unknown, "connection id zero is never given out")
        self.configuration = configuration
        self.mode = mode
        serverKey = server
        self.sourceID = sourceID
        startedAt = now
        attempts = Table(capacity: 1)
        timer = RepeatTimer(configuration.timing, of: .client)
        let suites = configuration.availableSuites
        precondition(!suites.isEmpty, "none of the configured suites can be computed on this machine")
        begin(version: configuration.versions[0], suite: suites[0], identity: identity, secrets: &secrets)
    }

    /// How many choices are tried at most: each is an ephemeral key, and a hostile network can ask for all of them.
    static let attemptsMax = 4

    /// When `deadlineReached` is due, or `never`.
    package var deadline: Instant {
        switch stage {
        case .asking, .finishing: min(timer.deadline, giveUpAt)
        case .confirmed, .failed: .never
        }
    }

    private var giveUpAt: Instant { startedAt + configuration.timing.giveUpAfter }

    /// Time passed. Waking early is harmless.
    package mutating func deadlineReached(now: Instant) -> HandshakeProgress {
        switch stage {
        case .asking where now >= giveUpAt:
            stage = .failed
            timer.stop()
            for index in attempts.indices { attempts[index].isDue = false }
            let time = configuration.timing.giveUpAfter
            switch hint {
            case .otherKey: return .failed(.wrongServerKey(after: time))
            case .some(let hint): return .failed(.timedOut(after: time, hint))
            case nil: return .failed(.noAnswer(after: time))
            }
        case .asking where timer.isDue(now: now):
            answersCookies = true
            makeDue()
        case .finishing where now >= giveUpAt:
            // The keys are good; whether the server has them is the connection's question from now on.
            confirmed()
        case .finishing where timer.isDue(now: now):
            finish.isDue = true
        case .asking, .finishing, .confirmed, .failed: break
        }
        return .nothing
    }

    /// The newest attempt is sent again, and one of the older ones.
    mutating func makeDue() {
        attempts[attempts.count - 1].isDue = true
        guard attempts.count > 1 else { return }
        // A forged refusal must not silence the attempt that the server would have taken.
        attempts[olderAttempt].isDue = true
        olderAttempt = (olderAttempt + 1) % (attempts.count - 1)
    }

    /// Writes the next datagram that is due; nil if none is.
    package mutating func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Int? {
        if finish.isDue, stage == .finishing {
            finish.isDue = false
            timer.sent(now: now)
            return finish.envelope(from: sourceID).write(message: finish.message.span.raw, into: &buffer)
        }
        guard stage == .asking else { return nil }
        for index in attempts.indices where attempts[index].isDue {
            attempts[index].sent(now: now)
            timer.sent(now: now)
            return attempts[index].write(from: sourceID, into: &buffer)
        }
        return nil
    }

    /// The keys, once, when `receive` said `established`.
    package mutating func takeResult() -> HandshakeResult? { result.take() }

    /// A packet under the new keys arrived: the server has them too, and nothing is repeated any more.
    package mutating func confirmed() {
        guard stage == .finishing else { return }
        stage = .confirmed
        finish.isDue = false
        timer.stop()
    }

    /// Adds an attempt with a fresh ephemeral key and makes its first message due.
    mutating func begin(version: UInt32, suite: Suite, identity: borrowing KeyPair, secrets: inout SecretStream) {
        let offer = Offer(
            sourceID: sourceID,
            mode: mode,
            versions: configuration.versions,
            version: version,
            suites: configuration.availableSuites.map(\.rawValue),
            suite: suite.rawValue,
            capabilities: configuration.capabilities
        )
        attempts.append(
            Attempt(
                offer,
                suite: suite,
                parameters: configuration.parameters,
                identity: identity,
                server: serverKey,
                secrets: &secrets
            )
        )
    }
}

/// Message 3 of XX as it is repeated.
struct Finish {
    var message: [UInt8] = []
    /// The server's second message: when it comes again, message 3 was lost.
    var reply: [UInt8] = []
    var version: UInt32 = 0
    var server = ConnectionID.unknown
    var isDue = false

    func envelope(from source: ConnectionID) -> HandshakeEnvelope {
        HandshakeEnvelope(
            header: HandshakeHeader(kind: .finish, version: version, destination: server, source: source)
        )
    }
}
