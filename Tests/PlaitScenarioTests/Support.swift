import Foundation
import PlaitCore
import PlaitScenario
import TestSupport

/// Files below one folder, named relative to it.
struct FolderSource: ScenarioSource {
    let root: URL
    var library: String?

    init(_ root: URL, library: String? = nil) {
        self.root = root
        self.library = library
    }

    func bytes(of path: String) throws(ScenarioSourceError) -> [UInt8]? {
        let file = root.appending(path: path)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        do {
            return [UInt8](try Data(contentsOf: file))
        } catch {
            throw ScenarioSourceError(error.localizedDescription)
        }
    }

    func fileNames(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)) ?? []).sorted()
    }
}

/// Models such as a registry offers.
let testVocabulary = Vocabulary(
    loss: [
        ModelSignature(
            name: "independent",
            summary: "Each packet has the same chance.",
            parameters: [.init("probability", .probability, required: true, "The chance of each packet.")],
            shorthands: ["probability"]
        ),
        ModelSignature(
            name: "gilbert-elliott",
            summary: "Bursts.",
            parameters: [
                .init("mean", .probability, required: true, "The share of packets lost."),
                .init("burst", .decimal, required: true, "The mean length of a burst."),
                .init("clock", .word(["time", "packets"]), "What moves the state."),
            ]
        ),
        ModelSignature(
            name: "list",
            summary: "Exactly these packets.",
            parameters: [.init("packets", .integers, required: true, "Indices from 0.")],
            shorthands: ["packets"]
        ),
    ],
    jitter: ["uniform", "normal"].map {
        ModelSignature(
            name: $0,
            summary: "Extra delay.",
            parameters: [
                .init("deviation", .interval, required: true, "The standard deviation."),
                .init("every", .interval, "The coherence time."),
                .init("reorder", .flag, "Whether packets may overtake."),
            ],
            shorthands: ["deviation"]
        )
    },
    queue: [
        ModelSignature(name: "unlimited", summary: "Never drops."),
        ModelSignature(
            name: "drop-tail",
            summary: "Drops what does not fit.",
            parameters: [
                .init("bytes", .bytes, "Most bytes."), .init("packets", .packets, "Most packets."),
                .init("delay", .interval, "Longest wait."),
            ],
            shorthands: ["bytes", "packets", "delay"]
        ),
        ModelSignature(
            name: "codel",
            summary: "RFC 8289.",
            parameters: [
                .init("target", .interval, "The delay it holds."),
                .init("interval", .interval, "The time it looks back."),
                .init("limit", .bytes, "Most bytes."), .init("ecn", .flag, "Whether it marks."),
            ]
        ),
    ],
    traffic: ["constant", "poisson"].map {
        ModelSignature(
            name: $0,
            summary: "Open-loop packets.",
            parameters: [
                .init("rate", .rate, "Bits per second."), .init("frequency", .frequency, "Packets per second."),
            ],
            shorthands: ["rate", "frequency"]
        )
    } + [
        ModelSignature(
            name: "closed-loop",
            summary: "A byte source with a NewReno window.",
            parameters: [.init("bytes", .bytes, "How much; default: no end.")],
            shorthands: ["bytes"]
        )
    ],
    congestion: ["newreno", "cubic", "lia"].map {
        ModelSignature(
            name: $0,
            summary: "A window.",
            parameters: [.init("initial-window", .packets, "The first window.")]
        )
    },
    schedulers: ["min-rtt", "earliest"].map {
        ModelSignature(name: $0, summary: "A choice.", parameters: [.init("margin", .interval, "How sure it is.")])
    }
)

/// Reads a text as `test.yaml`, with presets and includes as other files.
func read(
    _ text: String,
    _ overrides: [String] = [],
    files: [String: String] = [:],
    library: String? = nil
) throws(Diagnostics) -> Scenario {
    let all = files.merging(["test.yaml": text]) { _, new in new }
    let reader = ScenarioReader(source: ScenarioTexts(all, library: library), vocabulary: testVocabulary)
    return try reader.read("test.yaml", overrides: overrides).scenario
}

/// What is wrong with a text, as a user sees it; empty if nothing is.
func complaints(_ text: String, _ overrides: [String] = [], files: [String: String] = [:]) -> String {
    do throws(Diagnostics) {
        _ = try read(text, overrides, files: files)
        return ""
    } catch {
        return error.description
    }
}
