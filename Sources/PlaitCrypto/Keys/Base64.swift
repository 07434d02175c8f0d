import PlaitCore

/// Base64 of RFC 4648, section 4, for keys as people see them. Padded, and strict: bytes have one text.
///
/// Digits are computed, not looked up: which line of a table was read would tell about the secret.
enum Base64 {
    /// Letters for so many bytes.
    static func length(of count: Int) -> Int { (count + 2) / 3 * 4 }

    /// Writes the text of `bytes` to `place`.
    @_lifetime(target: copy target)
    static func encode(_ bytes: RawSpan, into target: inout MutableRawSpan, at place: Int) {
        precondition(place >= 0 && place <= target.byteCount - length(of: bytes.byteCount), "a text written outside")
        var (offset, place) = (0, place)
        while offset < bytes.byteCount {
            let count = min(3, bytes.byteCount - offset)
            var word: UInt32 = 0
            for index in 0..<3 {
                let byte: UInt8 =
                    index < count ? unsafe bytes.unsafeLoad(fromByteOffset: offset + index, as: UInt8.self) : 0
                word = word << 8 | UInt32(byte)
            }
            for index in 0..<4 {
                let letter = index <= count ? letter(of: word >> UInt32(18 - 6 * index) & 63) : UInt8(ascii: "=")
                target.storeBytes(of: letter, toByteOffset: place + index, as: UInt8.self)
            }
            (offset, place) = (offset + 3, place + 4)
        }
    }

    /// Reads `text`, which must be the text of exactly `target.byteCount` bytes.
    ///
    /// - Returns: Whether it is. `target` holds nothing of use otherwise.
    @_lifetime(target: copy target)
    static func decode(_ text: RawSpan, into target: inout MutableRawSpan) -> Bool {
        guard text.byteCount == length(of: target.byteCount) else { return false }
        var isGood = true
        var (offset, place) = (0, 0)
        while place < target.byteCount {
            let count = min(3, target.byteCount - place)
            var word: UInt32 = 0
            for index in 0..<4 {
                let letter = unsafe text.unsafeLoad(fromByteOffset: offset + index, as: UInt8.self)
                if index <= count {
                    let digit = digit(of: letter)
                    isGood = isGood && digit >= 0
                    word = word << 6 | UInt32(truncatingIfNeeded: digit & 63)
                } else {
                    isGood = isGood && letter == UInt8(ascii: "=")
                    word <<= 6
                }
            }
            // Bits beyond the last byte are zero in the one text that is right.
            isGood = isGood && word & (1 << UInt32(24 - 8 * count) - 1) == 0
            for index in 0..<count {
                let byte = UInt8(truncatingIfNeeded: word >> UInt32(16 - 8 * index))
                target.storeBytes(of: byte, toByteOffset: place + index, as: UInt8.self)
            }
            (offset, place) = (offset + 4, place + 3)
        }
        return isGood
    }

    /// All ones if `value` lies in the range, and zero otherwise.
    private static func mask(_ value: Int32, _ first: Int32, _ last: Int32) -> Int32 {
        ~((value - first) >> 31) & ~((last - value) >> 31)
    }

    private static func letter(of digit: UInt32) -> UInt8 {
        let digit = Int32(digit)
        var letter = mask(digit, 0, 25) & (digit + 65)
        letter |= mask(digit, 26, 51) & (digit + 71)
        letter |= mask(digit, 52, 61) & (digit - 4)
        letter |= mask(digit, 62, 62) & 43
        letter |= mask(digit, 63, 63) & 47
        return UInt8(letter)
    }

    /// -1 for what is no digit.
    private static func digit(of letter: UInt8) -> Int32 {
        let letter = Int32(letter)
        var digit = mask(letter, 65, 90) & (letter - 64)
        digit |= mask(letter, 97, 122) & (letter - 70)
        digit |= mask(letter, 48, 57) & (letter + 5)
        digit |= mask(letter, 43, 43) & 63
        digit |= mask(letter, 47, 47) & 64
        return digit - 1
    }
}

extension PublicKey {
    /// Base64, as in a key file: 44 letters.
    package var text: String {
        var letters = [UInt8](repeating: 0, count: Base64.length(of: Self.length))
        var span = letters.mutableSpan
        var target = span.mutableRaw
        Base64.encode(bytes.span.raw, into: &target, at: 0)
        return String(decoding: letters, as: UTF8.self)
    }

    /// The key of a text that `text` could have made; `nil` for any other.
    package init?(text: String) {
        let letters = Array(text.utf8)
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        var target = span.mutableRaw
        guard Base64.decode(letters.span.raw, into: &target) else { return nil }
        self.init(target.bytes)
    }
}
