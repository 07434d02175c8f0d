import Glibc
import PlaitCore
import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitStatistics
import PlaitVerify

extension Verb {
    /// `plait bench`
    package static let bench = Verb(
        "bench",
        "Measures how fast Plait is on this machine.",
        operands: Operands("plain-flows|queue|ring|seal|fec|transport|transfer|multipath", 1...1),
        examples: [
            Example("plait bench plain-flows", "600 s of plain traffic over two links"),
            Example("plait bench plain-flows --check-laws --runs 5", "with the law checker, the median of five"),
            Example("plait bench queue --pending 1000000", "the event queue alone"),
            Example("plait bench ring", "1,000 hosts and 10,000 flows: time and memory"),
            Example("plait bench seal", "sealing and opening packets, beside libsodium's own"),
            Example("plait bench fec", "repair symbols and recovered packets, beside ISA-L's own encoding"),
            Example("plait bench transport", "a packet's cost beside libsodium's, and an idle connection's"),
            Example("plait bench transfer --megabytes 100", "one get in simulation, with real cryptography"),
            Example("plait bench multipath", "a get over Wi-Fi and LTE as a whole process, beside libsodium"),
        ],
        notes: [
            "Prints one figure a line, name and value. scripts/bench puts those of other programs beside them."
        ],
        options: [
            .value("seconds", "N", "simulated time (plain-flows: 600, ring: 10)"),
            .value(
                "runs",
                "N",
                "the median of so many, an odd number (plain-flows: 1, multipath: 21); transfer: the fastest (3)"
            ),
            .flag("check-laws", "plain-flows: the law checker watches"),
            .value("out", "DIR", "plain-flows, multipath: where files go (results/runs/bench)"),
            .value("pending", "N", "queue: events that wait at any time (1000000)"),
            .value("events", "N", "queue: events that are popped (3000000)"),
            .value("connections", "N", "transport: idle connections (10000)"),
            .value("megabytes", "N", "transfer: what the client gets (100)"),
        ]
    ) { arguments, context throws(CommandError) in
        let figures: [BenchFigure]
        switch arguments.operands[0] {
        case "plain-flows": figures = try BenchAction.plainFlows(arguments, context)
        case "queue": figures = try BenchAction.queue(arguments)
        case "ring": figures = try BenchAction.ring(arguments)
        case "seal": figures = BenchAction.seal()
        case "fec": figures = BenchAction.repair()
        case "transport": figures = try BenchAction.transport(arguments)
        case "transfer": figures = try BenchAction.transfer(arguments, context)
        case "multipath": figures = try BenchAction.multipath(arguments, context)
        case let other:
            throw CommandError(
                .usage,
                "there is no bench called \(Printable.quoted(other))",
                remedy: "write plain-flows, queue, ring, seal, fec, transport, transfer or multipath"
            )
        }
        for figure in figures { context.console.output.write("\(figure)\n") }
        return .success
    }
}

/// Runs the benches with what the command line says.
private enum BenchAction {
    static func plainFlows(_ arguments: Arguments, _ context: Context) throws(CommandError) -> [BenchFigure] {
        let runs = try oddRuns(arguments, otherwise: 1)
        let overrides =
            try arguments.value("seconds") == nil
            ? [] : ["stop=\(number("seconds", arguments, otherwise: 600)) s"]
        let path = try context.path(of: "plain-flows")
        let folder = arguments.value("out") ?? "results/runs/bench"
        let distributions = Distributions.standard()
        return try measured {
            let reader = ScenarioReader(source: context.files, vocabulary: context.registry.vocabulary)
            let scenario = try reader.read(path, overrides: overrides).scenario
            try makeFolder(folder)
            let bench = PlainFlowsBench(folder: folder) {
                try Blueprint(scenario, registry: context.registry, distributions: distributions)
            }
            return try bench.median(clock(), of: runs, checksLaws: arguments.flag("check-laws")).figures
        }
    }

    static func queue(_ arguments: Arguments) throws(CommandError) -> [BenchFigure] {
        let pending = try number("pending", arguments, otherwise: 1_000_000)
        guard pending <= 1 << 24 else { throw CommandError(.usage, "--pending is at most \(1 << 24)") }
        let bench = EventQueueBench(pending: pending, events: try number("events", arguments, otherwise: 3_000_000))
        return bench.figures(clock())
    }

    static func seal() -> [BenchFigure] { SealBench().figures(clock()) }

    static func repair() -> [BenchFigure] { RepairBench().figures(clock()) }

    static func ring(_ arguments: Arguments) throws(CommandError) -> [BenchFigure] {
        var bench = RingBench()
        bench.seconds = Int64(try number("seconds", arguments, otherwise: 10))
        return try measured { try bench.run(clock()).figures(peakMemory: peakMemory()) }
    }

    static func transport(_ arguments: Arguments) throws(CommandError) -> [BenchFigure] {
        var bench = TransportBench()
        bench.connections = try number("connections", arguments, otherwise: bench.connections)
        guard bench.connections <= 100_000 else { throw CommandError(.usage, "--connections is at most 100000") }
        return try measured { try bench.figures(clock()) }
    }

    static func transfer(_ arguments: Arguments, _ context: Context) throws(CommandError) -> [BenchFigure] {
        var bench = TransferBench()
        bench.megabytes = try number("megabytes", arguments, otherwise: bench.megabytes)
        bench.runs = try number("runs", arguments, otherwise: bench.runs)
        return try measured {
            try bench.figures(clock(), registry: context.registry, distributions: Distributions.standard())
        }
    }

    static func multipath(_ arguments: Arguments, _ context: Context) throws(CommandError) -> [BenchFigure] {
        var bench = MultipathBench()
        bench.runs = try oddRuns(arguments, otherwise: bench.runs)
        let path = try context.path(of: "wifi-lte-get")
        let folder = arguments.value("out") ?? "results/runs/bench"
        guard let program = FileScenarioSource.executable else {
            throw CommandError(.failed, "this program does not know where it is, and cannot begin itself")
        }
        let words = ["run", path, "--quiet", "--no-progress", "--out", folder]
        let clocks = MultipathBench.Clocks(
            wall: clock(),
            own: processorClock(RUSAGE_SELF),
            others: processorClock(RUSAGE_CHILDREN)
        )
        return try measured {
            let reader = ScenarioReader(source: context.files, vocabulary: context.registry.vocabulary)
            let blueprint = try Blueprint(
                try reader.read(path).scenario,
                registry: context.registry,
                distributions: Distributions.standard()
            )
            return try bench.figures(clocks, blueprint: blueprint) {
                guard try Program.succeeds(program, words) else {
                    throw BenchError.transport("plait \(words.joined(separator: " ")) failed")
                }
            }
        }
    }

    private static func oddRuns(_ arguments: Arguments, otherwise: Int) throws(CommandError) -> Int {
        let runs = try number("runs", arguments, otherwise: otherwise)
        guard runs % 2 == 1 else {
            throw CommandError(.usage, "--runs is an odd number, so that there is a median run")
        }
        return runs
    }

    /// What goes wrong in a bench is told, and is the bench's fault.
    private static func measured(_ body: () throws -> [BenchFigure]) throws(CommandError) -> [BenchFigure] {
        do {
            return try body()
        } catch let error as FileError {
            throw CommandError(.cannotCreate, "\(error)")
        } catch {
            throw CommandError(.failed, "the bench failed: \(error)")
        }
    }

    private static func clock() -> BenchClock {
        let stopwatch = Stopwatch()
        return BenchClock { UInt64(stopwatch.nanoseconds) }
    }

    /// The processor time that some processes took so far, the kernel's for them included.
    private static func processorClock(_ whose: __rusage_who) -> BenchClock {
        BenchClock {
            var usage = rusage()
            let answer = unsafe getrusage(__rusage_who_t(whose.rawValue), &usage)
            precondition(answer == 0, "getrusage knows this process")
            return [usage.ru_utime, usage.ru_stime].reduce(0) { sum, time in
                sum + UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_usec) * 1_000
            }
        }
    }

    private static func number(
        _ option: String,
        _ arguments: Arguments,
        otherwise: Int
    ) throws(CommandError) -> Int {
        guard let text = arguments.value(option) else { return otherwise }
        guard let number = Int(text), number > 0, number <= 1_000_000_000 else {
            throw CommandError(.usage, "--\(option) takes a whole number above 0, not \(Printable.quoted(text))")
        }
        return number
    }
}
