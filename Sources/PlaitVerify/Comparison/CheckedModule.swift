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
    /// Has TLC judge a trace; nil if it cannot.
    package var judge: (@Sendable (_ states: [[TLAValue]], _ name: String) -> TraceVerdict)?

    package init() {}

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
    /// Asked between batches whether to go on.
    package var goesOn: @Sendable () -> Bool = { true }
    /// Nanoseconds since some moment; zero where there is no clock.
    package var elapsed: @Sendable () -> Int64 = { 0 }
    /// Nanoseconds that the process spent computing. Without it the cost of sampling is not measured.
    package var processorTime: (@Sendable () -> Int64)?
    /// Is told what is being done.
    package var progress: @Sendable (String) -> Void = { _ in }

    package init(cases: Int, workers: Int) {
        self.cases = cases
        self.workers = workers
    }
}
