import Foundation
import PlaitReport
import TestSupport
import Testing

@Suite("Files")
struct FileSinkTests {
    @Test("a committed file has every byte, far beyond the buffer")
    func whole() throws {
        let folder = try Folder()
        var sink = try FileSink(path: folder.file("rows.csv"))
        var expected = ""
        for row in 0..<40_000 {
            sink.text.append("row,\(row)\n")
            expected += "row,\(row)\n"
            sink.settle()
        }
        try sink.commit()
        #expect(try folder.read("rows.csv") == expected)
        #expect(try folder.names == ["rows.csv"])
    }

    @Test("until the commit the old file is untouched, and a dropped sink leaves nothing behind")
    func dropped() throws {
        let folder = try Folder()
        try folder.write("old", to: "rows.csv")
        try write(new: 200_000, to: folder)
        #expect(try folder.read("rows.csv") == "old")
        #expect(try folder.names == ["rows.csv"])
    }

    private func write(new count: Int, to folder: Folder) throws {
        var sink = try FileSink(path: folder.file("rows.csv"))
        for _ in 0..<count {
            sink.text.append("n")
            sink.settle()
        }
        #expect(try folder.names.count == 2)
        #expect(try folder.read("rows.csv") == "old")
    }

    @Test("two sinks of one name do not disturb each other; the last commit wins")
    func twice() throws {
        let folder = try Folder()
        var first = try FileSink(path: folder.file("a"))
        var second = try FileSink(path: folder.file("a"))
        first.text.append("first")
        second.text.append("second")
        try second.commit()
        try first.commit()
        #expect(try folder.read("a") == "first")
    }

    @Test("an error names the path, the reason and what to do")
    func errors() throws {
        let folder = try Folder()
        let missing = folder.file("no/such/rows.csv")
        let error = #expect(throws: FileError.self) { _ = try FileSink.write(Text(), to: missing) }
        #expect(
            error?.description
                == "cannot create \(missing): No such file or directory (errno 2). "
                + "Make the folder first, or name another one."
        )
        try FileManager.default.createDirectory(atPath: folder.file("taken/inside"), withIntermediateDirectories: true)
        let taken = #expect(throws: FileError.self) { try FileSink.write(Text(), to: folder.file("taken")) }
        #expect(taken?.operation == "rename")
        #expect(try folder.names == ["taken"])
    }

    @Test("a full disk is remembered until the commit, which throws it and removes the file")
    func full() async throws {
        // A limit on the size of files stands in for a full disk; it ends with the process that sets it.
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
            try #require(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            let folder = try Folder()
            var sink = try FileSink(path: folder.file("rows.csv"))
            for _ in 0..<300_000 {
                sink.text.append("n")
                sink.settle()
            }
            let error = #expect(throws: FileError.self) { try sink.commit() }
            #expect(error?.code == EFBIG && error?.operation == "write")
            #expect(error?.remedy.contains("space") == true)
            #expect(try folder.names == [])
        }
    }

    @Test("what a format cannot hold is thrown by the commit, and no file appears")
    func rejected() throws {
        let folder = try Folder()
        var sink = try FileSink(path: folder.file("rows.csv"))
        sink.reject("the format cannot hold this.")
        sink.text.append("x")
        let error = #expect(throws: FileError.self) { try sink.commit() }
        #expect(error?.reason == "the format cannot hold this.")
        #expect(try folder.names == [])
    }

    @Test("a folder is made with those above it; a file in the way is an error")
    func folders() throws {
        let folder = try Folder()
        try makeFolder(folder.file("a/b/c"))
        try makeFolder(folder.file("a/b/c"))
        try folder.write("", to: "file")
        #expect(throws: FileError.self) { try makeFolder(folder.file("file")) }
        #expect(throws: FileError.self) { try makeFolder(folder.file("file/below")) }
        #expect(try folder.names == ["a", "file"])
    }

    @Test("rows allocate nothing once the buffer is there", .enabled(if: isOptimized))
    func allocation() throws {
        let folder = try Folder()
        var sink = try FileSink(path: folder.file("rows.csv"))
        let count = allocations {
            for row in 0..<100_000 {
                sink.text.append(UInt64(row))
                sink.text.append(Int64(row), places: 6)
                sink.text.append(byte: 10)
                sink.settle()
            }
        }
        #expect((count ?? 0) == 0)
    }
}
