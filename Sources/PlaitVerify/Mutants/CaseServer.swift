import Glibc
import PlaitRun
import PlaitScenario

/// Tries the cases that another process asks for on standard input, one after the other, until there is no more.
///
/// It knows nothing of planted bugs: the properties are those that everybody uses, and a case that ends the process
/// ends it.
package enum CaseServer {
    /// The word after which a program is one.
    package static let word = "--try-cases"

    package static func run() {
        while let line = readLine() {
            guard let answer = answer(to: line) else {
                say("unknown \(CaseLine.plain(line))")
                continue
            }
            say(answer)
        }
    }

    /// Nil for what is no question.
    package static func answer(to line: String) -> String? {
        let words = line.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return nil }
        switch words[0] {
        case "try": return verdict(words[1])
        case "judge":
            guard let scenario = scenario(words[1]) else { return nil }
            var record = RunRecord()
            TransferProperty.judge(scenario, &record)
            return CaseLine.done(PropertyVerdict(choices: [], steps: [], record: record))
        case "fates":
            guard let scenario = scenario(words[1]) else { return nil }
            return ScenarioTrial.here.fates(scenario).map(CaseLine.fates)
        default: return nil
        }
    }

    private static func verdict(_ question: Substring) -> String? {
        let words = question.split(separator: " ")
        guard words.count == 4, let property = Properties.all.first(where: { $0.name == words[1] }) else { return nil }
        var choices: Choices
        switch words[2] {
        case "seed":
            guard let seed = UInt64(words[3]) else { return nil }
            choices = property.choices(seed: seed)
        case "numbers":
            guard let numbers = CaseLine.numbers(words[3]) else { return nil }
            choices = Choices(numbers)
        default: return nil
        }
        if words[0] == "loud" { choices.listener = { say($0.map { "n \($0)" } ?? "s") } }
        return CaseLine.done(property.run(choices))
    }

    private static func scenario(_ text: Substring) -> Scenario? {
        let files = ScenarioTexts(["case.yaml": CaseLine.unfolded(text)])
        let reader = ScenarioReader(source: files, vocabulary: Registry.standard.vocabulary)
        return try? reader.read("case.yaml").scenario
    }

    /// Unbuffered: what is said must be out before the process ends.
    private static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.span.extracting(written...).withUnsafeBytes { bytes in
                unsafe write(STDOUT_FILENO, bytes.baseAddress, bytes.count)
            }
            if count < 0, errno == EINTR { continue }
            // Whoever asked is gone.
            guard count > 0 else { exit(1) }
            written += count
        }
    }
}
