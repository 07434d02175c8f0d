import PlaitCore
import PlaitFEC
import Testing

@Suite("Block codes")
struct BlockCodeTests {
    private static func symbols(_ count: Int, upTo lengthMax: Int, _ draws: inout Draws) -> [[UInt8]] {
        (0..<count).map { _ in
            let length = draws.below(lengthMax + 1)
            return draws.bytes(length)
        }
    }

    @Test("repair symbols are those of another implementation, whole blocks and shortened ones")
    func published() throws {
        var count = 0
        for words in try table("codes") where words[0] == "block" {
            let (sources, repairs) = (try #require(Int(words[1])), try #require(Int(words[2])))
            let lengths = words[3].split(separator: ",").compactMap { Int($0) }
            let symbols = lengths.enumerated().map { number, length in
                (0..<length).map { UInt8(truncatingIfNeeded: 31 * number + 17 * $0 + number * $0 + 1) }
            }
            for kernel in [CodingKernel.accelerated, .portable] {
                let code = BlockCode.reedSolomon(sources: sources, repairs: repairs, kernel: kernel)
                let block = Block(symbols, repairs: repairs, code, symbolMax: 100)
                let hex = block.repairs.map { $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
                #expect(hex.joined(separator: ",") == words[4], "\(sources) + \(repairs), \(kernel)")
            }
            count += 1
        }
        #expect(count == 6)
    }

    @Test("ISA-L and the portable kernel agree on blocks of any shape", arguments: [1, 2, 3] as [UInt64])
    func kernels(seed: UInt64) {
        var draws = Draws(seed)
        for _ in 0..<60 {
            let sources = 1 + draws.below(draws.below(4) == 0 ? 200 : 24)
            let repairs = 1 + draws.below(min(255 - sources, 40))
            let lengthMax = 1 + draws.below(400)
            let taken = 1 + draws.below(sources)
            let symbols = Self.symbols(taken, upTo: lengthMax, &draws)
            let made = 1 + draws.below(repairs)
            var blocks: [Block] = []
            for kernel in [CodingKernel.accelerated, .portable] {
                let code = BlockCode.reedSolomon(sources: sources, repairs: repairs, kernel: kernel)
                blocks.append(Block(symbols, repairs: made, code, symbolMax: lengthMax))
                var decoder = BlockDecoder(code, symbolMax: lengthMax)
                let order = draws.shuffled(Array(0..<taken + made))
                let fault = blocks[0].fault(order, &decoder)
                #expect(fault == nil, "\(sources) + \(repairs), \(kernel)")
            }
            #expect(blocks[0].repairs == blocks[1].repairs, "\(sources) + \(repairs)")
        }
    }

    @Test("any k symbols of a small block give all of it, and fewer never do")
    func smallBlocks() {
        var draws = Draws(1)
        for sources in 1...5 {
            for repairs in 1...4 {
                let code = BlockCode.reedSolomon(sources: sources, repairs: repairs)
                var decoder = BlockDecoder(code, symbolMax: 90)
                for taken in 1...sources {
                    let symbols = Self.symbols(taken, upTo: 90, &draws)
                    let block = Block(symbols, repairs: repairs, code, symbolMax: 90)
                    for pattern in 0..<1 << block.count {
                        let arriving = draws.shuffled((0..<block.count).filter { pattern >> $0 & 1 == 1 })
                        let fault = block.fault(arriving, &decoder)
                        #expect(fault == nil)
                    }
                }
            }
        }
    }

    @Test(
        "random symbols of a large block give all of it, in any order, some of them twice",
        arguments: [(10, 3), (20, 6), (100, 100), (200, 55), (1, 254), (254, 1), (128, 127)]
    )
    func largeBlocks(sources: Int, repairs: Int) {
        var draws = Draws(UInt64(sources))
        let code = BlockCode.reedSolomon(sources: sources, repairs: repairs)
        var encoder = BlockEncoder(code, symbolMax: 130)
        var decoder = BlockDecoder(code, symbolMax: 130)
        for _ in 0..<20 {
            let block = Block(Self.symbols(sources, upTo: 130, &draws), repairs: repairs, &encoder)
            var order = draws.shuffled(Array(0..<block.count))
            order.removeLast(draws.below(repairs + 1))
            order += (0..<10).map { _ in order[draws.below(order.count)] }
            // Duplicates among the first, too.
            let fault = block.fault(Array(order[0..<3]) + order, &decoder)
            #expect(fault == nil)
            let tooFew = block.fault(Array(draws.shuffled(Array(0..<block.count))[..<(sources - 1)]), &decoder)
            #expect(tooFew == nil)
            #expect(!decoder.bookkeeping.isComplete && decoder.recovered == 0)
        }
    }

    @Test("parity is the exclusive or of its sources, and repairs any one loss")
    func parity() {
        var draws = Draws(3)
        for sources in [1, 2, 7, 254] {
            let code = BlockCode.parity(sources: sources)
            var decoder = BlockDecoder(code, symbolMax: 1_200)
            let symbols = Self.symbols(sources, upTo: 1_200, &draws)
            let block = Block(symbols, repairs: 1, code, symbolMax: 1_200)
            let extent = symbols.reduce(0) { max($0, $1.count) }
            var sum = [UInt8](repeating: 0, count: extent + 2)
            for symbol in symbols {
                for (index, byte) in symbol.enumerated() { sum[index] ^= byte }
                sum[extent] ^= UInt8(symbol.count >> 8)
                sum[extent + 1] ^= UInt8(symbol.count & 0xff)
            }
            #expect(block.repairs == [sum])
            for lost in 0...min(sources, 20) {
                let fault = block.fault((0..<block.count).filter { $0 != lost }, &decoder)
                #expect(fault == nil)
            }
        }
    }

    @Test(
        "symbols of every length come back as long as they were",
        arguments: [0, 1, 61, 62, 63, 64, 65, 1_200, 65_535]
    )
    func lengths(extent: Int) {
        let code = BlockCode.reedSolomon(sources: 4, repairs: 2)
        var decoder = BlockDecoder(code, symbolMax: max(extent, 1))
        // Ending in zeros, which must not be taken for padding.
        let lengths = [extent, 0, extent / 2, max(extent - 1, 0)]
        let symbols = lengths.map {
            [UInt8](repeating: 0xa5, count: $0 / 2) + [UInt8](repeating: 0, count: $0 - $0 / 2)
        }
        let block = Block(symbols, repairs: 2, code, symbolMax: max(extent, 1))
        for first in 0..<4 {
            let fault = block.fault((0..<6).filter { $0 != first && $0 != (first + 1) % 4 }, &decoder)
            #expect(fault == nil)
        }
    }

    @Test("one encoder makes blocks of changing size and number of repairs")
    func changingShapes() {
        var draws = Draws(4)
        let code = BlockCode.reedSolomon(sources: 8, repairs: 4)
        var encoder = BlockEncoder(code, symbolMax: 80)
        for (sources, repairs) in [(8, 4), (5, 4), (3, 4), (3, 2), (8, 1), (5, 2), (1, 1), (8, 4)] {
            let symbols = Self.symbols(sources, upTo: 80, &draws)
            let reused = Block(symbols, repairs: repairs, &encoder)
            let fresh = Block(symbols, repairs: repairs, code, symbolMax: 80)
            #expect(reused.repairs == fresh.repairs, "\(sources) + \(repairs)")
        }
    }

    @Test("a symbol written where it is encoded from, over an older block's, is encoded alone")
    func inPlace() {
        var draws = Draws(9)
        let code = BlockCode.reedSolomon(sources: 3, repairs: 2)
        var encoder = BlockEncoder(code, symbolMax: 300)
        _ = Block(Self.symbols(3, upTo: 300, &draws) + [], repairs: 2, &encoder)
        let symbols = Self.symbols(3, upTo: 200, &draws)
        encoder.reset()
        for (number, symbol) in symbols.enumerated() {
            var space = encoder.space()
            space.copy(draws.bytes(300).span.raw, at: 0)
            space.copy(symbol.span.raw, at: 0)
            let given = encoder.commit(symbol.count)
            #expect(given == number)
        }
        encoder.makeRepairs(2)
        let expected = Block(symbols, repairs: 2, code, symbolMax: 300)
        for number in 0..<2 {
            let isSame = isEqual(encoder.repair(number), expected.repairs[number])
            #expect(isSame)
        }
    }
}
