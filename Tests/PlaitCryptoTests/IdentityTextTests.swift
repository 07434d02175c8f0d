import PlaitCore
import PlaitCrypto
import Testing

@Suite struct IdentityTextTests {
    /// The text of the pair whose secret bytes are 0, 1, 2, ...
    private var text: [UInt8] {
        let secret = [UInt8](0..<32)
        let text = IdentityText.text(of: KeyPair(copying: secret.span.raw, storage: .heap))
        return [UInt8](copying: text.bytes)
    }

    private func parse(_ text: [UInt8]) throws -> PublicKey {
        try IdentityText.pair(of: text.span.raw, storage: .heap).publicKey
    }

    private func parse(_ text: String) throws -> PublicKey { try parse(Array(text.utf8)) }

    @Test("a key file has three lines, and reads back as the pair that it was written from")
    func roundTrip() throws {
        let lines = String(decoding: text, as: UTF8.self)
        #expect(
            lines == """
                plait key 1
                public j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8=
                secret AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=

                """
        )
        let secret = [UInt8](0..<32)
        let key = try parse(text)
        #expect(key == X25519.publicKey(of: secret.span.raw))
        #expect(PublicKey(text: key.text) == key)
    }

    @Test("a file cut off anywhere is refused, and says at which line")
    func truncated() {
        let text = text
        for count in text.indices {
            let line = 1 + text.prefix(count).count { $0 == UInt8(ascii: "\n") }
            let expected: IdentityError = count == 0 ? .empty : .truncated(line: line)
            #expect(throws: expected, "\(count) bytes") { try parse(Array(text.prefix(count))) }
        }
    }

    @Test("a file with any byte changed is refused, but for no other reason than the byte's line gives")
    func garbled() throws {
        let text = text
        for place in text.indices {
            for change in [0x01, 0x20, 0x80] as [UInt8] {
                var other = text
                other[place] ^= change
                let line = 1 + text.prefix(place).count { $0 == UInt8(ascii: "\n") }
                let error = #expect(throws: IdentityError.self, "byte \(place)") { try parse(other) }
                let told = try #require(error)
                // A line that lost its end runs into the next one; a changed secret belongs to another public key.
                #expect(told.line == line || told.line == line + 1 || told == .mismatch, "byte \(place): \(told)")
                #expect(!told.description.isEmpty && !told.remedy.isEmpty)
            }
        }
    }

    @Test("what is wrong is told by what to do about it")
    func errors() throws {
        let text = String(decoding: text, as: UTF8.self)
        #expect(throws: IdentityError.excess(line: 4)) { try parse(text + "\n") }
        #expect(throws: IdentityError.version) { try parse(text.replacing("key 1", with: "key 2")) }
        #expect(throws: IdentityError.notAKeyFile) { try parse("-----BEGIN PRIVATE KEY-----\n") }
        #expect(throws: IdentityError.mismatch) { try parse(text.replacing("secret AAEC", with: "secret AAEB")) }
        // The last letter's two low bits are beyond the key: one text for one key.
        #expect(throws: IdentityError.self) { try parse(text.replacing("Hh8=", with: "Hh9=")) }
        #expect(throws: IdentityError.self) { try parse(text.replacing("\n", with: "\r\n")) }
        let error = #expect(throws: IdentityError.self) { try parse(text.replacing("secret", with: "Secret")) }
        let told = try #require(error)
        #expect(told.description == "line 3: expected \"secret \" and the secret key, 44 letters")
    }

    @Test("the text of a public key has one spelling")
    func publicKeys() {
        let key = "j0DFrbaPJWJK5bIU6nZ6bslNgp09e14a0bpvPiE4KF8="
        #expect(PublicKey(text: key)?.description == key)
        for wrong in ["", String(key.dropLast()), key + "=", " " + key.dropFirst(), key.replacing("8=", with: "9=")] {
            #expect(PublicKey(text: wrong) == nil, "\(wrong)")
        }
    }
}
