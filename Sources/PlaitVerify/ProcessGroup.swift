import Glibc
import PlaitRun

/// Another program at work, with whatever it starts in turn: together they are a process group of their own, so that
/// all of them can be ended, and a key pressed at the terminal ends none of them behind our back.
struct ProcessGroup: Sendable {
    /// How the program ended.
    enum End: Hashable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    /// What it reads from and writes to; `/dev/null` where nothing is named.
    struct Streams {
        var input: Int32?
        var output: Int32
        var errors: Int32?
    }

    /// Of the program, and of the group.
    private let identifier: pid_t

    /// Begins `program`, a full path. Of ours it gets these streams, this environment, and every other descriptor that
    /// is not closed at its start. Signals mean to it what they mean to a program at a new terminal, whatever this
    /// process ignores or holds back.
    init(
        _ program: String,
        _ arguments: [String],
        environment: [String],
        streams: Streams
    ) throws(SystemError) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (target, source) in [
            (STDIN_FILENO, streams.input), (STDOUT_FILENO, streams.output), (STDERR_FILENO, streams.errors),
        ] {
            if let source {
                unsafe posix_spawn_file_actions_adddup2(&actions, source, target)
            } else {
                let mode = target == STDIN_FILENO ? O_RDONLY : O_WRONLY
                unsafe posix_spawn_file_actions_addopen(&actions, target, "/dev/null", mode, 0)
            }
        }

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = Int32(POSIX_SPAWN_SETPGROUP) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        var words = unsafe Self.pointers([program] + arguments)
        var surroundings = unsafe Self.pointers(environment)
        defer {
            unsafe words.forEach { unsafe free($0) }
            unsafe surroundings.forEach { unsafe free($0) }
        }
        var identifier = pid_t()
        let code = unsafe posix_spawn(&identifier, program, &actions, &attributes, &words, &surroundings)
        guard code == 0 else { throw SystemError(code) }
        self.identifier = identifier
    }

    /// Two ends of a line to it. Other children do not get them: they would hold them open for as long as they live.
    static func connection() throws(SystemError) -> (ours: Int32, its: Int32) {
        var ends: [2 of Int32] = [-1, -1]
        var both = ends.mutableSpan
        let code = unsafe both.withUnsafeMutableBufferPointer { ends in
            unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, ends.baseAddress)
        }
        guard code == 0 else { throw .last }
        return (ends[0], ends[1])
    }

    /// As C wants them: the last one is none.
    private static func pointers(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
        unsafe words.map { unsafe strdup($0) } + [nil]
    }

    /// Ends the whole group by force. Only before `end` told how it ended: afterwards the number may be somebody
    /// else's.
    func kill() { _ = Glibc.kill(-identifier, SIGKILL) }

    /// How it ended; nil while it runs, if nobody `waits` for it.
    func end(waits: Bool) -> End? {
        var status: Int32 = 0
        var ended = pid_t()
        repeat { ended = unsafe waitpid(identifier, &status, waits ? 0 : WNOHANG) } while ended < 0 && errno == EINTR
        if ended == 0 { return nil }
        // Somebody else's waiting took it; how it ended is not known.
        guard ended == identifier else { return .signalled(SIGKILL) }
        return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
    }
}
