import Foundation
import TestSupport
import Testing

@Suite("Every shipped scenario")
struct ShippedRunTests {
    @Test("there are scenarios, and these tests run enough of them at their whole length")
    func some() {
        #expect(Shipped.names.count >= 13)
        #expect(Shipped.affordable.count >= (isOptimized ? Shipped.names.count : 6))
    }

    @Test("holds its expectations and the laws, and comes to its golden hash", arguments: Shipped.affordable)
    func holds(name: String) throws {
        let work = try Workspace()
        let result = try Program.plait([
            "run", "Scenarios/\(name).yaml", "--seed", "1", "--check-laws", "--json", "--out", work.path,
        ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.isEmpty)
        let report = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        #expect(report["holds"] as? Bool == true)
        let run = try #require((report["runs"] as? [[String: Any]])?.first)
        #expect(run["law_violations"] as? Int == 0)
        for expectation in try #require(run["expectations"] as? [[String: Any]]) {
            #expect(expectation["result"] as? String == "holds", "\(expectation)")
        }
        guard let golden = Golden.hashes.first(where: { $0["scenario"] == name && $0["seed"] == "1" }) else { return }
        // Shortened for the golden table, and therefore another run than this.
        guard golden["overrides"] == "" else { return }
        #expect(run["hash"] as? String == golden["hash"])
    }

    @Test(
        "keeps the laws from its first seconds on, with any seed",
        .enabled(if: isOptimized),
        arguments: Shipped.names
    )
    func laws(name: String) throws {
        let work = try Workspace()
        let result = try Program.plait([
            "run", "Scenarios/\(name).yaml", "--set", "stop=2s", "--set", "expect=[]", "--seed", "77", "--check-laws",
            "--quiet",
            "--out", work.path,
        ])
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test(
        "reports what an independent reading of its packets comes to",
        .enabled(if: isOptimized),
        .enabled(if: peer("PLAIT_PYTHON", orNamed: "python3") != nil || isCI, "no python3 here"),
        arguments: Shipped.names
    )
    func metrics(name: String) throws {
        let python = try #require(peer("PLAIT_PYTHON", orNamed: "python3"), "CI must have python3")
        let work = try Workspace()
        // first is short enough for the whole of its cut and its ramp.
        let length = name == "first" ? [] : ["--set", "stop=2s"]
        let run = try Program.plait(
            ["run", "Scenarios/\(name).yaml", "--set", "expect=[]", "--packets", "--quiet", "--out", work.path] + length
        )
        try #require(run.status == 0, "\(run.errors)")
        let metrics = repositoryRoot.appending(path: "Tests/Peers/metrics.py").path
        let result = try Program.run(python, [metrics, work.path])
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.hasSuffix("all equal\n"))
    }
}
