import PlaitCore
import PlaitFEC

/// Repair symbols of Reed-Solomon 10 + 3 made by the module's encoder, beside ISA-L's own encoding of the same bytes;
/// and what it costs to recover three packets of ten.
///
/// All take turns in rounds of the same length, and the fastest round of each counts. A ratio of 100 % is ISA-L's own
/// speed, on blocks that lie in the cache.
package struct RepairBench: Sendable {
    package var sources = 10
    package var repairs = 3
    /// Bytes of every source symbol.
    package var symbolLength = 1_200
    /// Blocks in a round.
    package var blocks = 2_000
    package var rounds = 200

    package init() {}

    /// The fastest round of each, in nanoseconds.
    private struct Fastest {
        /// ISA-L's one call a block.
        var floor = UInt64.max
        /// Symbols that were written where the encoder wants them.
        var encode = UInt64.max
        /// Symbols that lie elsewhere and are copied.
        var copy = UInt64.max
        /// As many losses as can be repaired, all symbols copied to the decoder.
        var decode = UInt64.max
        /// No loss, all source symbols copied to the decoder.
        var receive = UInt64.max
    }

    /// All that is to be printed: nanoseconds a block, Gbit/s of source symbols, and ratios in percent.
    package func figures(_ clock: BenchClock) -> [BenchFigure] {
        let fastest = measure(clock)
        return [
            BenchFigure("code", "\(sources)+\(repairs)"),
            BenchFigure("symbol_size_B", symbolLength),
            BenchFigure("blocks", blocks * rounds),
            BenchFigure("isal_encode_ns_per_block", perBlock(fastest.floor)),
            BenchFigure("isal_encode_Gbps", bits(fastest.floor)),
            BenchFigure("encode_ns_per_block", perBlock(fastest.encode)),
            BenchFigure("encode_Gbps", bits(fastest.encode)),
            BenchFigure("encode_percent", percent(fastest.floor, fastest.encode)),
            BenchFigure("encode_copied_ns_per_block", perBlock(fastest.copy)),
            BenchFigure("encode_copied_percent", percent(fastest.floor, fastest.copy)),
            BenchFigure("receive_ns_per_block", perBlock(fastest.receive)),
            BenchFigure("recover_ns_per_block", perBlock(fastest.decode)),
        ]
    }

    private func perBlock(_ wall: UInt64) -> String { decimal(wall, per: UInt64(blocks), digits: 1) }

    private func bits(_ wall: UInt64) -> String {
        decimal(UInt64(8 * sources * symbolLength * blocks), per: max(wall, 1), digits: 1)
    }

    private func percent(_ floor: UInt64, _ ours: UInt64) -> String {
        decimal(100 * floor, per: max(ours, 1), digits: 1)
    }

    private func measure(_ clock: BenchClock) -> Fastest {
        let code = BlockCode.reedSolomon(sources: sources, repairs: repairs)
        var floor = EncodingFloor(sources: sources, repairs: repairs, symbolLength: symbolLength)
        var encoder = BlockEncoder(code, symbolMax: symbolLength)
        var decoder = BlockDecoder(code, symbolMax: symbolLength)
        var state: UInt64 = 1
        let block = (0..<sources * symbolLength).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(state >> 56)
        }
        // Leaves the symbols where the encoder wants them.
        copy(block, &encoder)
        floor.encode(block.span.raw)
        check(floor, encoder)
        var fastest = Fastest()
        for _ in 0..<rounds {
            let start = clock.now
            for _ in 0..<blocks { encodeOnFloor(block, &floor) }
            let encodedOnFloor = clock.now
            for _ in 0..<blocks { encode(&encoder) }
            let encoded = clock.now
            for _ in 0..<blocks { copy(block, &encoder) }
            let copied = clock.now
            for _ in 0..<blocks { receive(block, encoder, losses: 0, &decoder) }
            let received = clock.now
            for _ in 0..<blocks { receive(block, encoder, losses: repairs, &decoder) }
            let recovered = clock.now
            fastest.floor = min(fastest.floor, encodedOnFloor - start)
            fastest.encode = min(fastest.encode, encoded - encodedOnFloor)
            fastest.copy = min(fastest.copy, copied - encoded)
            fastest.receive = min(fastest.receive, received - copied)
            fastest.decode = min(fastest.decode, recovered - received)
        }
        check(floor, encoder)
        return fastest
    }

    /// Both must have made the same bytes; the encoder's have the coded length behind them.
    private func check(_ floor: borrowing EncodingFloor, _ encoder: borrowing BlockEncoder) {
        for repair in 0..<repairs {
            let ours = [UInt8](copying: encoder.repair(repair).extracting(first: symbolLength))
            let theirs = [UInt8](copying: floor.repair(repair))
            precondition(ours == theirs, "the encoder made other bytes than ISA-L")
        }
    }

    @inline(never)
    private func encodeOnFloor(_ block: [UInt8], _ floor: inout EncodingFloor) { floor.encode(block.span.raw) }

    /// As a transport does that writes its frames into `space`: the bytes are there anyway.
    @inline(never)
    private func encode(_ encoder: inout BlockEncoder) {
        encoder.reset()
        for _ in 0..<sources { _ = encoder.commit(symbolLength) }
        encoder.makeRepairs(repairs)
    }

    @inline(never)
    private func copy(_ block: [UInt8], _ encoder: inout BlockEncoder) {
        encoder.reset()
        for source in 0..<sources { _ = encoder.add(symbol(source, of: block)) }
        encoder.makeRepairs(repairs)
    }

    @inline(never)
    private func receive(
        _ block: [UInt8],
        _ encoder: borrowing BlockEncoder,
        losses: Int,
        _ decoder: inout BlockDecoder
    ) {
        decoder.reset()
        for source in losses..<sources { _ = decoder.receive(source: source, symbol(source, of: block)) }
        for repair in 0..<losses {
            _ = decoder.receive(repair: repair, covering: 0..<sources, encoder.repair(repair))
        }
        precondition(decoder.bookkeeping.isComplete && decoder.recovered == losses, "a block that was not recovered")
    }

    @_lifetime(borrow block)
    private func symbol(_ source: Int, of block: [UInt8]) -> RawSpan {
        block.span.raw.extracting(source * symbolLength..<(source + 1) * symbolLength)
    }
}
