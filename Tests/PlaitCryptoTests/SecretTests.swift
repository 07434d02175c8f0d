import PlaitCore
import PlaitCrypto
import Testing

@Suite struct SecretTests {
    @Test("a secret stream gives the same bytes in pieces as at once, and others for another seed or name")
    func streams() {
        func bytes(_ seed: UInt64, _ name: String, pieces: [Int]) -> [UInt8] {
            var stream = SecretStream(simulationSeed: seed, name: name)
            return pieces.flatMap { piece in
                [UInt8](room: piece) { target in
                    stream.fill(&target)
                    return piece
                }
            }
        }
        let whole = bytes(1, "host/a", pieces: [2_000])
        #expect(bytes(1, "host/a", pieces: [1, 479, 0, 480, 481, 559]) == whole)
        #expect(bytes(2, "host/a", pieces: [2_000]) != whole)
        #expect(bytes(1, "host/b", pieces: [2_000]) != whole)
        // Nothing repeats from batch to batch.
        let words = Set(stride(from: 0, to: 2_000, by: 8).map { Array(whole[$0..<$0 + 8]) })
        #expect(words.count == 250)
        var stream = SecretStream(simulationSeed: 1, name: "host/a")
        let word = stream.next()
        #expect(word == whole[..<8].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }

    @Test("two key pairs agree on the same secret from either side, wherever the keys lie")
    func agreement() {
        var stream = SecretStream(simulationSeed: 9, name: "pairs")
        let mine = KeyPair(from: &stream, storage: .heap)
        let theirs = KeyPair(from: &stream)
        let copy = theirs.copy(storage: .heap)
        let shared = [UInt8](room: 32) { target in
            X25519.agree(secret: mine.secret.bytes, publicKey: theirs.publicKey, into: &target) ? 32 : 0
        }
        let again = [UInt8](room: 32) { target in
            X25519.agree(secret: copy.secret.bytes, publicKey: mine.publicKey, into: &target) ? 32 : 0
        }
        let keys = (theirs.publicKey, copy.publicKey)
        #expect(shared == again && shared.count == 32 && keys.0 == keys.1)
        let derived = X25519.publicKey(of: copy.secret.bytes)
        #expect(derived == keys.0)
    }

    @Test("a message tag depends on every bit of the key and of the bytes, and is read back as it was written")
    func tags() throws {
        let secret = [UInt8](0..<32)
        let bytes = [UInt8](repeating: 5, count: 40)
        let tag = MessageTag(of: bytes.span.raw, key: SecretKey(copying: secret.span.raw))
        var written = [UInt8](room: 20) { target in
            tag.write(into: &target, at: 4)
            return 20
        }
        let parsed = MessageTag(written.span.raw, at: 4)
        let read = try #require(parsed)
        #expect(read.equalsInConstantTime(tag))
        let outside = [MessageTag(written.span.raw, at: 5), MessageTag(written.span.raw, at: -1)]
        #expect(outside.allSatisfy { $0 == nil })
        written[19] ^= 0x80
        let altered = MessageTag(written.span.raw, at: 4)
        let other = try #require(altered)
        #expect(!other.equalsInConstantTime(tag))
        for place in 0..<40 {
            var changed = bytes
            changed[place] ^= 1
            let other = MessageTag(of: changed.span.raw, key: SecretKey(copying: secret.span.raw))
            #expect(!other.equalsInConstantTime(tag))
        }
        var changed = secret
        changed[31] ^= 1
        let another = MessageTag(of: bytes.span.raw, key: SecretKey(copying: changed.span.raw))
        #expect(!another.equalsInConstantTime(tag))
    }

    @Test("bytes are equal in constant time only if all of them are")
    func equality() {
        func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool { one.span.raw.equalsInConstantTime(other.span.raw) }
        #expect(areEqual([1, 2, 3], [1, 2, 3]))
        #expect(areEqual([], []))
        for other in [[0, 2, 3], [1, 2, 2], [1, 2], [1, 2, 3, 0], []] as [[UInt8]] {
            #expect(!areEqual([1, 2, 3], other))
        }
    }
}
