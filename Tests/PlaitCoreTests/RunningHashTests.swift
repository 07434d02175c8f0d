import PlaitCore
import TestSupport
import Testing

@Suite("Running hash")
struct RunningHashTests {
    private static let event = TraceEvent(
        time: Instant(nanoseconds: 1_000),
        kind: .dropped,
        place: 3,
        packet: 7,
        flow: 1,
        length: 1_200,
        ecn: .capable0,
        reason: .loss,
        detail: 9
    )

    private func hash(_ change: (inout TraceEvent) -> Void) -> RunningHash {
        var event = Self.event
        change(&event)
        var hash = RunningHash()
        hash.fold(event)
        return hash
    }

    @Test("everything that an event says, but for its place and flow, reaches the hash")
    func fields() {
        let changed = [
            hash { _ in },
            hash { $0.time = Instant(nanoseconds: 1_001) },
            hash { $0.kind = .arrived },
            hash { $0.packet = 8 },
            hash { $0.length = 1_199 },
            hash { $0.ecn = .congestionExperienced },
            hash { $0.reason = .cut },
            hash { $0.property = .rate },
            hash { $0.detail = 8 },
        ]
        #expect(Set(changed.map(\.description)).count == changed.count)
    }

    @Test("the order of two events matters")
    func order() {
        var (one, other) = (RunningHash(), RunningHash())
        let (a, b) = (Self.event, TraceEvent(time: Instant(nanoseconds: 1_000), kind: .arrived, place: 3, packet: 8))
        one.fold(a)
        one.fold(b)
        other.fold(b)
        other.fold(a)
        #expect(one != other)
    }

    @Test("a difference in any bit of any folded word spreads over half of the 128 bits")
    func avalanche() {
        var distances: [Int] = []
        var base = RunningHash()
        base.fold(5, 6)
        for bit in 0..<128 {
            var changed = RunningHash()
            changed.fold(5 ^ (bit < 64 ? 1 << UInt64(bit) : 0), 6 ^ (bit >= 64 ? 1 << UInt64(bit - 64) : 0))
            let (a, b) = (base.words, changed.words)
            distances.append((a.high ^ b.high).nonzeroBitCount + (a.low ^ b.low).nonzeroBitCount)
        }
        // Each distance is binomial(128, 1/2): beyond 64 +- 36 once in 10^9.
        #expect(distances.allSatisfy { (28...100).contains($0) }, "\(distances)")
    }

    @Test("a word that makes one product zero still leaves the other word visible")
    func zeroOperands() {
        var seen: Set<String> = []
        for first in 0..<100 as Range<UInt64> {
            var hash = RunningHash()
            // The second word cancels the constant it is multiplied with.
            hash.fold(first, 0xa076_1d64_78bd_642f)
            seen.insert(hash.description)
        }
        #expect(seen.count == 100)
    }

    @Test("values are pinned: golden hashes depend on them")
    func pinned() {
        var hash = RunningHash()
        #expect(hash.description == Self.empty)
        hash.fold(Self.event)
        #expect(hash.description == Self.afterEvent)
        hash.fold("wifi")
        #expect(hash.description == Self.afterText)
        let bytes = (0..<1_200).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(bytes.span.raw.digest == Self.digest)
    }

    @Test("one flipped bit anywhere changes the digest, at every length", arguments: [1, 7, 8, 63, 127, 128, 129, 300])
    func digest(length: Int) {
        var bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        let base = bytes.span.raw.digest
        for bit in 0..<length * 8 {
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(bytes.span.raw.digest != base, "bit \(bit)")
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        bytes.append(0)
        #expect(bytes.span.raw.digest != base, "a longer run of bytes has another digest")
    }

    @Test("folding and digesting allocate nothing", .enabled(if: isOptimized))
    func allocations() {
        let bytes = [UInt8](repeating: 1, count: 1_200)
        var hash = RunningHash()
        let count = TestSupport.allocations {
            for _ in 0..<1_000 {
                hash.fold(Self.event)
                hash.fold(bytes.span.raw.digest, 0)
            }
        }
        #expect(count ?? 0 == 0)
    }

    private static let empty = "fb04e8828c6a2f61628f620ddd6183ff"
    private static let afterEvent = "65976a6408603257dcb79f3b242c66b8"
    private static let afterText = "ee3990f0e9c854ac6d4861764c9d89d0"
    private static let digest: UInt64 = 7_372_750_033_553_474_178
}
