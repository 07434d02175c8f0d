import PlaitCore
import PlaitScenario
import Testing

@Suite("Quantities")
struct QuantityTests {
    @Test(
        "are read exactly, without floating point",
        arguments: [
            (Quantity.rate, "1.5 Mbps", 1_500_000), (.rate, "1.5Mbps", 1_500_000), (.rate, "0.001 kbps", 1),
            (.rate, "50 kbps", 50_000), (.rate, "2.000_000_001 Gbps", 2_000_000_001),
            (.rate, "1_000 Mbps", 1_000_000_000),
            (.interval, "15 ms", 15_000_000), (.interval, "480 ns", 480), (.interval, "0.1 us", 100),
            (.interval, "2 min", 120_000_000_000), (.interval, "1.5 h", 5_400_000_000_000), (.interval, "0 s", 0),
            (.interval, "0.000000001 s", 1), (.interval, "+3 s", 3_000_000_000), (.interval, "-0 s", 0),
            (.interval, "1000000 h", 3_600_000_000_000_000_000), (.interval, "0.0000000010000 s", 1),
            (.signedInterval, "-3 s", -3_000_000_000), (.bytes, "1_200 B", 1_200), (.bytes, "64.5 kB", 64_500),
            (.bytes, "1 MB", 1_000_000), (.bytes, "2 GB", 2_000_000_000), (.probability, "2 %", 20_000_000),
            (.probability, "2%", 20_000_000), (.probability, "0.1 %", 1_000_000), (.probability, "0.001", 1_000_000),
            (.probability, "100 %", 1_000_000_000), (.probability, "0", 0), (.probability, "0.0000001 %", 1),
            (.frequency, "400 pps", 400_000), (.frequency, "0.5 pps", 500), (.packets, "50 packets", 50),
            (.packets, "1 packet", 1), (.integer, "-12", -12), (.integer, "9223372036854775807", .max),
            (.decimal, "6", 6_000_000), (.decimal, "1.000001", 1_000_001), (.drift, "-50 ppm", -50_000),
            (.drift, "1 ppb", 1),
        ] as [(Quantity, String, Int64)]
    )
    func reads(quantity: Quantity, text: String, value: Int64) throws {
        #expect(try quantity.parse(text) == value)
    }

    @Test(
        "are refused with a reason",
        arguments: [
            (Quantity.rate, "50", "has no unit"), (.rate, "50 mbps", "no unit 'mbps'"), (.rate, "50 ms", "is a time"),
            (.rate, "fast", "is not a rate"), (.rate, "", "is not a rate"), (.rate, "1.5", "has no unit"),
            (.rate, "1. Mbps", "is not a rate"), (.rate, ".5 Mbps", "is not a rate"),
            (.rate, "1e3 kbps", "is not a rate"),
            (.rate, "1__0 kbps", "is not a rate"), (.rate, "_1 kbps", "is not a rate"),
            (.rate, "1_ kbps", "is not a rate"),
            (.rate, "0.0001 kbps", "finer than a bit per second"), (.rate, "-1 kbps", "must not be negative"),
            (.rate, "1,5 Mbps", "comma"), (.rate, "1000001 Gbps", "too large"),
            (.rate, "340282366920938463463374607431768211456 Gbps", "too many digits"),
            (.interval, "1.5 ns", "finer than a nanosecond"), (.interval, "0.1234567891 s", "finer than a nanosecond"),
            (.interval, "-1 ns", "must not be negative"), (.interval, "1000000.1 h", "too large"),
            (.interval, "5 m", "no unit 'm'"),
            (.interval, "99999999999999999999 h", "too large"), (.signedInterval, "-1000001 h", "too small"),
            (.interval, "0." + String(repeating: "0", count: 400) + "1 s", "too many digits"),
            (.bytes, "1.5 B", "finer than a byte"), (.bytes, "1 KiB", "no unit 'KiB'"),
            (.probability, "101 %", "too large"),
            (.probability, "1", "1 % or as 100 %"), (.probability, "-1 %", "negative"),
            (.probability, "2", "too large"),
            (.probability, "0.00000001 %", "finer than a billionth"), (.frequency, "0.0001 pps", "finer than"),
            (.packets, "1.5 packets", "finer than a packet"), (.integer, "1.5", "finer than a whole number"),
            (.integer, "9223372036854775808", "too large"), (.integer, "5 ms", "is a time"),
            (.decimal, "0.0000001", "finer than a millionth"), (.drift, "500001 ppm", "too large"),
            (.drift, "3", "has no unit"),
        ] as [(Quantity, String, String)]
    )
    func refuses(quantity: Quantity, text: String, reason: String) {
        let error = #expect(throws: QuantityError.self) { try quantity.parse(text) }
        #expect(error?.message.contains(reason) == true, "\(error?.message ?? "accepted")")
    }

    @Test("print so that they read back, over all magnitudes", arguments: Quantity.allCases)
    func roundTrip(quantity: Quantity) throws {
        var random = TestRandom(seed: 7)
        for _ in 0..<2_000 {
            let magnitude = Int64(bitPattern: random.next() >> random.below(64))
            let span = quantity.range
            let value = min(
                max(random.chance(2) && span.lowerBound < 0 ? 0 &- magnitude : magnitude, span.lowerBound),
                span.upperBound
            )
            // A bare 1 as a probability is refused, but never printed.
            #expect(try quantity.parse(quantity.print(value)) == value, "\(quantity.print(value))")
        }
    }

    @Test("print in the largest unit of which there is one")
    func prints() {
        #expect(Quantity.rate.print(1_500_000) == "1.5 Mbps")
        #expect(Quantity.rate.print(999) == "0.999 kbps")
        #expect(Quantity.bytes.print(64_000) == "64 kB")
        #expect(Quantity.probability.print(1_000_000) == "0.1 %")
        #expect(Quantity.drift.print(-50_000) == "-50 ppm")
        #expect(Quantity.interval.print(2_500_000_000) == "2.5 s")
    }
}

/// SplitMix64: numbers that are the same in every run of the tests.
struct TestRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// One time in `count`.
    mutating func chance(_ count: Int) -> Bool { below(count) == 0 }

    mutating func pick<Element>(_ items: [Element]) -> Element { items[below(items.count)] }
}
