import Foundation
import TestSupport
import Testing

@Suite("A reader made from docs/WIRE.md alone")
struct WireReaderTests {
    private static let python = ProcessInfo.processInfo.environment["PLAIT_PYTHON"]
    private static let isRequired = ProcessInfo.processInfo.environment["CI"] == "true"
    private static let vectors = repositoryRoot.appending(path: "Tests/PlaitTransportTests/Vectors")

    @Test("the kept capture is what is written today")
    func golden() throws {
        let golden = try GoldenCapture()
        let now: [(String, Data)] = [
            ("wire.pcapng", Data(golden.capture)), ("wire.keys", Data(golden.keyLog.utf8)),
        ]
        for (name, data) in now {
            let file = Self.vectors.appending(path: name)
            if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil { try data.write(to: file) }
            #expect(try Data(contentsOf: file) == data, "\(name): run with UPDATE_SNAPSHOTS=1 if the change is meant")
        }
    }

    @Test("a Python for the reader is there where it must be")
    func pythonIsThere() { #expect(!Self.isRequired || Self.python != nil, "set PLAIT_PYTHON") }

    /// Runs the reader on a capture; `capture` nil is the kept one.
    private func read(_ capture: [UInt8]? = nil, keys: String? = nil, _ options: [String] = ["--quiet"]) throws
        -> (status: Int32, output: String, errors: String)
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "plait-wire-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var (captureFile, keyFile) = (
            Self.vectors.appending(path: "wire.pcapng"), Self.vectors.appending(path: "wire.keys")
        )
        if let capture {
            captureFile = folder.appending(path: "wire.pcapng")
            try Data(capture).write(to: captureFile)
        }
        if let keys {
            keyFile = folder.appending(path: "wire.keys")
            try Data(keys.utf8).write(to: keyFile)
        }
        let (output, errors) = (folder.appending(path: "output"), folder.appending(path: "errors"))
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = URL(filePath: try #require(Self.python))
        process.arguments =
            [repositoryRoot.appending(path: "Tests/Peers/wire.py").path, captureFile.path, keyFile.path] + options
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        return (
            process.terminationStatus, try String(contentsOf: output, encoding: .utf8),
            try String(contentsOf: errors, encoding: .utf8)
        )
    }

    @Test(
        "it finds in every packet what was written, frame by frame",
        .enabled(if: python != nil, "PLAIT_PYTHON names no Python with cryptography")
    )
    func reads() throws {
        func objects(_ text: String) throws -> [[String: Any]] {
            try text.split(separator: "\n").map {
                try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
            }
        }
        let (status, output, errors) = try read(nil, ["--bytes", "--expect-data", "240"])
        #expect(status == 0, "\(errors)")
        let expected = try objects(try GoldenCapture().expected.joined(separator: "\n"))
        let found = try objects(output)
        #expect(found.count == 250 && expected.count == 250)
        for (line, wanted) in zip(found, expected) {
            let packet = line.filter { $0.key != "capture" }
            #expect(NSDictionary(dictionary: packet) == NSDictionary(dictionary: wanted))
        }
    }

    @Test(
        "it ends at a damaged packet, with its place, unless the capture says that it is damaged",
        .enabled(if: python != nil, "PLAIT_PYTHON names no Python with cryptography")
    )
    func damage() throws {
        var golden = try GoldenCapture()
        let first = [UInt8](repeating: 0x5a, count: 60)
        golden.packet(first)
        let unmarked = try read(golden.capture)
        #expect(unmarked.status == 1 && unmarked.errors.contains("packet 251, 250 ns, wifi/client>server: no key"))
        // Marked where it was damaged, and met once more on its way.
        golden.packet(first, comment: "corrupted: 1 bits flipped")
        let marked = try read(golden.capture)
        #expect(marked.status == 0 && marked.errors.contains("2 damaged"), "\(marked.errors)")
    }

    @Test(
        "a wrong key, a generation that does not follow and a missing packet are failures",
        .enabled(if: python != nil, "PLAIT_PYTHON names no Python with cryptography")
    )
    func keys() throws {
        let lines = try GoldenCapture().keyLog.split(separator: "\n").map(String.init)
        func replacing(_ index: Int) -> String {
            var changed = lines
            changed[index] = changed[index].dropLast() + (changed[index].hasSuffix("0") ? "1" : "0")
            return changed.joined(separator: "\n")
        }
        // What the log leaves out of later generations is computed.
        let first = lines.filter { $0.contains(" 0 ") }.joined(separator: "\n")
        #expect(try read(keys: first).status == 0)
        #expect(try read(keys: replacing(1)).status == 2)
        #expect(try read(keys: replacing(3)).status == 2)
        #expect(try read(keys: lines[0]).status == 1)
        #expect(try read(nil, ["--quiet", "--expect-data", "241"]).status == 1)
    }
}
