// What TLC would let pass, and what would make its success mean nothing.
extension ModelFolder {
    /// A cut, reduced or folded graph hides violations of temporal properties, and several of them at once are not told
    /// apart.
    private static let reductions: [Substring] = [
        "VIEW", "SYMMETRY", "CONSTRAINT", "CONSTRAINTS", "ACTION_CONSTRAINT", "ACTION_CONSTRAINTS",
    ]

    /// Refuses a configuration that TLC would check, though what it says then is not what its name promises.
    static func checkSoundness(
        of configuration: ModelConfiguration,
        _ sections: ConfigurationFile,
        in path: String,
        liveness: [String],
        isRecording: Bool
    ) throws(FormalFileError) {
        let file = "\(path)/\(configuration.name).cfg"
        try checkTemporal(configuration, sections, file, liveness)
        let wantsNone = configuration.kind != .mutant
        guard let mutant = sections.mutant else {
            throw FormalFileError(
                file,
                "it does not say which mistake is planted",
                remedy: wantsNone ? "write Mutant = \"none\"" : "write Mutant = and its name"
            )
        }
        guard (mutant == "none") == wantsNone else {
            throw FormalFileError(
                file,
                wantsNone ? "the mistake \(mutant) is planted in it" : "no mistake is planted in it",
                remedy: wantsNone ? "write Mutant = \"none\"" : "write Mutant = and the mistake's name"
            )
        }
        let expected = configuration.expectation
        guard expected.code != 2193 || isRecording || expected.distinct != nil && expected.generated != nil else {
            throw FormalFileError(
                path + "/expect.json",
                "\(configuration.name) holds, and lacks the number of its states",
                remedy: "give distinct and generated; scripts/formal counts them"
            )
        }
    }

    private static func checkTemporal(
        _ configuration: ModelConfiguration,
        _ sections: ConfigurationFile,
        _ file: String,
        _ liveness: [String]
    ) throws(FormalFileError) {
        let temporal = sections.properties.filter(liveness.contains)
        guard configuration.kind == .live || !temporal.isEmpty else { return }
        if let reduction = reductions.first(where: sections.keywords.contains) {
            throw FormalFileError(
                file,
                "\(reduction) hides violations of temporal properties",
                remedy: "remove it, and make the constants smaller instead"
            )
        }
        guard sections.properties.count == 1, configuration.kind != .live || temporal.count == 1 else {
            throw FormalFileError(
                file,
                "it has \(sections.properties.count) properties, \(temporal.count) of them of kind liveness",
                remedy: "write one configuration for each temporal property"
            )
        }
    }

    /// Refuses a folder in which something that must be checked is not.
    static func checkCompleteness(
        of configurations: [ModelConfiguration],
        _ properties: [PropertyRow],
        in path: String
    ) throws(FormalFileError) {
        let least: [(ModelConfiguration.Kind, Int)] = [(.safety, 1), (.graph, 1), (.witness, 1), (.mutant, 2)]
        for (kind, count) in least {
            let found = configurations.count { $0.kind == kind }
            guard found >= count else {
                throw FormalFileError(
                    path + "/expect.json",
                    "\(found) of at least \(count) configurations are there whose name begins with \(kind.rawValue)",
                    remedy: "add what is missing, with its rc and code"
                )
            }
        }
        let safety = configurations.filter { $0.kind == .safety }.flatMap { $0.invariants + $0.properties }
        for property in properties {
            let live = "Live_" + property.id
            let isChecked =
                if property.kind == .liveness {
                    configurations.contains { $0.name == live && $0.properties.contains(property.name) }
                } else {
                    safety.contains(property.name)
                }
            guard isChecked else {
                let place = property.kind == .liveness ? "\(live).cfg" : "Safety.cfg"
                throw FormalFileError(
                    path + "/properties.csv",
                    "\(property.id) is not checked: \(place) does not name \(property.name)",
                    remedy: "name it there"
                )
            }
        }
    }
}
