import PlaitCore

/// How the actions of a run are chosen.
package enum RunKind: String, CaseIterable, Sendable {
    /// Any candidate, each name as likely.
    case random
    /// The same, but each run switches some names off and likes others better.
    case swarm
    /// Along the twin's graph to the nearest edge that no such run took yet, and on.
    case guided
    /// Like swarm, with larger constants than the graph's: it comes to states that TLC's graph does not have.
    case larger
}

/// A run of a model's driver that went wrong.
package struct ModelFailure<M: Model>: Sendable {
    /// What was wrong.
    package enum Reason: Sendable {
        case departure(Departure<M.State>)
        /// By its place among the model's properties.
        case property(Int)
        case concrete([String])
        /// It did not begin in an initial state.
        case beginning(M.State)
    }

    package let kind: RunKind
    package let seed: UInt64
    /// Of the driver.
    package let driverSeed: UInt64
    /// Up to the one that went wrong, or all when the end did.
    package let actions: [M.Action]
    package let reason: Reason
    /// Whether it showed only after the run was settled.
    package let isAtEnd: Bool

    package init(
        kind: RunKind,
        seed: UInt64,
        driverSeed: UInt64,
        actions: [M.Action],
        reason: Reason,
        isAtEnd: Bool
    ) {
        (self.kind, self.seed, self.driverSeed) = (kind, seed, driverSeed)
        (self.actions, self.reason, self.isAtEnd) = (actions, reason, isAtEnd)
    }
}

/// What one run did, in little space: there are many.
package struct ModelCase<M: Model>: Sendable {
    /// Where it began in the graph.
    package var start: Int32 = -1
    /// The edges it took, in their order. Steps that are none are only counted.
    package var edges: [Int32] = []
    package var counts = StepCounts()
    /// Of the steps by which it came to rest; those above are not among them, but for what departed.
    package var settling = StepCounts()
    /// Antecedents met in states and steps that the graph does not have, by property.
    package var hitsBeyond: [UInt32] = []
    /// Bit by property: liveness that was demanded at the end and held.
    package var reached: UInt64 = 0
    /// The steps that it took to settle; nil if the bound was not enough.
    package var settled: Int?
    package var failures: [ModelFailure<M>] = []
}

/// Steps by what they were.
package struct StepCounts: Hashable, Sendable {
    package var edges: UInt64 = 0
    /// What the code refused.
    package var refused: UInt64 = 0
    /// What the driver would not even ask it for.
    package var untried: UInt64 = 0
    package var stutters: UInt64 = 0
    /// Beyond the graph, and a step of the larger model.
    package var outOfBounds: UInt64 = 0
    /// Beyond everybody's constants.
    package var unjudged: UInt64 = 0
    package var infeasible: UInt64 = 0
    package var nonConforming: UInt64 = 0

    package init() {}

    package var all: UInt64 {
        edges + refused + untried + stutters + outOfBounds + unjudged + infeasible + nonConforming
    }

    /// One more of the kind that a step is.
    package mutating func count<State: ModelState>(_ step: ModelStep<State>) {
        switch step {
        case .edge: edges += 1
        case .outOfBounds: outOfBounds += 1
        case .unjudged: unjudged += 1
        case .refused: refused += 1
        case .untried: untried += 1
        case .stutter: stutters += 1
        case .infeasible: infeasible += 1
        case .nonConforming: nonConforming += 1
        }
    }

    package static func += (sum: inout StepCounts, more: StepCounts) {
        sum.edges += more.edges
        sum.refused += more.refused
        sum.untried += more.untried
        sum.stutters += more.stutters
        sum.outOfBounds += more.outOfBounds
        sum.unjudged += more.unjudged
        sum.infeasible += more.infeasible
        sum.nonConforming += more.nonConforming
    }
}

/// Runs one case, and judges it step by step.
struct CaseRunner<M: Model> {
    let ground: ModelGround<M>
    let kind: RunKind
    let seed: UInt64
    let driverSeed: UInt64
    private var run: ModelRun<M>
    /// Actions that were tried.
    private(set) var done: [M.Action] = []
    private var log = ModelCase<M>()
    private var triggered: UInt64 = 0
    private var failed: UInt64 = 0

    /// A run settles within so many steps of its driver, or liveness fails.
    static var settleMax: Int { 400 }

    /// `driverSeed`: of the machines, if they shall be others than those that the run's seed makes.
    init(_ ground: ModelGround<M>, kind: RunKind, seed: UInt64, driverSeed: UInt64? = nil) {
        self.ground = ground
        self.kind = kind
        self.seed = seed
        self.driverSeed = driverSeed ?? Self.driverSeed(kind: kind, seed: seed)
        run = ModelRun(ground, seed: self.driverSeed)
        log.start = Int32(run.place ?? -1)
        if !run.beganRight { fail(.beginning(run.state), isAtEnd: false) }
        judgeState()
    }

    private static func driverSeed(kind: RunKind, seed: UInt64) -> UInt64 {
        RandomStream(seed: seed, name: "model/\(M.name)/\(kind.rawValue)/driver").draw(0)
    }

    /// The choices of a run with this seed.
    static func choices(kind: RunKind, seed: UInt64) -> Choices {
        Choices(seed: seed, name: "model/\(M.name)/\(kind.rawValue)")
    }

    /// How many actions a run tries, and how likely each name is.
    static func plan(kind: RunKind, stepsMax: Int, _ choices: inout Choices) -> (steps: Int, weights: [Int64]) {
        let steps = Int(choices.number(1...Int64(stepsMax)))
        guard kind == .swarm || kind == .larger else { return (steps, M.Action.names.map { _ in 1 }) }
        var weights: [Int64] = []
        for _ in M.Action.names { weights.append(choices.happens(percent: 75) ? choices.magnitude(1...16) : 0) }
        return (steps, weights.allSatisfy { $0 == 0 } ? weights.map { _ in 1 } : weights)
    }

    /// Tries random actions.
    mutating func wander(stepsMax: Int) -> ModelCase<M> {
        var choices = Self.choices(kind: kind, seed: seed)
        let (steps, weights) = Self.plan(kind: kind, stepsMax: stepsMax, &choices)
        done.reserveCapacity(steps)
        log.edges.reserveCapacity(steps)
        for _ in 0..<steps where log.failures.isEmpty {
            guard let action = run.draw(weights: weights, &choices) else { break }
            take(action)
        }
        return finish()
    }

    /// Tries these actions.
    mutating func follow(_ actions: [M.Action]) -> ModelCase<M> {
        for action in actions where log.failures.isEmpty { take(action) }
        return finish()
    }

    /// The same work without looking at the machines' state.
    static func wanderUnseen(_ ground: ModelGround<M>, kind: RunKind, seed: UInt64, stepsMax: Int) -> Int {
        var run = ModelRun(ground, seed: driverSeed(kind: kind, seed: seed))
        var choices = choices(kind: kind, seed: seed)
        let (steps, weights) = plan(kind: kind, stepsMax: stepsMax, &choices)
        var taken = 0
        while taken < steps, let action = run.draw(weights: weights, &choices) {
            run.attemptUnseen(action)
            taken += 1
        }
        _ = run.concreteFailures()
        _ = run.settleUnseen(bound: settleMax)
        _ = run.concreteFailures()
        return taken
    }

    private mutating func take(_ action: M.Action) {
        let before = run.state
        done.append(action)
        let step = run.attempt(action)
        log.counts.count(step)
        switch step {
        case .edge(let edge):
            log.edges.append(Int32(edge))
            judge(ground.judge.judge(edge: edge), countsBeyond: false)
        case .outOfBounds, .unjudged:
            judge(PropertyJudge<M>.judge(ground.judge.properties, before, run.state), countsBeyond: true)
        case .refused, .untried, .stutter, .infeasible: break
        case .nonConforming(let departure):
            fail(.departure(departure), isAtEnd: false)
            judge(PropertyJudge<M>.judge(ground.judge.properties, before, run.state), countsBeyond: true)
        }
        judgeState()
    }

    private mutating func judgeState() {
        let (hits, fails): (UInt64, UInt64)
        if let place = run.place {
            (hits, fails) = ground.judge.judge(state: place)
            judge((hits, fails & ~ground.eventual), countsBeyond: false)
        } else {
            (hits, fails) = PropertyJudge<M>.judge(ground.judge.properties, run.state)
            judge((hits, fails & ~ground.eventual), countsBeyond: true)
        }
        triggered |= hits & ground.eventual
    }

    private mutating func judge(_ judgement: (hits: UInt64, fails: UInt64), countsBeyond: Bool) {
        if countsBeyond, judgement.hits != 0 {
            if log.hitsBeyond.isEmpty { log.hitsBeyond = ground.judge.properties.map { _ in 0 } }
            for property in log.hitsBeyond.indices where judgement.hits >> UInt64(property) & 1 == 1 {
                log.hitsBeyond[property] += 1
            }
        }
        fail(properties: judgement.fails, isAtEnd: false)
    }

    private mutating func fail(properties: UInt64, isAtEnd: Bool) {
        let new = properties & ~failed
        guard new != 0 else { return }
        failed |= new
        for property in ground.judge.properties.indices where new >> UInt64(property) & 1 == 1 {
            fail(.property(property), isAtEnd: isAtEnd)
        }
    }

    private mutating func fail(_ reason: ModelFailure<M>.Reason, isAtEnd: Bool) {
        log.failures.append(
            ModelFailure(
                kind: kind,
                seed: seed,
                driverSeed: driverSeed,
                actions: done,
                reason: reason,
                isAtEnd: isAtEnd
            )
        )
    }

    private mutating func finish() -> ModelCase<M> {
        // What went wrong already would only go wrong differently, or end the process at a precondition.
        guard log.failures.isEmpty else { return log }
        let words = run.concreteFailures()
        if !words.isEmpty { fail(.concrete(words), isAtEnd: true) }
        guard log.failures.isEmpty else { return log }
        let settled = run.settle(bound: Self.settleMax)
        log.settled = settled.steps
        log.settling = settled.counts
        if let departure = settled.departure {
            done += settled.actions
            log.counts.nonConforming += 1
            fail(.departure(departure), isAtEnd: false)
            return log
        }
        let judged =
            settled.endPlace.map { ground.judge.judge(state: $0) }
            ?? PropertyJudge<M>.judge(ground.judge.properties, settled.end)
        let demanded = triggered | settled.triggered | judged.hits & ground.eventual
        let missed = settled.steps == nil ? demanded : demanded & judged.fails
        log.reached = demanded & ~missed
        fail(properties: missed | settled.failed | judged.fails & ~ground.eventual, isAtEnd: true)
        let wordsAfter = run.concreteFailures()
        if !wordsAfter.isEmpty { fail(.concrete(wordsAfter), isAtEnd: true) }
        return log
    }
}
