import Glibc
public import PlaitRun

/// The command line of Plait. A researcher's own executable adds plug-ins to a registry and calls `main`.
///
///     var registry = Registry.standard
///     registry.links.loss.append(MyLoss.registration)
///     PlaitCommand.main(registry: registry)
public enum PlaitCommand {
    /// Does what the process's arguments ask for and ends the process.
    public static func main(registry: Registry = .standard) -> Never {
        Heap.prepare()
        switch commandLine() {
        case .success(let words): exit(run(arguments: words, registry: registry))
        case .failure(let error): exit(report(error, .system()).rawValue)
        }
    }

    /// Does what `arguments` (without the program's name) ask for.
    ///
    /// - Returns: The exit status, as `plait help exit` explains it.
    public static func run(arguments: [String], registry: Registry = .standard) -> Int32 {
        run(arguments: arguments, registry: registry, console: .system())
    }

    /// The same, with the outside world as a parameter.
    package static func run(arguments: [String], registry: Registry, console: Console) -> Int32 {
        var status: ExitStatus
        do throws(CommandError) {
            status = try perform(arguments, registry, console)
        } catch {
            status = report(error, console)
        }
        if let code = console.output.failure, status == .success || status == .failed {
            status = report(
                CommandError(.outputFailed, "standard output cannot be written: \(SystemError(code).message)"),
                console
            )
        }
        return status.rawValue
    }

    /// All verbs, in the order in which help lists them.
    package static let verbs: [Verb] = [.run, .check, .scenarios, .schema, .diverge, .verify, .bench, .key, .help]

    private static func perform(
        _ words: [String],
        _ registry: Registry,
        _ console: Console
    ) throws(CommandError) -> ExitStatus {
        guard let first = words.first else {
            console.errors.write(Help.overview(verbs))
            return .usage
        }
        switch first {
        case "--help", "-h":
            console.output.write(Help.overview(verbs))
            return .success
        case "--version":
            console.output.write(Help.version)
            return .success
        case _ where first.hasPrefix("-"):
            throw CommandError(
                .usage,
                "expected a verb before \(Printable.quoted(first))",
                remedy: "the verbs are \(verbs.map(\.name).joined(separator: ", "))"
            )
        default: break
        }
        let verb = try Verb.find(first, among: verbs)
        let rest = Array(words.dropFirst())
        if Arguments.askForHelp(rest) {
            console.output.write(Help.text(of: verb))
            return .success
        }
        let library = FileScenarioSource.library(
            root: console.variable("PLAIT_ROOT"),
            executable: FileScenarioSource.executable
        )
        let files = FileScenarioSource(library: library)
        let context = Context(registry: registry, console: console, files: files, verbs: verbs)
        return try verb.action(Arguments(rest, of: verb), context)
    }

    private static func report(_ error: CommandError, _ console: Console) -> ExitStatus {
        console.errors.write("plait: \(error.message)\n")
        if let remedy = error.remedy { console.errors.write("       \(remedy)\n") }
        return error.status
    }

    /// The process's arguments, refused when one is not UTF-8: a repaired name would be the name of another file.
    private static func commandLine() -> Result<[String], CommandError> {
        var words: [String] = []
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let argument = unsafe CommandLine.unsafeArgv[index] else { break }
            guard let word = unsafe String(validatingCString: argument) else {
                let shown = unsafe Printable.quoted(String(cString: argument))
                return .failure(
                    CommandError(.usage, "argument \(index), \(shown), is not UTF-8", remedy: "rename the file")
                )
            }
            words.append(word)
        }
        return .success(words)
    }
}
