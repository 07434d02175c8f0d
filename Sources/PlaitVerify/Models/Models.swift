/// A model that can be compared with TLC and with the code.
///
/// `compare` is a requirement with one implementation, so that each model gets its own specialised copy of it: through
/// an existential the loops over millions of steps would call everything by table.
package protocol ComparableModel: Model {
    /// What the runs of `plait verify --property` are judged by. Made once.
    static var ground: ModelGround<Self> { get }
    /// Larger constants than those of `Graph.cfg`, if the driver can do with them.
    static var larger: Self? { get }
    /// The rows of `infeasible.csv`.
    static var infeasible: [Infeasible] { get }
}

extension ComparableModel {
    package static var larger: Self? { nil }
    package static var infeasible: [Infeasible] { [] }
}

/// All models that have a module under `formal/`.
package enum Models {
    package static let all: [any ComparableModel.Type] = []
}
