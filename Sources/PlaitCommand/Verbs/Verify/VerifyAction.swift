import PlaitCore
import PlaitReport
import PlaitRun

/// Runs a campaign with what the command line says, and says what came out.
struct VerifyAction {
    let arguments: Arguments
    let context: Context
    let watch = Stopwatch()

    init(_ arguments: Arguments, _ context: Context) {
        self.arguments = arguments
        self.context = context
    }

    /// An option that would be ignored is a misunderstanding.
    func refuseWhatDoesNotApply(to campaign: String) throws(CommandError) {
        let foreign =
            switch campaign {
            case "flood": ["workers", "out", "pair", "schedulers"]
            case "transfers", "multipath": ["packets", "pair", "schedulers"]
            case "pairs": ["packets"]
            default: ["packets", "out", "pair", "schedulers"]
            }
        let ofProperties = ["property", "module", "seed", "cases", "time", "replay", "trace"]
        for option in foreign + ofProperties where arguments.value(option) != nil {
            throw Self.foreign(option, to: "'\(campaign)'")
        }
        for option in ["list", "tlc", "record", "compare", "large"] where arguments.flag(option) {
            throw Self.foreign(option, to: "'\(campaign)'")
        }
    }

    static func foreign(_ option: String, to what: String) -> CommandError {
        CommandError(.usage, "--\(option) means nothing to \(what)", remedy: "leave it out")
    }

    var folder: String { arguments.value("out") ?? "results/runs/verify" }

    func workers() throws(CommandError) -> Int {
        try arguments.value("workers").map(RunOptions.workers) ?? Processors.count
    }

    func seeds(otherwise: ClosedRange<UInt64>) throws(CommandError) -> ClosedRange<UInt64> {
        guard let text = arguments.value("seeds") else { return otherwise }
        switch try RunOptions.seeds(one: nil, many: text) {
        case .range(let range): return range
        case .ofScenario: return otherwise
        }
    }

    /// Tells how far it is, and whether to go on.
    func progress(_ all: Int) -> @Sendable (Int) -> Bool {
        Interruption.arm()
        let bar = ProgressBar(
            console: context.console,
            runs: all,
            end: .start,
            isWanted: !arguments.flag("no-progress"),
            elapsed: { [watch] in watch.nanoseconds }
        )
        return { done in
            bar.report(run: done - 1, now: .never, events: 0)
            if done == all { bar.clear() }
            return !Interruption.isRequested
        }
    }

    func print(_ text: String) { context.console.output.write(text) }
}
