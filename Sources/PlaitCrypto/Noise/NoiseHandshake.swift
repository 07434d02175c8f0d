import PlaitCore

/// One side of a Noise handshake (revision 34, section 5.3), message by message, over an unreliable network.
///
///     write ──▶ read ──▶ … ──▶ isFinished ──▶ split
///
/// A message that does not verify changes nothing: over UDP anyone can send one, and the right one must still be
/// accepted after it. So each message works on a copy of the symmetric state, which takes the place of the old one at
/// the end.
package struct NoiseHandshake: ~Copyable {
    package let pattern: HandshakePattern
    package let role: NoiseRole
    package let suite: NoiseSuite
    /// How many X25519 agreements were computed, those of refused messages included. The costly part of a handshake.
    package private(set) var exchanges = 0
    /// The peer's static key: given beforehand, or from a message that verified.
    package private(set) var remoteStatic: PublicKey?

    private var remoteEphemeral: PublicKey?
    /// The place of the next message.
    private var turn = 0
    /// The place of the next pre-shared key.
    private var pskTurn = 0
    private var state: SymmetricState
    private var draft: SymmetricState
    private let ownStatic: PublicKey?
    private let ownEphemeral: PublicKey?
    private let localStatic: KeyPair?
    private let localEphemeral: KeyPair?
    private let psks: SecretBytes

    /// Longest message, by the specification.
    package static var messageLengthMax: Int { 65_535 }
    /// Bytes of a pre-shared key.
    package static var pskLength: Int { 32 }

    /// Takes what the pattern asks for; a missing key is a mistake of the caller.
    ///
    /// - Parameters:
    ///   - pattern: Which messages there are.
    ///   - role: Which of them are ours.
    ///   - suite: Its cipher must be available here.
    ///   - prologue: What both sides must agree on although no message carries it.
    ///   - localStatic: Who this side is; `copy(storage: .heap)` of a pair that is used again. `nil` if no message
    ///   tells.
    ///   - localEphemeral: A fresh pair, used for this handshake only.
    ///   - remoteStatic: The peer's key if the pattern knows it beforehand, and `nil` otherwise.
    ///   - psks: The pre-shared keys one after the other, 32 bytes each, in the order of their use.
    package init(
        pattern: HandshakePattern,
        role: NoiseRole,
        suite: NoiseSuite,
        prologue: RawSpan,
        localStatic: consuming KeyPair?,
        localEphemeral: consuming KeyPair?,
        remoteStatic: PublicKey?,
        psks: RawSpan = RawSpan()
    ) {
        precondition(suite.cipher.isAvailable, "a cipher that this machine lacks")
        let knowsPeer = role == .initiator ? pattern.responderIsKnown : pattern.initiatorIsKnown
        precondition(knowsPeer == (remoteStatic != nil), "the peer's key is given if the pattern knows it")
        precondition(
            psks.byteCount == pattern.pskCount * Self.pskLength,
            "not as many pre-shared keys as the pattern has"
        )
        let name = "Noise_\(pattern.name)_\(suite.name)"
        var state = SymmetricState(protocolName: name, suite: suite)
        state.mixHash(prologue)
        let ownStatic = Self.publicKey(of: localStatic)
        let ownEphemeral = Self.publicKey(of: localEphemeral)
        precondition(!pattern.needsStatic(role) || ownStatic != nil, "the pattern needs a static key")
        precondition(!pattern.needsEphemeral(role) || ownEphemeral != nil, "the pattern needs an ephemeral key")
        if pattern.initiatorIsKnown { Self.mix(role == .initiator ? ownStatic : remoteStatic, into: &state) }
        if pattern.responderIsKnown { Self.mix(role == .responder ? ownStatic : remoteStatic, into: &state) }
        // Nothing of `self` is read before all of it is set: optimising, Swift 6.3.1 destroyed a field not yet made.
        self.pattern = pattern
        self.role = role
        self.suite = suite
        self.remoteStatic = remoteStatic
        self.ownStatic = ownStatic
        self.ownEphemeral = ownEphemeral
        self.localStatic = consume localStatic
        self.localEphemeral = consume localEphemeral
        self.psks = SecretBytes(copying: psks)
        draft = SymmetricState(protocolName: name, suite: suite)
        self.state = state
    }

    private static func publicKey(of pair: borrowing KeyPair?) -> PublicKey? {
        switch pair {
        case .some(let pair): pair.publicKey
        case .none: nil
        }
    }

    private static func mix(_ key: PublicKey?, into state: inout SymmetricState) {
        guard let key else { preconditionFailure("the pattern needs a key that is known beforehand") }
        state.mixHash(key.bytes.span.raw)
    }

    /// Whether every message was written or read, so that `split` may follow.
    package var isFinished: Bool { turn == pattern.messages.count }

    /// Whether `write` is next.
    package var isToWrite: Bool { !isFinished && pattern.writer(of: turn) == role }

    /// Whether `read` is next.
    package var isToRead: Bool { !isFinished && pattern.writer(of: turn) != role }

    /// The hash of all that both sides saw: equal on both, and unique to this handshake once it is finished.
    package var handshakeHash: RawSpan {
        @_lifetime(borrow self)
        get { state.hash }
    }

    /// How much longer than its payload the next message is.
    package var overhead: Int {
        precondition(!isFinished, "no message is left")
        var count = 0
        var tag = state.tagLength
        for token in pattern.messages[turn] {
            switch token {
            case .e:
                count += PublicKey.length
                // With a psk in the pattern, the ephemeral key is mixed in and makes a cipher key at once.
                if pattern.hasPSK { tag = Cipher.tagLength }
            case .s: count += PublicKey.length + tag
            case .ee, .es, .se, .ss, .psk: tag = Cipher.tagLength
            }
        }
        return count + tag
    }

    /// Writes the next message with its payload to the start of `output`.
    ///
    /// - Precondition: It is this side's turn.
    /// - Returns: The message's length. What is sent again later is this very byte string.
    @_lifetime(output: copy output)
    package mutating func write(
        payload: RawSpan,
        into output: inout MutableRawSpan
    ) throws(NoiseError) -> Int {
        precondition(isToWrite, "a Noise message written out of turn")
        let length = overhead + payload.byteCount
        guard length <= Self.messageLengthMax else { throw .tooLong(length) }
        guard length <= output.byteCount else { throw .noRoom(needed: length, available: output.byteCount) }
        draft.assign(from: state)
        defer { draft.wipe() }
        var offset = 0
        var pskTurn = pskTurn
        for token in pattern.messages[turn] {
            switch token {
            case .e:
                guard let key = ownEphemeral else { preconditionFailure("checked at the start") }
                key.write(into: &output, at: offset)
                offset += PublicKey.length
                mixEphemeral(key)
            case .s:
                guard let key = ownStatic else { preconditionFailure("checked at the start") }
                var place = output._mutatingExtracting(offset...)
                offset += draft.encryptAndHash(key.bytes.span.raw, into: &place)
            case .ee, .es, .se, .ss:
                try agree(token, ephemeral: remoteEphemeral, static: remoteStatic)
            case .psk:
                Self.mix(psks, pskTurn, into: &draft)
                pskTurn += 1
            }
        }
        var place = output._mutatingExtracting(offset...)
        offset += draft.encryptAndHash(payload, into: &place)
        assert(offset == length, "the message is as long as was foretold")
        state.assign(from: draft)
        self.pskTurn = pskTurn
        turn += 1
        return length
    }

    /// Reads the next message and writes its payload to the start of `payload`.
    ///
    /// With `expected`, a static key in the message that is another one is refused before the handshake moves on.
    ///
    /// - Returns: The payload's length.
    /// - Throws: What is wrong with the message; the handshake, but for `exchanges`, is as it was. `payload` may have
    /// been
    ///   written to.
    @_lifetime(payload: copy payload)
    package mutating func read(
        _ message: RawSpan,
        payloadInto payload: inout MutableRawSpan,
        expecting expected: PublicKey? = nil
    ) throws(NoiseError) -> Int {
        // A peer may repeat its messages or send too many; that is no reason to give up.
        guard isToRead else { throw .outOfTurn }
        guard message.byteCount <= Self.messageLengthMax else { throw .tooLong(message.byteCount) }
        let length = message.byteCount - overhead
        guard length >= 0 else { throw .truncated(needed: overhead, remaining: message.byteCount) }
        guard length <= payload.byteCount else { throw .noRoom(needed: length, available: payload.byteCount) }
        draft.assign(from: state)
        defer { draft.wipe() }
        var offset = 0
        var pskTurn = pskTurn
        var ephemeral = remoteEphemeral
        var known = remoteStatic
        for token in pattern.messages[turn] {
            switch token {
            case .e:
                let key = PublicKey(message.extracting(offset..<offset + PublicKey.length))
                offset += PublicKey.length
                ephemeral = key
                mixEphemeral(key)
            case .s:
                let end = offset + PublicKey.length + draft.tagLength
                known = try openStatic(message.extracting(offset..<end))
                guard expected == nil || expected == known else { throw .unexpectedKey }
                offset = end
            case .ee, .es, .se, .ss:
                try agree(token, ephemeral: ephemeral, static: known)
            case .psk:
                Self.mix(psks, pskTurn, into: &draft)
                pskTurn += 1
            }
        }
        let opened = draft.decryptAndHash(message.extracting(offset...), into: &payload)
        #if Mutants
            if opened == nil, !Mutant.isPlanted(.finishUnverified) { throw .notAuthentic }
        #else
            guard opened == length else { throw .notAuthentic }
        #endif
        state.assign(from: draft)
        remoteEphemeral = ephemeral
        remoteStatic = known
        self.pskTurn = pskTurn
        turn += 1
        return length
    }

    /// The keys of the transport phase. The handshake's own secrets are wiped.
    package consuming func split() -> TrafficSecrets {
        precondition(isFinished, "keys before the handshake is finished")
        return state.split()
    }

    // MARK: The tokens, each applied to the draft

    /// Where a psk is mixed in, nobody's ephemeral key may stay out of the keys (section 9.2).
    private mutating func mixEphemeral(_ key: PublicKey) {
        draft.mixHash(key.bytes.span.raw)
        if pattern.hasPSK { draft.mixKey(key.bytes.span.raw) }
    }

    private mutating func openStatic(_ sealed: RawSpan) throws(NoiseError) -> PublicKey {
        var key = InlineArray<32, UInt8>(repeating: 0)
        var span = key.mutableSpan
        var bytes = span.mutableRaw
        guard draft.decryptAndHash(sealed, into: &bytes) == PublicKey.length else { throw .notAuthentic }
        return PublicKey(bytes.bytes)
    }

    private static func mix(_ psks: borrowing SecretBytes, _ index: Int, into draft: inout SymmetricState) {
        let start = index * pskLength
        draft.mixKeyAndHash(psks.bytes.extracting(start..<start + pskLength))
    }

    /// Mixes in the agreement that `token` names: its first letter is the initiator's key, its second the responder's.
    private mutating func agree(
        _ token: NoiseToken,
        ephemeral: PublicKey?,
        static known: PublicKey?
    ) throws(NoiseError) {
        let (mineIsStatic, theirsIsStatic) =
            switch token {
            case .ee: (false, false)
            case .ss: (true, true)
            case .es: (role == .responder, role == .initiator)
            case .se: (role == .initiator, role == .responder)
            case .e, .s, .psk: preconditionFailure("not an agreement")
            }
        guard let theirs = theirsIsStatic ? known : ephemeral else {
            preconditionFailure("a pattern that uses a key before it is sent")
        }
        var output = SecretBytes(count: SecretKey.length)
        var bytes = output.mutableBytes
        exchanges += 1
        let isGood =
            if mineIsStatic {
                Self.agree(localStatic, theirs, into: &bytes)
            } else {
                Self.agree(localEphemeral, theirs, into: &bytes)
            }
        guard isGood else { throw .lowOrderKey }
        draft.mixKey(output.bytes)
    }

    @_lifetime(output: copy output)
    private static func agree(
        _ mine: borrowing KeyPair?,
        _ theirs: PublicKey,
        into output: inout MutableRawSpan
    ) -> Bool {
        switch mine {
        case .some(let pair): X25519.agree(secret: pair.secret.bytes, publicKey: theirs, into: &output)
        case .none: preconditionFailure("checked at the start")
        }
    }
}
