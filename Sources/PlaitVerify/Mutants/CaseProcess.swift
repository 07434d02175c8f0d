import Glibc
import PlaitRun
import Synchronization

/// Another run of a program, mostly of this one, which is asked and answers line by line; it may end at any time.
final class CaseProcess: Sendable {
    private let process: ProcessGroup
    private let connection: Int32
    /// What was read and is not yet a line.
    private let pending = Mutex<[UInt8]>([])
    private let isReaped = Mutex(false)

    /// Starts `program` with `arguments`. What it writes to its standard error is lost.
    init(_ program: String, arguments: [String]) throws(SystemError) {
        let (ours, its) = try ProcessGroup.connection()
        connection = ours
        defer { close(its) }
        do throws(SystemError) {
            process = try ProcessGroup(
                program,
                arguments,
                // Else each crash is looked into for a third of a second, and may wait for somebody's key.
                environment: ["SWIFT_BACKTRACE=enable=no"],
                streams: ProcessGroup.Streams(input: its, output: its)
            )
        } catch {
            close(ours)
            throw error
        }
    }

    deinit {
        close(connection)
        // It may be at work, or hang.
        if !isReaped.withLock({ $0 }) {
            process.kill()
            _ = process.end(waits: true)
        }
    }

    /// False if it is gone.
    func write(_ line: String) -> Bool {
        let bytes = Array((line + "\n").utf8)
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.span.extracting(sent...).withUnsafeBytes { bytes in
                // A child that is gone must not end this process with a signal.
                unsafe send(connection, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// What came of waiting for a line.
    enum Reading: Hashable {
        case line(String)
        /// It is gone, and said nothing more.
        case ended
        case silent
    }

    /// The next line. It may be silent for so long in a row.
    func readLine(milliseconds: Int32) -> Reading {
        while true {
            if let line = takeLine() { return .line(line) }
            var wanted = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&wanted, 1, milliseconds)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return .silent }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(connection, $0.baseAddress, $0.count, 0) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return .ended }
            pending.withLock { $0 += buffer[..<count] }
        }
    }

    private func takeLine() -> String? {
        pending.withLock { pending in
            guard let end = pending.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            let line = String(decoding: pending[..<end], as: UTF8.self)
            pending.removeSubrange(...end)
            return line
        }
    }

    /// How a process ended.
    struct Ending: Hashable {
        let words: String
        /// Whether what it did ended it: a check of its own, or a wrong access. An exit by itself, or a signal from
        /// somebody else (no memory left, a hand on the keyboard), says nothing of the case.
        let isCrash: Bool
    }

    private static let crashes: [Int32] = [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE]

    /// How it ended, after `ended`.
    func ending() -> Ending {
        let end = process.end(waits: true)
        isReaped.withLock { $0 = true }
        switch end {
        case nil: preconditionFailure("a process that is waited for has ended")
        case .exited(let status): return Ending(words: "it exited with status \(status)", isCrash: false)
        case .signalled(let signal):
            // What Swift's checks come down to in an optimised build.
            let isCheck = signal == SIGILL || signal == SIGTRAP
            return Ending(
                words: isCheck ? "a check of its own ended the process" : "signal \(signal) ended the process",
                isCrash: Self.crashes.contains(signal)
            )
        }
    }
}
