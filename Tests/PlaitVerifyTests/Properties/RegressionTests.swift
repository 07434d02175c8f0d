import Foundation
import PlaitVerify
import TestSupport
import Testing

@Suite("The database of failing cases")
struct RegressionTests {
    private static let folder = repositoryRoot.appending(path: "Tests/PlaitVerifyTests/Regressions")

    private static func committed() throws -> [RegressionCase] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".case") }
        return try names.sorted().map { name in
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            return try RegressionCase(name: String(name.dropLast(5)), text: text)
        }
    }

    @Test("every committed case belongs to a property that there is, and holds")
    func replay() throws {
        let cases = try Self.committed()
        #expect(!cases.isEmpty)
        for regression in cases {
            let property = try #require(Properties.all.first { $0.name == regression.property }, "\(regression.name)")
            let verdict = property.run(Choices(regression.choices))
            #expect(verdict.failure == nil, "\(regression.name)")
            #expect(verdict.choices == regression.choices, "\(regression.name) is read as it was written")
        }
    }

    @Test("a case is read as it was written")
    func roundTrip() throws {
        let long = (0..<200).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 }
        let regression = RegressionCase(
            name: "x",
            property: "a.b",
            fails: "a.b: it broke",
            found: "--seed 3",
            choices: long
        )
        #expect(try RegressionCase(name: "x", text: regression.text) == regression)
        #expect(regression.text.split(separator: "\n").allSatisfy { $0.count <= 120 })
        #expect(try RegressionCase(name: "y", text: "# why\n\n" + regression.text).choices == long)
    }

    @Test(
        "what is no case is refused with its line",
        arguments: [
            ("", 1), ("plait case 2\nproperty a\n", 1), ("plait case 1\nchoices 1\n", 1),
            ("plait case 1\nproperty a\nchoices 1 x\n", 3), ("plait case 1\nproperty a\nwhat 1\n", 3),
            ("plait case 1\nproperty a\nchoices 18446744073709551616\n", 3),
        ]
    )
    func broken(text: String, line: Int) {
        #expect { try RegressionCase(name: "x", text: text) } throws: { ($0 as? RegressionError)?.line == line }
    }

    @Test("what a campaign found can be committed as it is")
    func saved() throws {
        let found = try #require(PropertyCampaign.run(Toys.counter, cases: 500).failures.first)
        let regression = try RegressionCase(name: "x", text: RegressionCase(found, of: Toys.counter, name: "x").text)
        #expect(Toys.counter.run(Choices(regression.choices)).failure?.property == "toy.bound")
        #expect(regression.fails == "toy.bound: the counter is at 10")
    }
}
