import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Varints")
struct VarintTests {
    @Test(
        "the samples of RFC 9000, A.1, read as they should, the long form of 37 included",
        arguments: [
            ("c2197c5eff14e88c", 151_288_809_941_952_652), ("9d7f3e7d", 494_878_333), ("7bbd", 15_293), ("25", 37),
            ("4025", 37),
        ] as [(String, UInt64)]
    )
    func samples(text: String, value: UInt64) throws {
        let bytes = hex(text)
        var reader = ByteReader(bytes.span.raw)
        let read = try reader.varint()
        let left = reader.remaining
        #expect(read == value)
        #expect(left == 0)
        guard text != "4025" else { return }
        #expect(written { ((try? $0.write(varint: value)) != nil) }.bytes == bytes)
    }

    @Test("numbers are written in as few bytes as they take, up to 2^62 - 1")
    func lengths() throws {
        for (value, length) in [
            (0, 1), (63, 1), (64, 2), (16_383, 2), (16_384, 4), (1 << 30 - 1, 4), (1 << 30, 8), (1 << 62 - 1, 8),
        ] as [(UInt64, Int)] {
            let bytes = written { ((try? $0.write(varint: value)) != nil) }.bytes
            #expect(bytes.count == length && Varint.length(value) == length, "\(value)")
            var reader = ByteReader(bytes.span.raw)
            let read = try reader.varint()
            #expect(read == value)
        }
    }

    @Test("a number that does not fit, or ends too early, moves nothing")
    func failures() {
        for value in [0, 64, 16_384, 1 << 30] as [UInt64] {
            let full = written { ((try? $0.write(varint: value)) != nil) }.bytes
            for room in 0..<full.count {
                let short = written(room: room) { ((try? $0.write(varint: value)) != nil) }
                #expect(short.bytes.isEmpty && !short.fitted)
                let part = Array(full[..<room])
                var reader = ByteReader(part.span.raw)
                let read = try? reader.varint()
                let offset = reader.offset
                #expect(read == nil && offset == 0)
            }
        }
    }

    @Test("a number above 2^62 - 1 is a bug of the writer")
    func tooLarge() async {
        await #expect(processExitsWith: .failure) { _ = Varint.length(1 << 62) }
    }
}
