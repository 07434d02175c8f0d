/// Reads scenario files: text with places in, checked values or diagnostics with places out.
public struct ScenarioReader {
    private let source: any ScenarioSource
    private let vocabulary: Vocabulary

    /// - Parameters:
    ///   - source: Where files come from.
    ///   - vocabulary: The models that files may name.
    public init(source: any ScenarioSource, vocabulary: Vocabulary) {
        self.source = source
        self.vocabulary = vocabulary
    }

    /// Reads the file at `path` with all it includes, lays `overrides` (`links.wifi.loss=2%`) over it and checks it.
    ///
    /// All errors are thrown at once; only a text that is not YAML, or a file that is missing, stops the reading.
    public func read(_ path: String, overrides: [String] = []) throws(Diagnostics) -> ReadScenario {
        let log = DiagnosticLog()
        let file = FilePath.joined("", path)
        let loader = FileLoader(source: source, log: log, vocabulary: vocabulary, mainFile: file)
        let root = overridden(tree(of: loader, log), overrides, log)
        let checker = Checker(log: log, vocabulary: vocabulary, loader: loader)
        let scenario = root.flatMap { checker.scenario($0, defaultName: FilePath.stem(of: file)) }
        guard let scenario, log.errorCount == 0 else { throw log.diagnostics }
        return ReadScenario(scenario: scenario, warnings: log.diagnostics)
    }

    /// Checks a file of `presets/` by itself and gives what it makes of a link's two directions.
    public func readPreset(
        _ path: String
    ) throws(Diagnostics) -> (forward: DirectionDescription, backward: DirectionDescription) {
        let log = DiagnosticLog()
        let file = FilePath.joined("", path)
        let loader = FileLoader(source: source, log: log, vocabulary: vocabulary, mainFile: file)
        let checker = Checker(log: log, vocabulary: vocabulary, loader: loader)
        let directions = plainTree(file, log).flatMap { checker.presetDirections($0) }
        guard let directions, log.errorCount == 0 else { throw log.diagnostics }
        return directions
    }

    /// The `summary:` of a scenario or preset file, without checking the rest.
    public func summary(of path: String) -> String? {
        plainTree(FilePath.joined("", path), DiagnosticLog())?["summary"]?.text
    }

    private func tree(of loader: FileLoader, _ log: DiagnosticLog) -> YAMLNode? {
        do throws(Diagnostic) {
            return try loader.scenario()
        } catch {
            log.add(error)
            return nil
        }
    }

    private func plainTree(_ path: String, _ log: DiagnosticLog) -> YAMLNode? {
        do throws(ScenarioSourceError) {
            guard let bytes = try source.bytes(of: path) else { throw ScenarioSourceError("there is no such file") }
            do throws(Diagnostic) {
                return try YAMLReader.read(bytes, file: path, log: log)
            } catch {
                log.add(error)
            }
        } catch {
            log.error(Place(file: path, line: 1, column: 1), "'\(path)' cannot be read: \(error.message)")
        }
        return nil
    }

    /// A wrong override does not hide what is wrong with the file and with the other overrides.
    private func overridden(_ root: YAMLNode?, _ overrides: [String], _ log: DiagnosticLog) -> YAMLNode? {
        guard var tree = root else { return nil }
        for text in overrides {
            do throws(Diagnostic) {
                tree = try Override(text, vocabulary: vocabulary, log: log).applied(to: tree)
            } catch {
                log.add(error)
            }
        }
        return tree
    }
}

/// A scenario as read from files.
public struct ReadScenario: Sendable {
    public let scenario: Scenario
    /// Never errors. Its `sources` show the line of an error that is found later.
    public let warnings: Diagnostics
}
