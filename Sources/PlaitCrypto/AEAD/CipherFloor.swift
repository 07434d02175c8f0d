/// libsodium's own seal and open of a packet and nothing around them: the floor that packet keys are measured against.
///
/// Numbers are nonces here, and nobody watches them. Only for benches.
package struct CipherFloor: ~Copyable {
    private let cipher: Cipher
    private let preparedKey: SecretBytes

    /// - Precondition: A key of 32 bytes and a cipher that this machine has.
    package init(_ cipher: Cipher, key: RawSpan) {
        precondition(
            cipher.isAvailable && key.byteCount == Cipher.keyLength,
            "a cipher this machine lacks, or half a key"
        )
        let prepared = SecretBytes(count: cipher.preparedLength)
        unsafe cipher.prepare(SecretBytes(copying: key), at: prepared.address)
        self.cipher = cipher
        preparedKey = prepared
    }

    /// Seals all of `packet` but `headerLength` bytes before and 16 bytes after, where it lies.
    @_lifetime(packet: copy packet)
    package func seal(_ packet: inout MutableRawSpan, headerLength: Int, number: UInt64) {
        let nonce = Nonce(number: number, of: cipher)
        let key = unsafe preparedKey.address
        unsafe packet.withUnsafeMutableBytes { packet in
            let header = unsafe UnsafeRawBufferPointer(rebasing: packet[..<headerLength])
            let text = unsafe packet.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self) + headerLength
            let count = packet.count - headerLength - Cipher.tagLength
            unsafe cipher.seal(text, count: count, header: ByteRun(header), nonce: nonce, preparedKey: key)
        }
    }

    /// Opens what `seal` made into `output`, and says whether it verified.
    @_lifetime(output: copy output)
    package func open(
        _ packet: RawSpan,
        headerLength: Int,
        number: UInt64,
        into output: inout MutableRawSpan
    ) -> Bool {
        let nonce = Nonce(number: number, of: cipher)
        let key = unsafe preparedKey.address
        return unsafe output.withUnsafeMutableBytes { output in
            let text = unsafe output.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
            return unsafe packet.withUnsafeBytes { packet in
                let header = unsafe ByteRun(UnsafeRawBufferPointer(rebasing: packet[..<headerLength]))
                let sealed = unsafe ByteRun(UnsafeRawBufferPointer(rebasing: packet[headerLength...]))
                return unsafe cipher.open(sealed, header: header, nonce: nonce, preparedKey: key, into: text)
            }
        }
    }
}
