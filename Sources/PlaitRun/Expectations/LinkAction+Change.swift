import PlaitScenario

extension LinkAction {
    /// Whether nothing arrives after it.
    var stopsPackets: Bool {
        switch self {
        case .down, .clog: true
        case .up, .release, .set, .ramp: false
        }
    }
}
