import PlaitVerify
import Synchronization
import Testing

@Suite("Campaigns of properties")
struct PropertyCampaignTests {
    private func describe(_ report: CampaignReport) -> String {
        let failures = report.failures.map { "\($0.origin) \($0.cases) \($0.choices) \($0.shrunk.choices) \($0.tries)" }
        return """
            \(report.cases) \(report.steps) \(report.failed) \(report.ending) \(report.healed) \(report.problems)
            \(report.rules) \(report.labels) \(report.marks) \(report.counters) \(report.scores) \(report.coverage)
            \(report.unseenPartsPerMillion) \(report.bound ?? 0) \(failures)
            """
    }

    @Test("the number of workers changes nothing", arguments: [Toys.counter, Toys.walk, Toys.watched()].map(\.name))
    func workers(name: String) {
        let property = [Toys.counter, Toys.walk, Toys.watched()].first { $0.name == name } ?? Toys.counter
        var one = PropertyCampaign(property, cases: 500, workers: 1)
        var three = PropertyCampaign(property, cases: 500, workers: 3)
        one.failuresMax = 3
        three.failuresMax = 3
        #expect(describe(one.run()) == describe(three.run()))
    }

    @Test("a planted bug is found, shrunk, and told with its seed, its events and how to see it again")
    func found() throws {
        let report = PropertyCampaign.run(Toys.counter, cases: 500)
        let found = try #require(report.failures.first)
        #expect(report.ending == .failed && report.failed == 1 && !report.holds)
        guard case .seed(let seed) = found.origin else {
            Issue.record("found by \(found.origin)")
            return
        }
        #expect(Toys.counter.run(Toys.counter.choices(seed: seed)).choices == found.choices)
        #expect(UInt64(found.cases) == seed && report.cases == found.cases)
        let lines = FailureText(found, of: Toys.counter).lines
        #expect(lines.contains("  again: plait verify --property toy.counter --seed \(seed) --cases 1"))
        #expect(lines.suffix(2) == ["       1  raised by 1", "       2  raised by 9"])
        #expect(found.lines == 2)
    }

    @Test("a campaign may go on after a failure: it counts all, and tells one of each property")
    func goesOn() {
        var campaign = PropertyCampaign(Toys.twoBugs, cases: 400)
        campaign.failuresMax = 400
        let report = campaign.run()
        #expect(report.failed > 2 && Set(report.failures.map(\.failure.property)) == ["toy.easy", "toy.order"])
        #expect(report.failures.count == 2)
    }

    @Test("rules are counted as tried, accepted, rejected and not allowed")
    func statistics() {
        let report = PropertyCampaign.run(Toys.watched(), cases: 200)
        for (index, rule) in report.rules.enumerated() {
            #expect(rule.attempted == rule.accepted + rule.rejected + rule.notAllowed && rule.attempted > 0)
            #expect((rule.accepted > 0) == (index == 0 || index == 3))
            #expect((rule.notAllowed > 0) == (index == 1) && (rule.rejected > 0) == (index == 2))
        }
        #expect(report.steps == report.rules.reduce(0) { $0 + $1.attempted })
    }

    @Test("a rule that was never accepted fails the campaign, unless it may be silent")
    func deadRule() {
        let problems = PropertyCampaign.run(Toys.watched(), cases: 200).problems
        #expect(problems == ["rule 'never' was never accepted", "rule 'refused' was never accepted"])
        let silent = Toys.watched { $0.health.silentRules = ["never", "refused"] }
        #expect(PropertyCampaign.run(silent, cases: 200).holds)
        #expect(PropertyCampaign.run(Toys.watched(), cases: 1).problems.isEmpty, "one case says nothing of rules")
    }

    @Test("what must sometimes happen and never did fails the campaign, and so does too much rejection or no step")
    func health() {
        let marked = Toys.watched {
            $0.health = HealthDemands(marks: ["a miracle"], silentRules: ["never", "refused"])
            $0.health.rejectedPercentMax = 10
        }
        let problems = PropertyCampaign.run(marked, cases: 200).problems
        #expect(
            problems.count == 2 && problems[0] == "'a miracle' never happened" && problems[1].hasSuffix("were rejected")
        )
        var idle = Property("toy.idle", "It does nothing.", rules: ["none"]) { _, _ in }
        idle.health.silentRules = ["none"]
        idle.health.needsHealing = true
        #expect(
            PropertyCampaign.run(idle, cases: 200).problems
                == ["no step was taken in 200 cases", "no run came to its second phase"]
        )
    }

    @Test("a world that does not come to its end fails in its completion, and a bound is reported as one")
    func healing() throws {
        let report = PropertyCampaign.run(Toys.stuck, cases: 200)
        let failure = try #require(report.failures.first)
        #expect(failure.failure.property == "toy.stuck.completes")
        #expect(failure.shrunk.record.steps == 1)
        #expect(report.bound == nil || report.bound == 12)
        #expect(PropertyCampaign.run(Toys.watched(), cases: 50).bound == nil)
    }

    @Test("runs leave rules out, never one that must stay, and none at all when no swarm is wanted")
    func swarm() {
        let property = Toys.watched {
            $0.always = ["kept"]
            $0.health.silentRules = ["never", "refused"]
        }
        let report = PropertyCampaign.run(property, cases: 1_000)
        let labels = Dictionary(uniqueKeysWithValues: report.labels.map { ($0.name, $0.count) })
        for rule in ["often", "never", "refused"] { #expect((180...330).contains(labels["without \(rule)"] ?? 0)) }
        #expect(labels["without kept"] == nil)
        #expect((220...330).contains(labels["with everything"] ?? 0))
        #expect(report.counters.isEmpty, "what is off is not tried")
        let plain = PropertyCampaign.run(Toys.watched { $0.swarms = false }, cases: 100)
        #expect(plain.labels.map(\.name) == ["with everything"] && plain.labels.first?.count == 100)
    }

    @Test("a campaign with nothing new to see ends, one that still sees new things does not")
    func saturation() {
        let few = Property("toy.few", "Nothing.") { choices, record in record.label("\(choices.number(0...3))") }
        let many = Property("toy.many", "Nothing.") { choices, record in
            record.cover(UInt64(choices.number(0...1 << 40)))
        }
        var campaign = PropertyCampaign(few, cases: 5_000)
        campaign.saturation = 100
        let report = campaign.run()
        #expect(report.ending == .saturated && report.cases < 200 && report.labels.count == 4)
        #expect(report.unseenPartsPerMillion == 0)
        campaign = PropertyCampaign(many, cases: 500)
        campaign.saturation = 100
        let other = campaign.run()
        #expect(other.ending == .allCases && other.cases == 500 && other.coverage.count == 500)
        #expect(other.unseenPartsPerMillion == 1_000_000, "every case was the only one to show its key")
        #expect(other.coverage == other.coverage.sorted())
    }

    @Test("targeted search climbs higher than as many random cases")
    func search() {
        var guided = PropertyCampaign(Toys.walk, cases: 1_000)
        guided.searchShare = 1
        var random = PropertyCampaign(Toys.walk, cases: 2_000)
        random.searchShare = 1_000_000
        let (best, other) = (guided.run(), random.run())
        #expect(best.cases == 2_000 && other.cases == 2_000)
        let (height, chance) = (best.scores.first?.count ?? 0, other.scores.first?.count ?? 0)
        #expect(height >= chance + 15, "\(height) against \(chance)")
    }

    @Test("committed cases come first, and those of other properties are left alone")
    func regressions() throws {
        var campaign = PropertyCampaign(Toys.counter, cases: 500)
        campaign.regressions = [
            RegressionCase(name: "other", property: "toy.other", fails: "", choices: []),
            RegressionCase(name: "holds", property: "toy.counter", fails: "", choices: [0, 0]),
            RegressionCase(name: "known", property: "toy.counter", fails: "", choices: [0, 5, 0, 0, 9, 0, 0, 9, 0]),
        ]
        let report = campaign.run()
        #expect(report.failures.first?.origin == .regression("known"))
        #expect(report.cases == 0 && report.regressions == 2 && report.ending == .failed)
    }

    @Test("time that is up ends a campaign between two batches of cases")
    func time() {
        let clock = Mutex<Int64>(0)
        let tick: @Sendable () -> Int64 = {
            clock.withLock {
                $0 += 1
                return $0
            }
        }
        let report = PropertyCampaign.run(Toys.watched(), cases: 100_000, timeMax: 4, elapsed: tick)
        #expect(report.ending == .time && report.cases == 192)
    }

    @Test("a campaign without a fresh case is not healthy, whatever committed cases say, unless it is a replay")
    func noCases() {
        let committed = RegressionCase(name: "holds", property: "toy.counter", fails: "", choices: [0, 0])
        var campaign = PropertyCampaign(Toys.counter, cases: 500)
        campaign.regressions = [committed]
        campaign.timeMax = 0
        #expect(campaign.run().problems == ["no fresh case was tried"])
        var replay = PropertyCampaign(Toys.counter, cases: 0)
        #expect(replay.run().problems == ["no fresh case was tried"])
        replay.regressions = [committed]
        #expect(replay.run().holds)
    }

    @Test("health is judged from its number of cases on, and the report says whether it was")
    func judged() {
        let property = Toys.watched { $0.health.casesMin = 64 }
        let (few, enough) = (PropertyCampaign.run(property, cases: 63), PropertyCampaign.run(property, cases: 64))
        #expect(!few.isHealthJudged && few.holds && enough.isHealthJudged && !enough.holds)
    }

    @Test("what is unseen is told by the cases that were alone with something, not by how much that was")
    func unseen() {
        let property = Property("toy.alone", "Nothing.") { choices, record in
            let number = UInt64(choices.number(0...1))
            for key in 0..<50 { record.cover(100 * number + UInt64(key)) }
            record.label("all")
        }
        let report = PropertyCampaign.run(property, cases: 1)
        #expect(report.unseenPartsPerMillion == 1_000_000)
        #expect(PropertyCampaign.run(property, cases: 40).unseenPartsPerMillion == 0)
        let one = Property("toy.one", "Nothing.") { choices, record in
            if choices.number(0...9) == 0 { for key in 0..<50 { record.cover(UInt64(key)) } }
        }
        let seeds = (1...200).filter { one.run(one.choices(seed: UInt64($0))).record.coverage.count > 0 }
        let until = PropertyCampaign.run(one, cases: seeds[0])
        #expect(until.unseenPartsPerMillion == 1_000_000 / Int64(seeds[0]), "fifty keys of one case are one case")
    }
}
