import Glibc
import PlaitStatistics

/// The rows of one work and one buffer, as Markdown, with what they support in words.
package struct PairTable: Sendable {
    package let work: PairRow.Work
    package let buffer: PairRow.Buffer
    package let verdicts: [PairVerdict]
    private let schedulers: [String]

    package init(_ work: PairRow.Work, _ buffer: PairRow.Buffer, _ verdicts: [PairVerdict]) {
        self.work = work
        self.buffer = buffer
        self.verdicts = verdicts.filter { $0.row.work == work && $0.row.buffer == buffer }
        schedulers = self.verdicts.first?.times.schedulers.map(\.name) ?? []
    }

    // MARK: What is asked

    private var count: Int { verdicts.count }
    package var keepsUp: Int { verdicts.count { $0.keepsUp } }
    package var notWorse: Int { verdicts.count { !$0.isWorse } }
    package var better: Int { verdicts.count { $0.isBetter } }

    /// On all pairs; on 34 of 36; on 12 of 36. Of fewer pairs the same shares.
    package var keepsUpWanted: Int { count }
    package var notWorseWanted: Int { count - count * 2 / 36 }
    package var betterWanted: Int { count * 12 / 36 }

    package var holds: Bool {
        keepsUp >= keepsUpWanted && notWorse >= notWorseWanted && better >= betterWanted
    }

    // MARK: In words

    package var title: String {
        switch work {
        case .bulk: "One transfer, \(buffer) buffer"
        case .objects: "Objects of 100 kB, \(buffer) buffer"
        }
    }

    /// What the table supports.
    package var sentences: String {
        guard let own = schedulers.first, count > 0 else { return "" }
        var text = "`\(own)` is "
        text += "certainly not more than 5 % below the better path alone on "
        text += "\(keepsUp) of \(count) pairs\(mark(keepsUp, keepsUpWanted)), "
        text += "not worse than the best of the other schedulers on \(notWorse)\(mark(notWorse, notWorseWanted)), "
        text += "and better on \(better)\(mark(better, betterWanted)).\n"
        for (place, name) in schedulers.enumerated().dropFirst() {
            let below = verdicts.filter { $0.againstSingle[place].upper < 0 }
            let least = below.min { $0.againstSingle[place].estimate < $1.againstSingle[place].estimate }
            text += "`\(name)` is below the better path alone on \(below.count)"
            if let least {
                text += ", by \(Self.percent(-Self.share(least.againstSingle[place].estimate))) on \(least.row.pair)"
            }
            text += ".\n"
        }
        return text
    }

    private func mark(_ found: Int, _ wanted: Int) -> String {
        found >= wanted ? " (wanted \(wanted))" : " (wanted \(wanted), MISSED)"
    }

    // MARK: As a table

    package var markdown: String {
        guard let own = schedulers.first else { return "" }
        var text = "## \(title)\n\n\(sentences)\n"
        let head = ["pair", "better alone", "s"] + schedulers + ["best other", "\(own) against it", ""]
        text += "| \(head.joined(separator: " | ")) |\n|\(head.map { _ in "---" }.joined(separator: "|"))|\n"
        for verdict in verdicts { text += "| \(cells(of: verdict).joined(separator: " | ")) |\n" }
        return text
    }

    private func cells(of verdict: PairVerdict) -> [String] {
        var cells = [verdict.row.pair, verdict.times.single, Self.fixed(PairTimes.mean(verdict.times.singleTimes), 2)]
        for interval in verdict.againstSingle {
            cells.append(Self.signed(Self.share(interval.estimate)) + (interval.upper < 0 ? " ▼" : ""))
        }
        if let best = verdict.best {
            let (low, high) = (Self.share(best.interval.lower), Self.share(best.interval.upper))
            cells.append(best.name)
            cells.append(
                "\(Self.signed(Self.share(best.interval.estimate))) (\(Self.signed(low)) to \(Self.signed(high)))"
            )
        } else {
            cells += ["", ""]
        }
        var notes: [String] = []
        if !verdict.keepsUp { notes.append("perhaps more than 5 % below alone") }
        if verdict.isWorse { notes.append("worse") }
        if verdict.isBetter { notes.append("better") }
        if verdict.unfinished > 0 { notes.append("\(verdict.unfinished) unfinished") }
        return cells + [notes.joined(separator: ", ")]
    }

    /// Of a logarithm: how much faster.
    private static func share(_ logarithm: Double) -> Double { exp(logarithm) - 1 }

    private static func signed(_ share: Double) -> String {
        (share < 0 ? "-" : "+") + fixed(abs(share) * 100, 1) + " %"
    }

    private static func percent(_ share: Double) -> String { fixed(share * 100, 0) + " %" }

    private static func fixed(_ value: Double, _ places: Int) -> String {
        var scale: Int64 = 1
        for _ in 0..<places { scale *= 10 }
        let digits = Int64((value * Double(scale)).rounded())
        guard places > 0 else { return String(digits) }
        let rest = String(digits % scale)
        return "\(digits / scale)." + String(repeating: "0", count: places - rest.count) + rest
    }
}
