import PlaitCore
import PlaitCrypto
import PlaitTransport

/// Watches one end with one connection: which keys it took, and every nonce that it used under each.
final class Watcher: ConnectionObserver {
    struct Nonce: Hashable {
        let secret: [UInt8]
        let path: PathID
        let number: UInt64
    }

    struct Installed: Hashable {
        let receiver: ConnectionID
        let generation: UInt64
        let secret: [UInt8]
    }

    private(set) var installed: [Installed] = []
    private(set) var nonces: Set<Nonce> = []
    private(set) var repeatedNonces = 0
    /// Packets that were sent under another generation than the one that was told of last.
    private(set) var untoldPackets = 0
    /// By generation.
    private(set) var packetsSent: [UInt64: Int] = [:]
    private(set) var packetsReceived: [UInt64: Int] = [:]
    private(set) var lives: [ConnectionLife] = []
    private(set) var lost: [UInt64] = []
    /// Updates that this end began before anything of the generation before was acknowledged.
    private(set) var hastyUpdates = 0
    private var firstNumbers: [UInt64: UInt64] = [:]
    private var largestAcknowledged: UInt64?
    private var isHasty = false

    func packetSent(_ packet: ObservedPacket, payload: RawSpan, now: Instant) {
        guard let last = installed.last else { return }
        let generation = packet.generation
        if isHasty { hastyUpdates += 1 }
        isHasty = false
        if last.generation != generation { untoldPackets += 1 }
        let nonce = Nonce(secret: last.secret, path: packet.path, number: packet.number)
        if !nonces.insert(nonce).inserted { repeatedNonces += 1 }
        if firstNumbers[generation] == nil { firstNumbers[generation] = packet.number }
        packetsSent[generation, default: 0] += 1
    }

    func packetReceived(_ packet: ObservedPacket, payload: RawSpan, now: Instant) {
        let generation = packet.generation
        // It did not begin the update, it followed the peer.
        if generation == installed.last?.generation { isHasty = false }
        packetsReceived[generation, default: 0] += 1
        var reader = FrameReader(payload)
        do throws(PeerViolation) {
            while let frame = try reader.next() {
                if case .ack(let ack) = frame { largestAcknowledged = max(largestAcknowledged ?? 0, ack.largest) }
            }
        } catch {
            preconditionFailure("an observer saw a packet that cannot be read")
        }
    }

    func packetLost(path: PathID, number: UInt64, of connection: ConnectionHandle, now: Instant) {
        lost.append(number)
    }

    func recoveryChanged(_ path: PathStatistics, of connection: ConnectionHandle, now: Instant) {}

    func lifeChanged(of connection: ConnectionHandle, to life: ConnectionLife, now: Instant) { lives.append(life) }

    func secretInstalled(receiver: ConnectionID, generation: UInt64, suite: Suite, secret: RawSpan) {
        if generation > 0 {
            let first = firstNumbers[generation - 1] ?? .max
            isHasty = (largestAcknowledged ?? 0) < first
        }
        installed.append(Installed(receiver: receiver, generation: generation, secret: Array(copying: secret)))
    }

    /// Every generation was told of, in order, each with a secret of its own, under one name.
    var isComplete: Bool {
        installed.map(\.generation) == Array(0..<UInt64(installed.count))
            && Set(installed.map(\.secret)).count == installed.count && Set(installed.map(\.receiver)).count == 1
    }
}
