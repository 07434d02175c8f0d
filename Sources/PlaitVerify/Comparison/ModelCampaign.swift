/// Many runs of a model's driver of one kind. The result depends on the seeds, not on the number of workers.
package struct ModelCampaign<M: Model>: Sendable {
    package let kind: RunKind
    package private(set) var runs: UInt64 = 0
    package private(set) var counts = StepCounts()
    /// Of the steps by which runs came to rest.
    package private(set) var settling = StepCounts()
    package private(set) var coverage: Coverage
    /// By property, antecedents met where the graph does not reach.
    package private(set) var hitsBeyond: [UInt64]
    /// By property, runs whose end was demanded and good.
    package private(set) var reached: [UInt64]
    /// Runs that settled, and the longest that took.
    package private(set) var settled: UInt64 = 0
    package private(set) var settledMax = 0
    /// By property, the first run that failed it; the last place is for everything else.
    package private(set) var failures: [ModelFailure<M>] = []
    package private(set) var failureCount: UInt64 = 0
    private var failedProperties: UInt64 = 0
    private var otherFailures = 0

    /// How runs are made.
    package struct Plan: Sendable {
        package var firstSeed: UInt64 = 1
        package var cases: Int
        package var stepsMax: Int
        package var workers: Int
        package var notes: RunNotes?
        /// Asked between batches, whether to go on.
        package var goesOn: @Sendable () -> Bool = { true }

        package init(firstSeed: UInt64 = 1, cases: Int, stepsMax: Int, workers: Int) {
            self.firstSeed = firstSeed
            self.cases = cases
            self.stepsMax = stepsMax
            self.workers = workers
        }
    }

    private init(_ kind: RunKind, _ ground: ModelGround<M>) {
        self.kind = kind
        coverage = Coverage(ground.graph)
        hitsBeyond = ground.judge.properties.map { _ in 0 }
        reached = hitsBeyond
    }

    package static func run(_ kind: RunKind, on ground: ModelGround<M>, _ plan: Plan) -> ModelCampaign {
        var campaign = ModelCampaign(kind, ground)
        if kind == .guided {
            campaign.guide(ground, plan)
        } else {
            campaign.wander(ground, plan)
        }
        return campaign
    }

    private mutating func wander(_ ground: ModelGround<M>, _ plan: Plan) {
        var seed = plan.firstSeed
        var left = plan.cases
        let (kind, stepsMax, notes) = (kind, plan.stepsMax, plan.notes)
        while left > 0, plan.goesOn() {
            let count = min(left, 2_048)
            let cases = SeedPool.map(seed...seed + UInt64(count - 1), workers: plan.workers) { seed in
                RunNotes.during(M.run(kind, seed), in: notes) {
                    var runner = CaseRunner(ground, kind: kind, seed: seed)
                    return runner.wander(stepsMax: stepsMax)
                }
            }
            for one in cases ?? [] { add(one, ground) }
            seed += UInt64(count)
            left -= count
        }
    }

    private mutating func guide(_ ground: ModelGround<M>, _ plan: Plan) {
        var guide = Guide(ground)
        var seed = plan.firstSeed
        var left = plan.cases
        let (stepsMax, notes) = (plan.stepsMax, plan.notes)
        while left > 0, plan.goesOn() {
            var ways: [[Int]] = []
            while ways.count < min(left, 256), let way = guide.next(stepsMax: stepsMax) { ways.append(way) }
            guard !ways.isEmpty else { break }
            let first = seed
            let planned = ways
            let cases = SeedPool.map(seed...seed + UInt64(ways.count - 1), workers: plan.workers) { seed in
                RunNotes.during(M.run(.guided, seed), in: notes) {
                    var runner = CaseRunner(ground, kind: .guided, seed: seed)
                    return runner.follow(planned[Int(seed - first)].map { ground.graph.edges[$0].action })
                }
            }
            for one in cases ?? [] { add(one, ground) }
            guide.learn(coverage.edges, planned: planned)
            seed += UInt64(ways.count)
            left -= ways.count
        }
    }

    private mutating func add(_ one: ModelCase<M>, _ ground: ModelGround<M>) {
        runs += 1
        counts += one.counts
        settling += one.settling
        coverage.add(one, ground.graph)
        for property in one.hitsBeyond.indices { hitsBeyond[property] += UInt64(one.hitsBeyond[property]) }
        for property in reached.indices where one.reached >> UInt64(property) & 1 == 1 { reached[property] += 1 }
        if let steps = one.settled {
            settled += 1
            settledMax = max(settledMax, steps)
        }
        failureCount += one.failures.isEmpty ? 0 : 1
        for failure in one.failures {
            if case .property(let property) = failure.reason {
                guard failedProperties >> UInt64(property) & 1 == 0 else { continue }
                failedProperties |= 1 << UInt64(property)
            } else {
                guard otherFailures < 3 else { continue }
                otherFailures += 1
            }
            failures.append(failure)
        }
    }

    /// Whether any run failed a property.
    package func failed(_ property: Int) -> Bool { failedProperties >> UInt64(property) & 1 == 1 }
}

extension Model {
    /// What a run is called that may end the process; others than guided ones begin where their seed says, so that the
    /// same seed and one case try them again.
    static func run(_ kind: RunKind, _ seed: UInt64) -> String { "\(name), \(kind.rawValue) run of seed \(seed)" }
}

/// Leads runs to edges that no run took yet.
struct Guide<M: Model> {
    private let ground: ModelGround<M>
    /// Edges that were taken, or that a way of this batch should take.
    private var covered: BitSet
    /// Edges that were tried often enough, in vain.
    private var blocked: BitSet
    private var attempts: [UInt8]

    init(_ ground: ModelGround<M>) {
        self.ground = ground
        let graph = ground.graph
        covered = BitSet(capacity: graph.edges.count)
        blocked = covered
        attempts = Array(repeating: 0, count: graph.edges.count)
    }

    /// The edges of a run: to the nearest edge that is wanted, and from there to the next. Nil if nothing is wanted.
    mutating func next(stepsMax: Int) -> [Int]? {
        var way: [Int] = []
        // From any initial state; which, the first search decides.
        var from = Array(0..<ground.graph.initialCount)
        while way.count < stepsMax, let more = nearest(from: from) {
            // A way that would be cut off is left to a run of its own, unless nothing shorter reaches its end.
            if !way.isEmpty, way.count + more.count > stepsMax { break }
            way += more
            for edge in more where !covered.contains(edge) {
                covered.insert(edge)
                attempts[edge] += 1
            }
            from = [Int(ground.graph.edges[more[more.count - 1]].to)]
        }
        return way.isEmpty ? nil : way
    }

    private func nearest(from places: [Int]) -> [Int]? {
        ground.graph.shortestWays(
            from: places,
            allowing: { ground.feasible.allows($0) && !blocked.contains($0) },
            isWanted: { !covered.contains($0) }
        ).wantedWay
    }

    /// After a batch: what was planned and not taken is tried again, three times at most.
    mutating func learn(_ taken: BitSet, planned: [[Int]]) {
        for way in planned {
            for edge in way where !taken.contains(edge) && attempts[edge] >= 3 { blocked.insert(edge) }
        }
        covered = taken
    }
}
