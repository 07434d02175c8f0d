/// The sending half of an erasure code: takes in source symbols one at a time, and makes repair symbols of them.
///
///     space ─▶ commit ─▶ space ─▶ commit ─▶ ... ─▶ makeRepairs ─▶ repair(0), repair(1), ... ─▶ reset
///
/// Source symbols have any length up to a maximum, and get numbers in order. A block code makes all repair symbols of a
/// block at once; a code with a sliding window makes some over what the window holds and goes on. Nothing allocates
/// after the encoder is made.
package protocol RepairEncoder: ~Copyable {
    /// Numbers of the source symbols that repair symbols made now cover.
    var sources: Range<Int> { get }
    /// Whether another source symbol may be committed.
    var isFull: Bool { get }
    /// Bytes of a source symbol, at most.
    var symbolMax: Int { get }
    /// How many repair symbols were made last.
    var repairs: Int { get }

    /// Where the next source symbol is to be written, `symbolMax` bytes; not to be called when full.
    @_lifetime(&self)
    mutating func space() -> MutableRawSpan

    /// Takes in what was written to `space`.
    ///
    /// - Parameter length: How many bytes of it are the symbol.
    /// - Returns: Its number.
    mutating func commit(_ length: Int) -> Int

    /// Takes in a copy of a source symbol. Writing it into `space` in the first place saves that copy.
    ///
    /// - Returns: Its number.
    mutating func add(_ symbol: RawSpan) -> Int

    /// Makes `count` repair symbols that cover `sources`.
    mutating func makeRepairs(_ count: Int)

    /// One of those made last, as it goes over the wire.
    @_lifetime(borrow self)
    func repair(_ number: Int) -> RawSpan

    /// Begins anew with source symbol 0.
    mutating func reset()
}

/// The receiving half of an erasure code: takes symbols in any order, and computes those that are missing as soon as
/// the others allow.
///
/// Memory is bounded and made once. A duplicate, or a symbol that comes too late, is harmless; so is anything that a
/// hostile peer sends.
package protocol RepairDecoder: ~Copyable {
    /// Takes in a source symbol.
    mutating func receive(source number: Int, _ bytes: RawSpan) -> Reception

    /// Takes in a repair symbol.
    ///
    /// - Parameters:
    ///   - number: Its number.
    ///   - covered: The encoder's `sources` when it was made.
    ///   - bytes: All of it.
    /// - Returns: What came of it.
    mutating func receive(repair number: Int, covering covered: Range<Int>, _ bytes: RawSpan) -> Reception

    /// How many source symbols were computed, by the call that answered `.recovered`.
    var recovered: Int { get }

    /// The number of one that was computed; they are in order.
    func recoveredNumber(_ index: Int) -> Int

    /// Its bytes, exactly those that were encoded.
    @_lifetime(borrow self)
    func recoveredSymbol(_ index: Int) -> RawSpan

    /// Forgets everything, and keeps the memory.
    mutating func reset()
}
