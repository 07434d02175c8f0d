import PlaitCore

/// Loss in bursts: a good and a bad state that take turns (Gilbert 1960, Elliott 1963).
///
/// The textbook's chain leaves the good state with probability p and the bad one with probability r at each packet.
/// Here (`clock: time`, the default) the states last exponentially distributed times instead, and one step of the chain
/// is worth the serialisation time s of a 1,200-byte packet at the link's rate: mean stay s / p in the good and s / r
/// in the bad state. What a packet meets then does not depend on how many were sent before it. From `mean` m and
/// `burst` b (loss only in the bad state): r = 1 / b and p = r * m / (1 - m), so that the bad state holds for the share
/// m of the time.
///
/// With `clock: packets` the chain steps once per packet offered. A sender that falls silent in the bad state stays in
/// it: with doubling probes, for minutes or hours.
final class GilbertElliott: LossModel {
    struct Chain: Hashable {
        /// p and r, in 2^-64.
        var goodToBad: UInt64
        var badToGood: UInt64
        var lossInGood: Probability
        var lossInBad: Probability
    }

    enum Clock: Hashable {
        /// Nanoseconds that one step of the chain lasts.
        case time(step: Interval)
        case packets
    }

    private let chain: Chain
    private let stream: RandomStream
    private var isBad: Bool
    private var clock: Progress

    private enum Progress {
        /// Stay number `stay`, drawn at that index, lasts until `end`.
        case time(stay: UInt64, end: Instant, meanGood: Int64, meanBad: Int64, exponential: QuantileTable)
        /// The first packet for which the chain has not stepped.
        case packets(next: UInt64)
    }

    init(_ chain: Chain, clock: Clock, stream: RandomStream, exponential: QuantileTable) {
        self.chain = chain
        self.stream = stream
        // Begins in the long-run proportion of the two states, so that the first packet is as lucky as any other.
        let share = Self.share(of: chain)
        isBad = stream.draw(0, Draw.first) < share
        switch clock {
        case .packets:
            self.clock = .packets(next: 1)
        case .time(let step):
            let meanGood = Self.stay(step: step, leaving: chain.goodToBad)
            let meanBad = Self.stay(step: step, leaving: chain.badToGood)
            let first = exponential.sample(stream.draw(0, Draw.stay), scale: isBad ? meanBad : meanGood)
            self.clock = .time(
                stay: 0,
                end: .start + Interval(nanoseconds: first),
                meanGood: meanGood,
                meanBad: meanBad,
                exponential: exponential
            )
        }
    }

    func loses(index: UInt64, at now: Instant) -> Bool {
        switch clock {
        case .packets(var next):
            while next <= index {
                if stream.draw(next, Draw.step) < (isBad ? chain.badToGood : chain.goodToBad) { isBad.toggle() }
                next += 1
            }
            clock = .packets(next: next)
        case .time(var stay, var end, let meanGood, let meanBad, let exponential):
            guard now >= end else { break }
            while now >= end {
                stay += 1
                isBad.toggle()
                let length = exponential.sample(stream.draw(stay, Draw.stay), scale: isBad ? meanBad : meanGood)
                end = end + Interval(nanoseconds: max(1, length))
            }
            clock = .time(stay: stay, end: end, meanGood: meanGood, meanBad: meanBad, exponential: exponential)
        }
        let chance = isBad ? chain.lossInBad : chain.lossInGood
        if chance == .never { return false }
        return chance == .always || chance.happens(stream.draw(index, Draw.loss))
    }

    /// p / (p + r): the long-run share of the bad state, in 2^-64.
    private static func share(of chain: Chain) -> UInt64 {
        // Halved, so that the sum fits; the last bit of a threshold is far below what anyone can measure.
        let (part, whole) = (chain.goodToBad / 2, chain.goodToBad / 2 + chain.badToGood / 2)
        guard whole > 0 else { return 0 }
        return part == whole ? .max : whole.dividingFullWidth((part, 0)).quotient
    }

    /// Mean stay in nanoseconds of a state that is left with probability `leaving` (in 2^-64) per step.
    private static func stay(step: Interval, leaving: UInt64) -> Int64 {
        guard leaving > 0 else { return .max / 64 }
        guard UInt64(step.nanoseconds) < leaving else { return .max / 64 }
        return min(.max / 64, Int64(clamping: leaving.dividingFullWidth((UInt64(step.nanoseconds), 0)).quotient))
    }

    /// Which draw of an index decides what.
    private enum Draw {
        static let stay: UInt64 = 0
        static let step: UInt64 = 1
        static let loss: UInt64 = 2
        static let first: UInt64 = 3
    }
}

extension GilbertElliott {
    static let registration = LossRegistration(
        signature: ModelSignature(
            name: "gilbert-elliott",
            summary: "loss in bursts, driven by time unless `clock: packets` is asked for",
            parameters: [
                .init("mean", .probability, "share of packets lost in the long run; with `burst`"),
                .init("burst", .decimal, "mean length of a burst in 1,200-byte serialisation times, at least 1"),
                .init("good-to-bad", .probability, "p: chance per step to leave the good state; instead of `mean`"),
                .init("bad-to-good", .probability, "r: chance per step to leave the bad state; instead of `burst`"),
                .init("loss-bad", .probability, "chance of loss in the bad state, 1 unless given"),
                .init("loss-good", .probability, "chance of loss in the good state, 0 unless given"),
                .init("clock", .word(["time", "packets"]), "what moves the chain; `time` unless given"),
            ]
        ),
        make: make
    )

    private static func make(_ choice: ModelChoice, _ context: ModelContext) throws(ModelError) -> any LossModel {
        let chain = Chain(
            goodToBad: 0,
            badToGood: 0,
            lossInGood: choice.probability("loss-good") ?? .never,
            lossInBad: choice.probability("loss-bad") ?? .always
        )
        let clock: Clock
        if choice["clock"] == .word("packets") {
            clock = .packets
        } else if context.rate.isUnlimited {
            throw ModelError(
                "gilbert-elliott counts in serialisation times, and this direction has no rate; "
                    + "give the link a rate, or write clock: packets"
            )
        } else {
            clock = .time(step: context.rate.serialisation(of: 1_200))
        }
        return GilbertElliott(
            try rates(of: choice, chain),
            clock: clock,
            stream: context.stream,
            exponential: context.distributions.exponential
        )
    }

    private static func rates(of choice: ModelChoice, _ chain: Chain) throws(ModelError) -> Chain {
        var chain = chain
        switch (
            choice.probability("mean"), choice.decimal("burst"), choice.probability("good-to-bad"),
            choice.probability("bad-to-good")
        )
        {
        case (let mean?, let burst?, nil, nil):
            guard burst >= 1_000_000 else {
                throw ModelError(parameter: "burst", "a burst has at least 1 packet on average")
            }
            guard choice["loss-good"] == nil, choice["loss-bad"] == nil else {
                throw ModelError(
                    parameter: choice["loss-good"] == nil ? "loss-bad" : "loss-good",
                    "`mean` and `burst` mean that all is lost in the bad state and nothing in the good one; "
                        + "to choose these losses write good-to-bad and bad-to-good instead"
                )
            }
            guard mean.partsPerBillion < 1_000_000_000 else {
                throw ModelError(
                    parameter: "mean",
                    "a mean loss of 100 % has no good state; take the link down instead"
                )
            }
            chain.badToGood = burst == 1_000_000 ? .max : UInt64(burst).dividingFullWidth((1_000_000, 0)).quotient
            let (share, rest) = (UInt64(mean.partsPerBillion), UInt64(1_000_000_000 - mean.partsPerBillion))
            let product = chain.badToGood.multipliedFullWidth(by: share)
            guard product.high < rest else {
                throw ModelError(
                    parameter: "burst",
                    "bursts this short cannot make up this mean loss; the burst must be at least mean / (1 - mean)"
                )
            }
            chain.goodToBad = rest.dividingFullWidth(product).quotient
        case (nil, nil, let p?, let r?):
            chain.goodToBad = threshold(p)
            chain.badToGood = threshold(r)
            guard chain.goodToBad > 0 || chain.badToGood > 0 else {
                throw ModelError("neither state is ever left; make good-to-bad or bad-to-good larger than 0")
            }
        default:
            throw ModelError("write either `mean` and `burst`, or `good-to-bad` and `bad-to-good`")
        }
        return chain
    }

    /// A probability in 2^-64; 1 becomes the largest number below it.
    private static func threshold(_ probability: Probability) -> UInt64 {
        guard probability != .always else { return .max }
        return UInt64(1_000_000_000).dividingFullWidth((UInt64(probability.partsPerBillion), 0)).quotient
    }
}
