/// A cipher key and the number of its next message: section 5.1 of the Noise specification.
package struct CipherState: ~Copyable {
    private let cipher: Cipher
    private var key: SecretBytes
    private var number: UInt64 = 0

    /// - Precondition: A key of 32 bytes. The caller should wipe it.
    package init(_ cipher: Cipher, key: RawSpan) {
        precondition(key.byteCount == Cipher.keyLength, "a cipher key is 32 bytes")
        self.cipher = cipher
        self.key = SecretBytes(copying: key)
    }

    /// Seals the next message.
    ///
    /// - Returns: How many bytes were written to the start of `output`: 16 more than `text` has.
    @_lifetime(output: copy output)
    package mutating func seal(_ text: RawSpan, additional: RawSpan, into output: inout MutableRawSpan) -> Int {
        precondition(number < .max, "the last nonce is reserved")
        let nonce = Nonce(number: number, of: cipher)
        number += 1
        return cipher.seal(text, additional: additional, nonce: nonce, key: key.bytes, into: &output)
    }

    /// Opens the next message. After one that does not verify, the same number is expected again.
    @_lifetime(output: copy output)
    package mutating func open(_ sealed: RawSpan, additional: RawSpan, into output: inout MutableRawSpan) -> Int? {
        // Nobody reaches this number; a peer that claims to has nothing to say.
        guard number < .max else { return nil }
        let nonce = Nonce(number: number, of: cipher)
        guard let count = cipher.open(sealed, additional: additional, nonce: nonce, key: key.bytes, into: &output)
        else { return nil }
        number += 1
        return count
    }
}
