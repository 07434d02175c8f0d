package import PlaitCore

/// Why a datagram was not taken for sending.
public enum DatagramError: Error, Hashable, Sendable {
    /// The connection is not established, or over.
    case noConnection
    /// The peer takes no datagrams.
    case unsupported
    /// No packet can ever carry it.
    case tooLarge(max: Int)
    /// Too many wait, or too many bytes of them. Later there is room.
    case full
    /// It would be too late already.
    case expired
}

/// What became of the unreliable datagrams of a connection.
public struct DatagramStatistics: Hashable, Sendable {
    /// Taken from the application.
    public internal(set) var taken: UInt64 = 0
    /// Went out in a packet.
    public internal(set) var sent: UInt64 = 0
    /// Were too late before they could go out.
    public internal(set) var expired: UInt64 = 0
    /// Became too large while they waited, because packets became smaller.
    public internal(set) var outgrown: UInt64 = 0
    /// Not taken from the application for want of room.
    public internal(set) var refused: UInt64 = 0
    /// Sent, and the packet arrived.
    public internal(set) var acknowledged: UInt64 = 0
    /// Sent, and the packet is lost or seems to be; less those that arrived after all.
    public internal(set) var lost: UInt64 = 0
    /// Came from the peer.
    public internal(set) var received: UInt64 = 0
    /// Came from the peer and were thrown away, the oldest first, because nobody read them.
    public internal(set) var overflown: UInt64 = 0
    /// Handed to the application.
    public internal(set) var read: UInt64 = 0
}

/// Unreliable datagrams: in order of writing, sent once, dropped when their time is over.
///
/// Both directions are bounded in count and bytes. Of those to be sent the newest is refused, so that the application
/// knows; of those received the oldest is dropped, since a late datagram is worth least.
package struct DatagramQueue: ~Copyable {
    /// The largest datagram that a packet and the peer can take; 0 if the peer takes none.
    package var sendMax: Int
    /// The largest datagram that the peer was told it may send; 0 for none.
    package let receiveMax: Int
    private var outgoing: DatagramRing
    private var incoming: DatagramRing
    package private(set) var statistics = DatagramStatistics()

    package init(sendMax: Int, receiveMax: Int, countMax: Int = 256, bytesMax: Int = 1 << 18) {
        precondition(sendMax >= 0 && receiveMax >= 0 && countMax > 0 && bytesMax > 0, "a queue has room")
        self.sendMax = sendMax
        self.receiveMax = receiveMax
        outgoing = DatagramRing(countMax: countMax, bytesMax: bytesMax)
        incoming = DatagramRing(countMax: countMax, bytesMax: bytesMax)
    }

    package var waitingToRead: Int { incoming.count }

    // MARK: The application

    /// Takes a datagram that is dropped unless it goes out before `expires`.
    package mutating func send(_ bytes: RawSpan, expires: Instant, now: Instant) throws(DatagramError) {
        guard sendMax > 0 else { throw .unsupported }
        let most = min(sendMax, outgoing.bytesMax)
        guard bytes.byteCount <= most else { throw .tooLarge(max: most) }
        guard expires > now else { throw .expired }
        if !outgoing.hasRoom(for: bytes.byteCount) { dropAll(now: now) }
        guard outgoing.hasRoom(for: bytes.byteCount) else {
            statistics.refused += 1
            throw .full
        }
        outgoing.append(bytes, number: statistics.taken, expires: expires)
        statistics.taken += 1
    }

    /// Copies the oldest datagram into `target` and answers its length; nil if there is none. Of one that is longer
    /// than `target` the rest is gone.
    package mutating func read(into target: inout MutableRawSpan) -> Int? {
        guard let entry = incoming.first else { return nil }
        let count = min(entry.length, target.byteCount)
        incoming.read(entry.start, count, into: &target)
        incoming.removeFirst()
        statistics.read += 1
        return count
    }

    // MARK: The peer

    /// A datagram from the peer: a violation if it is larger than the peer was told.
    package mutating func receive(_ bytes: RawSpan) throws(PeerViolation) {
        guard receiveMax > 0, bytes.byteCount <= receiveMax else {
            throw PeerViolation(.protocolViolation, frame: FrameType.datagram, "a datagram larger than was allowed")
        }
        statistics.received += 1
        guard bytes.byteCount <= incoming.bytesMax else {
            statistics.overflown += 1
            return
        }
        while !incoming.hasRoom(for: bytes.byteCount) {
            incoming.removeFirst()
            statistics.overflown += 1
        }
        incoming.append(bytes, number: statistics.received, expires: .never)
    }

    // MARK: The wire

    /// Whether one waits. If all that wait are too late, `nextFrame` drops them, and none waits then.
    package var hasFrames: Bool { outgoing.count > 0 }

    /// Writes the oldest datagram, if it fits; nil if it does not, or if there is none.
    @_lifetime(writer: copy writer)
    package mutating func nextFrame(into writer: inout ByteWriter, now: Instant) -> SentFrame? {
        drop(now: now)
        guard let entry = outgoing.first else { return nil }
        let header = 1 + Varint.length(UInt64(entry.length))
        guard header + entry.length <= writer.remaining else { return nil }
        do throws(ByteError) {
            try writer.write(varint: FrameType.datagramWithLength)
            try writer.write(varint: UInt64(entry.length))
        } catch { preconditionFailure("a frame is measured before its first byte is written") }
        outgoing.read(entry.start, entry.length, into: &writer)
        outgoing.removeFirst()
        statistics.sent += 1
        return .datagram(entry.number)
    }

    /// The packet with this frame arrived; `isLate` if it had seemed lost, which it was not then.
    package mutating func acknowledged(_ frame: SentFrame, isLate: Bool = false) {
        guard case .datagram = frame else { return }
        statistics.acknowledged += 1
        if isLate { statistics.lost -= 1 }
    }

    /// It is not sent again: by now it would be late, and the application may have sent a newer one.
    package mutating func lost(_ frame: SentFrame) {
        if case .datagram = frame { statistics.lost += 1 }
    }

    /// Drops from the front until one may go out. Those behind it are looked at when it is their turn, or for room.
    private mutating func drop(now: Instant) {
        while outgoing.count > 0, isDropped(0, now: now) {}
    }

    private mutating func dropAll(now: Instant) {
        var index = 0
        while index < outgoing.count {
            if !isDropped(index, now: now) { index += 1 }
        }
    }

    private mutating func isDropped(_ index: Int, now: Instant) -> Bool {
        let entry = outgoing[index]
        if entry.expires <= now {
            statistics.expired += 1
        } else if entry.length > sendMax {
            statistics.outgrown += 1
        } else {
            return false
        }
        outgoing.remove(at: index)
        return true
    }

    /// That every datagram is accounted for and the bounds hold.
    package func checkInvariants() {
        outgoing.checkInvariants()
        incoming.checkInvariants()
        let gone = statistics.sent + statistics.expired + statistics.outgrown
        precondition(statistics.taken == gone + UInt64(outgoing.count), "every datagram taken is accounted for")
        let handed = statistics.read + statistics.overflown
        precondition(statistics.received == handed + UInt64(incoming.count), "every datagram received is accounted for")
    }
}
