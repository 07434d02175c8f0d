package import PlaitReport

/// What comparing one module came to: what TLC says, what the twin and the code say, and whether they agree.
///
/// Everything but `timings` is the same for the same sources, seed and cases.
package struct ModuleReport: Sendable {
    package let module: String
    /// `Bytes=3 Window=2`
    package let constants: String
    package let seed: UInt64
    package var checker = CheckerLine()
    package var twin = TwinLine()
    /// Nil if TLC did not run.
    package var graph: GraphComparison?
    package var replay: ReplayLine?
    package var campaigns: [CampaignLine] = []
    package var traces: TraceLine?
    package var selfTest: SelfTestLine?
    package var properties: [PropertyLine] = []
    package var configurations: [ConfigurationLine] = []
    package var actions: [ActionLine] = []
    package var unvisited = UnvisitedLine()
    package var infeasible: [InfeasibleLine] = []
    package var failures: [FailureLine] = []
    /// What makes the comparison fail, in words.
    package var problems: [String] = []
    package var timings = Timings()

    package init(module: String, constants: String, seed: UInt64) {
        self.module = module
        self.constants = constants
        self.seed = seed
    }

    /// A exact (or not run), B complete, C without a non-conforming step, nothing vacuous, the harness proven.
    package var holds: Bool { problems.isEmpty }
}

/// TLC itself.
package struct CheckerLine: Hashable, Sendable {
    /// `TLC2 Version 2.15 of Day Month 20?? (rev: d5b5a7f)`; empty if it did not run.
    package var version = ""
    /// Of the jar, SHA-256.
    package var jarHash = ""
    /// Why it did not run; nil if it did.
    package var notRun: String?
}

/// The twin's graph.
package struct TwinLine: Hashable, Sendable {
    package var initial = 0
    package var states = 0
    package var edges = 0
    package var depth = 0
    package var feasibleStates = 0
    package var feasibleEdges = 0
    /// False if the twin has more states than the walk allows for.
    package var isComplete = true
}

/// Comparison B.
package struct ReplayLine: Hashable, Sendable {
    /// What became of the code when it was led along a counterexample of TLC's.
    package struct Outcome: Hashable, Sendable {
        package let isReproduced: Bool
        package let words: String
    }

    package var edges = 0
    package var behaviours = 0
    package var seeds = 0
    package var steps: UInt64 = 0
    /// By the code, and what the driver would not even ask it for.
    package var refusals: UInt64 = 0
    package var untried: UInt64 = 0
    package var refusedIn = 0
    package var infeasibleRefused = 0
    package var failureCount = 0
    /// The first few: what became of the behaviour, and its actions.
    package var failures: [String] = []
    package var missingInCorpus = 0
    package var unreplayed = 0
    package var isComplete = false
}

/// One kind of runs of comparison C.
package struct CampaignLine: Hashable, Sendable {
    package var kind = RunKind.random
    package var runs: UInt64 = 0
    package var counts = StepCounts()
    /// Of the steps by which runs came to rest.
    package var settling = StepCounts()
    package var states = 0
    package var edges = 0
    package var unseenMillionths: Int64 = 0
    /// Of each thousand steps along edges, the new states and edges.
    package var growthStates: [Int] = []
    package var growthEdges: [Int] = []
    package var settled: UInt64 = 0
    package var settledMax = 0
    package var failed: UInt64 = 0
}

/// Traces of runs that TLC itself judged, and the bad one.
package struct TraceLine: Hashable, Sendable {
    package var accepted = 0
    package var sampled = 0
    package var steps = 0
    /// Of those sampled, the ones of runs with larger constants, which the graph knows nothing of.
    package var larger = 0
    /// The step that was corrupted in the bad trace, and where TLC rejected it; nil if it accepted it.
    package var badStep = 0
    package var rejectedAt: Int?
    /// What TLC said of traces that it did not accept.
    package var complaints: [String] = []

    package var isBadRejected: Bool { rejectedAt == badStep && badStep > 0 }
}

/// Whether the harness notices what it must: a machine that skips a step, and a state that was corrupted.
package struct SelfTestLine: Hashable, Sendable {
    /// The twin's own judgement of a corrupted trace: the step, and where it was rejected.
    package var badStep = 0
    package var rejectedAt: Int?
    /// Edges left out of a copy of the graph, and differences found in it.
    package var removedEdges = 0
    package var noticedEdges = 0
    /// Drivers that lied in one action or one variable, and those of them whose run departed from the model.
    package var lies = 0
    package var noticedLies = 0
    /// What the others did.
    package var unnoticed: [String] = []

    package var isProven: Bool {
        badStep > 0 && rejectedAt == badStep && removedEdges > 0 && removedEdges == noticedEdges
            && lies > 0 && lies == noticedLies
    }
}

/// Comparison D: one property, judged by both sides.
package struct PropertyLine: Hashable, Sendable {
    /// Who says what.
    package enum Agreement: Hashable, Sendable {
        case agreeHolds
        case agreeFails
        case tlcOnly
        case testsOnly
        case vacuous
        case bounded(Int)
        case notRun

        package var word: String {
            switch self {
            case .agreeHolds: "AGREE-HOLDS"
            case .agreeFails: "AGREE-FAILS"
            case .tlcOnly: "TLC-ONLY"
            case .testsOnly: "PBT-ONLY"
            case .vacuous: "VACUOUS"
            case .bounded(let bound): "BOUNDED(\(bound))"
            case .notRun: "NOT-RUN"
            }
        }
    }

    package var id = ""
    /// `invariant`, `action` or `liveness`
    package var kind = ""
    package var name = ""
    package var words = ""
    /// `holds`, `violated`, `error`, `not run`
    package var checked = "not run"
    package var messageCode: Int?
    package var checkedStates: Int?
    package var checkedDepth: Int?
    package var traceLength: Int?
    /// `holds`, `fails`
    package var tested = "holds"
    package var runs: UInt64 = 0
    package var steps: UInt64 = 0
    /// How often its antecedent was met.
    package var exercised: UInt64 = 0
    /// States (or steps) of the graph that exercise it.
    package var exercising = 0
    /// How many of them each kind of runs visited, in the order of `ModuleReport.campaigns`.
    package var covered: [Int] = []
    /// Whether it fails in some state (or step) of the twin's graph.
    package var failsInTwin = false
    package var shrunkLength: Int?
    package var agreement = Agreement.notRun
}

/// One configuration that TLC ran, beside what was expected of it.
package struct ConfigurationLine: Hashable, Sendable {
    package var name = ""
    package var expectedCode: Int?
    package var exitCode: Int?
    package var expectedMessage: Int?
    package var message: Int?
    package var violates: String?
    package var expectedDistinct: Int?
    package var distinct: Int?
    package var generated: Int?
    package var depth: Int?
    package var workers = 1
    /// What the code does when it is led along the counterexample; nil if there is none.
    package var onCode: ReplayLine.Outcome?
    /// Empty if all is as expected.
    package var complaint = ""
    package var isAsExpected = false
}

/// How much of one action was covered.
package struct ActionLine: Hashable, Sendable {
    package var name = ""
    /// Transitions with this label in TLC's export; nil if it did not run.
    package var exported: Int?
    package var edges = 0
    package var infeasible = 0
    package var replayed = 0
    /// In the order of `ModuleReport.campaigns`.
    package var covered: [Int] = []
}

/// Edges that no run of C took.
package struct UnvisitedLine: Hashable, Sendable {
    /// An edge, and the shortest way there.
    package struct Edge: Hashable, Sendable {
        package let action: String
        package let from: String
        /// Actions, this one the last.
        package let way: [String]
    }

    package var count = 0
    /// Of those, edges that random and swarm runs alone did not take, guided ones did.
    package var onlyGuided = 0
    package var nearest: [Edge] = []
}

/// A row of `infeasible.csv`, and what became of it.
package struct InfeasibleLine: Hashable, Sendable {
    package var action = ""
    package var from = ""
    package var reason = ""
    package var edges = 0
}

/// A run of the code that went wrong, shrunk.
package struct FailureLine: Hashable, Sendable {
    package var kind = RunKind.random
    package var seed: UInt64 = 0
    package var driverSeed: UInt64 = 0
    /// A property's id, `conforms` or `concrete`.
    package var what = ""
    package var words = ""
    package var opinion = ""
    package var actions: [String] = []
    /// What the code did, for TLC and for others; after a refusal, with the step that the model would have taken.
    package var trace: ModelTrace?
    /// The file of the trace, if one was written.
    package var file: String?
}

/// How long things took. Not the same twice.
package struct Timings: Hashable, Sendable {
    /// By what was done: `configuration Safety`, `comparison B`.
    package var milliseconds: [Entry] = []
    /// The same runs without and with looking at the state after every step, in nanoseconds of the processor.
    package var unsampled: Int64 = 0
    package var sampled: Int64 = 0
    package var sampledRuns: UInt64 = 0

    /// One thing that was timed.
    package struct Entry: Hashable, Sendable {
        package let what: String
        package let milliseconds: Int64
    }

    package mutating func add(_ what: String, nanoseconds: Int64) {
        milliseconds.append(Entry(what: what, milliseconds: nanoseconds / 1_000_000))
    }

    package subscript(what: String) -> Int64? { milliseconds.first { $0.what == what }?.milliseconds }

    /// What sampling adds to the campaign, in tenths of a percent.
    package var samplingPerMille: Int64? {
        unsampled > 0 ? (sampled - unsampled) * 1_000 / unsampled : nil
    }
}

extension ModuleReport {
    /// Writes the trace of each failed run, and remembers where.
    package mutating func writeTraces(to folder: String) throws(FileError) {
        guard failures.contains(where: { $0.trace != nil }) else { return }
        try makeFolder(folder)
        for place in failures.indices {
            guard let trace = failures[place].trace else { continue }
            let stem = "\(folder)/\(module)-\(place + 1)-\(failures[place].what)"
            try FileSink.write(trace.itf, to: stem + ".itf.json")
            try FileSink.write(TraceModule(trace).text, to: stem + ".tla")
            failures[place].file = stem + ".itf.json"
        }
    }
}
