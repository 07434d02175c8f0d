package import PlaitCore

/// What an application wants done, besides its bytes.
package struct OperationRequest: Hashable, Sendable, BitwiseCopyable {
    /// What it is, in the application's own numbers.
    package var kind: UInt32
    /// Of operations of one stream and one priority each begins only when the one before has ended.
    package var stream: UInt64
    /// 0 is the most urgent, `OperationQueue.priorities - 1` the least.
    package var priority: UInt8
    /// Whoever asked no longer wants it then. `.never` for whoever waits for ever.
    package var deadline: Instant
    /// Whether doing it twice is as good as once. If not, it is begun at most once.
    package var isRepeatable: Bool

    package init(
        kind: UInt32 = 0,
        stream: UInt64 = 0,
        priority: UInt8 = 3,
        deadline: Instant = .never,
        isRepeatable: Bool = false
    ) {
        self.kind = kind
        self.stream = stream
        self.priority = priority
        self.deadline = deadline
        self.isRepeatable = isRepeatable
    }
}

/// An operation of one queue. Never valid for another one later.
package struct OperationID: Hashable, Sendable, BitwiseCopyable {
    let slot: Int32
    let generation: UInt64
}

/// Where an operation stands.
package enum OperationState: Hashable, Sendable, BitwiseCopyable {
    case queued
    /// Handed out for the connection of this generation; only its answer counts.
    case inFlight(generation: UInt64)
    /// Its end waits in `nextEnd`.
    case ended(OperationEnd)
}

/// How an operation ended: each does so once.
package enum OperationEnd: Hashable, Sendable, BitwiseCopyable {
    case done
    /// Its deadline passed. Where it may have happened, it was handed out once, and what came of it is not known.
    case expired(mayHaveHappened: Bool)
    case cancelled(mayHaveHappened: Bool)
    case failed(OperationFailure)
}

/// Why an operation failed.
package enum OperationFailure: Hashable, Sendable, BitwiseCopyable {
    /// The connection was lost while it was under way: it may have happened, and must not be repeated.
    case interrupted
    /// The peer did not do it, and says so.
    case refused(code: UInt64)
    /// The queue was closed: there will be no connection any more.
    case closed(mayHaveHappened: Bool)
}

/// Why an operation was not taken. Room for bytes comes with the end of another one, and a place once `nextEnd` has
/// told that end.
package enum OperationRefusal: Error, Hashable, Sendable {
    /// As many operations as there may be wait, are under way, or have an end that nobody read.
    case countFull(max: Int)
    /// Too many bytes wait: so many are free.
    case bytesFull(max: Int, free: Int)
    /// More bytes than the queue ever holds.
    case tooLarge(max: Int)
    /// Its deadline has passed.
    case expired
    /// The queue was closed.
    case closed
}

/// What became of the operations of a queue.
package struct OperationStatistics: Hashable, Sendable {
    package internal(set) var taken: UInt64 = 0
    package internal(set) var refused: UInt64 = 0
    package internal(set) var done: UInt64 = 0
    package internal(set) var expired: UInt64 = 0
    package internal(set) var cancelled: UInt64 = 0
    package internal(set) var failed: UInt64 = 0
    /// Put back after their connection was lost.
    package internal(set) var requeued: UInt64 = 0
    /// Answers to operations that were over, or under way for another connection.
    package internal(set) var lateAnswers: UInt64 = 0
}
