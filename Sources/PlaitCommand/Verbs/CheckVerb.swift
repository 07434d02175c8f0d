import PlaitCore
import PlaitRun
import PlaitScenario
import PlaitStatistics

extension Verb {
    /// `plait check`
    package static let check = Verb(
        "check",
        "Checks scenario files and presets, and says all that is wrong with them.",
        operands: Operands("FILE...", 1...Int.max),
        examples: [
            Example("plait check Scenarios/first.yaml", "checks one file"),
            Example("plait check --set links.wifi.loss=2% first", "checks it as changed from the command line"),
            Example("plait check *.yaml", "checks many"),
        ],
        notes: [
            "FILE may be the name of a scenario that ships with Plait: see plait scenarios.",
            "A file in a folder named presets is checked as a preset.",
        ],
        options: [.value("set", "KEY=VALUE", repeats: true, "lays a value over the files'")]
    ) { arguments, context throws(CommandError) in
        let overrides = try RunOptions.overrides(arguments.values("set"))
        let check = FileCheck(context: context, overrides: overrides)
        var worst = ExitStatus.success
        for name in arguments.operands {
            let status = check.check(name)
            // A missing file is worse news than a wrong one: nothing was checked.
            if status.rawValue > worst.rawValue { worst = status }
        }
        return worst
    }
}

/// Checks one file after another and prints what it finds.
package struct FileCheck {
    private let context: Context
    private let overrides: [String]
    private let distributions = Distributions.standard()

    package init(context: Context, overrides: [String]) {
        self.context = context
        self.overrides = overrides
    }

    package func check(_ name: String) -> ExitStatus {
        do throws(CommandError) {
            let path = try context.path(of: name)
            let reader = ScenarioReader(source: context.files, vocabulary: context.registry.vocabulary)
            guard Self.isPreset(path) else { return checkScenario(path, reader) }
            guard overrides.isEmpty else {
                throw CommandError(.usage, "--set changes scenarios, and \(Printable.quoted(name)) is a preset")
            }
            return checkPreset(path, reader)
        } catch {
            context.console.errors.write("plait: \(error.message)\n")
            if let remedy = error.remedy { context.console.errors.write("       \(remedy)\n") }
            return error.status
        }
    }

    private static func isPreset(_ path: String) -> Bool { FilePath.name(of: FilePath.folder(of: path)) == "presets" }

    private func checkScenario(_ path: String, _ reader: ScenarioReader) -> ExitStatus {
        do throws(Diagnostics) {
            let read = try reader.read(path, overrides: overrides)
            try build(read.scenario, read.warnings, path)
            show(read.warnings)
            context.console.output.write("\(Printable.plain(path)): \(Self.summary(of: read.scenario))\n")
            return .success
        } catch {
            return refuse(path, error)
        }
    }

    private func checkPreset(_ path: String, _ reader: ScenarioReader) -> ExitStatus {
        do throws(Diagnostics) {
            let directions = try reader.readPreset(path)
            // A link of its own, so that the models are held against the preset's own rates.
            let link = LinkDescription(
                name: "preset",
                first: HostID(0),
                second: HostID(1),
                forward: directions.forward,
                backward: directions.backward
            )
            let scenario = Scenario(
                name: "preset",
                stop: StopConditions(time: .seconds(1)),
                hosts: [HostDescription(name: "a"), HostDescription(name: "b")],
                links: [link]
            )
            try build(scenario, Diagnostics([], sources: sources(of: path)), path)
            context.console.output.write("\(Printable.plain(path)): a preset\n")
            return .success
        } catch {
            return refuse(path, error)
        }
    }

    /// What only the models' makers know: arguments that do not fit together, or not the link they are on.
    private func build(_ scenario: Scenario, _ warnings: Diagnostics, _ path: String) throws(Diagnostics) {
        do throws(BlueprintErrors) {
            _ = try Blueprint(scenario, registry: context.registry, distributions: distributions)
        } catch {
            throw error.diagnostics(beside: warnings, file: path)
        }
    }

    /// To show the line of an error. The file was read a moment ago; without it the message stands alone.
    private func sources(of path: String) -> SourceTexts {
        var sources = SourceTexts()
        if let bytes = try? context.files.bytes(of: path) {
            sources.add(path, String(decoding: bytes, as: UTF8.self))
        }
        return sources
    }

    private func refuse(_ path: String, _ diagnostics: Diagnostics) -> ExitStatus {
        show(diagnostics)
        let errors = diagnostics.entries.count { $0.severity == .error } + diagnostics.omitted
        context.console.errors.write("\(Printable.plain(path)): \(Counted.text(errors, "error"))\n")
        return .badData
    }

    private func show(_ diagnostics: Diagnostics) {
        context.console.errors.write(DiagnosticText(usesColor: context.console.usesColor).text(of: diagnostics))
    }

    private static func summary(of scenario: Scenario) -> String {
        [
            Counted.text(scenario.hosts.count, "host"),
            Counted.text(scenario.links.count, "link"),
            Counted.text(scenario.flows.count, "flow"),
            Counted.text(scenario.timeline.count, "timeline item"),
            Counted.text(scenario.expectations.count, "expectation"),
        ]
        .joined(separator: ", ")
    }
}

/// Numbers with nouns.
package enum Counted {
    /// `1 host`, `2 hosts`
    package static func text(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
