package import PlaitCore
import PlaitCrypto
package import PlaitScenario
package import PlaitTransport

/// Watches every packet of one run in plaintext, at all of its hosts, and holds it against what the transport promises.
///
/// - A nonce never comes twice under one key: every sending key is installed once, its generation never falls, and the
///   numbers of a path only rise. (All of a connection's generations share the count, so more is shown than needed.)
/// - A stream ends once: no byte lies beyond its end, and no two packets disagree about where that is.
/// - Nobody sends more than the other end's limits allow, as they have arrived by then.
package final class PacketLaws {
    package private(set) var failures: [String] = []
    package private(set) var failureCount = 0
    private var secrets: Set<[UInt8]> = []
    /// By host and connection; only looked up, never walked through.
    private var ends: [EndKey: End] = [:]
    private let windows: FlowWindows
    /// Writes down what is sent, received and lost, if anybody wants to read it.
    private let story: PacketStory?

    private static let failuresMax = 10

    private struct EndKey: Hashable {
        let host: Int
        let connection: ConnectionHandle
    }

    /// What one end of a connection has sent and been allowed.
    private struct End {
        /// By path: each counts for itself.
        var lastNumbers: [PathID: UInt64] = [:]
        var generation: UInt64 = 0
        var streams: [StreamID: Stream] = [:]
        /// Highest offsets of all streams, added up.
        var bytes: UInt64 = 0
        var bytesMax: UInt64
    }

    private struct Stream {
        /// Behind the last byte that was sent.
        var end: UInt64 = 0
        var finalSize: UInt64?
        var endMax: UInt64
    }

    package init(windows: FlowWindows, story: PacketStory? = nil) {
        self.windows = windows
        self.story = story
    }

    /// What a host's endpoint tells its packets to.
    package func observer(of host: HostID) -> any ConnectionObserver { HostPackets(self, host: Int(host.index), story) }

    private func fail(_ text: @autoclosure () -> String) {
        failureCount += 1
        if failures.count < Self.failuresMax { failures.append(text()) }
    }

    private func end(_ key: EndKey) -> End { ends[key] ?? End(bytesMax: UInt64(windows.connection)) }

    private func stream(_ id: StreamID, of end: End) -> Stream {
        end.streams[id] ?? Stream(endMax: UInt64(windows.stream))
    }

    func installed(_ secret: [UInt8]) {
        if !secrets.insert(secret).inserted { fail("a traffic secret was installed twice") }
    }

    func sent(_ packet: ObservedPacket, by host: Int, _ payload: RawSpan) {
        let generation = packet.generation
        let key = EndKey(host: host, connection: packet.connection)
        var end = end(key)
        if let last = end.lastNumbers[packet.path], packet.number <= last {
            fail("host \(host) sealed packet \(packet.number) of path \(packet.path.value) after \(last)")
        }
        if generation < end.generation { fail("host \(host) went back to key generation \(generation)") }
        end.lastNumbers[packet.path] = packet.number
        end.generation = generation
        var frames = FrameReader(payload)
        do throws(PeerViolation) {
            while let frame = try frames.next() {
                switch frame {
                case .stream(let frame):
                    let last = frame.offset + UInt64(frame.data.count)
                    note(frame.id, end: last, finalSize: frame.isLast ? last : nil, &end)
                case .resetStream(let frame): note(frame.id, end: 0, finalSize: frame.finalSize, &end)
                default: break
                }
            }
        } catch {
            fail("host \(host) sent packet \(packet.number), which cannot be read: \(error.reason)")
        }
        ends[key] = end
    }

    private func note(_ id: StreamID, end last: UInt64, finalSize: UInt64?, _ end: inout End) {
        var stream = stream(id, of: end)
        if let finalSize {
            if let known = stream.finalSize, known != finalSize {
                fail("stream \(id.value) ends at \(finalSize), and ended at \(known) before")
            }
            stream.finalSize = finalSize
        }
        if last > stream.end {
            end.bytes += last - stream.end
            stream.end = last
        }
        if let size = stream.finalSize, stream.end > size {
            fail("stream \(id.value) goes on to \(stream.end) behind its end at \(size)")
        }
        if stream.end > stream.endMax {
            fail("stream \(id.value) sent \(stream.end) of \(stream.endMax) bytes allowed")
        }
        if end.bytes > end.bytesMax { fail("a connection sent \(end.bytes) of \(end.bytesMax) bytes allowed") }
        end.streams[id] = stream
    }

    func received(_ packet: ObservedPacket, by host: Int, _ payload: RawSpan) {
        let key = EndKey(host: host, connection: packet.connection)
        var end = end(key)
        var frames = FrameReader(payload)
        do throws(PeerViolation) {
            while let frame = try frames.next() {
                switch frame {
                case .maxData(let limit): end.bytesMax = max(end.bytesMax, limit)
                case .maxStreamData(let id, let limit):
                    var stream = stream(id, of: end)
                    stream.endMax = max(stream.endMax, limit)
                    end.streams[id] = stream
                default: break
                }
            }
        } catch {
            fail("host \(host) received packet \(packet.number), which cannot be read: \(error.reason)")
        }
        ends[key] = end
    }
}

/// One host's view.
private final class HostPackets: ConnectionObserver {
    private let laws: PacketLaws
    private let host: Int
    private let story: PacketStory?

    init(_ laws: PacketLaws, host: Int, _ story: PacketStory?) {
        self.laws = laws
        self.host = host
        self.story = story
    }

    func packetSent(_ packet: ObservedPacket, payload: RawSpan, now: Instant) {
        story?.packet(packet, "sends", host, payload, now)
        laws.sent(packet, by: host, payload)
    }

    func packetReceived(_ packet: ObservedPacket, payload: RawSpan, now: Instant) {
        story?.packet(packet, "takes", host, payload, now)
        laws.received(packet, by: host, payload)
    }

    func packetLost(path: PathID, number: UInt64, of connection: ConnectionHandle, now: Instant) {
        story?.tell(host, now, "takes packet \(number) for lost")
    }

    func recoveryChanged(_ path: PathStatistics, of connection: ConnectionHandle, now: Instant) {}

    func lifeChanged(of connection: ConnectionHandle, to life: ConnectionLife, now: Instant) {
        story?.tell(host, now, "is \(life.word)")
    }

    func secretInstalled(receiver: ConnectionID, generation: UInt64, suite: Suite, secret: RawSpan) {
        var bytes: [UInt8] = []
        for index in 0..<secret.byteCount {
            bytes.append(unsafe secret.unsafeLoad(fromByteOffset: index, as: UInt8.self))
        }
        laws.installed(bytes)
    }
}
