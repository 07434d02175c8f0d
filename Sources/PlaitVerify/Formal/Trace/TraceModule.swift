package import PlaitReport

/// A behaviour as a TLA+ module of data, by which TLC itself judges whether the model allows it.
///
/// `Trace<Module>.tla` extends it, leads its variables through the recorded states and checks that each step is one
/// of the model's (`Conforms`), and that the first state is an initial one (`InitOK`). There is no search, so that
/// thousands of states take seconds. Model values are written as strings: those of one run are unknown to another.
package struct TraceModule: Sendable {
    package let variables: [String]
    /// In the order of `variables`, one by one as they were seen.
    package let states: [[TLAValue]]

    package init(variables: [String], states: [[TLAValue]]) {
        precondition(!states.isEmpty, "a trace has a first state")
        precondition(states.allSatisfy { $0.count == variables.count }, "a state has a value for each variable")
        self.variables = variables
        self.states = states
    }

    package init(_ trace: ModelTrace) {
        self.init(variables: trace.variables, states: trace.steps.map(\.values))
    }

    /// The name that `Trace<Module>` extends.
    package static let name = "TraceData"
    /// The configuration that a trace is checked with.
    package static let configuration = "Trace"

    /// `Tr`, a sequence of records with a field for each variable.
    package var text: Text {
        var text = Text(capacity: 1 << 16)
        text.append("---- MODULE \(Self.name) ----\n")
        // Without Integers a negative number is a semantic error.
        text.append("EXTENDS Integers, TLC\n")
        text.append("Tr == <<\n")
        for (place, state) in states.enumerated() {
            let fields = zip(variables, state).map { ($0, $1.withoutModelValues) }
            text.append(" " + TLAValue.record(of: fields).text)
            text.append(place == states.count - 1 ? "\n" : ",\n")
        }
        text.append(">>\n====\n")
        return text
    }

    /// What TLC says of a trace.
    package enum Outcome: Hashable, Sendable {
        /// The model allows every step, and nothing that is checked besides is violated.
        case accepted
        /// The first state is none of the model's.
        case refusedStart
        /// The step to this state, counted from 0, is none of the model's, or violates what is named.
        case refused(step: Int, property: String)
        /// Nothing can be said.
        case unknown(String)
    }

    /// What a run of TLC on this trace means.
    package func outcome(of result: TLCResult) -> Outcome {
        switch result.verdict {
        case .holds:
            // One state for each recorded one: anything less was not led through to the end.
            guard result.distinct == states.count else {
                return .unknown("TLC went through \(result.distinct ?? 0) of \(states.count) states")
            }
            return .accepted
        case .violated(let property):
            let property = property ?? "a property"
            // TLC names it by its place in the module. A property of steps cannot be false of a first state.
            if result.code == 2108 { return .refusedStart }
            // A property that is false at once has no counterexample but the first state.
            return .refused(step: max(0, result.trace.count - 1), property: property)
        case .deadlock: return .unknown("TLC found a deadlock")
        case .error(let words), .stopped(let words), .notRun(let words): return .unknown(words)
        }
    }
}

extension TLCRunner {
    /// Lets TLC judge a trace of a model that has a `Trace<Module>.tla` and a `Trace.cfg`.
    package func judge(
        _ trace: TraceModule,
        of folder: ModelFolder,
        timeMax: Int64 = 300_000_000_000,
        elapsed: () -> Int64,
        isWanted: () -> Bool = { true }
    ) -> (outcome: TraceModule.Outcome, result: TLCResult) {
        var job = Job(
            folders: folder.sources,
            files: [(TraceModule.name + ".tla", trace.text)],
            module: "Trace" + folder.name,
            configuration: TraceModule.configuration
        )
        job.timeMax = timeMax
        let result = run(job, elapsed: elapsed, isWanted: isWanted)
        return (trace.outcome(of: result), result)
    }
}

extension TLAValue {
    /// The same with strings for model values.
    var withoutModelValues: TLAValue {
        switch self {
        case .number, .flag, .text: self
        case .name(let name): .text(name)
        case .tuple(let values): .tuple(values.map(\.withoutModelValues))
        case .set(let values): .set(of: values.map(\.withoutModelValues))
        case .record(let fields): .record(of: fields.map { ($0.name, $0.value.withoutModelValues) })
        case .function(let mappings):
            // Two arguments that become one were a model value and a string of its name, which no model has.
            .function(of: mappings.map { Mapping($0.argument.withoutModelValues, $0.value.withoutModelValues) }) ?? self
        }
    }
}
