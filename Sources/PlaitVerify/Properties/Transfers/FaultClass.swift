import PlaitScenario

/// What can be different from a good link and a usual connection: each is switched on or off for a whole case.
enum FaultClass: Int, CaseIterable {
    case loss
    case bursts
    case corruption
    case truncation
    case duplication
    case reordering
    case jitter
    case queue
    case outage
    case asymmetry
    case smallWindows
    case smallBuffer
    case fewStreams
    case keyUpdates
    case cookies
    case padding

    /// As labels say it.
    var word: String { "\(self)" }

    static func swarm(_ choices: inout Choices) -> Swarm {
        Swarm(allCases.map { _ in 1 }, &choices)
    }
}

extension Swarm {
    func isOn(_ fault: FaultClass) -> Bool { isOn(fault.rawValue) }
}
