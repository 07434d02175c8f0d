import Foundation
import PlaitCore
import Testing

/// Published vectors, and tables that other implementations made: the scripts beside them say how.
@Suite("Random numbers against other implementations")
struct RandomVectorTests {
    /// The lines of a committed table, without comments, in words.
    private static func table(_ name: String) throws -> [[Substring]] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Vectors/\(name).txt")
        return try String(contentsOf: file, encoding: .utf8)
            .split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: " ") }
    }

    /// Random123's `kat_vectors`, lines `philox4x64 10`: counter, key, block.
    private static let known: [[UInt64]] = [
        [
            0, 0, 0, 0, 0, 0,
            0x1655_4d9e_ca36_314c, 0xdb20_fe9d_672d_0fdc, 0xd7e7_72ce_e186_176b, 0x7e68_b68a_ec7b_a23b,
        ],
        [
            .max, .max, .max, .max, .max, .max,
            0x87b0_92c3_013f_e90b, 0x438c_3c67_be8d_0224, 0x9cc7_d7c6_9cd7_77b6, 0xa09c_aebf_594f_0ba0,
        ],
        [
            0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344, 0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89,
            0x4528_21e6_38d0_1377, 0xbe54_66cf_34e9_0c6c,
            0xa528_f454_03e6_1d95, 0x38c7_2dbd_566e_9788, 0xa5a1_610e_72fd_18b5, 0x57bd_43b5_e52b_7fe6,
        ],
    ]

    private func expectBlock(_ line: [UInt64], sourceLocation: SourceLocation = #_sourceLocation) {
        let block = Philox4x64.block(counter: (line[0], line[1], line[2], line[3]), key0: line[4], key1: line[5])
        #expect([block.0, block.1, block.2, block.3] == Array(line[6...]), sourceLocation: sourceLocation)
    }

    @Test("Philox4x64-10 gives Random123's known answers", arguments: known)
    func knownAnswers(line: [UInt64]) {
        expectBlock(line)
    }

    @Test("Philox4x64-10 agrees with numpy, carries of the counter included")
    func numpy() throws {
        let lines = try Self.table("philox4x64").map { try $0.map { try #require(UInt64($0, radix: 16)) } }
        #expect(lines.count == 64)
        for line in lines { expectBlock(line) }
    }

    @Test("SipHash-2-4-128 gives the reference's answer at every length from 0 to 63")
    func sipHash() throws {
        let lines = try Self.table("siphash-2-4-128").map { try #require($0.first) }
        #expect(lines.count == 64)
        let input = [UInt8](0..<64)
        for (length, expected) in lines.enumerated() {
            let hash = SipHash128(
                key0: 0x0706_0504_0302_0100,
                key1: 0x0f0e_0d0c_0b0a_0908,
                input.span.extracting(0..<length)
            )
            let text = [hash.low, hash.high].map { Self.hexadecimal($0.byteSwapped) }.joined()
            #expect(text == String(expected), "length \(length)")
        }
    }

    @Test("a text is hashed as its UTF-8 bytes")
    func text() {
        // Long and short strings are stored differently; both must give the same span.
        for text in ["", "link", "host/zürich/backoff", "link/wifi/client>server/loss"] {
            let bytes = Array(text.utf8)
            #expect(SipHash128(key0: 1, key1: 2, text) == SipHash128(key0: 1, key1: 2, bytes.span))
        }
    }

    @Test("a stream's draws are those of numpy's Philox under a Python SipHash")
    func streams() throws {
        let lines = try Self.table("random-stream")
        #expect(lines.count == 120)
        for line in lines {
            let seed = try #require(UInt64(line[0]))
            let index = try #require(UInt64(line[1]))
            let number = try #require(UInt64(line[2]))
            let name = line.count > 4 ? String(line[4]) : ""
            let drawn = RandomStream(seed: seed, name: name).draw(index, number)
            #expect(Self.hexadecimal(drawn) == String(line[3]), "\(line.joined(separator: " "))")
        }
    }

    private static func hexadecimal(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
