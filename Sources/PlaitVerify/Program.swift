import Glibc
package import PlaitRun

/// A program that is begun and waited for, and says nothing.
package enum Program {
    /// Runs `program`, a full path. It sees no environment, reads nothing, and what it writes to its streams is
    /// dropped.
    ///
    /// - Returns: Whether it ended with exit status 0.
    package static func succeeds(_ program: String, _ arguments: [String]) throws(SystemError) -> Bool {
        let nothing = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard nothing >= 0 else { throw .last }
        defer { _ = close(nothing) }
        let streams = ProcessGroup.Streams(output: nothing)
        return try ProcessGroup(program, arguments, environment: [], streams: streams).end(waits: true) == .exited(0)
    }
}
