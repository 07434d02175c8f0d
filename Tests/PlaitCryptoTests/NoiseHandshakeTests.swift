import PlaitCore
import PlaitCrypto
import Testing

/// Two sides of one handshake with keys drawn from a seed.
private struct Sides: ~Copyable {
    var initiator: NoiseHandshake
    var responder: NoiseHandshake
    /// The place of the message that is under way.
    private var turn = 0

    init(_ pattern: HandshakePattern, seed: UInt64, suite: NoiseSuite = Suite.chaChaPolySHA256.noise) {
        var secrets = SecretStream(simulationSeed: seed, name: "handshake")
        let mine = KeyPair(from: &secrets, storage: .heap)
        let theirs = KeyPair(from: &secrets, storage: .heap)
        let prologue: [UInt8] = [1, 2, 3]
        let psks = [UInt8](repeating: 9, count: 32 * pattern.pskCount)
        initiator = NoiseHandshake(
            pattern: pattern,
            role: .initiator,
            suite: suite,
            prologue: prologue.span.raw,
            localStatic: mine.copy(storage: .heap),
            localEphemeral: KeyPair(from: &secrets, storage: .heap),
            remoteStatic: pattern.responderIsKnown ? theirs.publicKey : nil,
            psks: psks.span.raw
        )
        responder = NoiseHandshake(
            pattern: pattern,
            role: .responder,
            suite: suite,
            prologue: prologue.span.raw,
            localStatic: theirs.copy(storage: .heap),
            localEphemeral: KeyPair(from: &secrets, storage: .heap),
            remoteStatic: pattern.initiatorIsKnown ? mine.publicKey : nil,
            psks: psks.span.raw
        )
    }

    /// The next message, by whose turn it is.
    mutating func write(_ payload: [UInt8]) throws -> [UInt8] {
        if turn.isMultiple(of: 2) { return try Self.write(&initiator, payload) }
        return try Self.write(&responder, payload)
    }

    /// Its reading by the other side.
    mutating func read(_ message: [UInt8]) throws -> [UInt8] {
        let payload =
            if turn.isMultiple(of: 2) {
                try Self.read(&responder, message)
            } else {
                try Self.read(&initiator, message)
            }
        turn += 1
        return payload
    }

    static func write(_ side: inout NoiseHandshake, _ payload: [UInt8]) throws -> [UInt8] {
        try [UInt8](room: 1500) { target in try side.write(payload: payload.span.raw, into: &target) }
    }

    static func read(_ side: inout NoiseHandshake, _ message: [UInt8]) throws -> [UInt8] {
        try [UInt8](room: 1500) { target in try side.read(message.span.raw, payloadInto: &target) }
    }

    /// What can be seen of the reading side.
    var readerState: [UInt8] {
        if turn.isMultiple(of: 2) { return [UInt8](copying: responder.handshakeHash) }
        return [UInt8](copying: initiator.handshakeHash)
    }
}

@Suite struct NoiseHandshakeTests {
    @Test(
        "a message with any byte flipped is refused or changes nothing, and the right one is still accepted after it",
        arguments: [HandshakePattern.xx, .ik, .ik.withPSK(at: [2]), .xx.withPSK(at: [3])]
    )
    func rollback(pattern: HandshakePattern) throws {
        var sides = Sides(pattern, seed: 11)
        for turn in pattern.messages.indices {
            let payload = [UInt8](repeating: UInt8(turn), count: 20)
            let message = try sides.write(payload)
            let before = sides.readerState
            // A first message of XX has no tag: whatever arrives is taken, and the next message fails for both.
            let hasTag = !(turn == 0 && pattern == .xx)
            if hasTag {
                for place in message.indices {
                    var forged = message
                    forged[place] ^= 0x04
                    #expect(throws: NoiseError.self, "message \(turn), byte \(place)") { try sides.read(forged) }
                    let after = sides.readerState
                    #expect(after == before, "message \(turn), byte \(place)")
                }
                for length in [0, 1, 31, 32, message.count - 1] {
                    #expect(throws: NoiseError.self) { try sides.read(Array(message.prefix(length))) }
                }
                #expect(throws: NoiseError.self) { try sides.read(message + [0]) }
            }
            let read = try sides.read(message)
            #expect(read == payload, "message \(turn)")
        }
        let hashes = ([UInt8](copying: sides.initiator.handshakeHash), [UInt8](copying: sides.responder.handshakeHash))
        #expect(hashes.0 == hashes.1)
        let finished = (sides.initiator.isFinished, sides.responder.isFinished)
        #expect(finished == (true, true))
    }

    @Test("a public key of low order is refused, wherever it stands, and the handshake goes on after it")
    func lowOrder() throws {
        var sides = Sides(.xx, seed: 3)
        let first = try sides.write([])
        for point in [[UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31)] {
            // The agreement comes with the answer, and it is the answer that cannot be written.
            var other = Sides(.xx, seed: 3)
            let taken = try other.read(point)
            #expect(taken.isEmpty)
            #expect(throws: NoiseError.lowOrderKey) { try other.write([]) }
            var known = Sides(.ik, seed: 3)
            let message = try known.write([])
            #expect(throws: NoiseError.lowOrderKey) { try known.read(point + message.dropFirst(32)) }
            let payload = try known.read(message)
            #expect(payload.isEmpty)
        }
        let read = try sides.read(first)
        #expect(read.isEmpty)
    }

    @Test("a message that comes again or too late is out of turn or not authentic, and does no harm")
    func turns() throws {
        var sides = Sides(.ik, seed: 5)
        let first = try sides.write([7])
        // Its own message, sent back.
        #expect(throws: NoiseError.notAuthentic) { _ = try Sides.read(&sides.initiator, first) }
        let payload = try sides.read(first)
        #expect(throws: NoiseError.outOfTurn) { _ = try Sides.read(&sides.responder, first) }
        let second = try sides.write([8])
        let answer = try sides.read(second)
        #expect(throws: NoiseError.outOfTurn) { _ = try Sides.read(&sides.initiator, second) }
        #expect(payload == [7] && answer == [8])
    }

    @Test("the peer's static key is known only after the message that carries it")
    func peer() throws {
        var sides = Sides(.xx, seed: 8)
        var secrets = SecretStream(simulationSeed: 8, name: "handshake")
        let mine = KeyPair(from: &secrets, storage: .heap).publicKey
        let theirs = KeyPair(from: &secrets, storage: .heap).publicKey
        _ = try sides.read(sides.write([]))
        var seen = (sides.initiator.remoteStatic, sides.responder.remoteStatic)
        #expect(seen == (nil, nil))
        _ = try sides.read(sides.write([]))
        seen = (sides.initiator.remoteStatic, sides.responder.remoteStatic)
        #expect(seen == (theirs, nil))
        _ = try sides.read(sides.write([]))
        seen = (sides.initiator.remoteStatic, sides.responder.remoteStatic)
        #expect(seen == (theirs, mine))
    }

    @Test("X25519 agreements are counted: four a side in IK, three in XX, and a refused first message of IK costs one")
    func exchanges() throws {
        var ik = Sides(.ik, seed: 2)
        var message = try ik.write([])
        let counts = (ik.initiator.exchanges, ik.responder.exchanges)
        #expect(counts == (2, 0))
        message[40] ^= 1
        #expect(throws: NoiseError.notAuthentic) { try ik.read(message) }
        let refused = ik.responder.exchanges
        #expect(refused == 1)
        var xx = Sides(.xx, seed: 2)
        for _ in 0..<3 { _ = try xx.read(xx.write([])) }
        let whole = (xx.initiator.exchanges, xx.responder.exchanges)
        #expect(whole == (3, 3))
    }

    @Test("what has no room is refused before anything is done")
    func room() throws {
        var sides = Sides(.ik, seed: 4)
        let overhead = sides.initiator.overhead
        #expect(overhead == 32 + 48 + 16)
        #expect(throws: NoiseError.noRoom(needed: 106, available: 105)) {
            _ = try [UInt8](room: 105) { target in
                let payload = [UInt8](repeating: 0, count: 10)
                return try sides.initiator.write(payload: payload.span.raw, into: &target)
            }
        }
        let message = try sides.write([UInt8](repeating: 0, count: 10))
        #expect(throws: NoiseError.noRoom(needed: 10, available: 9)) {
            _ = try [UInt8](room: 9) { target in try sides.responder.read(message.span.raw, payloadInto: &target) }
        }
        let read = try sides.read(message)
        #expect(read.count == 10)
    }

    @Test("a different prologue or psk on one side is not authentic")
    func disagreement() throws {
        let pattern = HandshakePattern.nn.withPSK(at: [0])
        for (prologue, psk) in [([1, 2, 4], 9), ([1, 2, 3], 8)] as [([UInt8], UInt8)] {
            var sides = Sides(pattern, seed: 6)
            var secrets = SecretStream(simulationSeed: 7, name: "handshake")
            let psks = [UInt8](repeating: psk, count: 32)
            var other = NoiseHandshake(
                pattern: pattern,
                role: .responder,
                suite: Suite.chaChaPolySHA256.noise,
                prologue: prologue.span.raw,
                localStatic: nil,
                localEphemeral: KeyPair(from: &secrets, storage: .heap),
                remoteStatic: nil,
                psks: psks.span.raw
            )
            let message = try sides.write([1])
            #expect(throws: NoiseError.notAuthentic) { _ = try Sides.read(&other, message) }
        }
    }

    @Test("using a handshake in the wrong order is a bug of ours and ends the process")
    func wrongOrder() async {
        await #expect(processExitsWith: .failure) {
            var sides = Sides(.xx, seed: 1)
            _ = try Sides.write(&sides.responder, [])
        }
        await #expect(processExitsWith: .failure) {
            let sides = Sides(.xx, seed: 1)
            Self.split(sides)
        }
        await #expect(processExitsWith: .failure) {
            var secrets = SecretStream(simulationSeed: 7, name: "handshake")
            let handshake = NoiseHandshake(
                pattern: .xx,
                role: .initiator,
                suite: Suite.chaChaPolySHA256.noise,
                prologue: RawSpan(),
                localStatic: nil,
                localEphemeral: KeyPair(from: &secrets),
                remoteStatic: nil
            )
            _ = handshake.isFinished
        }
    }

    private static func split(_ sides: consuming Sides) {
        _ = sides.initiator.split()
    }

    @Test("names of patterns are read as the specification writes them, and nothing else is")
    func names() {
        for pattern in HandshakePattern.fundamental + HandshakePattern.deferred {
            #expect(HandshakePattern(named: pattern.name) == pattern)
        }
        #expect(HandshakePattern(named: "IKpsk1+psk2")?.pskCount == 2)
        for name in ["", "ZZ", "psk0", "XXpsk", "XXpsk4", "XXpsk1+psk1", "XXpsk2+psk1", "XXpsk-1", "XXfallback"] {
            #expect(HandshakePattern(named: name) == nil, "\(name)")
        }
    }
}
