/// What TLC made of a module: everything that a comparison needs of it.
package struct CheckedModule: Sendable {
    /// One configuration: what was expected, what came, and what is wrong with that (empty: nothing).
    package struct Run: Sendable {
        /// `Live_ST-L1`
        package let name: String
        /// Invariants and properties that it names.
        package let judged: [String]
        package let expectation: TLCExpectation
        package let result: TLCResult
        package let complaint: String

        package init(
            _ name: String,
            judges judged: [String],
            expectation: TLCExpectation,
            _ result: TLCResult,
            complaint: String
        ) {
            self.name = name
            self.judged = judged
            self.expectation = expectation
            self.result = result
            self.complaint = complaint
        }
    }

    /// TLC's judgement of a trace of states.
    package enum TraceVerdict: Hashable, Sendable {
        case accepted
        /// The step that the model does not have, counted from 1; zero if the first state is no initial one.
        case rejected(step: Int)
        case failed(String)
    }

    package var runs: [Run] = []
    /// Of `Graph.cfg`.
    package var graph: TextGraph?
    /// Why TLC did not run; nil if it did.
    package var notRun: String?
    /// Has TLC judge a trace of states; nil if it cannot.
    package var judge: (@Sendable (_ variables: [String], _ states: [[TLAValue]]) -> TraceVerdict)?

    package init() {}

    /// From the runs of all configurations of a module.
    package init(_ checks: [ModelCheck]) {
        runs = checks.map { check in
            Run(
                check.configuration.name,
                judges: check.configuration.invariants + check.configuration.properties,
                expectation: check.configuration.expectation,
                check.result,
                complaint: check.differences.joined(separator: "; ")
            )
        }
        graph = checks.first { $0.configuration.kind == .graph }?.graph
    }

    package func run(_ name: String) -> Run? { runs.first { $0.name == name } }
}

/// What a comparison is made with.
package struct ComparisonRequest: Sendable {
    /// Random runs, and as many swarm runs, and at most as many guided ones.
    package var cases: Int
    package var seed: UInt64 = 1
    package var workers: Int
    /// Each behaviour of the corpus is replayed with machines of so many seeds.
    package var replaySeeds = 3
    /// Runs whose traces TLC judges.
    package var traces = 3
    package var corpus: Corpus?
    package var folder: ModelFolder?
    /// Nanoseconds of `elapsed` that the runs of all kinds may take together.
    package var timeMax: Int64?
    /// Asked between batches whether to go on.
    package var goesOn: @Sendable () -> Bool = { true }
    /// Nanoseconds since some moment; zero where there is no clock.
    package var elapsed: @Sendable () -> Int64 = { 0 }
    /// Nanoseconds that the process spent computing. Without it the cost of sampling is not measured.
    package var processorTime: (@Sendable () -> Int64)?
    /// Where it says what is under way, in case a run ends the process.
    package var notes: RunNotes?
    /// Is told what is being done.
    package var progress: @Sendable (String) -> Void = { _ in }

    package init(cases: Int, workers: Int) {
        self.cases = cases
        self.workers = workers
    }

    /// Whether to go on with one of so many kinds of runs, each of which has its share of the time.
    func goesOn(share: Int) -> @Sendable () -> Bool {
        guard let timeMax else { return goesOn }
        let start = elapsed()
        return { [goesOn, elapsed] in goesOn() && elapsed() - start < timeMax / Int64(share) }
    }
}

extension CheckedModule.TraceVerdict {
    /// What the trace validator's run means.
    package init(_ outcome: TraceModule.Outcome) {
        self =
            switch outcome {
            case .accepted: .accepted
            case .refusedStart: .rejected(step: 0)
            case .refused(let step, _): .rejected(step: step)
            case .unknown(let words): .failed(words)
            }
    }
}
