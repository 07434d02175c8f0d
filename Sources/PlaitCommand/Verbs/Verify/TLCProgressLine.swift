import PlaitReport
import PlaitVerify
import Synchronization

/// A line on the terminal that says how far TLC is. It shows itself only on a terminal, and leaves nothing behind.
///
///     2 of 9  Stream/Safety: diameter 12, 34,012 states, 501 queued, 1,210,000/min | Stream/Graph: ...
final class TLCProgressLine: Sendable {
    private let console: Console
    private let all: Int
    private let isShown: Bool
    private let elapsed: @Sendable () -> Int64
    private let state = Mutex(State())

    private struct State {
        var ended = 0
        /// Those that run now, in the order in which they began.
        var running: [(job: Int, name: String, progress: TLCProgress?)] = []
        var lastDrawn: Int64 = .min / 2
        var isDrawn = false
    }

    private static let spacing: Int64 = 200_000_000

    init(console: Console, all: Int, isWanted: Bool, elapsed: @escaping @Sendable () -> Int64) {
        self.console = console
        self.all = all
        self.elapsed = elapsed
        isShown = isWanted && console.errorsAreTerminal
    }

    func tell(_ event: ModelChecks.Event) {
        guard isShown else { return }
        state.withLock { state in
            switch event {
            case .began(let job, let configuration, let module):
                state.running.append((job, "\(module)/\(configuration.name)", nil))
            case .progress(let job, let progress):
                guard let place = state.running.firstIndex(where: { $0.job == job }) else { return }
                state.running[place].progress = progress
            case .ended(let job, _):
                state.running.removeAll { $0.job == job }
                state.ended += 1
            }
            let now = elapsed()
            guard now - state.lastDrawn >= Self.spacing else { return }
            (state.lastDrawn, state.isDrawn) = (now, true)
            let line = Self.text(ended: state.ended, all: all, state.running.map { ($0.name, $0.progress) })
            console.errors.write("\r\(line.prefix(max(0, console.width - 1)))\u{1B}[K")
        }
    }

    /// Takes the line away.
    func clear() {
        state.withLock { state in
            if state.isDrawn { console.errors.write("\r\u{1B}[K") }
            state.isDrawn = false
        }
    }

    static func text(ended: Int, all: Int, _ running: [(name: String, progress: TLCProgress?)]) -> String {
        let parts = running.map { name, progress in
            guard let progress else { return name }
            func count(_ number: Int) -> String { Readable.count(UInt64(max(0, number))) }
            var text = "\(name): diameter \(progress.diameter), \(count(progress.distinct)) states"
            text += ", \(count(progress.queue)) queued"
            return text + (progress.ratePerMinute.map { ", \(count($0))/min" } ?? "")
        }
        return "\(ended) of \(all)  " + parts.joined(separator: " | ")
    }
}
