import PlaitRun
import PlaitScenario
import Synchronization

/// Has cases tried by other processes, as many at once as there are threads that ask.
///
/// A process that ends over a case, or is silent for too long, makes the case a failing one, and the next case gets a
/// new process. Of a case that ended its process, the numbers that it drew are heard by trying it once more, aloud.
package final class RemoteCases: Sendable {
    /// What a case fails in that ended its process, or that never came to an answer.
    package static let lives = "process.lives"
    package static let answers = "process.answers"

    private let program: String
    private let arguments: [String]
    private let silenceMax: Int32
    private let idle = Mutex<[CaseProcess]>([])
    private let troubles = Mutex<[String]>([])

    /// `arguments` make `program`, this one unless said otherwise, one that tries cases. A case may take so many
    /// milliseconds.
    package init(program: String = "/proc/self/exe", arguments: [String], silenceMax: Int32 = 20_000) {
        self.program = program
        self.arguments = arguments
        self.silenceMax = silenceMax
    }

    /// What kept cases from being tried at all; a hunt with any of these says nothing.
    package var failures: [String] { troubles.withLock { $0 } }

    /// The property, each of its cases tried elsewhere.
    package func property(_ property: Property) -> Property {
        var remote = property.tried { choices, _ in self.verdict(of: choices, property) }
        // Searching for higher scores would need the whole record; the document is made by `document(of:)`.
        remote.targets = []
        remote.document = nil
        if let generator = property.scenario {
            remote.document = { verdict in self.document(of: verdict, generator) }
        }
        return remote
    }

    // MARK: Asking

    private enum Answer {
        case line(String, heard: [UInt64?])
        case ended(how: CaseProcess.Ending, heard: [UInt64?])
        case silent(heard: [UInt64?])
    }

    private func ask(_ question: String) -> Answer {
        do throws(SystemError) {
            let waiting = idle.withLock { $0.popLast() }
            let child = if let waiting { waiting } else { try CaseProcess(program, arguments: arguments) }
            var heard: [UInt64?] = []
            guard child.write(question) else { return .ended(how: child.ending(), heard: heard) }
            while true {
                switch child.readLine(milliseconds: silenceMax) {
                case .silent: return .silent(heard: heard)
                case .ended: return .ended(how: child.ending(), heard: heard)
                case .line("s"): heard.append(nil)
                case .line(let line):
                    guard line.hasPrefix("n "), let number = UInt64(line.dropFirst(2)) else {
                        idle.withLock { $0.append(child) }
                        return .line(line, heard: heard)
                    }
                    heard.append(number)
                }
            }
        } catch {
            return .line("no process: \(error.message)", heard: [])
        }
    }

    private func trouble(_ text: String) {
        troubles.withLock { if $0.count < 10 { $0.append(text) } }
    }

    // MARK: Cases

    private func verdict(of choices: Choices, _ property: Property) -> PropertyVerdict {
        guard let recipe = choices.recipe else { preconditionFailure("only whole cases are tried elsewhere") }
        switch ask(CaseLine.line(of: recipe, property.name, isLoud: false)) {
        case .line(let line, _):
            if let verdict = CaseLine.verdict(line, rules: property.rules.count) { return verdict }
            return untried(property, line)
        case .ended, .silent: return loud(recipe, property)
        }
    }

    private func loud(_ recipe: Choices.Recipe, _ property: Property) -> PropertyVerdict {
        switch ask(CaseLine.line(of: recipe, property.name, isLoud: true)) {
        case .line(let line, _):
            if let verdict = CaseLine.verdict(line, rules: property.rules.count), !verdict.holds { return verdict }
            return untried(property, "a case ended its process, and the next time did not")
        case .ended(let how, let heard):
            guard how.isCrash else { return untried(property, how.words) }
            return Self.verdict(heard, Self.lives, how.words, property)
        case .silent(let heard):
            // It may not even have begun: a machine without time or memory must not look like a bug.
            guard !heard.isEmpty else { return untried(property, "it said nothing for \(silenceMax) ms") }
            return Self.verdict(heard, Self.answers, "it did not come to its end in \(silenceMax) ms", property)
        }
    }

    /// Counts as one that holds, and makes the hunt one that says nothing.
    private func untried(_ property: Property, _ why: String) -> PropertyVerdict {
        trouble("\(property.name): \(why)")
        return PropertyVerdict(choices: [], steps: [], record: RunRecord(rules: property.rules.count))
    }

    private static func verdict(
        _ heard: [UInt64?],
        _ failing: String,
        _ words: String,
        _ property: Property
    ) -> PropertyVerdict {
        var (numbers, steps): ([UInt64], [Int]) = ([], [])
        for word in heard {
            if let word { numbers.append(word) } else { steps.append(numbers.count) }
        }
        var record = RunRecord(rules: property.rules.count)
        record.count(steps: steps.count)
        record.fail(failing, words)
        return PropertyVerdict(choices: numbers, steps: steps, record: record)
    }

    // MARK: Scenarios

    private func document(
        of verdict: PropertyVerdict,
        _ generator: @Sendable (inout Choices) -> Scenario
    ) -> CaseDocument? {
        guard let failure = verdict.failure else { return nil }
        var choices = Choices(verdict.choices)
        return ScenarioShrinker.document(
            of: generator(&choices),
            failing: failure.property,
            by: ScenarioTrial(failure: { self.failure(of: $0) }, fates: { self.fates(of: $0) })
        )
    }

    /// What a scenario fails in; nil if nothing does, or if it could not be tried.
    func failure(of scenario: Scenario) -> String? {
        switch ask("judge " + CaseLine.folded(scenario.briefText)) {
        case .line(let line, _):
            if let verdict = CaseLine.verdict(line) { return verdict.failure?.property }
            trouble("a scenario: \(line)")
            return nil
        case .ended(let how, _):
            if how.isCrash { return Self.lives }
            trouble("a scenario: \(how.words)")
            return nil
        case .silent: return Self.answers
        }
    }

    private func fates(of scenario: Scenario) -> [[LinkFates.Fate]]? {
        guard case .line(let line, _) = ask("fates " + CaseLine.folded(scenario.briefText)) else { return nil }
        return CaseLine.fates(line)
    }
}
