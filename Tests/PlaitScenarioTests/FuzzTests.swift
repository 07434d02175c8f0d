import Foundation
import PlaitScenario
import TestSupport
import Testing

@Suite("Hostile files")
struct FuzzTests {
    private enum Outcome { case accepted, refused, absurd }

    private func outcome(_ bytes: [UInt8]) -> Outcome {
        let source = BytesSource(bytes: bytes)
        do throws(Diagnostics) {
            let read = try ScenarioReader(source: source, vocabulary: testVocabulary).read("f.yaml")
            return read.warnings.hasErrors || read.scenario.hosts.isEmpty ? .absurd : .accepted
        } catch {
            return error.hasErrors && error.description.utf8.count < 1 << 20 ? .refused : .absurd
        }
    }

    private struct BytesSource: ScenarioSource {
        let bytes: [UInt8]
        let library: String? = nil
        // It includes itself and is every preset, too.
        func bytes(of path: String) -> [UInt8]? { bytes }
        func fileNames(in folder: String) -> [String] { [] }
    }

    @Test("random bytes are refused, never a crash")
    func randomBytes() {
        var random = TestRandom(seed: 1)
        let alphabet = Array("{}[]:,-&*!|>'\"%@`#?~ \n\t abstophlinkue019._".utf8)
        for _ in 0..<10_000 {
            let isText = random.chance(2)
            let bytes = (0..<random.below(80)).map { _ in isText ? random.pick(alphabet) : UInt8(random.below(256)) }
            #expect(outcome(bytes) != .absurd, "\(bytes)")
        }
    }

    @Test("mutations of real files are read or refused, never a crash", arguments: [1, 2, 3, 4] as [UInt64])
    func mutations(seed: UInt64) throws {
        var random = TestRandom(seed: seed)
        let folder = repositoryRoot.appending(path: "Scenarios")
        let corpus = FolderSource(folder).fileNames(in: "").filter { $0.hasSuffix(".yaml") }
        let texts = try corpus.map { [UInt8](try Data(contentsOf: folder.appending(path: $0))) }
        var accepted = 0
        for _ in 0..<2_500 {
            let bytes = mutated(random.pick(texts), by: &random, with: random.pick(texts))
            let outcome = outcome(bytes)
            #expect(outcome != .absurd, "\(String(decoding: bytes, as: UTF8.self))")
            if outcome == .accepted { accepted += 1 }
        }
        #expect(accepted > 0, "mutations that all fail at the first byte test nothing")
    }

    private func mutated(_ bytes: [UInt8], by random: inout TestRandom, with other: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...random.below(3) where !bytes.isEmpty {
            let at = random.below(bytes.count)
            switch random.below(6) {
            case 0: bytes[at] = UInt8(random.below(256))
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(random.pick(Array("{}[]:,-&*% 09".utf8)), at: at)
            case 3: bytes.removeSubrange(at..<min(bytes.count, at + random.below(20)))
            case 4:
                let from = random.below(other.count)
                bytes.insert(contentsOf: other[from..<min(other.count, from + random.below(30))], at: at)
            default: if let digit = bytes.firstIndex(where: { (48...57).contains($0) }) { bytes[digit] = 48 }
            }
        }
        return bytes
    }
}
