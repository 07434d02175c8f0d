import PlaitCore
import PlaitRun
package import PlaitScenario

/// Makes a failing scenario small where choices no longer help: replaces chance by the fates that packets met, leaves
/// out what is not needed, and loses as few packets as still make it fail.
package struct ScenarioShrinker {
    private(set) var best: Scenario
    private(set) var tries = 0
    private let failing: String
    private let triesMax: Int
    private let trial: ScenarioTrial

    init(_ scenario: Scenario, failing: String, by trial: ScenarioTrial = .here, triesMax: Int = 1_500) {
        best = scenario
        self.failing = failing
        self.trial = trial
        self.triesMax = triesMax
    }

    /// Nil if the scenario does not fail in `failing`.
    package static func document(of scenario: Scenario, failing: String) -> CaseDocument? {
        document(of: scenario, failing: failing, by: .here)
    }

    /// The same, with scenarios that somebody else runs.
    static func document(
        of scenario: Scenario,
        failing: String,
        by trial: ScenarioTrial,
        triesMax: Int = 1_500
    ) -> CaseDocument? {
        var shrinker = ScenarioShrinker(scenario, failing: failing, by: trial, triesMax: triesMax)
        guard shrinker.fails(scenario) else { return nil }
        shrinker.shrink()
        var smallest = shrinker.best
        smallest.name = "failing-case"
        let lost = smallest.links.flatMap { [$0.forward, $0.backward] }.compactMap(\.loss).count
        var record = RunRecord(keepsEvents: true)
        TransferProperty.judge(smallest, &record)
        return CaseDocument(
            scenario: smallest,
            words: "fails in \(failing)" + (lost > 0 ? "; what is lost is listed packet by packet" : ""),
            events: record.events
        )
    }

    mutating func shrink() {
        pinEverything()
        if !isPinned { pinLosses() }
        var before: Scenario
        repeat {
            before = best
            leaveOut()
            loseLess()
        } while best != before && tries < triesMax
    }

    private mutating func fails(_ scenario: Scenario) -> Bool {
        tries += 1
        return trial.failure(scenario) == failing
    }

    @discardableResult
    private mutating func accept(_ change: (inout Scenario) -> Void) -> Bool {
        var candidate = best
        change(&candidate)
        guard candidate != best, tries < triesMax, fails(candidate) else { return false }
        best = candidate
        return true
    }

    // MARK: Fates

    private func fates() -> [[LinkFates.Fate]]? { trial.fates(best) }

    private var isPinned: Bool {
        best.directions.allSatisfy { $0.loss == nil || $0.loss?.choice.name == "list" }
    }

    /// Whatever took a packet away, it is lost: a damaged packet is no more than that to its receiver.
    private mutating func pinEverything() {
        guard let fates = fates() else { return }
        accept { scenario in
            scenario.timeline = []
            scenario.eachDirection { index, direction in
                direction.queue = nil
                direction.corrupt = nil
                direction.truncate = .never
                direction.lose(fates[index].map(\.index))
            }
        }
    }

    /// Losses are drawn for each packet by itself, so that the same run comes out.
    private mutating func pinLosses() {
        guard let fates = fates() else { return }
        accept { scenario in
            scenario.eachDirection { index, direction in
                direction.lose(fates[index].filter { $0.cause == .loss }.map(\.index))
            }
        }
    }

    /// Removes runs of listed losses, ever shorter ones.
    private mutating func loseLess() {
        for direction in best.directions.indices {
            var size = max(1, best.directions[direction].losses.count / 2)
            while true {
                var end = best.directions[direction].losses.count
                while end > 0, tries < triesMax {
                    let start = max(0, end - size)
                    var losses = best.directions[direction].losses
                    losses.removeSubrange(start..<min(end, losses.count))
                    accept { scenario in
                        scenario.eachDirection { index, found in if index == direction { found.lose(losses) } }
                    }
                    end = min(start, best.directions[direction].losses.count)
                }
                guard size > 1 else { break }
                size /= 2
            }
        }
    }

    // MARK: Everything else

    private mutating func leaveOut() {
        for index in best.workload.indices.reversed() where best.workload.count > 1 {
            accept { $0.workload.remove(at: index) }
        }
        for index in best.workload.indices { simplify(work: index) }
        accept { $0.timeline = [] }
        for index in stride(from: best.timeline.count - 2, through: 0, by: -2) {
            accept { $0.timeline.removeSubrange(index...index + 1) }
        }
        accept { $0.transport = TransportDescription.patient }
        for field in TransportDescription.changes { accept { field(&$0.transport) } }
        for index in best.directions.indices {
            for change in DirectionDescription.simplifications {
                accept { scenario in scenario.eachDirection { if $0 == index { change(&$1) } } }
            }
        }
        accept { scenario in scenario.eachDirection { $1.delay = .milliseconds(10) } }
        accept { scenario in scenario.eachDirection { $1.rate = .megabits(100) } }
        accept { $0.seed = 1 }
        accept { $0.stop.time = .seconds(600) }
    }

    private mutating func simplify(work index: Int) {
        accept { $0.workload[index].streams = 1 }
        accept { $0.workload[index].priority = 0 }
        accept { $0.workload[index].at = .zero }
        if case .requests(let requests) = best.workload[index].work {
            accept { $0.workload[index].work = .get(requests.response) }
            accept { $0.workload[index].work = .put(requests.request) }
        }
        var smaller: Int64 = 1
        while smaller < best.workload[index].bytes {
            if accept({ $0.workload[index].bytes = smaller }) { break }
            smaller *= 2
        }
    }
}

extension Scenario {
    /// By `DirectionID.index`.
    fileprivate var directions: [DirectionDescription] { links.flatMap { [$0.forward, $0.backward] } }

    fileprivate mutating func eachDirection(_ change: (Int, inout DirectionDescription) -> Void) {
        for index in links.indices {
            change(2 * index, &links[index].forward)
            change(2 * index + 1, &links[index].backward)
        }
    }
}

extension DirectionDescription {
    /// Loses exactly these packets.
    fileprivate mutating func lose(_ indices: [UInt64]) {
        var ranges: [ClosedRange<UInt64>] = []
        for index in indices.sorted() {
            if let last = ranges.last, index <= last.upperBound + 1 {
                ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, index)
            } else {
                ranges.append(index...index)
            }
        }
        loss = ranges.isEmpty ? nil : ChosenModel(ModelChoice("list", [.init("packets", .integers(ranges))]))
    }

    /// Packets that a list loses.
    fileprivate var losses: [UInt64] {
        guard loss?.choice.name == "list", case .integers(let ranges)? = loss?.choice["packets"] else { return [] }
        return ranges.flatMap { Array($0) }
    }

    fileprivate static let simplifications: [@Sendable (inout DirectionDescription) -> Void] = [
        { $0.jitter = nil },
        { $0.reorder = nil },
        { $0.duplicate = .never },
        { $0.corrupt = nil },
        { $0.truncate = .never },
        { $0.queue = nil },
    ]
}

extension TransportDescription {
    /// All defaults, but for a handshake that outlasts whatever the links lose.
    fileprivate static var patient: TransportDescription {
        var transport = TransportDescription()
        transport.handshakeTimeout.giveUp = .seconds(300)
        return transport
    }

    fileprivate static let changes: [@Sendable (inout TransportDescription) -> Void] = {
        let usual = TransportDescription()
        return [
            { $0.handshakeTimeout = usual.handshakeTimeout },
            { $0.handshake = usual.handshake },
            { $0.suite = usual.suite },
            { $0.congestion = usual.congestion },
            { $0.ackDelay = usual.ackDelay },
            { $0.initialRoundTrip = usual.initialRoundTrip },
            { $0.windows = usual.windows },
            { $0.sendBuffer = usual.sendBuffer },
            { $0.streams = usual.streams },
            { $0.keyUpdate = usual.keyUpdate },
            { $0.halfOpen = usual.halfOpen },
            { $0.constantSize = usual.constantSize },
        ]
    }()
}

extension WorkloadItem {
    /// Of one stream, where it has a fixed size.
    fileprivate var bytes: Int64 {
        get {
            switch work {
            case .get(.fixed(let bytes)), .put(.fixed(let bytes)): bytes
            default: 0
            }
        }
        set {
            switch work {
            case .get: work = .get(.fixed(newValue))
            case .put: work = .put(.fixed(newValue))
            default: break
            }
        }
    }
}
