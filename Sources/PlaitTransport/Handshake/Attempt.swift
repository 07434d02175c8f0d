import PlaitCore
import PlaitCrypto

/// One Noise handshake of a client: an offer, an ephemeral key, and the first message, which is written once.
struct Attempt: ~Copyable {
    let version: UInt32
    let suite: Suite
    /// The OFFER's bytes, bound by the prologue.
    let offer: [UInt8]
    let message: [UInt8]
    /// Taken when the reply verified.
    var noise: NoiseHandshake?
    var isDue = true
    /// What the server asked for, or empty.
    var cookie: [UInt8] = []
    private var sends = 0
    private var sentAt = Instant.start

    init(
        _ offer: Offer,
        suite: Suite,
        parameters: TransportParameters,
        identity: borrowing KeyPair,
        server: PublicKey?,
        secrets: inout SecretStream
    ) {
        version = offer.version
        self.suite = suite
        let bytes = offer.encoded
        self.offer = bytes
        var noise = NoiseHandshake(
            pattern: offer.mode.pattern,
            role: .initiator,
            suite: suite.noise,
            prologue: Offer.prologue(bytes.span.raw).span.raw,
            localStatic: identity.copy(storage: .heap),
            localEphemeral: KeyPair(from: &secrets, storage: .heap),
            remoteStatic: offer.mode == .ik ? server : nil
        )
        // XX sends its parameters only in message 3, where they are encrypted to a server that proved its key.
        let isEarly = offer.mode == .ik
        message = NoiseMessage.write(&noise) { writer throws(ByteError) in
            if isEarly { try parameters.write(into: &writer) }
        }
        self.noise = consume noise
    }

    mutating func sent(now: Instant) {
        isDue = false
        sends += 1
        sentAt = now
    }

    /// The time since the only sending; nil if there were several.
    func roundTrip(now: Instant) -> Interval? { sends == 1 ? now - sentAt : nil }

    /// Writes the initiation: the same message each time, the cookie as it now is.
    func write(from source: ConnectionID, into buffer: inout MutableRawSpan) -> Int {
        let header = HandshakeHeader(kind: .initiation, version: version, destination: .unknown, source: source)
        return HandshakeEnvelope(header: header)
            .write(offer: offer.span.raw, cookie: cookie.span.raw, message: message.span.raw, into: &buffer)
    }
}
