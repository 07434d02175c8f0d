import PlaitCore
import PlaitCrypto
import PlaitTransport

/// Watches one end with one connection: which path carried which bytes of its streams.
final class PinWatch: ConnectionObserver {
    /// Bytes of a stream in one packet.
    struct Chunk {
        let stream: StreamID
        let path: UInt32
        let offset: UInt64
        let end: UInt64
        let at: Instant
        /// None of them was sent before.
        let isFirst: Bool
    }

    private(set) var chunks: [Chunk] = []
    private(set) var decisions: [SchedulingDecision] = []
    private var sent: [StreamID: UInt64] = [:]
    let wantsDecisions: Bool

    init(wantsDecisions: Bool = false) { self.wantsDecisions = wantsDecisions }

    /// Over which paths a stream went, of its first or its repeated bytes.
    func paths(_ stream: StreamID, isFirst: Bool? = nil, since: Instant = .start) -> Set<UInt32> {
        Set(
            chunks.filter { $0.stream == stream && $0.at >= since && (isFirst == nil || $0.isFirst == isFirst) }
                .map(\.path)
        )
    }

    func packetSent(_ packet: ObservedPacket, payload: RawSpan, now: Instant) {
        var reader = FrameReader(payload)
        do throws(PeerViolation) {
            while let frame = try reader.next() {
                guard case .stream(let stream) = frame else { continue }
                let end = stream.offset + UInt64(stream.data.count)
                let before = sent[stream.id] ?? 0
                chunks.append(
                    Chunk(
                        stream: stream.id,
                        path: packet.path.value,
                        offset: stream.offset,
                        end: end,
                        at: now,
                        isFirst: stream.offset >= before
                    )
                )
                sent[stream.id] = max(before, end)
            }
        } catch {
            preconditionFailure("an observer saw a packet that cannot be read")
        }
    }

    func scheduled(_ decision: SchedulingDecision, of connection: ConnectionHandle) { decisions.append(decision) }
    func packetReceived(_ packet: ObservedPacket, payload: RawSpan, now: Instant) {}
    func packetLost(path: PathID, number: UInt64, of connection: ConnectionHandle, now: Instant) {}
    func recoveryChanged(_ path: PathStatistics, of connection: ConnectionHandle, now: Instant) {}
    func lifeChanged(of connection: ConnectionHandle, to life: ConnectionLife, now: Instant) {}
    func secretInstalled(receiver: ConnectionID, generation: UInt64, suite: Suite, secret: RawSpan) {}
}
