import Foundation
import PlaitCommand
import Testing

@Suite("plait key")
struct KeyTests {
    @Test("a new key is its owner's alone, and is shown as it was made")
    func make() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/host.key"
        let made = Trial(["key", "new", path])
        #expect(made.status == 0 && made.output.count == 45 && made.errors.isEmpty)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(Trial(["key", "show", path]).output == made.output)
        #expect(try !String(contentsOfFile: path, encoding: .utf8).contains("AAAAAAAA"))
    }

    @Test("a file or link that is there is never written over")
    func exists() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("mine", to: "host.key")
        #expect(Trial(["key", "new", path]).status == ExitStatus.cannotCreate.rawValue)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
        let link = folder.path + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path + "/elsewhere")
        #expect(Trial(["key", "new", link]).status == ExitStatus.cannotCreate.rawValue)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/elsewhere"))
    }

    @Test(
        "a key that others can read is refused with the command that mends it",
        arguments: [0o640, 0o604, 0o660, 0o602]
    )
    func exposed(mode: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/host.key"
        _ = Trial(["key", "new", path])
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        let trial = Trial(["key", "show", path])
        #expect(trial.status == ExitStatus.badData.rawValue && trial.output.isEmpty)
        #expect(trial.errors.contains("chmod 600 '\(path)'"))
    }

    @Test("a file cut off is refused with its line and a remedy")
    func truncated() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/host.key"
        _ = Trial(["key", "new", path])
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.truncate(atOffset: 90)
        try handle.close()
        let trial = Trial(["key", "show", path])
        #expect(trial.status == ExitStatus.badData.rawValue)
        #expect(trial.errors.contains("line 3: the file ends too early\n       restore it"))
    }
}
