import PlaitCore

/// HMAC of RFC 2104 over any of the hash functions, for bytes that come in pieces:
///
///     H(key ^ 5c5c... || H(key ^ 3636... || bytes))
package struct HMAC: ~Copyable {
    private let function: HashFunction
    private var inner: Hasher
    private var outer: Hasher

    /// A key longer than a block is hashed first, as the RFC asks.
    package init(_ function: HashFunction, key: RawSpan) {
        self.function = function
        var pad = SecretBytes(count: function.blockLength)
        var bytes = pad.mutableBytes
        if key.byteCount > function.blockLength {
            function.hash(key, into: &bytes)
        } else {
            bytes.copy(key, at: 0)
        }
        inner = Hasher(function)
        outer = Hasher(function)
        bytes.mask(with: 0x36)
        inner.update(bytes.bytes)
        bytes.mask(with: 0x36 ^ 0x5c)
        outer.update(bytes.bytes)
    }

    /// Takes in the next bytes.
    package mutating func update(_ bytes: RawSpan) {
        inner.update(bytes)
    }

    /// The code of all that came in, as long as the hash, written to the start of `output`.
    @_lifetime(output: copy output)
    package consuming func finish(into output: inout MutableRawSpan) {
        let length = function.length
        precondition(output.byteCount >= length, "an authentication code needs more room")
        inner.finish(into: &output)
        outer.update(output.bytes.extracting(0..<length))
        outer.finish(into: &output)
    }
}

extension MutableRawSpan {
    /// Exclusive-or of every byte with the same mask.
    @_lifetime(self: copy self)
    fileprivate mutating func mask(with mask: UInt8) {
        for place in 0..<byteCount {
            let byte = unsafe unsafeLoad(fromByteOffset: place, as: UInt8.self)
            storeBytes(of: byte ^ mask, toByteOffset: place, as: UInt8.self)
        }
    }
}
