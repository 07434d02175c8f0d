import Glibc
import PlaitCore
import PlaitRun

/// Tells one build of the running program from another, by its file's bytes.
package enum ProgramMark {
    /// Hexadecimal digits; `unknown` where the program cannot be read.
    package static var digits: String {
        guard let path = FileScenarioSource.executable else { return "unknown" }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "unknown" }
        defer { close(descriptor) }
        var hash = RunningHash()
        var words = [UInt64](repeating: 0, count: 1 << 13)
        while true {
            let count = unsafe words.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? String(hash.description.prefix(16)) : "unknown" }
            // What an earlier round left behind the end of a short one is folded, too: a file gives the same rounds.
            for word in words[..<((count + 7) / 8)] { hash.fold(word, UInt64(count)) }
        }
    }
}
