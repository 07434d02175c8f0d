/// Losses played against the decoder's bookkeeping, without bytes: what a code leaves lost, for millions of blocks.
///
/// With independent losses of probability p, a source symbol of a block of k + m stays lost with probability
/// p P[Bin(k + m - 1, p) >= m]: it is lost, and so are m others at least.
package struct LossTally: Sendable {
    private var bookkeeping: BlockBookkeeping
    /// Blocks that were played.
    package private(set) var blocks = 0
    /// Source symbols that did not arrive.
    package private(set) var lost = 0
    /// Source symbols that did not arrive and were not recovered.
    package private(set) var unrecovered = 0

    package init(sources: Int, repairs: Int) {
        bookkeeping = BlockBookkeeping(sources: sources, repairs: repairs)
    }

    /// Plays one block, its sources before its repairs.
    ///
    /// - Parameter isLost: Whether symbol i is lost; repairs count on from the sources. Asked once for each, in order.
    @inlinable
    package mutating func play(_ isLost: (Int) -> Bool) {
        begin()
        for symbol in 0..<symbols where !isLost(symbol) { arrive(symbol) }
        end()
    }

    /// Symbols of a block.
    @usableFromInline package var symbols: Int { bookkeeping.sourcesMax + bookkeeping.repairsMax }

    @usableFromInline package mutating func begin() { bookkeeping.reset() }

    @usableFromInline package mutating func arrive(_ symbol: Int) {
        let sources = bookkeeping.sourcesMax
        let reception =
            symbol < sources
            ? bookkeeping.note(source: symbol) : bookkeeping.note(repair: symbol - sources, covering: sources)
        if reception == .recovered { bookkeeping.complete() }
    }

    @usableFromInline package mutating func end() {
        let lost = bookkeeping.sourcesMax - bookkeeping.sourcesArrived
        blocks += 1
        self.lost += lost
        if !bookkeeping.isComplete { unrecovered += lost }
    }
}
