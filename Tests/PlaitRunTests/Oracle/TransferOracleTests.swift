import PlaitCore
import PlaitRun
import Testing

struct TransferOracleTests {
    private func link(_ mbps: Int64, _ milliseconds: Int64, from: Int64 = 0) -> TransferOracle.Link {
        TransferOracle.Link(
            rate: mbps * 125_000,
            out: .milliseconds(milliseconds),
            back: .milliseconds(milliseconds),
            usableFrom: Instant(nanoseconds: from * 1_000_000)
        )
    }

    @Test func linksWithoutDelayReachTheSumOfTheirRates() {
        // 2 MB over 20 Mbps.
        let oracle = TransferOracle(links: [link(10, 0), link(10, 0)])
        #expect(oracle.completion(of: 2_000_000) == Instant(nanoseconds: 800_000_000))
    }

    @Test func aSinglePathIsItsSlowStartAndThenItsRate() {
        // 10 Mbps is 1,200 B in 0.96 ms. R = 20.96 ms; 10 packets take 9.6 ms, 20 packets 19.2 ms, 40 more than R.
        // So 30 packets go in two rounds, and from 2 R = 41.92 ms on the link is full:
        // (2,000,000 - 36,000) B take 1,571.2 ms, and the last byte needs 10 ms more.
        let oracle = TransferOracle(links: [link(10, 10)])
        #expect(oracle.completion(of: 2_000_000) == Instant(nanoseconds: 41_920_000 + 1_571_200_000 + 10_000_000))
    }

    @Test func withinTheFirstWindowOnlyTheWireCounts() {
        let oracle = TransferOracle(links: [link(10, 10)])
        #expect(oracle.completion(of: 12_000) == Instant(nanoseconds: 9_600_000 + 10_000_000))
        // One byte more waits for the first acknowledgement.
        #expect(oracle.completion(of: 12_001) == Instant(nanoseconds: 20_960_000 + 800 + 10_000_000))
    }

    @Test func aSecondPathHelpsFromTheTimeItIsUsable() {
        // Without delays: 1 MB by 0.4 s is half, then both: 0.4 + (2 MB - 0.5 MB) / 2.5 MB/s = 1.0 s.
        let oracle = TransferOracle(links: [link(10, 0), link(10, 0, from: 400)])
        #expect(oracle.completion(of: 2_000_000) == Instant(nanoseconds: 1_000_000_000))
        let late = TransferOracle(links: [link(10, 0), link(10, 0, from: 5_000)])
        #expect(late.completion(of: 2_000_000) == TransferOracle(links: [link(10, 0)]).completion(of: 2_000_000))
    }

    @Test func morePathsAndLessDelayNeverCost() {
        let random = RandomStream(seed: 5, name: "oracle")
        for index in 0..<200 as Range<UInt64> {
            func some(_ number: UInt64) -> TransferOracle.Link {
                link(
                    Int64(random.draw(index, number).uniform(below: 100)) + 1,
                    Int64(random.draw(index, number + 1).uniform(below: 300)),
                    from: Int64(random.draw(index, number + 2).uniform(below: 500))
                )
            }
            let first = some(0)
            let second = some(3)
            let bytes = Int64(random.draw(index, 6).uniform(below: 20_000_000)) + 1
            let both = TransferOracle(links: [first, second]).completion(of: bytes)
            let alone = TransferOracle(links: [first]).completion(of: bytes)
            #expect(both <= alone)
            #expect(both <= TransferOracle(links: [second]).completion(of: bytes))
            #expect(both <= TransferOracle(links: [first, second]).completion(of: bytes + 1))
            // What is there by then is enough, and a nanosecond earlier it is not.
            let oracle = TransferOracle(links: [first, second])
            #expect(oracle.delivered(by: both) >= bytes)
            #expect(oracle.delivered(by: both - .nanoseconds(1)) < bytes)
        }
    }

    @Test func nothingIsThereAtOnceAndWithoutLinksNothingEver() {
        #expect(TransferOracle(links: []).completion(of: 1).isNever)
        let never = TransferOracle.Link(rate: 1, out: .seconds(1), back: .seconds(1), usableFrom: .never)
        #expect(TransferOracle(links: [never]).completion(of: 1).isNever)
        #expect(TransferOracle(links: [link(1, 1)]).completion(of: 0) == .start)
    }
}
