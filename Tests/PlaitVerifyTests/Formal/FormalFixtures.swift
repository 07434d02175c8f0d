import Foundation
import PlaitCore
import PlaitVerify

/// Real outputs of TLC, a small module with all kinds of configurations, and the TLC to run it with, if there is one.
enum FormalFixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
    static let repository = folder.appending(path: "../../../..").standardized

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name)))
    }

    /// An output, with the exit status that came with it.
    static func result(_ name: String, onlyProperty: String? = nil) throws -> TLCResult {
        let status = String(decoding: try bytes("TLC/\(name).rc"), as: UTF8.self)
        let exitStatus = Int32(status.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
        return TLCResult(reading: try bytes("TLC/\(name).out"), exitStatus: exitStatus, onlyProperty: onlyProperty)
    }

    static let outputs = [
        "action_prop", "assume_false", "deadlock", "dot", "edges", "eval_error", "invariant", "liveness_lasso",
        "liveness_stutter", "ok_coverage", "parse_error", "simulate_bad", "simulate_ok", "values",
    ]

    static func twoPath() throws -> ModelFolder { try ModelFolder(reading: folder.path + "/formal/TwoPath") }

    /// nil where there is no Java, or no jar; scripts/test sets PLAIT_TLC_JAR.
    static let tools: TLCTools? = {
        guard ProcessInfo.processInfo.environment["PLAIT_TLC_JAR"] != nil else { return nil }
        return try? TLCTools.find { ProcessInfo.processInfo.environment[$0] }
    }()

    static let isRequired = ProcessInfo.processInfo.environment["CI"] == "true"

    /// A folder that the caller removes.
    static func temporary() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plait-formal-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}

/// Numbers that follow from a seed.
struct Dice {
    private let stream: RandomStream
    private var drawn: UInt64 = 0

    init(_ seed: UInt64, _ name: String) { stream = RandomStream(seed: seed, name: name) }

    mutating func below(_ bound: Int) -> Int {
        drawn += 1
        return Int(stream.draw(drawn) % UInt64(bound))
    }
}
