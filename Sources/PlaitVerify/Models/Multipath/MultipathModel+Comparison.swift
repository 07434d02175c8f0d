extension MultipathModel: ComparableModel {
    package static let ground = ModelGround(TwinGraph(graph), larger: larger, infeasible: infeasible)

    package static let seldom = ["Abandon", "SocketError", "Cut"]

    /// TLC looks at it with other constants: the driver's connections send nothing a second time before it is lost.
    package static let forbidden = ["Reinject"]

    package static let sometimes: [Sometime<MultipathState>] = [
        Sometime("something was read") { $0.delivered > 0 },
        Sometime("both paths active") { state in paths.allSatisfy { state[$0].life == .active } },
        Sometime("suspected") { state in paths.contains { state[$0].life == .suspected } },
        Sometime("failed") { state in paths.contains { state[$0].life == .failed } },
        Sometime("returned") { state in paths.contains { state[$0].life == .active && state[$0].round == 2 } },
        Sometime("abandoned") { state in paths.contains { state[$0].life == .abandoned } },
        Sometime("a standby is needed") { $0.needsStandby },
        Sometime("fault") { $0.faults > 0 },
    ]

    /// The first state says how many packets a path has; nothing else of the constants bounds a trace.
    package static func starting(in state: MultipathState) -> [MultipathModel] {
        guard 1...numbersMax ~= state.packetsMax else { return [] }
        let model = MultipathModel(units: unitsMax, packets: state.packetsMax, rounds: 2, maxFaults: 1_000)
        return [graph, model].filter { $0.initialStates.contains(state) }
    }
}
