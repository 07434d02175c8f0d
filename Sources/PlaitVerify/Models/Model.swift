/// A TLA+ module in Swift: the twin, which is compared with TLC's graph state by state, and what binds it to the code.
///
/// Three pieces make a model comparable. The *twin* is this type: states and actions with the module's own names, and
/// `step`. The *abstraction* is `Driver.state`: what the real machines' state means in the module's terms. The
/// *driver* leads the real machines, in the simulator's step-controlled mode, through one action.
package protocol Model: Sendable {
    associatedtype State: ModelState
    associatedtype Action: ModelAction
    associatedtype Driver: ModelDriver where Driver.Twin == Self

    /// The module's, and that of its folder under `formal/`.
    static var name: String { get }
    /// With the constants of `Graph.cfg`: small enough to be walked through whole.
    static var graph: Self { get }
    /// In the order of `properties.csv`.
    static var properties: [ModelProperty<State>] { get }
    /// The same with this model's constants, where a property speaks of them.
    var judgedProperties: [ModelProperty<State>] { get }

    /// By the names that the module's CONSTANTS have.
    var constants: [(name: String, value: TLAValue)] { get }
    var initialStates: [State] { get }
    /// What `Next` allows, each once, in a fixed order.
    func enabled(in state: State) -> [Action]
    /// Actions that could be meant in this state, enabled or not: the disabled ones must be refused by the code.
    func candidates(in state: State) -> [Action]
    /// Where the action leads; nil if it is disabled.
    func step(_ action: Action, from state: State) -> State?
    /// Whether a state lies within this model's constants; property tests go beyond them.
    func isInBounds(_ state: State) -> Bool
}

extension Model {
    package var judgedProperties: [ModelProperty<State>] { Self.properties }
}

/// A state of a twin. Small and flat (numbers, bit sets): it is made after every step of every property run.
package protocol ModelState: Hashable, Sendable {
    /// In the order of the module's tuple `vars`.
    static var variables: [String] { get }
    /// In the order of `variables`; nil if these are no values of a state.
    init?(_ values: [TLAValue])
    /// In the order of `variables`.
    var values: [TLAValue] { get }
    /// The same number for the same state in every run of the program: what coverage is counted by.
    var key: UInt64 { get }
}

extension ModelState {
    package var key: UInt64 { CoverageKey.of(values.map(\.text).joined(separator: " ")) }
}

/// An action with its parameters: what the variable `act` of the module `MC…` holds.
package protocol ModelAction: Hashable, Sendable, CustomStringConvertible {
    /// All names, as in `Next`.
    static var names: [String] { get }
    var name: String { get }
    /// `[name |-> "Deliver", frame |-> …]`
    var value: TLAValue { get }
    init?(_ value: TLAValue)
}

/// The real machines, led step by step.
///
/// The same seed makes the same bytes, sizes and keys of whatever the model leaves open; another seed tries others.
package protocol ModelDriver: ~Copyable {
    associatedtype Twin: Model

    init(_ model: Twin, seed: UInt64)

    /// What the code's state means in the module's terms. Total and pure: it repairs nothing.
    var state: Twin.State { mutating get }

    /// Does one action. False if the code refuses it, or the driver would not even try; then nothing has changed.
    mutating func perform(_ action: Twin.Action) -> Bool

    /// Whether the last action came as far as the code, so that it is the code that refused it if anybody did. What
    /// nobody can do (deliver a packet that does not exist) the driver refuses by its own books.
    var hasAsked: Bool { get }

    /// What must hold of the concrete state besides (bytes, invariants of the endpoints); empty when all is well.
    mutating func concreteFailures() -> [String]

    /// No more faults: deliver and fire what fairness demands until nothing is left to do, and tell each action that
    /// was tried. Answers the steps that took, nil if `bound` was not enough.
    mutating func settle(bound: Int, telling: (SettlingStep<Twin>) -> Void) -> Int?

    /// Does one action without a look at the state: the model is believed about where the machines are before it, and
    /// where they are if the code does it. So runs are made that tell what looking costs.
    mutating func perform(_ action: Twin.Action, believing states: (before: Twin.State, after: Twin.State)) -> Bool

    /// Settles from the state where the model says the machines are, without a look.
    mutating func settle(bound: Int, believing state: Twin.State) -> Int?
}

/// What became of an action while machines came to rest.
package struct SettlingStep<Twin: Model> {
    package let action: Twin.Action
    package let isDone: Bool
    /// As the driver's `hasAsked`.
    package let hasAsked: Bool
    /// Where it led.
    package let state: Twin.State

    package init(_ action: Twin.Action, isDone: Bool, hasAsked: Bool, state: Twin.State) {
        (self.action, self.isDone, self.hasAsked, self.state) = (action, isDone, hasAsked, state)
    }
}

extension ModelDriver where Self: ~Copyable {
    /// Settles for whoever looks at the end alone.
    package mutating func settle(bound: Int) -> Int? { settle(bound: bound) { _ in } }
}

/// For a driver whose state costs nothing to look at.
extension ModelDriver where Self: ~Copyable {
    package mutating func perform(
        _ action: Twin.Action,
        believing states: (before: Twin.State, after: Twin.State)
    ) -> Bool {
        perform(action)
    }

    package mutating func settle(bound: Int, believing state: Twin.State) -> Int? { settle(bound: bound) }
}

/// A property that both sides judge: TLC by its TLA+ name, property tests by this predicate.
package struct ModelProperty<State: ModelState>: Sendable {
    /// What it says, and of what.
    package enum Statement: Sendable {
        /// Of every state. `antecedent` tells whether the state exercises it.
        case always(antecedent: @Sendable (State) -> Bool, holds: @Sendable (State) -> Bool)
        /// Of every step.
        case step(antecedent: @Sendable (State, State) -> Bool, holds: @Sendable (State, State) -> Bool)
        /// Of a run that was settled: once `trigger` held, `goal` must hold in the end. Bounded, never proved.
        case eventually(trigger: @Sendable (State) -> Bool, goal: @Sendable (State) -> Bool)
    }

    /// `ST-S1`
    package let id: String
    /// The operator's name in the module.
    package let name: String
    package let words: String
    package let statement: Statement

    package init(_ id: String, _ name: String, _ words: String, _ statement: Statement) {
        self.id = id
        self.name = name
        self.words = words
        self.statement = statement
    }
}
