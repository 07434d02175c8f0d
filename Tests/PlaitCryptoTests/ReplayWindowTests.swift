import PlaitCore
import PlaitCrypto
import Testing

/// The obvious window: remembers every number, and what its size is by the rule in words.
private struct SlowWindow {
    var seen: Set<UInt64> = []
    var words = 16
    let wordsMax: Int
    /// Numbers below this are too old, whatever the window's size: they left it once.
    var first: UInt64 = 0

    func contains(_ number: UInt64) -> Bool { number < first || seen.contains(number) }

    mutating func insert(_ number: UInt64) {
        func start(_ top: UInt64) -> UInt64 { top / 64 >= UInt64(words) ? (top / 64 - UInt64(words) + 1) * 64 : 0 }
        let top = max(number, seen.max() ?? 0)
        while words < wordsMax, start(top) > first, (first..<start(top)).contains(where: { !seen.contains($0) }) {
            words *= 2
        }
        first = max(first, start(top))
        seen.insert(number)
    }
}

@Suite struct ReplayWindowTests {
    @Test(
        "agrees with a window that remembers everything, in any order of arrival",
        arguments: [1, 2, 3, 4, 5] as [UInt64]
    )
    func model(seed: UInt64) {
        let stream = RandomStream(seed: seed, name: "replay")
        var window = ReplayWindow(capacityMax: 1 << 12)
        var slow = SlowWindow(wordsMax: 64)
        var top: UInt64 = 0
        for index in 0..<4_000 as Range<UInt64> {
            let draw = stream.draw(index)
            let number: UInt64 =
                switch draw % 16 {
                case 0: top + draw >> 8 % 700
                case 1, 2: top - min(top, draw >> 8 % 6_000)
                case 3...9: top + 1
                default: top - min(top, draw >> 8 % 1_200)
                }
            let isKnown = window.contains(number)
            #expect(isKnown == slow.contains(number), "seed \(seed), step \(index): \(number) with \(top) the largest")
            if !isKnown {
                window.insert(number)
                slow.insert(number)
                top = max(top, number)
            }
            let (highest, capacity) = (window.highest, window.capacity)
            #expect(highest == top && capacity == 64 * slow.words, "seed \(seed), step \(index)")
        }
        let capacity = window.capacity
        #expect(capacity == 1 << 12, "the orders above ask for a larger window")
    }

    @Test("numbers in order keep the window as small as it was, at any height")
    func order() {
        var window = ReplayWindow()
        for number in 0..<10_000 as Range<UInt64> { window.insert(number) }
        var (capacity, known) = (window.capacity, window.contains(9_999))
        #expect(capacity == 1_024 && known)
        known = window.contains(10_000)
        #expect(!known)
        window.insert(.max)
        (capacity, known) = (window.capacity, window.contains(.max))
        #expect(capacity == 1 << 14 && known)
        known = window.contains(.max - 5_000)
        #expect(!known, "still within the window")
        known = window.contains(20_000)
        #expect(known, "too old to tell")
    }

    @Test("accepting a number twice is a bug of ours and ends the process")
    func twice() async {
        await #expect(processExitsWith: .failure) {
            var window = ReplayWindow()
            window.insert(5)
            window.insert(5)
        }
    }
}
