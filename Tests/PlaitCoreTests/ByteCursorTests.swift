import PlaitCore
import TestSupport
import Testing

@Suite("Byte cursors")
struct ByteCursorTests {
    /// One field of each kind: 1 + 2 + 4 + 8 bytes, then a run of 5.
    private static let encoded: [UInt8] = [
        0xfe,
        0x01, 0x02,
        0xff, 0xff, 0xff, 0xfd,
        0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18,
        0xa0, 0xa1, 0xa2, 0xa3, 0xa4,
    ]

    private static func decode(_ reader: inout ByteReader) throws(ByteError) {
        let byte: UInt8 = try reader.integer()
        let short = try reader.integer(UInt16.self)
        let signed = try reader.integer(Int32.self)
        let long = try reader.integer(UInt64.self)
        let run = try reader.slice(5)
        #expect(byte == 0xfe)
        #expect(short == 0x0102)
        #expect(signed == -3)
        #expect(long == 0x1112_1314_1516_1718)
        #expect([UInt8](copying: run) == [0xa0, 0xa1, 0xa2, 0xa3, 0xa4])
    }

    private static func encode(_ writer: inout ByteWriter) throws(ByteError) {
        try writer.write(0xfe as UInt8)
        try writer.write(0x0102 as UInt16)
        try writer.write(-3 as Int32)
        try writer.write(0x1112_1314_1516_1718 as UInt64)
        let run: [UInt8] = [0xa0, 0xa1, 0xa2, 0xa3, 0xa4]
        try writer.write(run.span.raw)
    }

    @Test("what was written big-endian is read back")
    func roundTrip() throws {
        var bytes = [UInt8](repeating: 0, count: Self.encoded.count)
        do {
            var span = bytes.mutableSpan
            var writer = ByteWriter(span.mutableRaw)
            try Self.encode(&writer)
            let (offset, remaining) = (writer.offset, writer.remaining)
            #expect(offset == 20)
            #expect(remaining == 0)
        }
        #expect(bytes == Self.encoded)
        var reader = ByteReader(bytes.span.raw)
        try Self.decode(&reader)
        let left = reader.remaining
        #expect(left == 0)
    }

    @Test("a read of any truncated input fails where it ends and moves nothing", arguments: 0..<20)
    func truncated(length: Int) {
        // Field ends of `encoded`: the cursor stops before the field that does not fit.
        let fields: [(start: Int, size: Int)] = [(0, 1), (1, 2), (3, 4), (7, 8), (15, 5)]
        let field = fields.last { $0.start <= length && length < $0.start + $0.size } ?? (0, 0)
        let input = Array(Self.encoded[..<length])
        var reader = ByteReader(input.span.raw)
        var failure: ByteError?
        do throws(ByteError) { try Self.decode(&reader) } catch { failure = error }
        #expect(failure == .truncated(needed: field.size, remaining: length - field.start))
        let offset = reader.offset
        #expect(offset == field.start)
    }

    @Test("a write into any shorter target fails and leaves the rest untouched", arguments: 0..<20)
    func full(length: Int) {
        let starts = [0, 1, 3, 7, 15, 20]
        let start = starts.last { $0 <= length } ?? 0
        let size = (starts.first { $0 > length } ?? 0) - start
        // Guard bytes behind the target, and a pattern in it, show any byte that was touched.
        var bytes = [UInt8](repeating: 0x5a, count: 32)
        var failure: ByteError?
        do {
            var span = bytes.mutableSpan
            var part = span._mutatingExtracting(first: length)
            var writer = ByteWriter(part.mutableRaw)
            do throws(ByteError) { try Self.encode(&writer) } catch { failure = error }
            let offset = writer.offset
            #expect(offset == start)
        }
        #expect(failure == .full(needed: size, remaining: length - start))
        #expect(bytes == Array(Self.encoded[..<start]) + [UInt8](repeating: 0x5a, count: 32 - start))
    }

    @Test("skipping and taking the rest move the cursor by what they say")
    func skipping() throws {
        let bytes = Self.encoded
        var reader = ByteReader(bytes.span.raw)
        try reader.skip(7)
        var failure: ByteError?
        do throws(ByteError) { try reader.skip(14) } catch { failure = error }
        #expect(failure == .truncated(needed: 14, remaining: 13))
        let long = try reader.integer(UInt64.self)
        #expect(long == 0x1112_1314_1516_1718)
        let rests = ([UInt8](copying: reader.rest()), [UInt8](copying: reader.rest()))
        #expect(rests.0 == [0xa0, 0xa1, 0xa2, 0xa3, 0xa4])
        #expect(rests.1 == [])
        let none = try reader.slice(0).byteCount
        #expect(none == 0)
    }

    @Test("a length is written over afterwards, and `written` shows what is there so far")
    func overwriting() throws {
        var bytes = [UInt8](repeating: 0x5a, count: 8)
        do {
            var span = bytes.mutableSpan
            var writer = ByteWriter(span.mutableRaw)
            try writer.write(0 as UInt16)
            try writer.write(repeating: 7, count: 3)
            writer.overwrite(UInt16(writer.offset), at: 0)
            let written = [UInt8](copying: writer.written)
            #expect(written == [0, 5, 7, 7, 7])
        }
        #expect(bytes == [0, 5, 7, 7, 7, 0x5a, 0x5a, 0x5a])
    }

    private static func copy(_ source: [UInt8], into target: inout [UInt8], at place: Int) {
        var span = target.mutableSpan
        var bytes = span.mutableRaw
        bytes.copy(source.span.raw, at: place)
    }

    @Test("a bulk copy moves exactly its bytes, empty ones included")
    func copying() {
        let source: [UInt8] = [1, 2, 3]
        for place in 0...5 {
            var target = [UInt8](repeating: 9, count: 8)
            Self.copy(source, into: &target, at: place)
            #expect(target == [UInt8](repeating: 9, count: place) + source + [UInt8](repeating: 9, count: 5 - place))
        }
        var target: [UInt8] = []
        Self.copy([], into: &target, at: 0)
        #expect(target.isEmpty)
    }

    @Test("a copy or an overwrite outside its bounds is a bug and traps")
    func traps() async {
        await #expect(processExitsWith: .failure) {
            var target = [UInt8](repeating: 0, count: 4)
            Self.copy([1, 2, 3], into: &target, at: 2)
        }
        await #expect(processExitsWith: .failure) {
            var target = [UInt8](repeating: 0, count: 4)
            Self.copy([], into: &target, at: -1)
        }
        await #expect(processExitsWith: .failure) {
            var target = [UInt8](repeating: 0, count: 4)
            var span = target.mutableSpan
            var writer = ByteWriter(span.mutableRaw)
            try writer.write(1 as UInt8)
            writer.overwrite(1 as UInt16, at: 0)
        }
        await #expect(processExitsWith: .failure) {
            let bytes: [UInt8] = [1, 2]
            var reader = ByteReader(bytes.span.raw)
            try reader.skip(1)
            try reader.skip(-1)
        }
    }

    @Test("reading and writing allocate nothing", .enabled(if: isOptimized))
    func allocations() throws {
        var bytes = [UInt8](repeating: 0, count: 1_200)
        let run: [UInt8] = [1, 2, 3, 4]
        var sum: UInt64 = 0
        let count = try TestSupport.allocations {
            for index in 0..<10_000 as Range<UInt64> {
                var span = bytes.mutableSpan
                var writer = ByteWriter(span.mutableRaw)
                while writer.remaining > 0 {
                    try writer.write(index)
                    try writer.write(run.span.raw)
                }
                var reader = ByteReader(bytes.span.raw)
                while reader.remaining > 0 {
                    sum &+= try reader.integer(UInt64.self)
                    sum &+= UInt64(try reader.slice(4).byteCount)
                }
            }
        }
        #expect(sum == 100 * (10_000 * 9_999 / 2 + 4 * 10_000))
        if let count { #expect(count == 0) }
    }

    /// An error without content, to learn what the testing library's own hook into throws allocates.
    private enum Plain: Error { case thrown }

    @inline(never)
    private static func fail() throws(Plain) { throw .thrown }

    @Test("a failed read or write allocates nothing of its own", .enabled(if: isOptimized))
    func failureAllocations() {
        var bytes = [UInt8](repeating: 0, count: 4)
        var failures = 0
        let plain = TestSupport.allocations {
            for _ in 0..<2_000 {
                do throws(Plain) { try Self.fail() } catch { failures += 1 }
            }
        }
        let count = TestSupport.allocations {
            for index in 0..<1_000 as Range<UInt64> {
                var span = bytes.mutableSpan
                var writer = ByteWriter(span.mutableRaw)
                do throws(ByteError) { try writer.write(index) } catch { failures += 1 }
                var reader = ByteReader(bytes.span.raw)
                do throws(ByteError) { _ = try reader.integer(UInt64.self) } catch { failures += 1 }
            }
        }
        #expect(failures == 4_000)
        #expect(count == plain)
    }
}
