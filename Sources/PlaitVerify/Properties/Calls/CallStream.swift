import PlaitTransport

/// What the applications at both ends know of one stream, and so what must come out of it.
struct CallStream {
    let id: StreamID
    /// By the end that sends: the client's bytes, the server's bytes; nil in the direction that there is not.
    var ways: [CallWay?]
    /// By end: whether its application may name the stream.
    var isKnown: [Bool]

    init(_ id: StreamID, opener: Int) {
        self.id = id
        let isOneWay = id.direction == .unidirectional
        ways = [0, 1].map { isOneWay && $0 != opener ? nil : CallWay() }
        isKnown = [0, 1].map { $0 == opener }
    }

    /// The byte that an end writes at an offset.
    func byte(from end: Int, at offset: UInt64) -> UInt8 {
        UInt8(truncatingIfNeeded: offset &* 31 ^ offset >> 8 ^ id.value &* 7 ^ UInt64(end) &* 101)
    }
}

/// One direction of a stream.
struct CallWay {
    var written: UInt64 = 0
    /// The end was written.
    var isFinished = false
    /// The writer gave up.
    var resetCode: UInt64?
    var read: UInt64 = 0
    /// The end was read.
    var isEnded = false
    /// The reader was told that the writer gave up.
    var isResetSeen = false
    /// The reader wants no more.
    var stopCode: UInt64?
    /// The writer was told so.
    var isStopSeen = false

    var mayWrite: Bool { !isFinished && resetCode == nil && !isStopSeen }
    var mayRead: Bool { !isEnded && !isResetSeen && stopCode == nil }

    /// Whether all that was promised has come.
    var isComplete: Bool {
        if stopCode != nil || isStopSeen || isEnded || isResetSeen { return true }
        if resetCode != nil { return false }
        return read == written && !isFinished
    }
}
