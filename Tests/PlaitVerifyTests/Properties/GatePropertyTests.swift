import PlaitVerify
import Testing

@Suite("A server's gate")
struct GatePropertyTests {
    @Test("cookies are sent, the amplification limit is met, and it is not passed")
    func limit() throws {
        let property = try #require(Properties.all.first { $0.name == "gate.promises" })
        #expect(property.health.marks.count == 2 && property.health.needsHealing)
        var campaign = PropertyCampaign(property, firstSeed: 1, cases: 200, workers: 1)
        campaign.saturation = nil
        let report = campaign.run()
        // The marks are demanded, so that a gate whose limit never counts is a problem.
        #expect(report.holds && report.isHealthJudged, "\(report.failures.map(\.failure)) \(report.problems)")
        #expect(report.marks.filter { $0.count > 0 }.count == 2)
    }
}
