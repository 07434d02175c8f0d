import PlaitCore
import PlaitScenario

/// One input for libFuzzer: a file that is the scenario, every preset and every include at once.
///
/// What is accepted must read back from its written form as the same scenario.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    do throws(Diagnostics) {
        let scenario = try ScenarioReader(source: OneFile(bytes: bytes), vocabulary: vocabulary).read("f.yaml").scenario
        let text = scenario.text
        let again = try? ScenarioReader(source: OneFile(bytes: Array(text.utf8)), vocabulary: vocabulary).read("f.yaml")
        precondition(again?.scenario == scenario, "what was written is not what was read:\n\(text)")
    } catch {
        precondition(error.hasErrors && !error.description.isEmpty, "a refusal without a reason")
    }
    return 0
}

private struct OneFile: ScenarioSource {
    let bytes: [UInt8]
    let library: String? = "lib"
    func bytes(of path: String) -> [UInt8]? { bytes }
    func fileNames(in folder: String) -> [String] { ["weak-4g.yaml"] }
}

/// Each kind of parameter at least once.
private let vocabulary = Vocabulary(
    loss: [
        ModelSignature(
            name: "independent",
            summary: "",
            parameters: [.init("probability", .probability, required: true, "")],
            shorthands: ["probability"]
        ),
        ModelSignature(
            name: "gilbert-elliott",
            summary: "",
            parameters: [
                .init("mean", .probability, required: true, ""), .init("burst", .decimal, ""),
                .init("clock", .word(["time", "packets"]), ""),
            ]
        ),
        ModelSignature(
            name: "list",
            summary: "",
            parameters: [.init("packets", .integers, required: true, "")],
            shorthands: ["packets"]
        ),
    ],
    jitter: [
        ModelSignature(
            name: "normal",
            summary: "",
            parameters: [.init("deviation", .interval, ""), .init("reorder", .flag, "")],
            shorthands: ["deviation"]
        )
    ],
    queue: [
        ModelSignature(name: "unlimited", summary: ""),
        ModelSignature(
            name: "drop-tail",
            summary: "",
            parameters: [.init("bytes", .bytes, ""), .init("packets", .packets, ""), .init("delay", .interval, "")],
            shorthands: ["bytes", "packets", "delay"]
        ),
        ModelSignature(name: "codel", summary: "", parameters: [.init("limit", .integer, "")]),
    ],
    traffic: [
        ModelSignature(
            name: "constant",
            summary: "",
            parameters: [.init("rate", .rate, ""), .init("frequency", .frequency, "")],
            shorthands: ["rate", "frequency"]
        ),
        ModelSignature(
            name: "poisson",
            summary: "",
            parameters: [.init("frequency", .frequency, "")],
            shorthands: ["frequency"]
        ),
        ModelSignature(
            name: "closed-loop",
            summary: "",
            parameters: [.init("bytes", .bytes, "")],
            shorthands: ["bytes"]
        ),
    ],
    congestion: [
        ModelSignature(name: "newreno", summary: ""),
        ModelSignature(name: "cubic", summary: "", parameters: [.init("initial-window", .packets, "")]),
    ]
)
