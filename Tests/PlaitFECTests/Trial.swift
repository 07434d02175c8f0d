import PlaitCore
import PlaitFEC

/// Draws one after the other, from a seed.
struct Draws {
    private let stream: RandomStream
    private var index: UInt64 = 0

    init(_ seed: UInt64, _ name: String = "fec/tests") { stream = RandomStream(seed: seed, name: name) }

    /// A whole number from 0 to `bound - 1`.
    mutating func below(_ bound: Int) -> Int {
        index += 1
        return Int(stream.draw(index).uniform(below: UInt64(bound)))
    }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(below(256)) } }

    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var elements = elements
        for index in elements.indices.dropFirst() { elements.swapAt(index, below(index + 1)) }
        return elements
    }
}

/// A block that was encoded: symbols by number, repairs after the sources.
struct Block {
    let sources: [[UInt8]]
    let repairs: [[UInt8]]

    var count: Int { sources.count + repairs.count }

    init(_ sources: [[UInt8]], repairs: Int, _ code: BlockCode, symbolMax: Int) {
        var encoder = BlockEncoder(code, symbolMax: symbolMax)
        self.init(sources, repairs: repairs, &encoder)
    }

    /// Reuses an encoder, whatever it was used for.
    init(_ sources: [[UInt8]], repairs: Int, _ encoder: inout BlockEncoder) {
        encoder.reset()
        for source in sources { _ = encoder.add(source.span.raw) }
        encoder.makeRepairs(repairs)
        self.sources = sources
        self.repairs = (0..<repairs).map { Array(copying: encoder.repair($0)) }
    }

    /// Gives one symbol to a decoder.
    func give(_ symbol: Int, to decoder: inout BlockDecoder) -> Reception {
        guard symbol >= sources.count else { return decoder.take(source: symbol, sources[symbol]) }
        let number = symbol - sources.count
        return decoder.take(repair: number, covering: 0..<sources.count, repairs[number])
    }

    /// Gives symbols to a decoder that holds nothing yet, and says what is wrong with what it makes of them.
    func fault(_ order: [Int], _ decoder: inout BlockDecoder) -> String? {
        decoder.reset()
        var held = Set<Int>()
        var missing = Set(sources.indices)
        var isSettled = false
        for symbol in order {
            let reception = give(symbol, to: &decoder)
            let isNew = held.insert(symbol).inserted
            if symbol < sources.count, !isSettled { missing.remove(symbol) }
            if isSettled || !isNew || (missing.isEmpty && symbol >= sources.count) {
                guard reception == .useless else { return "\(reception) after a useless symbol, \(order)" }
            } else if held.count < sources.count || missing.isEmpty {
                guard reception == .kept else { return "\(reception) with \(held.count) symbols, \(order)" }
            } else {
                guard reception == .recovered else { return "\(reception) with enough symbols, \(order)" }
                let numbers = (0..<decoder.recovered).map { decoder.recoveredNumber($0) }
                guard numbers == missing.sorted() else { return "recovered \(numbers), missing \(missing)" }
                for index in numbers.indices where !isEqual(decoder.recoveredSymbol(index), sources[numbers[index]]) {
                    return "symbol \(numbers[index]) recovered with other bytes, \(order)"
                }
            }
            // Only a repair symbol tells that a block has fewer sources than its code.
            let isSizeKnown = sources.count == decoder.bookkeeping.sourcesMax || held.contains { $0 >= sources.count }
            if (missing.isEmpty && isSizeKnown) || reception == .recovered { isSettled = true }
            guard decoder.bookkeeping.isComplete == isSettled else { return "completeness misjudged, \(order)" }
        }
        return nil
    }
}

func isEqual(_ span: RawSpan, _ bytes: [UInt8]) -> Bool { Array(copying: span) == bytes }

extension BlockDecoder {
    mutating func take(source: Int, _ bytes: [UInt8]) -> Reception { receive(source: source, bytes.span.raw) }

    mutating func take(repair: Int, covering: Range<Int>, _ bytes: [UInt8]) -> Reception {
        receive(repair: repair, covering: covering, bytes.span.raw)
    }
}
