import CISAL

/// ISA-L's own encoding of whole blocks and nothing around it: what the module's encoder is measured against.
///
/// Only for benches.
@safe package struct EncodingFloor: ~Copyable {
    private let symbolLength: Int
    private var matrix: CodingMatrix
    private var slots: SymbolSlots
    private var inputs: SlotList
    private var outputs: SlotList

    /// Repair symbols of `symbolLength` bytes by Reed-Solomon.
    package init(sources: Int, repairs: Int, symbolLength: Int) {
        precondition(symbolLength >= SymbolSlots.unit, "ISA-L takes no less")
        self.symbolLength = symbolLength
        let code = BlockCode.reedSolomon(sources: sources, repairs: repairs)
        matrix = CodingMatrix(elementsMax: sources * repairs, kernel: .accelerated)
        matrix.reshape(rows: repairs, columns: sources)
        for row in 0..<repairs {
            for column in 0..<sources { matrix[row, column] = code.coefficient(repair: row, source: column) }
        }
        matrix.expand()
        slots = SymbolSlots(count: repairs, symbolMax: symbolLength)
        inputs = SlotList(countMax: sources)
        outputs = SlotList(countMax: repairs)
        for repair in 0..<repairs { unsafe outputs.append(slots.address(repair)) }
    }

    /// Encodes a block whose source symbols lie one behind the other.
    package mutating func encode(_ block: RawSpan) {
        precondition(block.byteCount == matrix.columns * symbolLength, "not a whole block")
        unsafe block.withUnsafeBytes { block in
            let start = unsafe block.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
            inputs.removeAll()
            for source in 0..<matrix.columns {
                // ISA-L's interface does not say so, but it only reads its inputs.
                unsafe inputs.append(UnsafeMutablePointer(mutating: start + source * symbolLength))
            }
            matrix.multiply(rows: matrix.rows, inputs, into: outputs, length: symbolLength)
        }
    }

    /// What `encode` made, `symbolLength` bytes.
    @_lifetime(borrow self)
    package func repair(_ number: Int) -> RawSpan { slots.bytes(number, count: symbolLength) }
}
