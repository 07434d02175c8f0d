import Glibc
package import PlaitReport
import PlaitRun

/// Runs TLC, each time in a folder of its own.
///
/// TLC 2.15 keeps its state under the second of its start, and unpacks its standard modules into the temporary
/// directory under fixed names: two runs at once would read each other's. So a run gets copies of the modules, its
/// own metadir and its own temporary directory, and all of it goes when the run is over, however it ends.
package struct TLCRunner: Sendable {
    package let tools: TLCTools
    /// Where the scratch folders go; `/tmp` when nil.
    private let scratch: String?

    package init(_ tools: TLCTools, scratch: String? = nil) {
        self.tools = tools
        self.scratch = scratch
    }

    /// One run of TLC.
    package struct Job: Sendable {
        /// Folders whose `.tla` and `.cfg` files TLC may see; a later one's file hides an earlier one's of its name.
        package var folders: [String]
        /// Further files, by name.
        package var files: [(name: String, text: Text)]
        /// `MCStream`
        package var module: String
        /// The configuration file's name without `.cfg`.
        package var configuration: String
        package var workers = 1
        package var checksDeadlock = false
        /// Counts how often each action was taken; half as much time again.
        package var counts = false
        /// Nanoseconds after which it is killed.
        package var timeMax: Int64 = 600_000_000_000
        /// Over after some thousand states: no code is compiled thoroughly, which takes longer than such a run.
        package var isShort = false
        /// Of the Java heap, in MiB.
        package var heap = 2_048
        /// The name of the one property that is checked: TLC does not say which temporal property was violated.
        package var onlyProperty: String?

        package init(
            folders: [String],
            files: [(name: String, text: Text)] = [],
            module: String,
            configuration: String
        ) {
            self.folders = folders
            self.files = files
            self.module = module
            self.configuration = configuration
        }
    }

    /// Runs one job to its end, or until its time is over or `isWanted` says no. `elapsed` is nanoseconds since
    /// whenever; `export` gets what the model printed, which is the file of INIT and EDGE lines.
    package func run(
        _ job: Job,
        elapsed: () -> Int64,
        isWanted: () -> Bool = { true },
        progress: (TLCProgress) -> Void = { _ in },
        export: (([UInt8]) -> Void)? = nil
    ) -> TLCResult {
        do throws(FileError) {
            let folder = try ScratchFolder("tlc", in: scratch)
            try lay(job, in: folder.path)
            return run(job, in: folder.path, elapsed, isWanted, progress, export)
        } catch {
            return .notRun(error.description)
        }
    }

    private func run(
        _ job: Job,
        in folder: String,
        _ elapsed: () -> Int64,
        _ isWanted: () -> Bool,
        _ progress: (TLCProgress) -> Void,
        _ export: (([UInt8]) -> Void)?
    ) -> TLCResult {
        let start = elapsed()
        var output = TLCOutput()
        var isLate = false
        let child: ChildProcess
        do throws(SystemError) {
            child = try ChildProcess("/usr/bin/env", arguments(job, in: folder), environment: Self.environment)
        } catch {
            return .notRun("\(tools.java) cannot be started: \(error.message)")
        }
        let (end, standardError) = child.run(
            isWanted: {
                isLate = isLate || elapsed() - start > job.timeMax
                return !isLate && isWanted()
            },
            output: { output.take($0, progress: progress) }
        )
        let nanoseconds = elapsed() - start
        output.finish()
        if let export, let printed = FolderListing.bytes(of: folder + "/printed") { export(printed) }
        var result = output.result(end, standardError: standardError, isLate: isLate, job: job)
        result.jarHash = tools.jarHash
        result.nanoseconds = nanoseconds
        return result
    }

    /// The modules, and the directories that must be there before TLC is.
    private func lay(_ job: Job, in folder: String) throws(FileError) {
        try makeFolder(folder + "/meta")
        try makeFolder(folder + "/temporary")
        for source in job.folders {
            for name in FolderListing.names(in: source) where name.hasSuffix(".tla") || name.hasSuffix(".cfg") {
                guard let bytes = FolderListing.bytes(of: source + "/" + name) else {
                    throw FileError(path: source + "/" + name, operation: "read", code: errno)
                }
                try Self.write(bytes, to: folder + "/" + name)
            }
        }
        for file in job.files { try Self.write(file.text.bytes, to: folder + "/" + file.name) }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        try ScratchFile.write(String(decoding: bytes, as: UTF8.self), to: path)
    }

    private func arguments(_ job: Job, in folder: String) -> [String] {
        var arguments = [
            // TLC takes a configuration's name to be beside the module, whatever path it has; so it is begun there.
            "-C", folder, tools.java,
        ]
        arguments += job.isShort ? ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"] : ["-XX:+UseParallelGC"]
        arguments += [
            "-Xmx\(job.heap)m", "-Djava.io.tmpdir=\(folder)/temporary",
            "-Dutil.FileUtil.milliseconds=true", "-cp", tools.jar, "tlc2.TLC", "-tool",
            // The same fingerprints in every run, so that a collision, if any, is the same as well.
            "-fp", "0", "-seed", "1", "-workers", String(job.workers), "-checkpoint", "0",
            // Otherwise temporal properties are checked now and then by the clock, and how many states a violated one
            // needs depends on how busy the computer is.
            "-lncheck", "final",
            "-metadir", folder + "/meta", "-userFile", folder + "/printed",
            "-config", job.configuration + ".cfg",
        ]
        // TLC's flag means the opposite of its name: with it, deadlock is not looked for.
        if !job.checksDeadlock { arguments.append("-deadlock") }
        if job.counts { arguments += ["-coverage", "1"] }
        return arguments + [job.module]
    }

    /// Nothing of ours: JAVA_TOOL_OPTIONS and locales change what comes out.
    private static let environment = ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"]
}
