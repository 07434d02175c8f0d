import PlaitCore
import PlaitFEC
import Testing

@Suite("Symbols that nobody encoded")
struct HostileSymbolTests {
    private static let symbols: [[UInt8]] = [[1, 2, 3], [4], [5, 6, 7, 8], []]

    private static func block(_ code: BlockCode) -> Block {
        Block(symbols, repairs: 2, code, symbolMax: 8)
    }

    @Test("numbers and lengths outside the block are refused, and change nothing")
    func outside() {
        let code = BlockCode.reedSolomon(sources: 5, repairs: 2)
        let block = Self.block(code)
        var decoder = BlockDecoder(code, symbolMax: 8)
        let (long, repair) = ([UInt8](repeating: 1, count: 11), block.repairs[0])
        for number in [-1, 5, 255, .max, .min] {
            let reception = decoder.take(source: number, [1])
            #expect(reception == .refused)
        }
        for number in [-1, 2, .max, .min] {
            let reception = decoder.take(repair: number, covering: 0..<4, repair)
            #expect(reception == .refused)
        }
        for covered in [0..<0, 0..<6, 1..<5, 0..<Int.max, -3..<1] {
            let reception = decoder.take(repair: 0, covering: covered, repair)
            #expect(reception == .refused)
        }
        for count in [0, 1] {
            let reception = decoder.take(repair: 0, covering: 0..<4, [UInt8](repair[..<count]))
            #expect(reception == .refused)
        }
        var receptions = [decoder.take(repair: 0, covering: 0..<4, long)]
        receptions.append(decoder.take(source: 0, [UInt8](long[..<9])))
        #expect(receptions == [.refused, .refused])
        #expect(decoder.bookkeeping.sourcesArrived == 0 && decoder.bookkeeping.repairsArrived == 0)
        let fault = block.fault([4, 5, 0, 1], &decoder)
        #expect(fault == nil)
    }

    @Test("a symbol that contradicts an earlier one is refused, and the block still decodes")
    func contradictions() {
        let code = BlockCode.reedSolomon(sources: 5, repairs: 2)
        let block = Self.block(code)
        var decoder = BlockDecoder(code, symbolMax: 8)
        // A repair symbol of a block that is smaller than a source that arrived says, in number or in length.
        var receptions = [decoder.take(source: 2, Self.symbols[2])]
        receptions.append(decoder.take(repair: 0, covering: 0..<2, block.repairs[0]))
        receptions.append(decoder.take(repair: 0, covering: 0..<4, [UInt8](block.repairs[0][..<5])))
        #expect(receptions == [.kept, .refused, .refused])
        receptions = [block.give(4, to: &decoder)]
        // Another size or length than the first repair symbol said.
        receptions.append(decoder.take(repair: 1, covering: 0..<5, block.repairs[1]))
        receptions.append(decoder.take(repair: 1, covering: 0..<4, (block.repairs[1] + [0])))
        receptions.append(decoder.take(source: 4, [1]))
        receptions.append(decoder.take(source: 0, [1, 2, 3, 4, 5]))
        #expect(receptions == [.kept, .refused, .refused, .refused, .refused])
        receptions = [block.give(5, to: &decoder), block.give(1, to: &decoder)]
        #expect(receptions == [.kept, .recovered])
        let isRight = isEqual(decoder.recoveredSymbol(0), Self.symbols[0])
        #expect(decoder.recovered == 2 && isRight)
    }

    @Test("a repair symbol with a false length or padding recovers nothing", arguments: [3, 4, 5])
    func falseBytes(place: Int) {
        let code = BlockCode.parity(sources: 4)
        let symbols: [[UInt8]] = [[1, 2, 3], [4], [5, 6, 7, 8], [9]]
        let block = Block(symbols, repairs: 1, code, symbolMax: 8)
        var decoder = BlockDecoder(code, symbolMax: 8)
        for source in 0..<3 { _ = block.give(source, to: &decoder) }
        var repair = block.repairs[0]
        repair[place] ^= 0x40
        let reception = decoder.take(repair: 0, covering: 0..<4, repair)
        #expect(reception == .broken)
        #expect(decoder.recovered == 0 && !decoder.bookkeeping.isComplete)
        let late = [block.give(3, to: &decoder), block.give(4, to: &decoder)]
        #expect(late == [.useless, .useless])
        let fault = block.fault([4, 0, 2, 3], &decoder)
        #expect(fault == nil, "the decoder's next block")
    }

    @Test("symbols of random bytes, numbers and lengths never crash a decoder", arguments: [1, 2, 3, 4] as [UInt64])
    func random(seed: UInt64) {
        var draws = Draws(seed)
        var counts: [Reception: Int] = [:]
        for _ in 0..<300 {
            let (sources, repairs) = (1 + draws.below(12), 1 + draws.below(6))
            let code = BlockCode.reedSolomon(sources: sources, repairs: repairs)
            var decoder = BlockDecoder(code, symbolMax: 100)
            let length = draws.below(100)
            for _ in 0..<40 {
                let bytes = draws.bytes(draws.below(8) == 0 ? draws.below(110) : length)
                let reception: Reception
                if draws.below(2) == 0 {
                    reception = decoder.take(source: draws.below(sources + 1), bytes)
                } else {
                    let covered = draws.below(8) == 0 ? draws.below(sources + 2) : sources
                    let number = draws.below(repairs + 1)
                    reception = decoder.take(repair: number, covering: 0..<covered, (bytes + [0, 0]))
                }
                counts[reception, default: 0] += 1
                if reception == .recovered {
                    for index in 0..<decoder.recovered {
                        let length = decoder.recoveredSymbol(index).byteCount
                        #expect(length <= 100)
                    }
                }
                if draws.below(30) == 0 { decoder.reset() }
            }
        }
        #expect(counts[.kept, default: 0] > 1_000 && counts[.refused, default: 0] > 1_000)
        #expect(counts[.broken, default: 0] > 10, "\(counts)")
    }
}
