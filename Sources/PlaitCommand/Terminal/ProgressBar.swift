package import PlaitCore
import Synchronization

/// A line on the terminal that says how far the work is. Workers report from any thread.
///
/// It shows itself only on a terminal and only after a second of work, at most ten times a second, and leaves nothing
/// behind.
package final class ProgressBar: Sendable {
    private let console: Console
    private let end: Int64
    private let elapsed: @Sendable () -> Int64
    private let isShown: Bool
    private let state: Mutex<State>

    private struct State {
        /// Virtual nanoseconds and events of each run so far.
        var runs: [(now: Int64, events: UInt64)]
        var virtual: Int128 = 0
        var events: UInt64 = 0
        var finished = 0
        var lastDrawn: Int64?
        /// The latest instant anybody reported.
        var now: Int64 = 0
    }

    private static let patience: Int64 = 1_000_000_000
    private static let spacing: Int64 = 100_000_000

    /// Each of the `runs` reports under its number from 0 and ends at the virtual time `end` at the latest; `elapsed`
    /// is wall-clock nanoseconds since the work began.
    package init(
        console: Console,
        runs: Int,
        end: Instant,
        isWanted: Bool = true,
        elapsed: @escaping @Sendable () -> Int64
    ) {
        precondition(runs > 0, "work without runs has no progress")
        self.console = console
        self.end = max(1, end.nanoseconds)
        self.elapsed = elapsed
        isShown = isWanted && console.errorsAreTerminal
        state = Mutex(State(runs: Array(repeating: (0, 0), count: runs)))
    }

    /// A run has come so far. At the end of its time, or later, it is over; `.never` says so of one that ends early.
    package func report(run: Int, now: Instant, events: UInt64) {
        state.withLock { state in
            if now.nanoseconds >= end, state.runs[run].now < end { state.finished += 1 }
            advance(&state, run, now.nanoseconds, events)
            draw(&state)
        }
    }

    /// Takes the line away. Call it before anything else is printed.
    package func clear() {
        state.withLock { state in
            if state.lastDrawn != nil { console.errors.write("\r\u{1B}[K") }
            state.lastDrawn = nil
        }
    }

    private func advance(_ state: inout State, _ run: Int, _ now: Int64, _ events: UInt64) {
        let now = min(now, end)
        state.virtual += Int128(now) - Int128(state.runs[run].now)
        state.events = state.events &+ events &- state.runs[run].events
        state.runs[run] = (now, events)
        state.now = now
    }

    private func draw(_ state: inout State) {
        guard isShown else { return }
        let elapsed = elapsed()
        guard elapsed >= Self.patience, elapsed - (state.lastDrawn ?? .min / 2) >= Self.spacing else { return }
        state.lastDrawn = elapsed
        let line = ProgressLine(
            done: Double(state.virtual) / (Double(end) * Double(state.runs.count)),
            now: Instant(nanoseconds: state.now),
            end: Instant(nanoseconds: end),
            runs: state.runs.count > 1 ? (state.finished, state.runs.count) : nil,
            events: state.events,
            elapsed: elapsed
        )
        console.errors.write("\r\(line.text(width: console.width - 1))\u{1B}[K")
    }
}

/// What the progress bar says at one moment.
package struct ProgressLine {
    /// From 0 to 1.
    package let done: Double
    package let now: Instant
    package let end: Instant
    /// Finished and all; `nil` when there is only one.
    package let runs: (finished: Int, all: Int)?
    package let events: UInt64
    /// Wall-clock nanoseconds.
    package let elapsed: Int64

    package init(
        done: Double,
        now: Instant,
        end: Instant,
        runs: (finished: Int, all: Int)?,
        events: UInt64,
        elapsed: Int64
    ) {
        self.done = min(max(done, 0), 1)
        self.now = now
        self.end = end
        self.runs = runs
        self.events = events
        self.elapsed = elapsed
    }

    /// At most `width` columns; what does not fit is left out from the end.
    package func text(width: Int) -> String {
        let percent = String(Int(done * 100)).leftPadded(to: 3) + " %"
        var parts = [runs.map { "\($0.finished) of \($0.all) runs" } ?? "\(tenths(now)) of \(tenths(end)) s"]
        parts.append(rate)
        if let remaining { parts.append("\(remaining) left") }
        var text = percent
        for part in parts where text.count + 2 + part.count <= width { text += "  " + part }
        let room = min(30, width - text.count - 4)
        if room >= 10 {
            let filled = Int(done * Double(room))
            text =
                "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: room - filled) + "]  "
                + text
        }
        return String(text.prefix(max(0, width)))
    }

    /// `2.1 M events/s`
    private var rate: String {
        let perSecond = Double(events) * 1e9 / Double(max(1, elapsed))
        for (size, letter) in [(1e9, "G"), (1e6, "M"), (1e3, "k")] where perSecond >= size {
            let tenths = Int(perSecond / size * 10)
            return "\(tenths / 10).\(tenths % 10) \(letter) events/s"
        }
        return "\(Int(perSecond)) events/s"
    }

    /// `1:05`, `2:00:00`; `nil` while nothing can be said.
    private var remaining: String? {
        guard done >= 0.001 else { return nil }
        let seconds = Int((Double(elapsed) / 1e9 * (1 - done) / done).rounded(.up))
        let twoDigits = { (number: Int) in (number < 10 ? "0" : "") + String(number) }
        let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60)
        let short = "\(hours > 0 ? twoDigits(minutes) : String(minutes)):\(twoDigits(seconds % 60))"
        return hours > 0 ? "\(hours):" + short : short
    }

    /// Virtual seconds, `6.2`.
    private func tenths(_ instant: Instant) -> String {
        let tenths = instant.nanoseconds / 100_000_000
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
