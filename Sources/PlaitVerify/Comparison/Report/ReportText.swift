import PlaitReport

extension ModuleReport {
    /// The comparison for a terminal of 120 columns.
    package var text: String {
        var text = heading
        text += comparisonLines
        text += "\n" + coverageTable
        text += "\n" + propertyTable
        text += "\n" + actionTable
        text += "\n" + configurationLines + infeasibleLines + unvisitedLines + failureLines
        text += holds ? "\n  \(closingWords)\n" : problemLines
        return text
    }

    /// Without TLC nothing is known of the model itself.
    private var closingWords: String {
        checker.notRun == nil ? "all of it holds" : "what was run holds; TLC was not, so this says nothing of the model"
    }

    private var heading: String {
        let tool = checker.notRun.map { "TLC not run: \($0)" } ?? "\(checker.version), jar \(checker.jarHash.prefix(8))"
        let line = Self.wrapped("\(module) · seed \(seed) · \(tool)", []) + Self.wrapped("  ", [constants])
        return line + String(repeating: "─", count: 119) + "\n"
    }

    // MARK: The four comparisons

    private var comparisonLines: String {
        var rows = AlignedRows(leftAligned: [0, 1, 2, 3], indent: 2)
        rows.add(["A", "TLC = twin", graphWord, graphWords])
        rows.add([
            "B", "model → code", replay.map { $0.isComplete ? "complete" : "INCOMPLETE" } ?? "not run", replayWords,
        ])
        if let replay {
            let refusals =
                "the code refused \(Self.count(replay.refusals)) times in \(Self.count(replay.refusedIn)) states"
            rows.add(["", "", "", refusals + "; \(Self.count(replay.untried)) were not tried"])
        }
        rows.add(["C", "code → model", conformsWord, conformsWords])
        rows.add(["", "", "", departureWords])
        rows.add(["", "", "", settlingWords])
        rows.add(["", "", "", traceWords])
        rows.add(["", "", "", samplingWords])
        for (place, words) in harnessWords.enumerated() {
            rows.add(place == 0 ? ["", "harness", harnessWord, words] : ["", "", "", words])
        }
        var text = rows.text
        for difference in graph?.differences ?? [] {
            text +=
                "       only \(difference.isInTwin ? "the twin" : "TLC") has the \(difference.kind) "
                + "\(difference.text)\n"
        }
        for failure in replay?.failures ?? [] { text += Self.indented(failure, by: 7) }
        for complaint in traces?.complaints ?? [] { text += Self.indented(complaint, by: 7) }
        return text
    }

    private var graphWord: String { graph.map { $0.isExact ? "exact" : "DIFFERENT" } ?? "not run" }

    private var graphWords: String {
        let twin =
            "\(Self.count(twin.states)) states, \(Self.count(twin.edges)) transitions, depth \(twin.depth)"
            + (twin.initial == 1 ? "" : ", \(twin.initial) initial")
        guard let graph else { return "the twin has " + twin }
        return graph.isExact ? twin : "\(Self.count(graph.differenceCount)) differences; the twin has \(twin)"
    }

    private var replayWords: String {
        guard let replay else { return "" }
        let list = [
            "\(Self.count(replay.edges)) of \(Self.count(twin.feasibleEdges)) transitions",
            "\(Self.count(replay.behaviours)) behaviours × \(replay.seeds) seeds",
            "\(Self.count(replay.steps)) steps",
        ]
        return list.joined(separator: ", ")
    }

    private var sum: StepCounts { campaigns.reduce(into: StepCounts()) { $0 += $1.counts } }

    private var conformsWord: String {
        campaigns.isEmpty ? "not run" : sum.nonConforming == 0 ? "conforms" : "DEPARTS"
    }

    private var conformsWords: String {
        let runs = campaigns.reduce(0) { $0 + $1.runs }
        return "\(Self.count(runs)) runs, \(Self.count(sum.all)) steps: \(Self.count(sum.edges)) transitions, "
            + "\(Self.count(sum.refused + sum.infeasible)) refusals,"
    }

    private var departureWords: String {
        "\(Self.count(sum.untried)) not tried, \(Self.count(sum.stutters)) stutters, "
            + "\(Self.count(sum.outOfBounds)) out of bounds, \(Self.count(sum.unjudged)) unjudged, "
            + "\(Self.count(sum.nonConforming)) non-conforming"
    }

    private var settlingWords: String {
        let settling = campaigns.reduce(into: StepCounts()) { $0 += $1.settling }
        return "\(Self.count(settling.all)) steps more to come to rest, classified likewise: "
            + "\(Self.count(settling.edges + settling.outOfBounds)) are the model's"
    }

    private var traceWords: String {
        guard let traces else { return "no trace was shown to TLC" }
        let larger = traces.larger > 0 ? ", \(traces.larger) with larger constants" : ""
        return "TLC accepted \(traces.accepted) of \(traces.sampled) traces of runs "
            + "(\(Self.count(traces.steps)) steps\(larger))"
    }

    /// What looking and classifying was meant to cost at most. A clock decides nothing, so this is told and not judged.
    private static let samplingPerMille: Int64 = 300

    private var samplingWords: String {
        guard let perMille = timings.samplingPerMille else { return "the cost of sampling was not measured" }
        func rate(_ nanoseconds: Int64) -> String {
            Self.count(UInt64(ratio(timings.sampledRuns, 1_000_000_000, over: UInt64(max(1, nanoseconds)))))
        }
        let sign = perMille < 0 ? "-" : ""
        let percent = "\(sign)\(perMille.magnitude / 10).\(perMille.magnitude % 10) %"
        let judgement = perMille < Self.samplingPerMille ? "" : " (30 % is meant)"
        return
            "sampling costs \(percent)\(judgement): \(rate(timings.sampled)) runs a second with it, "
            + "\(rate(timings.unsampled)) without"
    }

    private var harnessWord: String {
        guard isProven else { return "UNPROVEN" }
        return traces == nil ? "in part" : "proven"
    }

    private var harnessWords: [String] {
        var words: [String] = []
        if let traces {
            let bad = traces.rejectedAt.map { "at step \($0)" } ?? "nowhere"
            words.append("TLC rejected the bad trace \(bad), corrupted at step \(traces.badStep)")
        }
        if let selfTest {
            let bad = selfTest.rejectedAt.map { "at step \($0)" } ?? "nowhere"
            words.append("the twin rejected it \(bad), corrupted at step \(selfTest.badStep)")
            words.append("A noticed \(selfTest.noticedEdges) of \(selfTest.removedEdges) transitions left out")
            words.append("\(selfTest.noticedLies) of \(selfTest.lies) drivers with one lie each departed")
            for lie in selfTest.unnoticed { words.append("NOT NOTICED: a driver that \(lie)") }
        }
        return words
    }

    package var isProven: Bool { traces?.isBadRejected ?? true && selfTest?.isProven ?? false }

    // MARK: Tables

    private var coverageTable: String {
        var rows = AlignedRows(leftAligned: [0, 7], indent: 2)
        rows.add([
            "coverage", "runs", "steps", "failed", "states", "transitions", "unseen", "new ones in each 1,000 steps",
        ])
        for line in campaigns {
            rows.add([
                line.kind.rawValue, Self.count(line.runs), Self.count(line.counts.all), Self.count(line.failed),
                // With larger constants a run may begin where the graph has no state at all.
                line.states == 0 ? "-" : Self.share(line.states, twin.feasibleStates),
                line.states == 0 ? "-" : Self.share(line.edges, twin.feasibleEdges),
                // Guided runs look for what is unseen, so that their steps say nothing about how much there is.
                line.kind == .guided ? "-" : Self.share(Int(line.unseenMillionths), 1_000_000),
                Self.bars(line.growthEdges),
            ])
        }
        return rows.text
    }

    private var propertyTable: String {
        var rows = AlignedRows(leftAligned: [0, 1, 2, 9], indent: 2)
        rows.add([
            "D", "property", "TLC", "states", "depth", "cases", "steps", "exercised",
            campaigns.map { String($0.kind.rawValue.prefix(1)) }.joined(separator: "/") + " %", "agreement", "time",
        ])
        for line in properties {
            let covered = zip(campaigns, line.covered).map { campaign, count in
                line.exercising == 0 || campaign.states == 0 ? "-" : String(count * 100 / line.exercising)
            }
            rows.add([
                line.id, Self.cut(line.name, 22), line.checked, line.checkedStates.map(Self.count) ?? "-",
                line.checkedDepth.map(Self.count) ?? "-", Self.count(line.runs), Self.count(line.steps),
                Self.count(line.exercised), covered.joined(separator: "/"), line.agreement.word, time(of: line),
            ])
        }
        return rows.text
    }

    private func time(of line: PropertyLine) -> String {
        let name = line.kind == "liveness" ? "configuration Live_" + line.id : "configuration Safety"
        guard let milliseconds = timings[name] else { return "-" }
        return "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100) s"
    }

    private var actionTable: String {
        var rows = AlignedRows(leftAligned: [0], indent: 2)
        rows.add(
            ["action", "TLC", "transitions", "infeasible", "replayed"]
                + campaigns.map(\.kind.rawValue)
        )
        for line in actions {
            rows.add(
                [
                    line.name, line.exported.map(Self.count) ?? "-",
                    Self.count(line.edges), Self.count(line.infeasible), Self.count(line.replayed),
                ] + line.covered.map(Self.count)
            )
        }
        return rows.text
    }

    // MARK: Below the tables

    private var configurationLines: String {
        var text = ""
        for (prefix, words) in [("Witness_", "witnesses reached"), ("Mut_", "model mutants caught")] {
            let all = configurations.filter { $0.name.hasPrefix(prefix) }
            guard !all.isEmpty else { continue }
            let good = all.filter(\.isAsExpected)
            let names = all.map { String($0.name.dropFirst(prefix.count)) + ($0.isAsExpected ? "" : " NOT") }
            text += Self.wrapped("  \(words) \(good.count) of \(all.count): ", names)
            text += onCode(all)
        }
        for line in configurations where !line.isAsExpected {
            text += "  configuration \(line.name): \(line.complaint)\n"
        }
        return text
    }

    /// What the code does when it is led along the counterexamples of these.
    private func onCode(_ all: [ConfigurationLine]) -> String {
        let led = all.filter { $0.onCode != nil }
        guard !led.isEmpty else { return "" }
        let good = led.filter { $0.onCode?.isReproduced ?? false }
        let others = led.filter { !($0.onCode?.isReproduced ?? false) }.map { line in
            // The first line only: what follows are states.
            let words = line.onCode?.words.split(whereSeparator: { $0 == "\n" || $0 == ":" }).first ?? ""
            return "\(line.name.split(separator: "_").last ?? "") \(words)"
        }
        let start = "    on the code \(good.count) of \(led.count) were reproduced"
        return others.isEmpty ? start + "\n" : Self.wrapped(start + ": ", others)
    }

    private var infeasibleLines: String {
        infeasible.map { "  infeasible: \($0.action) from \($0.from), \($0.edges) transitions: \($0.reason)\n" }
            .joined()
    }

    private var unvisitedLines: String {
        var text = ""
        if unvisited.onlyGuided > 0 {
            text += "  only guided runs took \(Self.count(unvisited.onlyGuided)) transitions that others missed\n"
        }
        guard unvisited.count > 0 else { return text + "  every feasible transition was taken by some run\n" }
        text += "  never taken by any run: \(Self.count(unvisited.count)) transitions, the nearest:\n"
        for edge in unvisited.nearest {
            text += Self.wrapped("    \(edge.way.count) steps: ", edge.way)
        }
        return text
    }

    private var failureLines: String {
        failures.map { failure in
            var text = "  FAILED \(failure.what) in a \(failure.kind.rawValue) run, seed \(failure.seed), "
            text += "\(failure.actions.count) actions\n    \(failure.opinion)\n"
            text += Self.indented(failure.words, by: 4)
            text += Self.wrapped("    actions: ", failure.actions)
            if let file = failure.file {
                text += "    again: plait verify --compare --trace \(file) --seed \(failure.driverSeed)\n"
            }
            return text
        }.joined()
    }

    private var problemLines: String {
        "\n  DOES NOT HOLD\n" + problems.map { Self.indented("- " + $0, by: 4) }.joined()
    }

    // MARK: Words

    private static func count(_ number: Int) -> String { Readable.count(UInt64(max(0, number))) }

    private static func count(_ number: UInt64) -> String { Readable.count(number) }

    /// With one place; only all is 100 %.
    static func share(_ part: Int, _ whole: Int) -> String {
        guard whole > 0 else { return "-" }
        if part == whole { return "100 %" }
        let perMille = min(999, part * 1_000 / whole)
        if perMille == 0, part > 0 { return "<0.1 %" }
        return "\(perMille / 10).\(perMille % 10) %"
    }

    private static func cut(_ text: String, _ width: Int) -> String {
        text.count <= width ? text : text.prefix(width - 1) + "…"
    }

    /// At most 36 blocks, each the mean of as many numbers as it must stand for, to the scale of the largest.
    static func bars(_ numbers: [Int]) -> String {
        guard let most = numbers.max(), most > 0 else { return "" }
        let blocks = Array("▁▂▃▄▅▆▇█")
        let group = (numbers.count + 35) / 36
        var bars = ""
        for start in stride(from: 0, to: numbers.count, by: group) {
            let part = numbers[start..<min(numbers.count, start + group)]
            let sum = part.reduce(0, +)
            bars.append(sum == 0 ? "·" : blocks[min(7, sum * 8 / (most * part.count))])
        }
        return bars
    }

    static func indented(_ text: String, by count: Int) -> String {
        let blanks = String(repeating: " ", count: count)
        return text.split(separator: "\n").map { blanks + $0 + "\n" }.joined()
    }

    /// Words one after the other, broken before column 120.
    static func wrapped(_ start: String, _ words: [String]) -> String {
        let indent = String(repeating: " ", count: start.prefix { $0 == " " }.count + 2)
        var text = ""
        var line = start
        for (place, word) in words.enumerated() {
            let word = place == words.count - 1 ? word : word + ", "
            if line.count + word.count > 119, line.contains(where: { $0 != " " }) {
                while line.last == " " { line.removeLast() }
                text += line + "\n"
                line = indent
            }
            line += word
        }
        return text + line + "\n"
    }
}
