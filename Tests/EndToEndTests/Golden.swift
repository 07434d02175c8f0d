import Foundation
import TestSupport
import Testing

/// What ships, from the folder itself.
enum Shipped {
    /// Names of the scenarios, sorted.
    static let names: [String] = {
        let folder = repositoryRoot.appending(path: "Scenarios").path
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }()

    /// Those that these tests run at their whole length. All of them, optimised; without, those that take about a
    /// second.
    static let affordable: [String] = names.filter { name in
        guard !isOptimized else { return true }
        let events = Golden.hashes.filter { $0["scenario"] == name }.compactMap { Int($0["engine_events"] ?? "") }
        return name != "plain-flows" && (events.max() ?? .max) < 60_100
    }
}

/// The golden tables of results/reference; `scripts/golden` makes them, `scripts/check-golden` compares all of them.
enum Golden {
    static let folder = repositoryRoot.appending(path: "results/reference").path
    static let hashFiles: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasPrefix("golden-hashes-") && $0.hasSuffix(".csv") }.sorted()
    }()

    /// The platform on which these tests run, as manifests name it.
    static let platform: String = {
        #if arch(x86_64)
            "linux-x86_64"
        #else
            "linux-aarch64"
        #endif
    }()

    /// The rows of this platform's hashes; empty where there are none.
    static let hashes: [[String: String]] =
        (try? CSVTable(contentsOf: folder + "/golden-hashes-\(platform).csv").rows) ?? []
}

@Suite("Golden tables")
struct GoldenTests {
    @Test("the golden hashes of every platform name every shipped scenario, each with the same seeds, and nothing else")
    func hashes() throws {
        #expect(Golden.hashFiles.contains("golden-hashes-linux-x86_64.csv"))
        for file in Golden.hashFiles {
            let table = try CSVTable(contentsOf: Golden.folder + "/" + file)
            let found = try table.rows.map { row in try "\(#require(row["scenario"])) \(#require(row["seed"]))" }
            #expect(found == Shipped.names.flatMap { ["\($0) 1", "\($0) 2"] }, "\(file)")
            for row in table.rows {
                let hash = try #require(row["hash"])
                #expect(hash.count == 32 && hash.allSatisfy { "0123456789abcdef".contains($0) }, "\(file): \(row)")
                #expect(try #require(Int(row["engine_events"] ?? "")) > 0)
                let packets = try ["sent_packets", "delivered_packets", "dropped_packets"].map { column in
                    try #require(Int(row[column] ?? ""), "\(file): \(column)")
                }
                #expect(packets[0] > 0 && packets[1] > 0 && packets[2] >= 0)
                #expect(try #require(Double(row["ended_ms"] ?? "")) > 0)
            }
        }
    }

    @Test("the golden flows name every flow of every shipped scenario, and add up to what the hashes' table says")
    func flows() throws {
        let flows = try CSVTable(contentsOf: Golden.folder + "/golden-flows.csv").rows
        let withTraffic = try Shipped.names.filter { name in
            let url = repositoryRoot.appending(path: "Scenarios/\(name).yaml")
            return try String(contentsOf: url, encoding: .utf8).contains("\ntraffic:")
        }
        #expect(Set(flows.compactMap { $0["scenario"] }) == Set(withTraffic))
        for row in flows {
            #expect(Golden.hashFiles.contains("golden-hashes-\(row["platform"] ?? "").csv"))
        }
        for row in Golden.hashes where withTraffic.contains(row["scenario"] ?? "") {
            let ours = flows.filter {
                $0["scenario"] == row["scenario"] && $0["seed"] == row["seed"] && $0["platform"] == Golden.platform
            }
            // A flow counts what its source sends, and the run also the answers of the sink.
            let good = ours.compactMap { Int($0["good_packets"] ?? "") }
            #expect(good.count == ours.count && !good.isEmpty)
            #expect(good.reduce(0, +) <= Int(row["delivered_packets"] ?? "") ?? 0)
            #expect(good.allSatisfy { $0 > 0 }, "\(row["scenario"] ?? ""): a flow of which nothing arrives")
        }
    }
}
