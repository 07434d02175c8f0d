import Glibc
import PlaitRun

/// A program that is waited for, its two output streams read as they come.
struct ChildProcess: ~Copyable {
    private let group: ProcessGroup
    private let output: Int32
    private let errors: Int32

    /// Milliseconds between two questions whether it is still wanted.
    private static let patience: Int32 = 100
    private static let standardErrorLimit = 1 << 16

    /// Begins `program`, a full path. It sees the given environment and nothing else of ours, and reads nothing.
    init(_ program: String, _ arguments: [String], environment: [String]) throws(SystemError) {
        let out = try ProcessGroup.connection()
        defer { close(out.its) }
        do throws(SystemError) {
            let err = try ProcessGroup.connection()
            defer { close(err.its) }
            do throws(SystemError) {
                let streams = ProcessGroup.Streams(output: out.its, errors: err.its)
                group = try ProcessGroup(program, arguments, environment: environment, streams: streams)
            } catch {
                close(err.ours)
                throw error
            }
            (output, errors) = (out.ours, err.ours)
        } catch {
            close(out.ours)
            throw error
        }
    }

    /// Reads until it ends, or until it is no longer wanted and killed: then there is no `end`.
    consuming func run(
        isWanted: () -> Bool,
        output take: (ArraySlice<UInt8>) -> Void
    ) -> (end: ProcessGroup.End?, standardError: String) {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var standardError: [UInt8] = []
        var descriptors = [output, errors]
        var isKilled = false
        while descriptors.contains(where: { $0 >= 0 }) {
            if !isKilled, !isWanted() {
                group.kill()
                isKilled = true
            }
            var asked = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let ready = unsafe poll(&asked, nfds_t(asked.count), Self.patience)
            guard ready >= 0 || errno == EINTR else { break }
            // Whoever left the group may hold the streams open for as long as he likes.
            if ready == 0, isKilled { break }
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
        let end = Self.wait(for: group, isWanted: isWanted, isKilled: &isKilled)
        return (isKilled ? nil : end, String(decoding: standardError, as: UTF8.self))
    }

    /// A process may close its streams and live on, so this asks again and again as well.
    private static func wait(
        for group: ProcessGroup,
        isWanted: () -> Bool,
        isKilled: inout Bool
    ) -> ProcessGroup.End {
        while true {
            if let end = group.end(waits: false) { return end }
            if !isKilled, !isWanted() {
                group.kill()
                isKilled = true
            }
            _ = poll(nil, 0, 5)
        }
    }
}
