/// The bytes of a stream as a pure function of a seed and an offset, so that the receiver checks them as they arrive.
///
///     word(i) = f(seed + i x 0x9e3779b97f4a7c15), little-endian, at offsets 8i to 8i + 7
///     f(p) = q xor (q >> 32), q = (p xor (p >> 32)) x 0xd6e8feb86659fd93
///
/// A byte at another offset, or of another stream, is another byte with a chance of 255 in 256.
package enum PatternBytes {
    /// Fills a part of `bytes` with what belongs at `offset` and after it.
    package static func fill(_ bytes: inout MutableRawSpan, _ part: Range<Int>, seed: UInt64, offset: UInt64) {
        precondition(part.lowerBound >= 0 && part.upperBound <= bytes.byteCount, "a pattern beyond its buffer")
        let count = part.count
        var place = 0
        unsafe bytes.withUnsafeMutableBytes { whole in
            let target = unsafe UnsafeMutableRawBufferPointer(rebasing: whole[part])
            while place < count, (offset &+ UInt64(place)) & 7 != 0 {
                unsafe target[place] = byte(seed, offset &+ UInt64(place))
                place += 1
            }
            var position = position(seed, offset &+ UInt64(place))
            while place &+ 8 <= count {
                unsafe target.storeBytes(of: mix(position).littleEndian, toByteOffset: place, as: UInt64.self)
                position &+= golden
                place &+= 8
            }
            while place < count {
                unsafe target[place] = byte(seed, offset &+ UInt64(place))
                place += 1
            }
        }
    }

    /// The place of the first byte that is not what belongs at `offset` and after it; `nil` when all are.
    package static func firstWrong(in bytes: RawSpan, seed: UInt64, offset: UInt64) -> Int? {
        let count = bytes.byteCount
        var place = 0
        return unsafe bytes.withUnsafeBytes { source in
            while place < count, (offset &+ UInt64(place)) & 7 != 0 {
                guard unsafe source[place] == byte(seed, offset &+ UInt64(place)) else { return place }
                place += 1
            }
            var position = position(seed, offset &+ UInt64(place))
            while place &+ 8 <= count {
                let word = UInt64(littleEndian: unsafe source.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                let difference = word ^ mix(position)
                guard difference == 0 else { return place + difference.trailingZeroBitCount / 8 }
                position &+= golden
                place &+= 8
            }
            while place < count {
                guard unsafe source[place] == byte(seed, offset &+ UInt64(place)) else { return place }
                place += 1
            }
            return nil
        }
    }

    private static func byte(_ seed: UInt64, _ offset: UInt64) -> UInt8 {
        UInt8(truncatingIfNeeded: mix(position(seed, offset)) >> (8 * (offset & 7)))
    }

    private static func position(_ seed: UInt64, _ offset: UInt64) -> UInt64 { seed &+ (offset >> 3) &* golden }

    @inline(__always)
    private static func mix(_ position: UInt64) -> UInt64 {
        let product = (position ^ position >> 32) &* 0xd6e8_feb8_6659_fd93
        return product ^ product >> 32
    }

    private static let golden: UInt64 = 0x9e37_79b9_7f4a_7c15
}
