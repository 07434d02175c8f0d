import PlaitRun
import PlaitScenario

extension Verb {
    /// `plait schema`
    package static let schema = Verb(
        "schema",
        "Prints the JSON Schema of scenario files, so that editors complete and check them.",
        operands: .none,
        examples: [
            Example("plait schema > scenario.schema.json", "for scenario files"),
            Example("plait schema --preset > preset.schema.json", "for presets of links"),
        ],
        notes: ["It lists every model of the registry, plug-ins included."],
        options: [.flag("preset", "the schema of presets instead of scenarios")]
    ) { arguments, context throws(CommandError) in
        let schema: ScenarioSchema = arguments.flag("preset") ? .preset : .scenario
        context.console.output.write(schema.text(context.registry.vocabulary))
        return .success
    }
}
