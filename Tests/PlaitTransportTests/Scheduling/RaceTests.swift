import PlaitCore
import PlaitTransport
import Testing

@Suite("Schedulers in a race")
struct RaceTests {
    private func milliseconds(
        _ name: String,
        _ links: [Lane.Link],
        bytes: Int,
        credit: Int = .max / 2,
        policy: ReinjectionPolicy = .atTail,
        seed: UInt64 = 1
    ) throws -> Int {
        var race = Race(links, bytes: bytes, credit: credit, policy: policy, seed: seed)
        let end = try #require(race.run(try scheduler(name)), "\(name) waits for ever")
        #expect(race.violations == 0)
        return Int(end.nanoseconds / 1_000_000)
    }

    private let tenAndTen = [Lane.Link(mbps: 10, delay: 10), Lane.Link(mbps: 10, delay: 10, queue: 20)]
    private let fastAndAbsurd = [Lane.Link(mbps: 100, delay: 8), Lane.Link(mbps: 0.256, delay: 400)]

    @Test("two equal paths bring 2 MB in little more than the sum of their rates takes")
    func equalPaths() throws {
        let earliest = try milliseconds("earliest", tenAndTen, bytes: 2_000_000)
        #expect((800...850).contains(earliest), "\(earliest)")
        let minRTT = try milliseconds("min-rtt", tenAndTen, bytes: 2_000_000, policy: .none)
        let bare = try milliseconds("earliest", tenAndTen, bytes: 2_000_000, policy: .none)
        #expect(bare < minRTT, "minRTT leaves a queue to wait for on one of them")
    }

    @Test("a short transfer never waits for a path that is forty times slower")
    func shortTransfer() throws {
        let alone = try milliseconds("earliest", [fastAndAbsurd[0]], bytes: 100_000, policy: .none)
        #expect(try milliseconds("earliest", fastAndAbsurd, bytes: 100_000, policy: .none) == alone)
        #expect(try milliseconds("min-rtt", fastAndAbsurd, bytes: 100_000, policy: .none) > 5 * alone)
        // What a scheduler did wrong, the tail puts right.
        #expect(try milliseconds("min-rtt", fastAndAbsurd, bytes: 100_000) <= alone + 1)
    }

    @Test("with a small receive buffer the slow path is left empty rather than block the fast one")
    func smallBuffer() throws {
        let links = [Lane.Link(mbps: 25, delay: 20, queue: 100), Lane.Link(mbps: 3, delay: 100, queue: 100)]
        let alone = try milliseconds("earliest", [links[0]], bytes: 5_000_000, credit: 300_000)
        let both = try milliseconds("earliest", links, bytes: 5_000_000, credit: 300_000)
        #expect(both <= alone * 101 / 100, "\(both), alone \(alone)")
        #expect(try milliseconds("min-rtt", links, bytes: 5_000_000, credit: 300_000) > alone * 5 / 4)
        // With a large one it is used.
        let large = try milliseconds("earliest", links, bytes: 5_000_000, credit: 4_000_000)
        let largeAlone = try milliseconds("earliest", [links[0]], bytes: 5_000_000, credit: 4_000_000)
        #expect(large < largeAlone * 97 / 100, "\(large), alone \(largeAlone)")
    }

    @Test("of a load that one path can carry, a path that gets worse carries a tenth at most within a second")
    func degradation() throws {
        for (delay, loss) in [(60, 0.0), (15, 0.2)] as [(Int64, Double)] {
            for worse in 0...1 {
                var links = [Lane.Link(mbps: 50, delay: 15, queue: 30), Lane.Link(mbps: 50, delay: 15, queue: 30)]
                links[worse].changesAt = Instant(nanoseconds: 1_000_000_000)
                links[worse].delayAfterwards = .milliseconds(delay)
                links[worse].lossAfterwards = loss
                // 24 Mbps for 3 s.
                var race = Race(links, bytes: 9_000_000, spacing: .microseconds(400))
                let end = try #require(race.run(try scheduler("earliest")))
                #expect(end < Instant(nanoseconds: 3_200_000_000))
                let late = race.lanes.map { lane in
                    lane.firstTransmissions.filter { $0 >= Instant(nanoseconds: 1_500_000_000) }.count
                }
                #expect(late[worse] * 10 <= late[0] + late[1], "\(late) with delay \(delay) ms, loss \(loss)")
            }
        }
    }

    @Test("on lossy ladders of paths everything arrives whatever the scheduler and the policy")
    func everythingArrives() throws {
        let random = RandomStream(seed: 3, name: "ladder")
        for index in 0..<12 as Range<UInt64> {
            let links = (0..<3 as Range<UInt64>).map { number in
                let draws = random.draws(index, number)
                return Lane.Link(
                    mbps: Double(1 + draws.0 % 30),
                    delay: Double(1 + draws.1 % 200),
                    queue: Double(20 + draws.2 % 200),
                    loss: Double(draws.3 % 10) / 100
                )
            }
            let best = try links.map { try milliseconds("min-rtt", [$0], bytes: 200_000, seed: index) }.min() ?? 0
            for name in singleCopySchedulers {
                for policy in [ReinjectionPolicy.none, .onSuspicion, .atTail] {
                    let time = try milliseconds(
                        name,
                        links,
                        bytes: 200_000,
                        credit: 100_000,
                        policy: policy,
                        seed: index
                    )
                    #expect(time > 0)
                    guard name == "earliest", policy == .atTail else { continue }
                    #expect(time <= best * 3 / 2 + 50, "\(time) where one path alone takes \(best)")
                }
            }
        }
    }
}
