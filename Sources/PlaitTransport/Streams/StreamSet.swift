import PlaitCore

/// All streams of a connection: what the application writes and reads, what frames come and go (RFC 9000, sections
/// 2-4).
///
/// Four kinds of calls. The application's: `open`, `write`, `read`, `reset`, `stop`, `setPriority`. The peer's frames,
/// which were authenticated: `receive…`, whose `PeerViolation` closes the connection. The packet under construction:
/// `nextFrame` until it answers nil; later, for each frame it wrote, `acknowledged` or `lost`, in any order, also one
/// after the other. And `nextEvent`, to be drained: a stream is forgotten once both directions are over and everything
/// about it was told, and only then may the peer open another one in its place.
///
/// **Priorities.** Level 0 is sent first; a level is sent only while nothing of a lower number can be sent. At equal
/// level lost bytes go before new ones. Streams of a level take turns: a turn ends when the stream has sent `quantum`
/// bytes, or filled a packet with at least half of that; the difference counts in its next turn.
///
/// **Pins.** A stream may be pinned to a path. Which path a packet takes is decided elsewhere; whoever fills it says by
/// `Lanes` whose bytes may go there, and the order among those is as if there were no others.
///
/// **Limits against a hostile peer.** Streams: those that were allowed, never more alive. Bytes: flow control, by
/// stream and by connection. Runs behind gaps: `StreamBuffers`. Events: flags of a stream, not a queue. Reports of
/// being blocked: counted, never answered.
package struct StreamSet: ~Copyable {
    let role: Role
    let local: StreamLimits
    let remote: StreamLimits
    let buffers: StreamBuffers

    var streams = Table<StreamSlot>(capacity: 1)
    var freeSlots: [Int32] = []
    var index = StreamIndex()
    /// How many streams were opened, of each kind: by the two lowest bits of an id.
    var opened = [4 of UInt64](repeating: 0)
    /// How many streams this end may open, by direction.
    var openMax: [2 of UInt64]
    /// How many streams the peer may open, by direction, as it was told or will be.
    var acceptMax: [2 of UInt64]
    /// How many of the peer's streams are forgotten, by direction.
    var forgotten = [2 of UInt64](repeating: 0)

    /// How many bytes of a stream may be written and not yet acknowledged; at most `buffers.sendMax`.
    private(set) var sendMax: Int
    /// The sum of what all streams may send.
    var sendLimit: UInt64
    /// The sum of what all streams sent.
    var sent: UInt64 = 0
    /// By pin: how many streams there are, and how many of their bytes were written and never sent.
    var lanes = Table<StreamLane>(capacity: 1)
    /// What the peer may send on all streams together.
    var window: ReceiveWindow
    /// The sum of what the peer sent on all streams, gaps included.
    var received: UInt64 = 0
    /// What forgotten streams contributed to `sent` and `received`.
    var forgottenBytes: (sent: UInt64, received: UInt64) = (0, 0)
    /// How many runs wait behind gaps on all streams.
    var runsBeyond = 0

    /// Streams with bytes to send again, or nothing to send but their end.
    var resends = SlotQueue()
    /// Streams with new bytes that their own limit lets through.
    var fresh = SlotQueue()
    /// Streams with something else to tell the peer.
    var controls = SlotQueue()
    /// Streams with something to tell the application.
    var news = SlotQueue()

    var owesMaxData = false
    var owesMaxStreams = [2 of Bool](repeating: false)
    /// An `open` was refused, by direction.
    var wantsStreams = [2 of Bool](repeating: false)
    var hasStreamCredit = [2 of Bool](repeating: false)
    package internal(set) var statistics = StreamStatistics()

    /// How many bytes a stream sends before the next one of its level: about what a packet holds.
    package static let quantum = 1_200

    /// `remote` is what the peer stated, known when the handshake is over.
    package init(role: Role, local: StreamLimits, remote: StreamLimits, buffers: StreamBuffers = StreamBuffers()) {
        self.role = role
        self.local = local
        self.remote = remote
        self.buffers = buffers
        sendMax = min(buffers.sendMax, StreamBuffers.sendMin)
        let most = StreamID.countMax
        openMax = [min(remote.streamsMaxBidirectional, most), min(remote.streamsMaxUnidirectional, most)]
        acceptMax = [min(local.streamsMaxBidirectional, most), min(local.streamsMaxUnidirectional, most)]
        sendLimit = min(remote.dataMax, Varint.max)
        window = ReceiveWindow(local.dataMax)
        lanes.append(StreamLane())
    }

    /// The congestion window is now so large: a stream that fills it alone needs as much for what is under way, as much
    /// again for what follows at once, and an application is told of room when half of it is free.
    package mutating func provide(for window: Int) {
        sendMax = max(sendMax, min(4 * min(window, buffers.sendMax), buffers.sendMax))
    }

    /// How many streams are not forgotten.
    package var liveStreams: Int { index.count }

    /// How many bytes the peer may be ahead of the readers, on all streams together.
    package var dataWindow: UInt64 { window.window }

    /// How many bytes the peer may be ahead of a stream's reader; nil for a stream that is not alive.
    package func streamWindow(of id: StreamID) -> UInt64? { index[id].map { streams[$0].receive.window.window } }

    /// How many streams there is room for: the most that were ever alive at once.
    package var slotCount: Int { streams.count }

    /// Whether `nextFrame` would write something into an empty packet now.
    package var hasFrames: Bool { hasFrames(in: .all) }

    /// The same of a packet that takes the bytes of these lanes only.
    func hasFrames(in lanes: Lanes) -> Bool { hasControl || turn(in: lanes) != nil }

    /// Whether words about limits and endings wait to be sent: the peer may wait for them.
    package var hasControl: Bool { owesMaxData || owesMaxStreams[0] || owesMaxStreams[1] || !controls.isEmpty }

    /// How many new bytes the peer's limit for all streams lets through.
    package var credit: UInt64 { sendLimit - sent }

    /// What the application should know next, or nil.
    package mutating func nextEvent() -> StreamEvent? {
        for direction in [StreamDirection.bidirectional, .unidirectional] where hasStreamCredit[Int(direction.rawValue)]
        {
            hasStreamCredit[Int(direction.rawValue)] = false
            return .creditRaised(direction)
        }
        guard let slot = news.first?.slot else { return nil }
        defer { settle(slot) }
        let id = streams[slot].id
        if take(.opened, of: slot) { return .opened(id) }
        if take(.stopped, of: slot) {
            switch streams[slot].send.state {
            case .resetting(let code, _, _), .over(let code, _): return .stopped(id, code: code)
            default: preconditionFailure("a stream that the peer stopped is being reset")
            }
        }
        if take(.writable, of: slot) { return .writable(id) }
        if take(.readable, of: slot) { return .readable(id) }
        if take(.reset, of: slot) {
            guard case .reset(let code) = streams[slot].receive.state else {
                preconditionFailure("a reset is told once, here or by a read")
            }
            streams[slot].receive.resetTold()
            return .reset(id, code: code)
        }
        let isFinished = take(.finished, of: slot)
        precondition(isFinished, "a stream waits only while there is something to tell")
        return .finished(id)
    }

    private mutating func take(_ event: StreamSlot.News, of slot: Int) -> Bool {
        streams[slot].news.remove(event) != nil
    }
}

// Slots, and the lists they are in.
extension StreamSet {
    mutating func tell(_ event: StreamSlot.News, of slot: Int) {
        streams[slot].news.insert(event)
        news.insert(slot)
    }

    /// Puts a stream into the lists that its state calls for; forgets it if it is over.
    mutating func settle(_ slot: Int) {
        let hasResend = streams[slot].send.hasResend
        let hasFresh = !hasResend && streams[slot].send.hasFresh
        let level = streams[slot].priority
        let lane = streams[slot].lane
        if hasResend { resends.insert(slot, level: level, lane: lane) } else { resends.remove(slot) }
        if hasFresh { fresh.insert(slot, level: level, lane: lane) } else { fresh.remove(slot) }
        if !hasResend, !hasFresh { streams[slot].spent = 0 }
        if streams[slot].owesControl { controls.insert(slot) } else { controls.remove(slot) }
        if streams[slot].news.isEmpty { news.remove(slot) } else { news.insert(slot) }
        if streams[slot].isOver { forget(slot) }
    }

    mutating func add(_ id: StreamID, priority: UInt8) -> Int {
        let stream = StreamSlot(id: id, role: role, local: local, remote: remote, priority: priority)
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = Int(free)
            streams[slot] = stream
        } else {
            slot = streams.count
            streams.append(stream)
        }
        index.insert(id, slot: slot)
        opened[Int(id.value & 3)] += 1
        lanes[0].streams += 1
        return slot
    }

    private mutating func forget(_ slot: Int) {
        let id = streams[slot].id
        leave(streams[slot].lane, slot)
        forgottenBytes.sent += streams[slot].send.buffer.next
        forgottenBytes.received += streams[slot].receive.highest
        index.remove(id)
        freeSlots.append(Int32(slot))
        statistics.closed += 1
        guard id.opener != role else { return }
        let direction = Int(id.direction.rawValue)
        forgotten[direction] += 1
        let atOnce = direction == 0 ? local.streamsMaxBidirectional : local.streamsMaxUnidirectional
        let (sum, overflow) = forgotten[direction].addingReportingOverflow(atOnce)
        let next = overflow ? StreamID.countMax : min(sum, StreamID.countMax)
        guard next - acceptMax[direction] >= max(1, atOnce / 2) else { return }
        acceptMax[direction] = next
        owesMaxStreams[direction] = true
    }
}
