/// What the exit status of `plait` says. This is the only table of them; `plait help exit` prints it.
package enum ExitStatus: Int32, CaseIterable, Sendable {
    case success = 0
    case failed = 1
    case usage = 64
    case badData = 65
    case noInput = 66
    case unavailable = 69
    case buildFailed = 70
    case cannotCreate = 73
    case outputFailed = 74
    case interrupted = 130

    /// One line for `plait help exit`.
    package var meaning: String {
        switch self {
        case .success: "what was asked for was done, and everything that was to hold holds"
        case .failed: "an expectation or a law does not hold, or two runs are not the same"
        case .usage: "the command line is not understood"
        case .badData: "a file was read but says something wrong"
        case .noInput: "a file or folder is missing or cannot be read"
        case .unavailable: "a package, the compiler, or TLC is missing"
        case .buildFailed: "the build failed (from scripts/plait only)"
        case .cannotCreate: "a result file or folder cannot be made"
        case .outputFailed: "writing failed: the disk is full, or nobody reads"
        case .interrupted: "stopped by Ctrl-C, SIGTERM or a closed terminal; nothing was written"
        }
    }
}

/// Why a verb gave up: what was wrong, and what to do about it.
package struct CommandError: Error, Hashable, Sendable {
    package let status: ExitStatus
    package let message: String
    package let remedy: String?

    package init(_ status: ExitStatus, _ message: String, remedy: String? = nil) {
        self.status = status
        self.message = message
        self.remedy = remedy
    }
}
