import PlaitCore

/// Extract-and-expand key derivation of RFC 5869 over any of the hash functions.
///
/// The Noise specification's HKDF with n outputs is `extract` with the chaining key as salt, then `expand` of n hash
/// lengths with empty info.
package struct HKDF: Sendable {
    package let function: HashFunction

    package init(_ function: HashFunction) {
        self.function = function
    }

    /// A key from input that is secret but not uniform. As long as the hash, at the start of `output`.
    @_lifetime(output: copy output)
    package func extract(salt: RawSpan, input: RawSpan, into output: inout MutableRawSpan) {
        var code = HMAC(function, key: salt)
        code.update(input)
        code.finish(into: &output)
    }

    /// Fills `output` with keys from `key`; what `info` says keeps uses apart.
    ///
    /// - Precondition: At most 255 hash lengths are asked for.
    @_lifetime(output: copy output)
    package func expand(key: RawSpan, info: RawSpan, into output: inout MutableRawSpan) {
        precondition(output.byteCount <= 255 * function.length, "HKDF makes at most 255 blocks")
        var block = SecretBytes(count: function.length)
        var counter: UInt8 = 0
        var offset = 0
        while offset < output.byteCount {
            var code = HMAC(function, key: key)
            if counter > 0 { code.update(block.bytes) }
            counter += 1
            code.update(info)
            let number: InlineArray<1, UInt8> = [counter]
            code.update(number.span.raw)
            var bytes = block.mutableBytes
            code.finish(into: &bytes)
            let count = min(function.length, output.byteCount - offset)
            output.copy(bytes.bytes.extracting(0..<count), at: offset)
            offset += count
        }
    }
}
