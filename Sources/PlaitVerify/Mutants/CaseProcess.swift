import Glibc
import PlaitRun
import Synchronization

/// Another run of a program, mostly of this one, which is asked and answers line by line; it may end at any time.
final class CaseProcess: Sendable {
    private let process: pid_t
    private let connection: Int32
    /// What was read and is not yet a line.
    private let pending = Mutex<[UInt8]>([])
    private let isReaped = Mutex(false)

    /// Starts `program` with `arguments`. What it writes to its standard error is lost.
    init(_ program: String, arguments: [String]) throws(SystemError) {
        var ends: [2 of Int32] = [-1, -1]
        var both = ends.mutableSpan
        let code = unsafe both.withUnsafeMutableBufferPointer { ends in
            unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, ends.baseAddress)
        }
        guard code == 0 else { throw .last }
        connection = ends[0]
        defer { close(ends[1]) }
        do throws(SystemError) { process = try Self.spawn(program, arguments, speakingTo: ends[1]) } catch {
            close(ends[0])
            throw error
        }
    }

    deinit {
        close(connection)
        // It may be at work, or hang.
        if !isReaped.withLock({ $0 }) {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
    }

    private static func spawn(
        _ program: String,
        _ arguments: [String],
        speakingTo end: Int32
    ) throws(SystemError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, end, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, end, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        let words = unsafe Self.strings([program] + arguments)
        // Else each crash is looked into for a third of a second, and may wait for somebody's key.
        let surroundings = unsafe Self.strings(["SWIFT_BACKTRACE=enable=no"])
        defer {
            unsafe words.forEach { unsafe free($0) }
            unsafe surroundings.forEach { unsafe free($0) }
        }
        var process = pid_t()
        let code = unsafe posix_spawn(
            &process,
            program,
            &actions,
            nil,
            words,
            surroundings
        )
        guard code == 0 else { throw SystemError(code) }
        return process
    }

    /// As C wants them: pointers that end with none.
    private static func strings(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
        unsafe words.map { unsafe strdup($0) } + [nil]
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
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        isReaped.withLock { $0 = true }
        let signal = status & 0x7F
        guard signal != 0 else {
            return Ending(words: "it exited with status \(status >> 8 & 0xFF)", isCrash: false)
        }
        // What Swift's checks come down to in an optimised build.
        let isCheck = signal == SIGILL || signal == SIGTRAP
        return Ending(
            words: isCheck ? "a check of its own ended the process" : "signal \(signal) ended the process",
            isCrash: Self.crashes.contains(signal)
        )
    }
}
