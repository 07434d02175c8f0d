import Glibc
import Synchronization

/// A process of our own, its two output streams read as they come.
struct ChildProcess: ~Copyable {
    /// How it ended.
    enum End: Hashable, Sendable {
        case exited(Int32)
        /// By a signal that was not ours.
        case signalled(Int32)
        /// By us, because `isWanted` said no.
        case killed
    }

    private let identifier: pid_t
    private let output: Int32
    private let errors: Int32

    /// Between making a pipe and keeping it from other children no other child may begin: it would hold the pipe
    /// open, and the reader would wait for that child as well.
    private static let spawning = Mutex(())

    /// Milliseconds between two questions whether it is still wanted.
    private static let patience: Int32 = 100
    private static let standardErrorLimit = 1 << 16

    /// Begins `program`, a full path. It sees the given environment and nothing else of ours, and reads nothing.
    init(_ program: String, _ arguments: [String], environment: [String]) throws(SpawnError) {
        let begun = Self.spawning.withLock { _ in Self.spawn(program, [program] + arguments, environment) }
        switch begun {
        case .success(let parts): (identifier, output, errors) = parts
        case .failure(let error): throw error
        }
    }

    /// Why no process began.
    struct SpawnError: Error, Hashable {
        let code: Int32
        var message: String { unsafe String(cString: strerror(code)) }
    }

    /// Reads until it ends, or until it is no longer wanted and killed.
    consuming func run(
        isWanted: () -> Bool,
        output take: (ArraySlice<UInt8>) -> Void
    ) -> (end: End, standardError: String) {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var standardError: [UInt8] = []
        var descriptors = [output, errors]
        var isKilled = false
        while descriptors.contains(where: { $0 >= 0 }) {
            if !isKilled, !isWanted() {
                // This process and no other; its own output ends with it, so the loop does.
                kill(identifier, SIGKILL)
                isKilled = true
            }
            var asked = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard unsafe poll(&asked, nfds_t(asked.count), Self.patience) >= 0 || errno == EINTR else { break }
            for place in asked.indices where descriptors[place] >= 0 && asked[place].revents != 0 {
                let count = unsafe read(descriptors[place], &chunk, chunk.count)
                if count > 0 {
                    if place == 0 {
                        take(chunk[..<count])
                    } else {
                        standardError += chunk[..<min(count, max(0, Self.standardErrorLimit - standardError.count))]
                    }
                } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
                    descriptors[place] = -1
                }
            }
        }
        close(output)
        close(errors)
        let status = Self.wait(for: identifier, isWanted: isWanted, isKilled: &isKilled)
        let end: End = isKilled ? .killed : status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
        return (end, String(decoding: standardError, as: UTF8.self))
    }

    /// A process may close its streams and live on, so this asks again and again as well.
    private static func wait(for identifier: pid_t, isWanted: () -> Bool, isKilled: inout Bool) -> Int32 {
        var status: Int32 = 0
        while true {
            let ended = unsafe waitpid(identifier, &status, WNOHANG)
            if ended == identifier { return status }
            // Somebody else's waiting took it; how it ended is not known.
            if ended < 0, errno != EINTR { return SIGKILL }
            if !isKilled, !isWanted() {
                kill(identifier, SIGKILL)
                isKilled = true
            }
            _ = poll(nil, 0, 5)
        }
    }

    private static func spawn(
        _ program: String,
        _ arguments: [String],
        _ environment: [String]
    ) -> Result<(pid_t, Int32, Int32), SpawnError> {
        var out: [Int32] = [-1, -1]
        var err: [Int32] = [-1, -1]
        guard unsafe pipe(&out) == 0 else { return .failure(SpawnError(code: errno)) }
        guard unsafe pipe(&err) == 0 else {
            let code = errno
            for descriptor in out { close(descriptor) }
            return .failure(SpawnError(code: code))
        }
        for descriptor in out + err { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }

        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO)

        var argumentPointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var environmentPointers = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer {
            for place in unsafe argumentPointers.indices { unsafe free(argumentPointers[place]) }
            for place in unsafe environmentPointers.indices { unsafe free(environmentPointers[place]) }
        }
        var identifier: pid_t = 0
        let code = unsafe posix_spawn(&identifier, program, &actions, nil, &argumentPointers, &environmentPointers)
        close(out[1])
        close(err[1])
        guard code == 0 else {
            close(out[0])
            close(err[0])
            return .failure(SpawnError(code: code))
        }
        return .success((identifier, out[0], err[0]))
    }
}
