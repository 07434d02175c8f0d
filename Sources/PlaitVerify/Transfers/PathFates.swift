package import PlaitCore
import PlaitReport
import PlaitScenario

/// What befell the paths of one run, or of many: a campaign that never saw a path fail says nothing of failover.
package struct PathFates: Hashable, Sendable {
    /// In words, as part of "no path is ever ...".
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case opened
        case validated
        case suspected
        case recovered = "active again after a suspicion"
        case failed
        case returned = "in service again after a failure"
        case rebound
        case status = "told to stand by"
        case standby = "a standby that carries data"
        case pinned = "kept to by streams"
        case oneWay = "cut in one direction"
        case partition = "cut with all the others"
        case correlated = "cut with some of the others"
        case changed = "slower, longer or lossier for a while"
        case resized = "given packets of another size"
        case narrowed = "of another MTU all of a sudden"

        /// Of its figure.
        package var name: String { "\(self)" }
    }

    private var counts = [UInt64](repeating: 0, count: Kind.allCases.count)
    /// The longest that each connection's applications waited for a byte once a path was cut or had failed, in runs in
    /// which some path was left alone all the time.
    package private(set) var gaps: [Interval] = []
    /// The same of runs in which all were away at once, or the one that the others leaned on.
    package private(set) var gapsAllAway: [Interval] = []

    package init() {}

    package subscript(kind: Kind) -> UInt64 { counts[Self.place(of: kind)] }

    private static func place(of kind: Kind) -> Int {
        guard let place = Kind.allCases.firstIndex(of: kind) else { preconditionFailure("a kind that is none") }
        return place
    }

    private mutating func count(_ kind: Kind, _ times: Int = 1) { counts[Self.place(of: kind)] += UInt64(times) }

    package mutating func add(_ other: PathFates) {
        for place in counts.indices { counts[place] += other.counts[place] }
        gaps += other.gaps
        gapsAllAway += other.gapsAllAway
    }

    /// Nearest rank; nil without any.
    package static func quantile(_ gaps: [Interval], perMille: Int) -> Interval? {
        guard !gaps.isEmpty else { return nil }
        return gaps.sorted()[max(1, (gaps.count * perMille + 999) / 1_000) - 1]
    }

    init(of scenario: Scenario, _ work: WorkReport?) {
        guard let work else { return }
        for event in work.events {
            switch event.what {
            case "path-opened": count(.opened)
            case "path-validated": count(.validated)
            case "path-suspected": count(.suspected)
            case "path-recovered": count(.recovered)
            case "path-failed": count(.failed)
            case "path-returned": count(.returned)
            case "path-rebound": count(.rebound)
            case "path-status": count(.status)
            case "path-packet-size": count(.resized)
            default: break
            }
        }
        let standbys = Self.standbys(of: scenario)
        count(.standby, work.pathRecords.count { standbys.contains($0.link) && $0.firstBytes + $0.repeatedBytes > 0 })
        count(.pinned, scenario.workload.count { $0.path != nil })
        count(scenario, until: work.ended)
        let longest = work.gaps.compactMap(\.longest)
        if Self.leavesOneAlone(scenario) { gaps = longest } else { gapsAllAway = longest }
    }

    private static func standbys(of scenario: Scenario) -> [Int] {
        guard case .listed(let paths) = scenario.transport.paths else { return [] }
        return paths.filter(\.isBackup).map { Int($0.over.index) }
    }

    /// What the timeline did while there was work.
    private mutating func count(_ scenario: Scenario, until end: Instant) {
        var lastDown = Instant.never
        for item in scenario.timeline where Instant.start + item.at < end {
            switch item.action {
            case .partition, .cut: count(.partition)
            case .link(let directions, .down), .link(let directions, .clog):
                if directions.count == 1 { count(.oneWay) }
                if lastDown == Instant.start + item.at { count(.correlated) }
                lastDown = Instant.start + item.at
            case .link(_, .set(let changes)) where changes.contains { if case .mtu = $0 { true } else { false } }:
                count(.narrowed)
            case .link(_, .set), .link(_, .ramp): count(.changed)
            default: break
            }
        }
    }

    /// Whether some link is never away.
    private static func leavesOneAlone(_ scenario: Scenario) -> Bool {
        var isAlone = [Bool](repeating: true, count: scenario.links.count)
        for item in scenario.timeline {
            switch item.action {
            case .partition, .cut: return false
            case .link(let directions, .down), .link(let directions, .clog):
                for direction in directions { isAlone[Int(direction.link.index)] = false }
            default: break
            }
        }
        return isAlone.contains(true)
    }
}
