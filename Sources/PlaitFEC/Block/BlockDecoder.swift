/// The receiving half of a block code, for one block at a time.
///
/// Missing sources are computed where they would lie, when as many symbols are there as the block has sources. Which
/// block to forget when there are too many is the owner's decision; `reset` makes this one free for another.
package struct BlockDecoder: RepairDecoder, ~Copyable {
    /// Outputs that are computed together: as many as ISA-L's widest kernel takes at once.
    private static var rowsAtOnce: Int { 6 }

    private let code: BlockCode
    package private(set) var bookkeeping: BlockBookkeeping
    /// Sources first, repairs after them.
    private var slots: SymbolSlots
    private var lengths = InlineArray<256, UInt16>(repeating: 0)
    /// The longest source symbol that arrived.
    private var longest = 0
    /// The longest source symbol of the block, which repair symbols tell.
    private var extent: Int?
    /// Numbers of the sources that are missing, while they are computed and after.
    private var missing: [UInt8]
    package private(set) var recovered = 0
    /// Of the missing sources in the repairs that replace them.
    private var unknowns: SquareMatrix
    private var solution: CodingMatrix
    private var inputs: SlotList
    private var outputs: SlotList

    /// - Parameters:
    ///   - code: May be shared.
    ///   - symbolMax: Bytes of the longest source symbol, at most 65,535.
    package init(_ code: BlockCode, symbolMax: Int) {
        let missingMax = min(code.sources, code.repairs)
        self.code = code
        bookkeeping = BlockBookkeeping(sources: code.sources, repairs: code.repairs)
        slots = SymbolSlots(count: code.sources + code.repairs, symbolMax: symbolMax)
        missing = [UInt8](repeating: 0, count: missingMax)
        unknowns = SquareMatrix(orderMax: missingMax)
        solution = CodingMatrix(elementsMax: min(missingMax, Self.rowsAtOnce) * code.sources, kernel: code.kernel)
        inputs = SlotList(countMax: code.sources)
        outputs = SlotList(countMax: Self.rowsAtOnce)
    }

    package mutating func receive(source number: Int, _ bytes: RawSpan) -> Reception {
        let length = bytes.byteCount
        guard length <= extent ?? slots.symbolMax else { return .refused }
        let reception = bookkeeping.note(source: number)
        guard reception == .kept || reception == .recovered else { return reception }
        slots.fill(number, with: bytes)
        lengths[number] = UInt16(length)
        longest = max(longest, length)
        return reception == .recovered ? recover() : .kept
    }

    package mutating func receive(repair number: Int, covering covered: Range<Int>, _ bytes: RawSpan) -> Reception {
        let told = bytes.byteCount - SymbolSlots.trailerLength
        guard told >= longest && told <= slots.symbolMax && told == extent ?? told else { return .refused }
        guard covered.lowerBound == 0 else { return .refused }
        let reception = bookkeeping.note(repair: number, covering: covered.upperBound)
        guard reception == .kept || reception == .recovered else { return reception }
        extent = told
        slots.fill(code.sources + number, with: bytes)
        slots.fillUnit(code.sources + number, from: bytes.byteCount)
        return reception == .recovered ? recover() : .kept
    }

    package func recoveredNumber(_ index: Int) -> Int {
        precondition(index >= 0 && index < recovered, "a symbol that was not recovered")
        return Int(missing[index])
    }

    @_lifetime(borrow self)
    package func recoveredSymbol(_ index: Int) -> RawSpan {
        let number = recoveredNumber(index)
        return slots.bytes(number, count: Int(lengths[number]))
    }

    package mutating func reset() {
        bookkeeping.reset()
        longest = 0
        extent = nil
        recovered = 0
    }

    /// Computes every missing source from the others and as many repairs as are missing.
    ///
    /// With s the sources there, x the missing ones and r the repairs, r = A x + B s; so x = A^-1 r + A^-1 B s, which
    /// is one product with everything that is there.
    private mutating func recover() -> Reception {
        guard let extent else { preconditionFailure("something is missing, and no repair symbol has come") }
        var missingCount = 0
        inputs.removeAll()
        for source in 0..<bookkeeping.sources {
            if bookkeeping.holds(source: source) {
                slots.finish(source, length: Int(lengths[source]), extent: extent)
                unsafe inputs.append(slots.address(source))
            } else {
                missing[missingCount] = UInt8(source)
                missingCount += 1
            }
        }
        unknowns.reshape(order: missingCount)
        var used = 0
        for repair in 0..<code.repairs where used < missingCount && bookkeeping.holds(repair: repair) {
            for index in 0..<missingCount { unknowns[used, index] = code.generator[repair, Int(missing[index])] }
            unsafe inputs.append(slots.address(code.sources + repair))
            used += 1
        }
        let isSolved = unknowns.invert()
        precondition(isSolved, "a square part of the generator that has no inverse")
        for first in stride(from: 0, to: missingCount, by: Self.rowsAtOnce) {
            solve(first..<min(first + Self.rowsAtOnce, missingCount), of: missingCount)
            solution.multiply(
                rows: outputs.count,
                inputs,
                into: outputs,
                length: SymbolSlots.codedLength(extent: extent)
            )
        }
        return deliver(missingCount, extent: extent)
    }

    /// Sets up rows of x = A^-1 r + A^-1 B s for some of the missing.
    private mutating func solve(_ wanted: Range<Int>, of missingCount: Int) {
        solution.reshape(rows: wanted.count, columns: inputs.count)
        outputs.removeAll()
        let there = inputs.count - missingCount
        for row in wanted {
            unsafe outputs.append(slots.address(Int(missing[row])))
            var column = 0
            for source in 0..<bookkeeping.sources where bookkeeping.holds(source: source) {
                var sum: UInt8 = 0
                var used = 0
                for repair in 0..<code.repairs where used < missingCount && bookkeeping.holds(repair: repair) {
                    sum ^= GaloisField.product(unknowns[row, used], code.generator[repair, source])
                    used += 1
                }
                solution[row - wanted.lowerBound, column] = sum
                column += 1
            }
            for used in 0..<missingCount { solution[row - wanted.lowerBound, there + used] = unknowns[row, used] }
        }
        solution.expand()
    }

    /// Believes in what was computed only if all of it can have been encoded.
    private mutating func deliver(_ missingCount: Int, extent: Int) -> Reception {
        for index in 0..<missingCount {
            let number = Int(missing[index])
            guard let length = slots.recoveredLength(number, extent: extent) else {
                // Symbols under authentic keys that contradict each other: the peer's fault, and not worth more than
                // this.
                bookkeeping.giveUp()
                return .broken
            }
            lengths[number] = UInt16(length)
        }
        recovered = missingCount
        bookkeeping.complete()
        return .recovered
    }
}
