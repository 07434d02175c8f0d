import PlaitVerify

/// A model small enough to be read at once: drops fall into a basin, are drained from it, and a plug may be pulled
/// once.
///
///     Fall(n)  == ~pulled /\ level + n <= Room /\ level' = level + n
///     Drain    == level > 0 /\ level' = level - 1 /\ drained' = min(drained + 1, 3)
///     Pull     == ~pulled /\ pulled' = TRUE
struct Basin: Model {
    /// What is wrong with the twin or with the machine: nothing, usually.
    enum Flaw: Hashable, Sendable {
        case none
        case twinForgetsAnEdge
        case machineOverflows
        case machineDrainsTwo
        case machineRefusesPull
        case machineFallsAfterPull
        case machineNeverDrains
        case machineOverfills
        case machineTraps
        case machineSpillsAtRest
    }

    struct State: ModelState {
        var level = 0
        var drained = 0
        var pulled = false

        static let variables = ["level", "drained", "pulled"]
        var values: [TLAValue] { [.number(level), .number(drained), .flag(pulled)] }

        init() {}

        init?(_ values: [TLAValue]) {
            guard
                case (.number(let level)?, .number(let drained)?, .flag(let pulled)?) = (
                    values.first, values.dropFirst().first, values.dropFirst(2).first
                ), values.count == 3
            else { return nil }
            self.level = level
            self.drained = drained
            self.pulled = pulled
        }
    }

    enum Action: ModelAction {
        case fall(Int)
        case drain
        case pull

        static let names = ["Fall", "Drain", "Pull"]

        var name: String {
            switch self {
            case .fall: "Fall"
            case .drain: "Drain"
            case .pull: "Pull"
            }
        }

        var value: TLAValue {
            switch self {
            case .fall(let n): .record(of: [("name", .text("Fall")), ("n", .number(n))])
            case .drain, .pull: .record(of: [("name", .text(name))])
            }
        }

        var description: String { if case .fall(let n) = self { "Fall(\(n))" } else { name } }

        init?(_ value: TLAValue) {
            switch (value["name"], value["n"]) {
            case (.text("Fall")?, .number(let n)?): self = .fall(n)
            case (.text("Drain")?, nil): self = .drain
            case (.text("Pull")?, nil): self = .pull
            default: return nil
            }
        }
    }

    typealias Driver = BasinDriver

    static let name = "Basin"
    static let graph = Basin()
    static let properties: [ModelProperty<State>] = [
        ModelProperty(
            "BA-S1",
            "NoOverflow",
            "no basin ever holds more than five drops",
            .always(antecedent: { $0.level > 0 }, holds: { $0.level <= 5 })
        ),
        ModelProperty(
            "BA-S2",
            "DryAfterPull",
            "nothing falls into a basin whose plug is pulled",
            .step(
                antecedent: { before, _ in before.pulled },
                holds: { before, after in !before.pulled || after.level <= before.level }
            )
        ),
        ModelProperty(
            "BA-L1",
            "Empties",
            "what fell is drained in the end",
            .eventually(trigger: { $0.level > 0 }, goal: { $0.level == 0 })
        ),
    ]

    var flaw = Flaw.none
    var room = 3

    var constants: [(name: String, value: TLAValue)] { [("Room", .number(room))] }
    var initialStates: [State] { [State()] }

    func enabled(in state: State) -> [Action] { candidates(in: state).filter { step($0, from: state) != nil } }

    func candidates(in state: State) -> [Action] { [.fall(1), .fall(2), .drain, .pull] }

    func step(_ action: Action, from state: State) -> State? {
        var next = state
        switch action {
        case .fall(let n):
            guard !state.pulled, state.level + n <= room else { return nil }
            if flaw == .twinForgetsAnEdge, state.level == 1, n == 2 { return nil }
            next.level += n
        case .drain:
            guard state.level > 0 else { return nil }
            next.level -= 1
            next.drained = min(next.drained + 1, 3)
        case .pull:
            guard !state.pulled else { return nil }
            next.pulled = true
        }
        return next
    }

    func isInBounds(_ state: State) -> Bool { state.level <= room }
}

/// A machine that counts differently from the twin: drops of two sizes in a list, so that the abstraction has work to
/// do.
struct BasinDriver: ModelDriver {
    private let model: Basin
    private var drops: [Int] = []
    private var drained = 0
    private var isPulled = false
    private var isSettling = false
    private let unit: Int
    private(set) var hasAsked = false

    init(_ model: Basin, seed: UInt64) {
        self.model = model
        unit = 1 + Int(seed % 3)
    }

    var state: Basin.State {
        var state = Basin.State()
        state.level = drops.reduce(0, +) / unit
        state.drained = min(drained, 3)
        state.pulled = isPulled
        return state
    }

    mutating func perform(_ action: Basin.Action) -> Bool {
        // There is no chain left to pull: the machine cannot be asked.
        hasAsked = action != .pull || !isPulled
        switch action {
        case .fall(let n):
            if isPulled, model.flaw != .machineFallsAfterPull { return false }
            let room = model.flaw == .machineOverflows ? model.room + 1 : model.room
            guard (drops.reduce(0, +) / unit) + n <= room else { return false }
            for _ in 0..<n { drops.append(unit) }
            if model.flaw == .machineTraps { precondition(drops.count < 2 || !drops.contains(3), "a drop too large") }
            if model.flaw == .machineOverfills, drops.count == model.room { drops.append(unit) }
        case .drain:
            guard !drops.isEmpty else { return false }
            drops.removeLast()
            if model.flaw == .machineSpillsAtRest, isSettling, !drops.isEmpty { drops.removeLast() }
            if model.flaw == .machineDrainsTwo, drops.count > 1, isPulled { drops.removeLast() }
            drained += 1
        case .pull:
            if isPulled || model.flaw == .machineRefusesPull && drained > 1 { return false }
            isPulled = true
        }
        return true
    }

    mutating func concreteFailures() -> [String] { drops.allSatisfy { $0 == unit } ? [] : ["a drop of a wrong size"] }

    mutating func settle(bound: Int, telling: (SettlingStep<Basin>) -> Void) -> Int? {
        guard model.flaw != .machineNeverDrains else { return 0 }
        isSettling = true
        defer { isSettling = false }
        for step in 0...bound {
            guard !drops.isEmpty else { return step }
            let isDone = perform(.drain)
            telling(SettlingStep(.drain, isDone: isDone, hasAsked: hasAsked, state: state))
        }
        return nil
    }
}
