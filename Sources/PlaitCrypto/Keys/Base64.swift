/// Base64 of RFC 4648, section 4, for keys as people see them. Padded, and strict: a text has one meaning.
enum Base64 {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(of bytes: RawSpan) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.byteCount + 2) / 3 * 4)
        var offset = 0
        while offset < bytes.byteCount {
            let count = min(3, bytes.byteCount - offset)
            var word: UInt32 = 0
            for index in 0..<3 {
                word <<= 8
                if index < count {
                    word |= UInt32(unsafe bytes.unsafeLoad(fromByteOffset: offset + index, as: UInt8.self))
                }
            }
            for index in 0..<4 {
                text.append(index <= count ? letters[Int(word >> UInt32(18 - 6 * index) & 63)] : UInt8(ascii: "="))
            }
            offset += 3
        }
        return String(decoding: text, as: UTF8.self)
    }
}
