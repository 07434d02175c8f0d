import PlaitCore
import PlaitFEC
import TestSupport
import Testing

@Suite("Allocations per symbol", .enabled(if: isOptimized))
struct AllocationTests {
    /// Encodes blocks of changing size and decodes them with as many losses as can be repaired.
    private static func carry(
        _ blocks: Int,
        _ encoder: inout BlockEncoder,
        _ decoder: inout BlockDecoder,
        _ code: BlockCode
    )
        -> Int
    {
        let packet = [UInt8](repeating: 7, count: 1_200)
        var recovered = 0
        for block in 0..<blocks {
            let sources = block % 3 == 0 ? max(code.sources - 1, 1) : code.sources
            let lost = min(code.repairs, sources)
            encoder.reset()
            decoder.reset()
            for source in 0..<sources {
                let symbol = packet.span.raw.extracting(first: 1_200 - (block + source) % 50)
                _ = encoder.add(symbol)
                if source >= lost { _ = decoder.receive(source: source, symbol) }
            }
            encoder.makeRepairs(code.repairs)
            for repair in 0..<code.repairs {
                _ = decoder.receive(repair: repair, covering: encoder.sources, encoder.repair(repair))
            }
            recovered += decoder.recovered
        }
        return recovered
    }

    @Test("encoding and decoding allocate nothing", arguments: [0, 1, 2, 3])
    func codes(which: Int) {
        let code =
            switch which {
            case 0: BlockCode.parity(sources: 10)
            case 1: BlockCode.reedSolomon(sources: 10, repairs: 3)
            case 2: BlockCode.reedSolomon(sources: 20, repairs: 10)
            default: BlockCode.reedSolomon(sources: 10, repairs: 3, kernel: .portable)
            }
        var encoder = BlockEncoder(code, symbolMax: 1_200)
        var decoder = BlockDecoder(code, symbolMax: 1_200)
        _ = Self.carry(3, &encoder, &decoder, code)
        var recovered = 0
        let count = allocations { recovered = Self.carry(300, &encoder, &decoder, code) }
        // The packet that all of them are cut from is one.
        #expect(count ?? 1 == 1)
        #expect(recovered == 300 * code.repairs)
    }

    @Test("bookkeeping allocates nothing")
    func bookkeeping() {
        var tally = LossTally(sources: 200, repairs: 55)
        let count = allocations {
            for block in 0..<1_000 { tally.play { ($0 * 7 + block) % 5 == 0 } }
        }
        #expect(count ?? 0 == 0)
        #expect(tally.blocks == 1_000 && tally.lost == 40_000 && tally.unrecovered == 0)
    }
}
