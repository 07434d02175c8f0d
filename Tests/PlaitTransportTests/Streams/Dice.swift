import PlaitCore

/// Numbers in a row from a named stream: what a random test draws next.
struct Dice {
    private let stream: RandomStream
    private var count: UInt64 = 0

    init(seed: UInt64, name: String = "test/streams") { stream = RandomStream(seed: seed, name: name) }

    mutating func roll(_ bound: Int) -> Int {
        count += 1
        return Int(stream.draw(count).uniform(below: UInt64(bound)))
    }

    /// True `count` times in 1,000.
    mutating func perMille(_ count: Int) -> Bool { roll(1_000) < count }

    mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(roll(256)) } }
}
