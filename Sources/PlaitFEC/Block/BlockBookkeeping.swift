/// What a decoder knows of a block besides its bytes: which symbols arrived, and whether the missing ones follow from
/// them.
///
/// The decoder itself goes by this, so a Monte-Carlo over losses that uses it alone has the decoder's own verdicts.
package struct BlockBookkeeping: Sendable {
    /// Source symbols that a block has at most.
    package let sourcesMax: Int
    /// Repair symbols that a block has at most.
    package let repairsMax: Int
    /// Source symbols of this block: `sourcesMax` until a repair symbol says otherwise.
    package private(set) var sources: Int
    /// Whether every source symbol arrived or was recovered.
    package private(set) var isComplete = false
    /// Whether the block's symbols contradict each other, so that nothing can be recovered from them.
    package private(set) var isBroken = false
    private var sourcesHeld = SymbolSet()
    private var repairsHeld = SymbolSet()
    /// One more than the highest number of a source symbol that arrived.
    private var sourcesEnd = 0

    package init(sources: Int, repairs: Int) {
        precondition(sources > 0 && repairs > 0 && sources + repairs <= 255, "not the shape of a block")
        sourcesMax = sources
        repairsMax = repairs
        self.sources = sources
    }

    /// Forgets the block; the shape stays.
    package mutating func reset() { self = BlockBookkeeping(sources: sourcesMax, repairs: repairsMax) }

    /// How many source symbols arrived.
    package var sourcesArrived: Int { sourcesHeld.count }

    /// How many different repair symbols arrived before the block was known to be complete.
    package var repairsArrived: Int { repairsHeld.count }

    /// Source symbols that are not there, as far as the block's size is known.
    package var sourcesMissing: Int { isComplete ? 0 : sources - sourcesHeld.count }

    package func holds(source: Int) -> Bool { sourcesHeld.contains(source) }

    package func holds(repair: Int) -> Bool { repairsHeld.contains(repair) }

    /// Notes that a source symbol arrived.
    package mutating func note(source: Int) -> Reception {
        guard source >= 0 && source < sources else { return .refused }
        guard !isComplete && !isBroken && sourcesHeld.insert(source) else { return .useless }
        sourcesEnd = max(sourcesEnd, source + 1)
        return verdict()
    }

    /// Notes that a repair symbol arrived.
    ///
    /// - Parameters:
    ///   - repair: Its number.
    ///   - covered: How many source symbols it was made of; all repair symbols of a block say the same.
    /// - Returns: What came of it. After `.recovered`, `complete` or `giveUp` is to be called.
    package mutating func note(repair: Int, covering covered: Int) -> Reception {
        // Numbers are the peer's, and so are the contradictions.
        guard repair >= 0 && repair < repairsMax && covered > 0 && covered <= sourcesMax else { return .refused }
        guard covered >= sourcesEnd && (repairsHeld.count == 0 || covered == sources) else { return .refused }
        guard !isComplete && !isBroken && repairsHeld.insert(repair) else { return .useless }
        sources = covered
        let verdict = verdict()
        return isComplete ? .useless : verdict
    }

    /// Any `sources` symbols are enough, and no fewer.
    private mutating func verdict() -> Reception {
        isComplete = sourcesHeld.count == sources
        guard !isComplete && sourcesHeld.count + repairsHeld.count >= sources else { return .kept }
        return .recovered
    }

    /// To be called when `.recovered` has come true: whatever arrives from here on is useless.
    package mutating func complete() {
        precondition(sourcesHeld.count + repairsHeld.count >= sources, "fewer symbols than the block has sources")
        isComplete = true
    }

    /// To be called when the bytes turn out to contradict each other.
    package mutating func giveUp() { isBroken = true }
}
