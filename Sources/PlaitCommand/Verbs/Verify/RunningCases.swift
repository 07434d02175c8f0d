import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitVerify
import Synchronization

/// Which cases are being tried, in a file that outlives the process: a `precondition` that does not hold ends it, and
/// whoever starts the next run is told how to see that again.
final class RunningCases: Sendable {
    private let property: Property
    private let firstSeed: UInt64
    private let folder: String
    private var path: String { "\(folder)/running-\(property.name).txt" }
    private let failure = Mutex<FileError?>(nil)

    init(_ property: Property, firstSeed: UInt64, in folder: String) {
        self.property = property
        self.firstSeed = firstSeed
        self.folder = folder
    }

    /// Says which cases were under way when the last run of the property ended, if it was not by itself.
    func tellOfTheLast(_ context: Context) throws(CommandError) {
        do throws(FileError) {
            try makeFolder(folder)
        } catch {
            throw CommandError(.cannotCreate, error.description)
        }
        do throws(ScenarioSourceError) {
            guard let bytes = try context.files.bytes(of: path) else { return }
            let command = Printable.plain(String(decoding: bytes, as: UTF8.self))
            context.console.errors.write("the last run ended in the middle of a case: \(command)\n")
        } catch {
            throw CommandError(.noInput, "\(Printable.quoted(path)) cannot be read: \(error.message)")
        }
    }

    /// So many cases are done, and the next ones begin.
    func note(_ done: Int) {
        let seed = firstSeed &+ UInt64(done)
        let command =
            "plait verify --property \(property.name) --seed \(seed) --cases \(PropertyCampaign.batch) --workers 1"
        do throws(FileError) {
            try ScratchFile.write(command, to: path)
        } catch {
            failure.withLock { $0 = $0 ?? error }
        }
    }

    func end() throws(CommandError) {
        do throws(FileError) {
            if let failure = failure.withLock({ $0 }) { throw failure }
            try removeFile(path)
        } catch {
            throw CommandError(.cannotCreate, error.description)
        }
    }
}
