/// A named source of random numbers: every draw is a pure function of seed, name, index and draw number.
///
/// The name says who asks, like a path: `link/wifi/client>server/loss`. The index says about what (the 17th packet),
/// the draw number tells apart the draws made about the same thing. So nobody's draws move when somebody else draws
/// more, and two runs that differ in one model see identical fates everywhere else.
///
///     key  = SipHash-2-4-128(key: (seed, "plait/rs"), name)
///     draw = Philox4x64-10(key, counter: (index, number / 4, 0, 0))[number % 4]
@frozen public struct RandomStream: Hashable, Sendable {
    /// The first half of the hash of seed and name.
    @usableFromInline let key0: UInt64
    /// The second half.
    @usableFromInline let key1: UInt64

    /// The stream called `name` of the run that `seed` stands for.
    public init(seed: UInt64, name: String) {
        // "plait/rs" in ASCII: another use of the same seed must pick another word here.
        let key = SipHash128(key0: seed, key1: 0x706C_6169_742F_7273, name)
        key0 = key.low
        key1 = key.high
    }

    /// Sixty-four uniform bits: draw `number` about `index`.
    @inlinable public func draw(_ index: UInt64, _ number: UInt64 = 0) -> UInt64 {
        let block = draws(index, number / 4)
        switch number % 4 {
        case 0: return block.0
        case 1: return block.1
        case 2: return block.2
        default: return block.3
        }
    }

    /// Draws `4 * block` to `4 * block + 3` about `index`, for the price of one.
    @inlinable public func draws(_ index: UInt64, _ block: UInt64 = 0) -> (UInt64, UInt64, UInt64, UInt64) {
        Philox4x64.block(counter: (index, block, 0, 0), key0: key0, key1: key1)
    }
}

extension UInt64 {
    /// Maps 64 uniform bits to a whole number from 0 to `bound - 1`.
    ///
    /// The high word of `self * bound`. Each value's probability is off `1 / bound` by less than 2^-64, so any event's
    /// by less than `bound * 2^-64`. Rejection would remove even that, at the price of an unknown number of draws.
    @inlinable public func uniform(below bound: UInt64) -> UInt64 {
        precondition(bound > 0, "there is no number below zero")
        return multipliedFullWidth(by: bound).high
    }
}
