import Glibc
import PlaitCore
package import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitSimulator

/// Why a row has no figures.
package enum PairError: Error {
    /// A scenario of this program's own making is refused, or a scheduler's name is.
    case scenario(String)
    /// Bytes were wrong, or time stood still.
    case wrong(String)
    case file(FileError)
}

/// Runs the fetches of one row, over all seeds.
struct PairTrial: Sendable {
    let row: PairRow
    let seeds: ClosedRange<UInt64>
    let workers: Int
    let registry: Registry
    let distributions: Distributions
    let files: FileScenarioSource
    /// The row's scenario, where `plait run` finds it too.
    let path: String

    /// Of the single paths, the better one is found on so many seeds; then only it goes on.
    static let seedsToChoose = 3
    /// A single path that takes so many times as long as the other one is not the better of the two.
    private static let hopeless: Int64 = 3

    /// Nil when `goesOn` said no.
    func perform(_ schedulers: [String], goesOn: @escaping @Sendable () -> Bool) throws(PairError) -> PairTimes? {
        let rates = try [row.first, row.second].map { preset throws(PairError) in try rate(of: preset) }
        do throws(FileError) {
            try ScratchFile.write(row.text(rates: rates), to: path)
        } catch {
            throw .file(error)
        }
        guard var times = try single(rates, goesOn) else { return nil }
        for scheduler in schedulers {
            guard let own = try run(.scheduler(scheduler), over: seeds, goesOn) else { return nil }
            times.schedulers.append((scheduler, own))
        }
        return times
    }

    /// The better of the two paths alone.
    private func single(_ rates: [Rate], _ goesOn: @escaping @Sendable () -> Bool) throws(PairError) -> PairTimes? {
        let last = seeds.lowerBound + (UInt64(min(seeds.count, Self.seedsToChoose)) - 1)
        let few = seeds.lowerBound...last
        guard let first = try run(.firstAlone, over: few, goesOn) else { return nil }
        let longest = first.map(\.nanoseconds).max() ?? 0
        let stop = min(longest * Self.hopeless / 1_000_000_000 + 1, PairRow.patience.nanoseconds / 1_000_000_000)
        guard let second = try run(.secondAlone, over: few, goesOn, stop: stop) else { return nil }
        let isFirst = PairTimes.meanLog(first) <= PairTimes.meanLog(second)
        var times = isFirst ? first : second
        if last < seeds.upperBound {
            let rest = (last + 1)...seeds.upperBound
            guard let more = try run(isFirst ? .firstAlone : .secondAlone, over: rest, goesOn) else { return nil }
            times += more
        }
        return PairTimes(seeds: seeds, single: isFirst ? row.first : row.second, singleTimes: times)
    }

    /// Tells one text of the row's presets from another: times over other links are not its own.
    func presetsMark() throws(PairError) -> String {
        var hash = RunningHash()
        for preset in [row.first, row.second] {
            let text: [UInt8]?
            let place = try place(of: preset)
            do throws(ScenarioSourceError) { text = try files.bytes(of: place) } catch {
                throw .scenario("\(preset): \(error.message)")
            }
            guard let text else { throw .scenario("the preset '\(preset)' is not there") }
            hash.fold(String(decoding: text, as: UTF8.self))
        }
        return String(hash.description.prefix(16))
    }

    private func place(of preset: String) throws(PairError) -> String {
        guard let library = files.library else { throw .scenario("the folder of presets is not there") }
        return "\(library)/presets/\(preset).yaml"
    }

    private func rate(of preset: String) throws(PairError) -> Rate {
        let reader = ScenarioReader(source: files, vocabulary: registry.vocabulary)
        let place = try place(of: preset)
        do throws(Diagnostics) {
            return try reader.readPreset(place).forward.rate
        } catch {
            throw .scenario(error.entries.map(\.message).joined(separator: "; "))
        }
    }

    private func run(
        _ contender: PairContender,
        over seeds: ClosedRange<UInt64>,
        _ goesOn: @escaping @Sendable () -> Bool,
        stop: Int64? = nil
    ) throws(PairError) -> [PairTime]? {
        var overrides = [contender.override]
        if let stop { overrides.append("stop.time=\(stop) s") }
        let scenario: Scenario
        do throws(Diagnostics) {
            let reader = ScenarioReader(source: files, vocabulary: registry.vocabulary)
            scenario = try reader.read(path, overrides: overrides).scenario
        } catch {
            throw .scenario(error.entries.map(\.message).joined(separator: "; "))
        }
        let results = SeedPool.map(seeds, workers: workers, progress: { _ in goesOn() }) {
            [registry, distributions] seed in Self.time(of: scenario, seed: seed, registry, distributions)
        }
        guard let results else { return nil }
        var times: [PairTime] = []
        for result in results { times.append(try result.get()) }
        return times
    }

    /// From the first packet until the last byte was read.
    private static func time(
        of scenario: Scenario,
        seed: UInt64,
        _ registry: Registry,
        _ distributions: Distributions
    ) -> Result<PairTime, PairError> {
        let blueprint: Blueprint
        do throws(BlueprintErrors) {
            blueprint = try Blueprint(scenario, seed: seed, registry: registry, distributions: distributions)
        } catch {
            return .failure(.scenario(error.errors.map(\.message).joined(separator: "; ")))
        }
        let outcome = Execution(blueprint, checksLaws: false).run()
        let wrong = "\(scenario.name), seed \(seed): "
        if let failure = outcome.workFailures.first { return .failure(.wrong(wrong + failure)) }
        if case .stalled(let culprit) = outcome.stop { return .failure(.wrong(wrong + "time stood still: \(culprit)")) }
        guard let work = outcome.summary.work else { return .failure(.wrong(wrong + "there was no work")) }
        let isComplete = work.finished.allSatisfy(\.self)
        let whole = isComplete ? work.completion?.nanoseconds : nil
        return .success(PairTime(nanoseconds: whole ?? scenario.stop.time.nanoseconds, isComplete: whole != nil))
    }
}
