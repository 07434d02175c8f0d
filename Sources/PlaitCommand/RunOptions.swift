/// What `plait run` was asked for, checked as far as the command line alone allows.
package struct RunOptions: Hashable, Sendable {
    /// As given; `Context.path(of:)` finds the file.
    package var file: String
    package var seeds: Seeds
    /// `links.wifi.loss=2%`, in the order given.
    package var overrides: [String]
    /// `nil` stands for a folder of `results/runs`.
    package var folder: String?
    package var writesJSON: Bool
    package var plots: Bool
    package var writesPackets: Bool
    package var writesCapture: Bool
    package var writesQlog: Bool
    package var writesDecisions: Bool
    package var writesKeys: Bool
    package var checksLaws: Bool
    /// Threads; `nil` stands for one per processor.
    package var workers: Int?
    package var isQuiet: Bool
    package var showsProgress: Bool

    /// Which seeds to run.
    package enum Seeds: Hashable, Sendable {
        /// The one that the scenario names.
        case ofScenario
        case range(ClosedRange<UInt64>)
    }

    /// More is a typing error, and would take longer than anybody waits.
    package static let seedLimit: UInt64 = 1_000_000
    package static let workerLimit = 1_024

    package static let table: [Option] = [
        .value("seed", "N", "runs this seed instead of the scenario's"),
        .value("seeds", "A..B", "runs every seed from A to B, in parallel"),
        .value("set", "KEY=VALUE", repeats: true, "lays a value over the scenario's: links.wifi.loss=2%"),
        .value("out", "DIR", "writes the results there instead of into results/runs"),
        .flag("json", "prints the results as JSON"),
        .flag("plot", "draws rate, queue and drops over time as SVG"),
        .flag("packets", "writes packets.csv: every event of every packet"),
        .flag("pcap", "writes packet captures for Wireshark"),
        .flag("qlog", "writes a qlog of each host for qvis: HOST.sqlog"),
        .flag("decisions", "writes decisions.csv: what schedulers saw, chose and expected, and what came of it"),
        .flag("keylog", "writes keys.log: with it, what was captured can be read"),
        .flag("check-laws", "holds every packet against physics; the exit status tells"),
        .value("workers", "N", "uses N threads instead of one per processor"),
        .flag("quiet", "prints nothing but errors"),
        .flag("no-progress", "shows no progress bar"),
    ]

    package init(_ arguments: Arguments) throws(CommandError) {
        guard let file = arguments.operands.first else { throw CommandError(.usage, "FILE is missing") }
        self.file = file
        seeds = try Self.seeds(one: arguments.value("seed"), many: arguments.value("seeds"))
        overrides = try Self.overrides(arguments.values("set"))
        folder = arguments.value("out")
        writesJSON = arguments.flag("json")
        plots = arguments.flag("plot")
        writesPackets = arguments.flag("packets")
        writesCapture = arguments.flag("pcap")
        writesQlog = arguments.flag("qlog")
        writesDecisions = arguments.flag("decisions")
        writesKeys = arguments.flag("keylog")
        checksLaws = arguments.flag("check-laws")
        workers = try arguments.value("workers").map(Self.workers)
        isQuiet = arguments.flag("quiet")
        showsProgress = !arguments.flag("no-progress") && !isQuiet
    }

    static func seeds(one: String?, many: String?) throws(CommandError) -> Seeds {
        switch (one, many) {
        case (nil, nil): return .ofScenario
        case (let one?, nil):
            let seed = try number(one, "--seed")
            return .range(seed...seed)
        case (nil, let many?): return .range(try range(many))
        case (_?, _?):
            throw CommandError(.usage, "--seed and --seeds exclude each other", remedy: "leave one of them out")
        }
    }

    private static func range(_ text: String) throws(CommandError) -> ClosedRange<UInt64> {
        guard let dots = text.firstRange(of: "..") else {
            throw CommandError(
                .usage,
                "--seeds takes a range, not \(Printable.quoted(text))",
                remedy: "write --seeds 1..100, or --seed for one of them"
            )
        }
        let first = try number(String(text[..<dots.lowerBound]), "--seeds")
        let last = try number(String(text[dots.upperBound...]), "--seeds")
        guard first <= last else {
            throw CommandError(
                .usage,
                "--seeds \(first)..\(last) holds no seed",
                remedy: "write --seeds \(last)..\(first)"
            )
        }
        guard last - first < seedLimit else {
            throw CommandError(.usage, "--seeds \(first)..\(last) are too many; \(seedLimit) at most")
        }
        return first...last
    }

    static func workers(_ text: String) throws(CommandError) -> Int {
        let count = try number(text, "--workers")
        guard count >= 1, count <= workerLimit else {
            throw CommandError(.usage, "--workers takes a number from 1 to \(workerLimit), not \(count)")
        }
        return Int(count)
    }

    static func count(_ text: String) throws(CommandError) -> Int {
        let count = try number(text, "--packets")
        guard count >= 1, count <= 10_000_000 else {
            throw CommandError(.usage, "--packets takes a number from 1 to 10000000, not \(count)")
        }
        return Int(count)
    }

    /// Digits only: Swift would also take a sign.
    static func number(_ text: String, _ option: String) throws(CommandError) -> UInt64 {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = UInt64(text) else {
            throw CommandError(
                .usage,
                "\(option): \(Printable.quoted(text)) is not a whole number from 0 to \(UInt64.max)"
            )
        }
        return number
    }

    /// The shape of `--set` alone; what the key means is the scenario reader's business.
    package static func overrides(_ texts: [String]) throws(CommandError) -> [String] {
        for text in texts {
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw CommandError(
                    .usage,
                    "--set takes a key and a value, not \(Printable.quoted(text))",
                    remedy: "write --set links.wifi.loss=2%"
                )
            }
        }
        return texts
    }
}
