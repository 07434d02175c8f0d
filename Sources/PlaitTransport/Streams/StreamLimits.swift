/// How much one end lets the other send and open, as its transport parameters say it.
///
/// "Local" and "remote" are seen from the end that states the limits: `streamDataMaxLocal` is for bidirectional streams
/// that it opened itself.
package struct StreamLimits: Hashable, Sendable {
    /// Bytes of all streams together.
    package var dataMax: UInt64
    /// Bytes of a bidirectional stream that the end which states this opened.
    package var streamDataMaxLocal: UInt64
    /// Bytes of a bidirectional stream that the other end opened.
    package var streamDataMaxRemote: UInt64
    /// Bytes of a unidirectional stream, which the other end opened.
    package var streamDataMaxUnidirectional: UInt64
    /// How many bidirectional streams the other end may have open at once.
    package var streamsMaxBidirectional: UInt64
    /// How many unidirectional streams the other end may have open at once.
    package var streamsMaxUnidirectional: UInt64

    package init(
        dataMax: UInt64 = 393_216,
        streamDataMaxLocal: UInt64 = 262_144,
        streamDataMaxRemote: UInt64 = 262_144,
        streamDataMaxUnidirectional: UInt64 = 262_144,
        streamsMaxBidirectional: UInt64 = 128,
        streamsMaxUnidirectional: UInt64 = 128
    ) {
        self.dataMax = dataMax
        self.streamDataMaxLocal = streamDataMaxLocal
        self.streamDataMaxRemote = streamDataMaxRemote
        self.streamDataMaxUnidirectional = streamDataMaxUnidirectional
        self.streamsMaxBidirectional = streamsMaxBidirectional
        self.streamsMaxUnidirectional = streamsMaxUnidirectional
    }

    /// What may be sent on a stream at first by the end that did not state these limits.
    func streamDataMax(of id: StreamID, statedBy role: Role) -> UInt64 {
        switch id.direction {
        case .unidirectional: streamDataMaxUnidirectional
        case .bidirectional: id.opener == role ? streamDataMaxLocal : streamDataMaxRemote
        }
    }
}

/// What one end is ready to remember for its streams: bounds of its own that the peer is never told.
package struct StreamBuffers: Hashable, Sendable {
    /// Bytes of a stream that were written and not yet acknowledged, at most. A stream begins with `sendMin` of them
    /// and gets more as the window grows: see `StreamSet.provide`.
    package var sendMax: Int
    /// To how many bytes a stream's receive window may grow by itself.
    package var windowMax: UInt64
    /// To how many bytes the connection's receive window may grow by itself; at least 1.5 times `windowMax`.
    package var dataWindowMax: UInt64
    /// How many runs of a stream's bytes may wait behind a gap.
    package var gapsMax: Int
    /// How many runs may wait behind gaps on all streams together.
    package var gapsTotalMax: Int

    /// What `sendMax` is before the congestion window needs more.
    package static let sendMin = 1 << 20

    /// Bursts of loss and paths of unequal delay leave a run for every other packet of a window: `gapsMax` of 4,096 are
    /// 16 bytes each, and more than 10 MB of alternately missing packets.
    package init(
        sendMax: Int = 16 << 20,
        windowMax: UInt64 = 16 << 20,
        dataWindowMax: UInt64 = 24 << 20,
        gapsMax: Int = 4_096,
        gapsTotalMax: Int = 16_384
    ) {
        precondition(sendMax > 0 && sendMax <= 1 << 40, "a send buffer has room, and less than a terabyte of it")
        precondition(gapsMax > 0 && gapsTotalMax > 0, "something must be allowed to overtake")
        precondition(windowMax <= 1 << 60 && dataWindowMax <= 1 << 60, "a window is less than 2^60 bytes")
        self.sendMax = sendMax
        self.windowMax = windowMax
        self.dataWindowMax = max(dataWindowMax, windowMax + windowMax / 2)
        self.gapsMax = gapsMax
        self.gapsTotalMax = gapsTotalMax
    }
}
