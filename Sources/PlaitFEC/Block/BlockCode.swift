/// A systematic linear code over blocks: so many source symbols as they are, and so many repair symbols beside them.
///
/// It is made once and shared by all its encoders and decoders. A block may have fewer sources than the code (the
/// missing ones count as zeros that both sides know) and fewer repairs (the others are never sent): both are the same
/// code, so that a controller can change the shape from block to block.
package final class BlockCode {
    /// Source symbols of a full block.
    package let sources: Int
    /// Repair symbols that a block can have.
    package let repairs: Int
    package let kernel: CodingKernel
    /// A row a repair symbol, a column a source symbol, ready for full blocks.
    let generator: CodingMatrix

    private init(sources: Int, repairs: Int, kernel: CodingKernel, coefficient: (Int, Int) -> UInt8) {
        precondition(sources > 0 && repairs > 0, "a block without sources or repairs")
        precondition(sources + repairs <= 255, "more symbols than GF(256) has points for")
        var generator = CodingMatrix(elementsMax: sources * repairs, kernel: kernel)
        generator.reshape(rows: repairs, columns: sources)
        for row in 0..<repairs {
            for column in 0..<sources { generator[row, column] = coefficient(row, column) }
        }
        generator.expand()
        self.sources = sources
        self.repairs = repairs
        self.kernel = kernel
        self.generator = generator
    }

    /// One repair symbol, the exclusive or of all sources: one loss in a block is repaired.
    package static func parity(sources: Int) -> BlockCode {
        BlockCode(sources: sources, repairs: 1, kernel: .exclusiveOr) { _, _ in 1 }
    }

    /// Reed-Solomon with a Cauchy generator: any `sources` symbols of a block give all of it.
    ///
    /// Coefficient (r, c) = 1 / ((sources + r) + c), + being exclusive or (Blömer and others, ICSI TR-95-048): every
    /// square part of such a matrix can be inverted. The same as ISA-L's `gf_gen_cauchy1_matrix`.
    ///
    /// - Parameters:
    ///   - sources: Source symbols of a full block.
    ///   - repairs: Repair symbols of a block at most; at most 255 with the sources.
    ///   - kernel: `.portable` for comparison.
    /// - Returns: The code, ready for full blocks.
    package static func reedSolomon(
        sources: Int,
        repairs: Int,
        kernel: CodingKernel = .accelerated
    ) -> BlockCode {
        precondition(kernel != .exclusiveOr, "Reed-Solomon multiplies")
        return BlockCode(sources: sources, repairs: repairs, kernel: kernel) { row, column in
            GaloisField.inverse(UInt8(sources + row) ^ UInt8(column))
        }
    }

    /// What a repair symbol has of a source symbol.
    package func coefficient(repair: Int, source: Int) -> UInt8 { generator[repair, source] }
}
