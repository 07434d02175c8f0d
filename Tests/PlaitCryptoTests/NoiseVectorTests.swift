import PlaitCore
import PlaitCrypto
import Testing

/// One vector of the format that Noise implementations share, as cacophony and our own script write it.
struct NoiseVector: Decodable {
    struct Message: Decodable {
        let payload: Hex
        let ciphertext: Hex
    }

    let protocol_name: String
    let init_prologue: Hex
    let init_psks: [Hex]?
    let init_static: Hex?
    let init_ephemeral: Hex?
    let init_remote_static: Hex?
    let resp_prologue: Hex
    let resp_psks: [Hex]?
    let resp_static: Hex?
    let resp_ephemeral: Hex?
    let resp_remote_static: Hex?
    let handshake_hash: Hex?
    let messages: [Message]

    struct File: Decodable {
        let vectors: [NoiseVector]
    }

    /// What of the name we know, or which part we do not.
    func suite() -> (pattern: HandshakePattern, suite: NoiseSuite)? {
        let parts = protocol_name.split(separator: "_").map(String.init)
        guard parts.count == 5, parts[0] == "Noise", parts[2] == "25519" else { return nil }
        guard let pattern = HandshakePattern(named: parts[1]) else { return nil }
        guard let cipher = Cipher.allCases.first(where: { $0.name == parts[3] }), cipher.isAvailable else { return nil }
        guard let hash = HashFunction.allCases.first(where: { $0.name == parts[4] }) else { return nil }
        return (pattern, NoiseSuite(cipher: cipher, hash: hash))
    }

    func handshake(_ role: NoiseRole, _ pattern: HandshakePattern, _ suite: NoiseSuite) -> NoiseHandshake {
        let isInitiator = role == .initiator
        let ephemeral = isInitiator ? init_ephemeral : resp_ephemeral
        let remote = isInitiator ? init_remote_static : resp_remote_static
        let prologue = (isInitiator ? init_prologue : resp_prologue).bytes
        let psks = ((isInitiator ? init_psks : resp_psks) ?? []).flatMap(\.bytes)
        return NoiseHandshake(
            pattern: pattern,
            role: role,
            suite: suite,
            prologue: prologue.span.raw,
            localStatic: Self.pair(isInitiator ? init_static : resp_static),
            localEphemeral: Self.pair(pattern.needsEphemeral(role) ? ephemeral : nil),
            remoteStatic: remote.map { PublicKey($0.bytes.span.raw) },
            psks: psks.span.raw
        )
    }

    private static func pair(_ secret: Hex?) -> KeyPair? {
        guard let secret else { return nil }
        return KeyPair(copying: secret.bytes.span.raw, storage: .heap)
    }

    /// Runs both sides and compares every byte.
    func check() throws {
        guard let (pattern, suite) = suite() else { throw Vectors.MissingVectors() }
        var initiator = handshake(.initiator, pattern, suite)
        var responder = handshake(.responder, pattern, suite)
        for (index, message) in messages.prefix(pattern.messages.count).enumerated() {
            let read =
                if index.isMultiple(of: 2) {
                    try pass(message, from: &initiator, to: &responder)
                } else {
                    try pass(message, from: &responder, to: &initiator)
                }
            #expect(read == message.payload.bytes, "\(protocol_name): payload \(index)")
        }
        let finished = (initiator.isFinished, responder.isFinished)
        #expect(finished == (true, true), "\(protocol_name) finishes on both sides")
        let hashes = [[UInt8](copying: initiator.handshakeHash), [UInt8](copying: responder.handshakeHash)]
        if let expected = handshake_hash?.bytes {
            #expect(hashes == [expected, expected], "\(protocol_name): handshake hash")
        }
        #expect(hashes[0] == hashes[1], "\(protocol_name): handshake hashes of both sides")
        try checkTransport(initiator.split(), responder.split(), pattern, suite)
    }

    private func pass(
        _ message: Message,
        from writer: inout NoiseHandshake,
        to reader: inout NoiseHandshake
    ) throws -> [UInt8] {
        let foretold = writer.overhead
        let written = try [UInt8](room: 4096) { target in
            try writer.write(payload: message.payload.bytes.span.raw, into: &target)
        }
        #expect(written == message.ciphertext.bytes, "\(protocol_name): a handshake message")
        #expect(written.count == foretold + message.payload.bytes.count, "\(protocol_name): foretold overhead")
        return try [UInt8](room: 4096) { target in
            try reader.read(written.span.raw, payloadInto: &target)
        }
    }

    private func checkTransport(
        _ mine: consuming TrafficSecrets,
        _ theirs: consuming TrafficSecrets,
        _ pattern: HandshakePattern,
        _ suite: NoiseSuite
    ) throws {
        var forth = CipherState(suite.cipher, key: mine.sealing(as: .initiator))
        var forthOpened = CipherState(suite.cipher, key: theirs.opening(as: .responder))
        var back = CipherState(suite.cipher, key: theirs.sealing(as: .responder))
        var backOpened = CipherState(suite.cipher, key: mine.opening(as: .initiator))
        for (index, message) in messages.enumerated().dropFirst(pattern.messages.count) {
            let isForth = pattern.isOneWay || index.isMultiple(of: 2)
            let payload = message.payload.bytes
            let written = [UInt8](room: 4096) { target in
                isForth
                    ? forth.seal(payload.span.raw, additional: RawSpan(), into: &target)
                    : back.seal(payload.span.raw, additional: RawSpan(), into: &target)
            }
            #expect(written == message.ciphertext.bytes, "\(protocol_name): transport message \(index)")
            let read = [UInt8](room: 4096) { target in
                let count =
                    isForth
                    ? forthOpened.open(written.span.raw, additional: RawSpan(), into: &target)
                    : backOpened.open(written.span.raw, additional: RawSpan(), into: &target)
                return count ?? 0
            }
            #expect(read == payload, "\(protocol_name): transport message \(index) opened")
        }
    }
}

@Suite struct NoiseVectorTests {
    @Test(
        "every published Noise vector on curve 25519 that libsodium's primitives allow comes out byte for byte",
        .enabled(if: Vectors.published != nil, "\(Vectors.absence)")
    )
    func published() throws {
        let vectors = try Vectors.read("noise/cacophony.txt", as: NoiseVector.File.self).vectors
        var leftOut: [String: Int] = [:]
        var checked = 0
        for vector in vectors {
            if vector.suite() == nil {
                let parts = vector.protocol_name.split(separator: "_")
                let reason =
                    parts[2] != "25519" ? "curve \(parts[2])" : "25519 with \(parts[3...].joined(separator: "_"))"
                leftOut[reason, default: 0] += 1
            } else {
                try vector.check()
                checked += 1
            }
        }
        let reasons = leftOut.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }
        print("Noise vectors: \(checked) of \(vectors.count) checked; left out: \(reasons.joined(separator: ", "))")
        let expected = Cipher.aesGCM.isAvailable ? 354 : 177
        #expect(checked == expected)
        #expect(vectors.filter { $0.suite() == nil }.allSatisfy { !$0.protocol_name.contains("_25519_ChaChaPoly_SHA") })
    }
}
