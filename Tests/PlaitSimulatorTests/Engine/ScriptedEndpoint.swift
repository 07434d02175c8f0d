import PlaitCore
import PlaitSimulator

/// An endpoint that a test writes in a few lines.
final class ScriptedEndpoint: Endpoint {
    /// What it has to send, oldest first.
    var outbox: [(bytes: [UInt8], local: SocketAddress, remote: SocketAddress)] = []
    /// What it got, in order.
    private(set) var inbox: [[UInt8]] = []
    var deadline = Instant.never
    var onDeadline: (ScriptedEndpoint, Instant) -> Void = { endpoint, _ in endpoint.deadline = .never }
    var onReceive: (ScriptedEndpoint, [UInt8], _ remote: SocketAddress, _ local: SocketAddress) -> Void = {
        _,
        _,
        _,
        _ in
    }

    func send(_ bytes: [UInt8], from local: SocketAddress, to remote: SocketAddress) {
        outbox.append((bytes, local, remote))
    }

    func receive(_ datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress, ecn: ECN, now: Instant) {
        let bytes = (0..<datagram.byteCount).map { unsafe datagram.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        inbox.append(bytes)
        onReceive(self, bytes, remote, local)
    }

    func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> Transmit? {
        guard !outbox.isEmpty else { return nil }
        let next = outbox.removeFirst()
        for (offset, byte) in next.bytes.enumerated() {
            buffer.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
        }
        return Transmit(length: next.bytes.count, local: next.local, remote: next.remote)
    }

    func deadlineReached(now: Instant) { onDeadline(self, now) }

    func restarted(now: Instant) { (outbox, inbox) = ([], []) }
}

/// Two hosts on one link, a scripted endpoint on each.
struct ScriptedPair {
    let a = ScriptedEndpoint()
    let b = ScriptedEndpoint()
    let addressA = SocketAddress(interface: 0, port: 10)
    let addressB = SocketAddress(interface: 1, port: 20)

    func simulator(_ way: World.Way) throws -> Simulator {
        var simulator = Simulator(try World(way).plan())
        simulator.seat(a, on: HostID(0), port: 10, flow: FlowID(0), name: "endpoint a")
        simulator.seat(b, on: HostID(1), port: 20, flow: FlowID(1), name: "endpoint b")
        return simulator
    }
}
