/// What became of a path.
package struct PathEvent: Hashable, Sendable, BitwiseCopyable {
    /// What happened to it.
    package enum What: Hashable, Sendable, BitwiseCopyable {
        /// It is known here, and is being validated.
        case opened
        /// It may carry data.
        case validated
        /// It did not answer for a probe timeout: what was on it goes elsewhere.
        case suspected
        /// It did answer after all.
        case recovered
        /// It is used no more but for probes.
        case failed
        /// It answered a probe after it had failed.
        case returned
        /// Either end wishes it to be kept in reserve, or no longer does.
        case statusChanged(isBackup: Bool)
        /// Its peer has another address, which was validated.
        case rebound
        /// Packets of so many bytes go over it from now on, because larger ones arrive, or no longer do.
        case packetSizeChanged(to: Int)
        /// It is over.
        case abandoned(code: UInt64)
    }

    package let path: PathID
    package let what: What

    package init(path: PathID, what: What) {
        self.path = path
        self.what = what
    }
}

/// Why a call about a path was refused.
public enum PathError: Error, Hashable, Sendable {
    /// The connection is not established, or over.
    case noConnection
    /// Only the client opens paths: the server cannot know which of its addresses the client reaches.
    case notTheClient
    /// There is a path between these addresses.
    case open
    /// The two ends allow no more paths at a time.
    case limit
    /// There is no such path, or it was abandoned.
    case unknown
    /// The only path that works cannot be given up; close the connection instead.
    case last
}
