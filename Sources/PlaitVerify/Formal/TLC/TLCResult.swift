/// What TLC made of one configuration.
package struct TLCResult: Sendable {
    /// The judgement. Anything but `.holds` and `.violated` says nothing about the model.
    package enum Verdict: Hashable, Sendable {
        /// All states were seen, and no error was found.
        case holds
        /// The named invariant or property does not hold. TLC does not name a temporal property: then it is nil.
        case violated(property: String?)
        case deadlock
        /// The model or the configuration is wrong, or TLC itself failed.
        case error(String)
        /// Killed at its bound on time, or because it was not wanted any more.
        case stopped(String)
        /// There is no Java, no jar, or the process could not be started.
        case notRun(String)
    }

    /// How often one action was taken.
    package struct Action: Hashable, Sendable {
        package let name: String
        /// `line 95, col 1 to line 95, col 7 of module TwoPath (97 14 101 90)`
        package let location: String
        /// New states it led to.
        package let distinct: Int
        /// States it led to.
        package let generated: Int
    }

    package var verdict: Verdict
    /// Of the process; nil when there was none, or a signal ended it.
    package var exitStatus: Int32?
    /// TLC's number for its judgement: 2193 for no error, 2110 for an invariant, ...
    package var code: Int?
    package var distinct: Int?
    package var generated: Int?
    package var queue: Int?
    /// Of the complete search; says nothing unless one worker ran.
    package var depth: Int?
    package var workers: Int
    package var actions: [Action]
    /// The counterexample; empty without one.
    package var trace: [TLCState]
    package var ending: TLCEnding
    /// Violations that were printed: more than one under `-continue`.
    package var violations: Int
    /// `2.15`
    package var version: String?
    /// `d5b5a7f`
    package var revision: String?
    /// SHA-256 of the jar, in hexadecimal.
    package var jarHash: String?
    /// How likely it is that TLC took two states for one: `1.4E-13`.
    package var collisions: String?
    /// What the process wrote to standard error.
    package var standardError: String
    /// Wall-clock time of the process. Kept out of whatever is compared.
    package var nanoseconds: Int64
}

extension TLCResult {
    /// Of a run that did not take place.
    package static func notRun(_ reason: String) -> TLCResult {
        TLCResult(
            verdict: .notRun(reason),
            workers: 0,
            actions: [],
            trace: [],
            ending: .open,
            violations: 0,
            standardError: "",
            nanoseconds: 0
        )
    }
}

extension TLCResult {
    /// What a complete search shows of actions that the model never takes: a property of their steps holds of nothing.
    package var idleActions: [String] {
        if actions.isEmpty { return ["TLC counted no actions"] }
        return actions.filter { $0.generated == 0 }.map { "\($0.name) is never taken (\($0.location))" }
    }
}

/// A state of a counterexample.
package struct TLCState: Hashable, Sendable {
    /// From 1.
    package let number: Int
    /// The action that led here, as TLC names it (`SendNew`); nil for an initial state.
    package let action: String?
    /// In the order of TLC's hash table: look variables up by name.
    package let variables: [TLAValue.Field]

    package subscript(name: String) -> TLAValue? { variables.first { $0.name == name }?.value }

    /// The action with its parameters, if the module keeps it in the variable `act`.
    package var act: TLAValue? { self["act"] }
}

/// How a counterexample goes on after its last state.
package enum TLCEnding: Hashable, Sendable {
    case open
    /// Nothing happens any more.
    case stuttering
    /// Back to the state of this number, for ever.
    case loop(to: Int)
}

/// How far a run is.
package struct TLCProgress: Hashable, Sendable {
    /// Length of the longest path so far.
    package let diameter: Int
    package let generated: Int
    package let distinct: Int
    package let queue: Int
    /// Generated states a minute, once TLC says so.
    package let ratePerMinute: Int?
}
