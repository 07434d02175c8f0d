/// A folder below `formal/`: a module, the configurations TLC checks it in, and what is expected of each.
package struct ModelFolder: Sendable {
    /// `formal/Stream`
    package let path: String
    /// `Stream`
    package let name: String
    /// In the order in which they are run: Safety, Graph, Live_*, Witness_*, Mut_*, Large.
    package let configurations: [ModelConfiguration]
    package let properties: [PropertyRow]
    package let infeasible: [InfeasibleRow]

    /// With the configurations of one kind alone.
    package func only(_ kind: ModelConfiguration.Kind) -> ModelFolder {
        ModelFolder(
            path: path,
            name: name,
            configurations: configurations.filter { $0.kind == kind },
            properties: properties,
            infeasible: infeasible
        )
    }

    /// What is checked when the whole folder is: all but Large, unless nothing else is in it.
    package var checkedAtOnce: [ModelConfiguration] {
        let usual = configurations.filter { $0.kind != .large }
        return usual.isEmpty ? configurations : usual
    }

    package func configuration(_ name: String) -> ModelConfiguration? { configurations.first { $0.name == name } }
}

/// One configuration file, with what is expected of it.
package struct ModelConfiguration: Hashable, Sendable {
    /// What a configuration is for, by how its name begins.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// All invariants and action properties, within the larger bounds.
        case safety = "Safety"
        /// Exports the graph that the code is compared with.
        case graph = "Graph"
        /// One temporal property. One worker: this TLC misses violations with more.
        case live = "Live"
        /// A situation that must be reachable: its invariant must be violated.
        case witness = "Witness"
        /// A planted mistake: the named property must be violated.
        case mutant = "Mut"
        /// What Safety checks, within bounds that take an hour or more: only when it is asked for.
        case large = "Large"
    }

    /// `Live_ST-L1`
    package let name: String
    package let kind: Kind
    /// What TLC reads: `MCStream`, or `Stream` where no action is labelled.
    package let module: String
    package let expectation: TLCExpectation
    /// As in its PROPERTY and INVARIANT sections.
    package let properties: [String]
    package let invariants: [String]
}

/// A row of properties.csv.
package struct PropertyRow: Hashable, Sendable {
    /// How it is judged.
    package enum Kind: String, Hashable, Sendable { case invariant, action, liveness }

    /// `ST-S1`
    package let id: String
    package let kind: Kind
    package let name: String
    /// Where in the code it lives.
    package let swift: String
    package let words: String
}

/// A row of infeasible.csv: a transition of the model that the code can never take, and why.
package struct InfeasibleRow: Hashable, Sendable {
    package let module: String
    package let action: String
    /// A state's text, or `*` for any.
    package let from: String
    package let reason: String
}
