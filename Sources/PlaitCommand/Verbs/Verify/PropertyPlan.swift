import PlaitCore
import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitVerify

/// How the command line wants properties tried.
struct PropertyPlan {
    private let action: VerifyAction
    private let firstSeed: UInt64
    private let cases: Int?
    private let time: Int64?
    private let workers: Int
    private let replay: RegressionCase?
    private let regressions: [RegressionCase]

    /// More would run for years.
    private static let casesMax: UInt64 = 1_000_000_000
    /// Without `--cases`, a campaign ends when so many cases showed nothing new.
    private static let saturation = 2_000

    init(_ action: VerifyAction, _ chosen: [Property]) throws(CommandError) {
        self.action = action
        let arguments = action.arguments
        for option in ["seeds", "packets"] where arguments.value(option) != nil {
            throw CommandError(.usage, "--\(option) means nothing to properties", remedy: "leave it out")
        }
        firstSeed =
            try arguments.value("seed").map { text throws(CommandError) in
                try RunOptions.number(text, "--seed")
            } ?? 1
        cases = try arguments.value("cases").map(Self.cases)
        time = try arguments.value("time").map(Self.time)
        workers = try action.workers()
        let files = action.context.files
        replay = try arguments.value("replay").map { path throws(CommandError) in
            try Self.regression(path, files)
        }
        regressions = try Self.committed(files)
        if let replay, chosen.count != 1 || chosen[0].name != replay.property {
            throw CommandError(
                .usage,
                "the case is one of \(Printable.quoted(replay.property))",
                remedy: "write --property \(Printable.plain(replay.property))"
            )
        }
    }

    static func cases(_ text: String) throws(CommandError) -> Int {
        let count = try RunOptions.number(text, "--cases")
        guard count >= 1, count <= casesMax else {
            throw CommandError(.usage, "--cases takes a number from 1 to \(casesMax), not \(count)")
        }
        return Int(count)
    }

    /// Nanoseconds: `90s`, `10m`, `1h`.
    static func time(_ text: String) throws(CommandError) -> Int64 {
        let digits = text.prefix { $0.isNumber }
        let units: [(String, Int64)] = [
            ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
            ("min", 60_000_000_000), ("h", 3_600_000_000_000),
        ]
        let unit = units.first { $0.0 == text.dropFirst(digits.count) }
        guard let unit, let count = Int64(digits), count >= 1, count <= 1_000_000 else {
            throw CommandError(
                .usage,
                "--time takes a time, not \(Printable.quoted(text))",
                remedy: "write --time 30s, 10m or 2h"
            )
        }
        return count * unit.1
    }

    // MARK: The database

    /// Cases in the checkout's own folder; none when the program stands alone.
    private static func committed(_ files: FileScenarioSource) throws(CommandError) -> [RegressionCase] {
        guard let library = files.library else { return [] }
        let folder = FilePath.joined(library, "../Tests/PlaitVerifyTests/Regressions")
        guard FileScenarioSource.kind(of: folder) == .folder else { return [] }
        var cases: [RegressionCase] = []
        for name in files.fileNames(in: folder) where name.hasSuffix(RegressionCase.suffix) {
            cases.append(try regression(FilePath.joined(folder, name), files))
        }
        return cases
    }

    private static func regression(_ path: String, _ files: FileScenarioSource) throws(CommandError) -> RegressionCase {
        let bytes: [UInt8]?
        do throws(ScenarioSourceError) {
            bytes = try files.bytes(of: path)
        } catch {
            throw CommandError(.noInput, "\(Printable.quoted(path)) cannot be read: \(error.message)")
        }
        guard let bytes else { throw CommandError(.noInput, "there is no file \(Printable.quoted(path))") }
        do throws(RegressionError) {
            return try RegressionCase(name: FilePath.stem(of: path), text: String(decoding: bytes, as: UTF8.self))
        } catch {
            let place = Printable.plain(path) + ":\(error.line)"
            throw CommandError(.badData, "\(place): \(Printable.plain(error.message))")
        }
    }

    // MARK: Trying

    /// `remaining` properties, this one included, share the time that is left.
    func result(of property: Property, remaining: Int) throws(CommandError) -> PropertyResult {
        let watch = Stopwatch()
        let bar = ProgressBar(
            console: action.context.console,
            runs: max(1, cases ?? property.casesUsual),
            end: .start,
            isWanted: !action.arguments.flag("no-progress"),
            elapsed: { watch.nanoseconds }
        )
        let most = max(1, cases ?? property.casesUsual)
        var campaign = PropertyCampaign(
            property,
            firstSeed: firstSeed,
            cases: cases ?? (time == nil ? property.casesUsual : Int(Self.casesMax)),
            workers: workers
        )
        campaign.saturation = cases == nil ? Self.saturation : nil
        campaign.timeMax = time.map { max(1, ($0 - action.watch.nanoseconds) / Int64(remaining)) }
        campaign.elapsed = { watch.nanoseconds }
        let running = RunningCases(property, firstSeed: firstSeed, in: action.folder)
        try running.tellOfTheLast(action.context)
        campaign.progress = { done in
            running.note(done)
            bar.report(run: min(max(0, done - 1), most - 1), now: .never, events: 0)
            return !Interruption.isRequested
        }
        campaign.regressions = regressions
        if let replay {
            campaign.regressions = [replay]
            campaign.cases = 0
        }
        let report = campaign.run()
        bar.clear()
        try running.end()
        let files = try report.failures.enumerated().map { index, found throws(CommandError) in
            try write(found, of: property, index)
        }
        return PropertyResult(report: report, files: files, nanoseconds: watch.nanoseconds, isReplay: replay != nil)
    }

    private func write(_ found: FoundCase, of property: Property, _ index: Int) throws(CommandError) -> CaseFiles {
        let folder = action.folder + "/failures"
        let name = property.name + (index == 0 ? "" : "-\(index + 1)")
        let replay = "\(folder)/\(name)\(RegressionCase.suffix)"
        let scenario = found.document == nil ? nil : "\(folder)/\(name).yaml"
        do throws(FileError) {
            try makeFolder(folder)
            try Self.write(RegressionCase(found, of: property, name: name).text, to: replay)
            if let scenario, let document = found.document {
                try Self.write(document.scenario.briefText, to: scenario)
            }
        } catch {
            throw CommandError(.cannotCreate, error.description)
        }
        return CaseFiles(replay: replay, scenario: scenario)
    }

    private static func write(_ text: String, to path: String) throws(FileError) {
        var bytes = Text()
        bytes.append(text)
        try FileSink.write(bytes, to: path)
    }
}

/// What came of one property.
struct PropertyResult {
    let report: CampaignReport
    /// One for each of the report's failures.
    let files: [CaseFiles]
    let nanoseconds: Int64
    let isReplay: Bool

    var casesPerSecond: Int64 {
        Int64(report.cases) * 1_000_000_000 / max(1, nanoseconds)
    }

    var verdict: String {
        if !report.failures.isEmpty { return "FAILED" }
        return report.problems.isEmpty ? "holds" : "UNHEALTHY"
    }

    /// The verdict, and whether it is one of the campaign's health as well.
    var words: String {
        verdict + (verdict == "holds" && !isReplay && !report.isHealthJudged ? ", health not judged" : "")
    }
}
