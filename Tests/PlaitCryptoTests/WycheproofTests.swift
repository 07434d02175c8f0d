import PlaitCore
import PlaitCrypto
import Testing

/// A file of Wycheproof: groups of tests with what must come out.
private struct Wycheproof<Group: Decodable>: Decodable {
    let numberOfTests: Int
    let testGroups: [Group]
}

private enum Outcome: String, Decodable {
    case valid
    case invalid
    /// Allowed, and allowed to be refused.
    case acceptable
}

private struct AEADGroup: Decodable {
    struct Case: Decodable {
        let tcId: Int
        let comment: String
        let key: Hex
        let iv: Hex
        let aad: Hex
        let msg: Hex
        let ct: Hex
        let tag: Hex
        let result: Outcome
    }

    let ivSize: Int
    let keySize: Int
    let tagSize: Int
    let tests: [Case]
}

@Suite(.enabled(if: Vectors.published != nil, "\(Vectors.absence)"))
struct WycheproofTests {
    @Test("ChaCha20-Poly1305 seals and opens every Wycheproof vector, and refuses the altered ones")
    func chaChaPoly() throws {
        try checkAEAD("chacha20_poly1305", .chaChaPoly)
    }

    @Test(
        "AES-256-GCM seals and opens every Wycheproof vector of its sizes, and refuses the altered ones",
        .enabled(if: Cipher.aesGCM.isAvailable, "this processor has no AES instructions")
    )
    func aesGCM() throws {
        try checkAEAD("aes_gcm", .aesGCM)
    }

    private func checkAEAD(_ name: String, _ cipher: Cipher) throws {
        let file = try Vectors.read("wycheproof/\(name)_test.json", as: Wycheproof<AEADGroup>.self)
        var checked = 0
        var leftOut: [String: Int] = [:]
        for group in file.testGroups {
            guard group.ivSize == 96, group.keySize == 256, group.tagSize == 128 else {
                leftOut["key \(group.keySize), IV \(group.ivSize)", default: 0] += group.tests.count
                continue
            }
            for test in group.tests {
                check(test, cipher, "\(name) \(test.tcId): \(test.comment)")
                checked += 1
            }
        }
        let left = leftOut.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }.joined(separator: "; ")
        print(
            "Wycheproof \(name): \(checked) of \(file.numberOfTests) checked; left out: \(left.isEmpty ? "none" : left)"
        )
        #expect(checked + leftOut.values.reduce(0, +) == file.numberOfTests)
        #expect(checked > 60)
    }

    private func check(_ test: AEADGroup.Case, _ cipher: Cipher, _ name: String) {
        let nonce = Nonce(test.iv.bytes.span.raw)
        let sealed = test.ct.bytes + test.tag.bytes
        if test.result == .valid {
            let made = [UInt8](room: sealed.count) { target in
                cipher.seal(
                    test.msg.bytes.span.raw,
                    additional: test.aad.bytes.span.raw,
                    nonce: nonce,
                    key: test.key.bytes.span.raw,
                    into: &target
                )
            }
            #expect(made == sealed, "\(name) sealed")
        }
        var isGenuine = true
        let opened = [UInt8](room: test.msg.bytes.count + 64) { target in
            let count = cipher.open(
                sealed.span.raw,
                additional: test.aad.bytes.span.raw,
                nonce: nonce,
                key: test.key.bytes.span.raw,
                into: &target
            )
            isGenuine = count != nil
            return count ?? 0
        }
        #expect(isGenuine == (test.result == .valid), "\(name) opened")
        if isGenuine { #expect(opened == test.msg.bytes, "\(name) opened") }
    }

    private struct AgreementGroup: Decodable {
        struct Case: Decodable {
            let tcId: Int
            let comment: String
            let `public`: Hex
            let `private`: Hex
            let shared: Hex
            let result: Outcome
        }

        let tests: [Case]
    }

    @Test("X25519 agrees with every Wycheproof vector, and refuses every public key that makes zero")
    func x25519() throws {
        let file = try Vectors.read("wycheproof/x25519_test.json", as: Wycheproof<AgreementGroup>.self)
        var checked = 0
        var refused = 0
        for test in file.testGroups.flatMap(\.tests) {
            let isZero = test.shared.bytes.allSatisfy { $0 == 0 }
            let key = PublicKey(test.public.bytes.span.raw)
            var isGood = false
            let shared = [UInt8](room: 32) { target in
                isGood = X25519.agree(secret: test.private.bytes.span.raw, publicKey: key, into: &target)
                return 32
            }
            #expect(isGood == !isZero, "x25519 \(test.tcId): \(test.comment)")
            if isGood { #expect(shared == test.shared.bytes, "x25519 \(test.tcId): \(test.comment)") }
            checked += 1
            if !isGood { refused += 1 }
        }
        print("Wycheproof x25519: \(checked) of \(file.numberOfTests) checked, \(refused) refused for low order")
        #expect(checked == file.numberOfTests && refused > 20)
    }

    private struct DerivationGroup: Decodable {
        struct Case: Decodable {
            let tcId: Int
            let comment: String
            let ikm: Hex
            let salt: Hex
            let info: Hex
            let size: Int
            let okm: Hex
            let result: Outcome
        }

        let tests: [Case]
    }

    @Test("HKDF derives every Wycheproof vector", arguments: [HashFunction.sha256, .sha512])
    func hkdf(function: HashFunction) throws {
        let name = "hkdf_\(function.name.lowercased())"
        let file = try Vectors.read("wycheproof/\(name)_test.json", as: Wycheproof<DerivationGroup>.self)
        var checked = 0
        var tooLong = 0
        for test in file.testGroups.flatMap(\.tests) {
            guard test.size <= 255 * function.length else {
                // Refused by a precondition: no caller of ours asks for so much by accident.
                #expect(test.result == .invalid, "\(name) \(test.tcId)")
                tooLong += 1
                continue
            }
            let hkdf = HKDF(function)
            let key = [UInt8](room: 64) { target in
                hkdf.extract(salt: test.salt.bytes.span.raw, input: test.ikm.bytes.span.raw, into: &target)
                return function.length
            }
            let output = [UInt8](room: test.size) { target in
                hkdf.expand(key: key.span.raw, info: test.info.bytes.span.raw, into: &target)
                return test.size
            }
            #expect((output == test.okm.bytes) == (test.result == .valid), "\(name) \(test.tcId): \(test.comment)")
            checked += 1
        }
        print(
            "Wycheproof \(name): \(checked) of \(file.numberOfTests) checked; left out: \(tooLong) beyond HKDF"
        )
        #expect(checked + tooLong == file.numberOfTests)
    }

    private struct CodeGroup: Decodable {
        struct Case: Decodable {
            let tcId: Int
            let comment: String
            let key: Hex
            let msg: Hex
            let tag: Hex
            let result: Outcome
        }

        let tests: [Case]
    }

    @Test("HMAC-SHA-256 makes every Wycheproof tag, whole or cut off")
    func hmac() throws {
        let file = try Vectors.read("wycheproof/hmac_sha256_test.json", as: Wycheproof<CodeGroup>.self)
        var checked = 0
        for test in file.testGroups.flatMap(\.tests) {
            var code = HMAC(.sha256, key: test.key.bytes.span.raw)
            // In two pieces, as callers do.
            let half = test.msg.bytes.count / 2
            code.update(test.msg.bytes.span.raw.extracting(0..<half))
            code.update(test.msg.bytes.span.raw.extracting(half...))
            var output = [UInt8](repeating: 0, count: 32)
            var span = output.mutableSpan
            var target = span.mutableRaw
            code.finish(into: &target)
            let isEqual = output.prefix(test.tag.bytes.count).elementsEqual(test.tag.bytes)
            #expect(isEqual == (test.result == .valid), "hmac_sha256 \(test.tcId): \(test.comment)")
            checked += 1
        }
        print("Wycheproof hmac_sha256: \(checked) of \(file.numberOfTests) checked")
        #expect(checked == file.numberOfTests)
    }
}
