/// The sending half of a block code.
///
/// The source symbols of the open block are kept until its end and encoded in one go. Updating repair symbols with each
/// source instead reads and writes all of them every time: three of 1,200 bytes and ISA-L's `ec_encode_data_update`
/// made 69 to 80 % of the speed of its one call a block; sources written where they are encoded from make 90 % of it.
package struct BlockEncoder: RepairEncoder, ~Copyable {
    private let code: BlockCode
    /// Sources first, repairs after them.
    private var slots: SymbolSlots
    private var lengths = InlineArray<256, UInt16>(repeating: 0)
    private var count = 0
    /// The longest source symbol of the open block.
    private var extent = 0
    package private(set) var repairs = 0
    /// For blocks with fewer sources than the code: the columns that they have.
    private var shortened: CodingMatrix
    private var inputs: SlotList
    private var outputs: SlotList

    /// - Parameters:
    ///   - code: May be shared.
    ///   - symbolMax: Bytes of the longest source symbol, at most 65,535.
    package init(_ code: BlockCode, symbolMax: Int) {
        self.code = code
        slots = SymbolSlots(count: code.sources + code.repairs, symbolMax: symbolMax)
        shortened = CodingMatrix(elementsMax: code.sources * code.repairs, kernel: code.kernel)
        inputs = SlotList(countMax: code.sources)
        outputs = SlotList(countMax: code.repairs)
    }

    package var sources: Range<Int> { 0..<count }

    package var isFull: Bool { count == code.sources || repairs > 0 }

    package var symbolMax: Int { slots.symbolMax }

    /// Bytes of every repair symbol of the open block: its longest symbol and a length.
    package var repairLength: Int { extent + SymbolSlots.trailerLength }

    @_lifetime(&self)
    package mutating func space() -> MutableRawSpan {
        precondition(!isFull, "the block is full, or has its repair symbols")
        return slots.mutableBytes(count, count: slots.symbolMax)
    }

    package mutating func commit(_ length: Int) -> Int {
        precondition(!isFull, "the block is full, or has its repair symbols")
        precondition(length >= 0 && length <= slots.symbolMax, "a source symbol that is too long")
        lengths[count] = UInt16(length)
        extent = max(extent, length)
        count += 1
        return count - 1
    }

    package mutating func add(_ symbol: RawSpan) -> Int {
        precondition(!isFull, "the block is full, or has its repair symbols")
        precondition(symbol.byteCount <= slots.symbolMax, "a source symbol that is too long")
        slots.fill(count, with: symbol)
        return commit(symbol.byteCount)
    }

    /// Ends the block; it may have fewer sources than the code.
    package mutating func makeRepairs(_ count: Int) {
        precondition(count > 0 && count <= code.repairs, "as many repair symbols as the code has, at most")
        precondition(self.count > 0 && repairs == 0, "an empty block, or one that has ended")
        inputs.removeAll()
        for source in 0..<self.count {
            slots.finish(source, length: Int(lengths[source]), extent: extent)
            unsafe inputs.append(slots.address(source))
        }
        outputs.removeAll()
        for repair in 0..<count { unsafe outputs.append(slots.address(code.sources + repair)) }
        let length = SymbolSlots.codedLength(extent: extent)
        if self.count == code.sources {
            code.generator.multiply(rows: count, inputs, into: outputs, length: length)
        } else {
            shorten(rows: count)
            shortened.multiply(rows: count, inputs, into: outputs, length: length)
        }
        repairs = count
    }

    private mutating func shorten(rows: Int) {
        if shortened.rows == rows && shortened.columns == count { return }
        shortened.reshape(rows: rows, columns: count)
        for row in 0..<rows {
            for column in 0..<count { shortened[row, column] = code.generator[row, column] }
        }
        shortened.expand()
    }

    @_lifetime(borrow self)
    package func repair(_ number: Int) -> RawSpan {
        precondition(number >= 0 && number < repairs, "a repair symbol that was not made")
        return slots.bytes(code.sources + number, count: repairLength)
    }

    package mutating func reset() {
        count = 0
        extent = 0
        repairs = 0
    }
}
