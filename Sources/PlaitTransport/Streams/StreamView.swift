import PlaitCore

/// One stream as it stands, for whoever compares it with a model: read only, and nothing in it is an inference.
package struct StreamView {
    /// How far the word of an ending has come.
    package enum Word: Hashable, Sendable {
        case unsent
        case inFlight
        case acknowledged
    }

    /// `SendSide.State`.
    package enum SendState: Hashable, Sendable {
        case absent
        case open
        case ending(Word)
        case resetting(Word)
        case finished
        case over
    }

    /// `ReceiveSide.State`.
    package enum ReceiveState: Hashable, Sendable {
        case absent
        case open
        case ending
        case stopped(Word)
        case reset
        case over
    }

    /// `SendSide` and its buffer, offsets in bytes.
    package struct Sending {
        package let state: SendState
        package let start: UInt64
        package let next: UInt64
        package let end: UInt64
        package let limit: UInt64
        package let acknowledged: Pieces
        package let lost: Pieces
        /// What `nextFrame` would take bytes from.
        package let pending: OffsetRange?
        /// Nothing is left to send but the end.
        package let isEndAlone: Bool
    }

    /// `ReceiveSide` with its window and what it holds, offsets in bytes.
    package struct Receiving {
        package let state: ReceiveState
        package let highest: UInt64
        package let limit: UInt64
        package let window: UInt64
        package let consumed: UInt64
        package let start: UInt64
        package let arrived: Pieces
        package let owesLimit: Bool
    }

    /// A set of bytes in pieces of one length: of each, whether it is there.
    package struct Pieces {
        /// The first 64 of them.
        package private(set) var bits: UInt64 = 0
        /// A piece was not there whole, or lay behind the first 64.
        package private(set) var isCut = false

        mutating func insert(_ range: OffsetRange, length: UInt64) {
            guard range.count > 0 else { return }
            let (first, last) = (range.start / length, range.end / length)
            isCut = isCut || range.start % length != 0 || range.end % length != 0 || last > 63
            for piece in min(first, 63)..<max(min(last, 63), min(first, 63)) { bits |= 1 << piece }
        }
    }

    package let sending: Sending
    package let receiving: Receiving
    /// The application is to be told of nothing but that the peer gave up.
    package let hasOnlyResetToTell: Bool
}

extension StreamSet {
    /// A stream as it stands; nil if it was never opened, or is forgotten. `piece` is the length of `Pieces`.
    package func view(of id: StreamID, piece: UInt64) -> StreamView? {
        precondition(piece > 0, "a piece has bytes")
        guard let slot = index[id] else { return nil }
        return StreamView(
            sending: streams[slot].send.view(piece: piece),
            receiving: streams[slot].receive.view(piece: piece),
            hasOnlyResetToTell: streams[slot].news == .reset
        )
    }
}

extension SendSide {
    fileprivate func view(piece: UInt64) -> StreamView.Sending {
        var acknowledged = StreamView.Pieces()
        acknowledged.insert(OffsetRange(0, buffer.start), length: piece)
        for index in 0..<buffer.acknowledged.count { acknowledged.insert(buffer.acknowledged[index], length: piece) }
        var lost = StreamView.Pieces()
        for index in 0..<buffer.lost.count { lost.insert(buffer.lost[index], length: piece) }
        return StreamView.Sending(
            state: viewedState,
            start: buffer.start,
            next: buffer.next,
            end: buffer.end,
            limit: limit,
            acknowledged: acknowledged,
            lost: lost,
            pending: buffer.pending(limit: limit),
            isEndAlone: hasResend && !buffer.hasLost
        )
    }

    private var viewedState: StreamView.SendState {
        switch state {
        case .absent: .absent
        case .open: .open
        case .ending(let word): .ending(StreamView.Word(word))
        case .resetting(_, _, let word): .resetting(StreamView.Word(word))
        case .finished: .finished
        case .over: .over
        }
    }
}

extension ReceiveSide {
    fileprivate func view(piece: UInt64) -> StreamView.Receiving {
        var arrived = StreamView.Pieces()
        arrived.insert(OffsetRange(0, reassembly.complete), length: piece)
        for index in 0..<reassembly.beyond.count { arrived.insert(reassembly.beyond[index], length: piece) }
        return StreamView.Receiving(
            state: viewedState,
            highest: highest,
            limit: window.limit,
            window: window.window,
            consumed: window.consumed,
            start: reassembly.start,
            arrived: arrived,
            owesLimit: owesLimit
        )
    }

    private var viewedState: StreamView.ReceiveState {
        switch state {
        case .absent: .absent
        case .open: .open
        case .ending: .ending
        case .stopped(_, let word): .stopped(StreamView.Word(word))
        case .reset: .reset
        case .over: .over
        }
    }
}

extension StreamView.Word {
    fileprivate init(_ word: SendSide.Word) {
        self =
            switch word {
            case .unsent: .unsent
            case .inFlight: .inFlight
            case .acknowledged: .acknowledged
            }
    }
}
