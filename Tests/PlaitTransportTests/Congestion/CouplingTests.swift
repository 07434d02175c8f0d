import PlaitCore
import PlaitTransport
import Testing

/// The three goals of RFC 6356, section 2, on paths whose losses do not depend on the sender.
@Suite("Goals of coupled congestion control")
struct CouplingTests {
    private static let pairs: [[CoupledPaths.Link]] = [
        [
            .init(lossMillionths: 10_000, roundTrip: .milliseconds(100)),
            .init(lossMillionths: 1_000, roundTrip: .milliseconds(100)),
        ],
        [
            .init(lossMillionths: 10_000, roundTrip: .milliseconds(20)),
            .init(lossMillionths: 1_000, roundTrip: .milliseconds(200)),
        ],
        [
            .init(lossMillionths: 2_000, roundTrip: .milliseconds(40)),
            .init(lossMillionths: 500, roundTrip: .milliseconds(150)),
        ],
    ]

    private func single(_ links: [CoupledPaths.Link]) -> [Double] {
        links.map { CoupledPaths.rates([$0]) { NewReno($0) }[0] }
    }

    @Test("all paths together carry what one flow on the best path would, and no path more than one flow there")
    func improveWithoutHarm() {
        for links in Self.pairs {
            let alone = single(links)
            let best = alone.max() ?? 0
            let coupled = CoupledPaths.rates(links) { LIA($0) }
            let total = coupled.reduce(0, +)
            print("alone \(alone), coupled \(coupled): \(total / best) of the best")
            #expect(total >= 0.88 * best && total <= 1.12 * best)
            #expect(coupled[0] <= 1.03 * alone[0])
            #expect(coupled[1] <= 1.03 * alone[1])
        }
    }

    @Test("the path with more losses is left to others: windows are inverse to losses")
    func balance() {
        let coupled = CoupledPaths.rates(Self.pairs[0]) { LIA($0) }
        let uncoupled = CoupledPaths.rates(Self.pairs[0]) { NewReno($0) }
        let share = coupled[0] / (coupled[0] + coupled[1])
        let shareUncoupled = uncoupled[0] / (uncoupled[0] + uncoupled[1])
        print("share of the bad path: \(share), uncoupled \(shareUncoupled)")
        #expect(shareUncoupled > 0.2)
        #expect(share < 0.14)
    }

    @Test("equal paths of one bottleneck take together what one flow takes there", arguments: [2, 3])
    func equal(count: Int) {
        let link = CoupledPaths.Link(lossMillionths: 1_000, roundTrip: .milliseconds(50))
        let links = Array(repeating: link, count: count)
        let alone = single([link])[0]
        let coupled = CoupledPaths.rates(links) { LIA($0) }.reduce(0, +)
        let uncoupled = CoupledPaths.rates(links) { NewReno($0) }.reduce(0, +)
        print("\(count) coupled paths take \(coupled / alone) of one flow, uncoupled \(uncoupled / alone)")
        // A little more than one: the formula takes the largest of the windows, and they do not fall together.
        #expect(coupled / alone >= 0.95 && coupled / alone <= 1.3)
        #expect(uncoupled / alone >= 0.9 * Double(count))
    }
}
