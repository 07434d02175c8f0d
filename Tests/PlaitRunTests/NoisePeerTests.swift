import Foundation
import Glibc
import PlaitCore
import PlaitCrypto
import PlaitTransport
import TestSupport
import Testing

/// The handshake against `noiseprotocol`, an implementation of Noise that is none of ours, over a real UDP socket.
@Suite("Handshake with another implementation of Noise", .serialized)
struct NoisePeerTests {
    private static let python = ProcessInfo.processInfo.environment["PLAIT_PYTHON"]
    private static let isRequired = ProcessInfo.processInfo.environment["CI"] == "true"
    /// What the peer sends as its parameters.
    private static let peerParameters: TransportParameters = {
        var parameters = TransportParameters.absent
        parameters.dataMax = 1_234
        parameters.pathsMax = 3
        return parameters
    }()

    static let cases: [(HandshakeMode, Suite)] = [HandshakeMode.xx, .ik].flatMap { mode in
        Suite.allCases.filter(\.isAvailable).map { (mode, $0) }
    }

    @Test("a Python for these tests is there where it must be")
    func pythonIsThere() { #expect(!Self.isRequired || Self.python != nil, "set PLAIT_PYTHON") }

    @Test(
        "our initiator and its responder come to the same keys",
        .enabled(if: python != nil, "PLAIT_PYTHON names no Python with noiseprotocol"),
        arguments: cases
    )
    func initiator(mode: HandshakeMode, suite: Suite) throws {
        var secrets = SecretStream(simulationSeed: 1, name: "initiator")
        let identity = KeyPair(from: &secrets, storage: .heap)
        let server = KeyPair(from: &secrets, storage: .heap)
        let serverKey = server.publicKey
        let peer = try Peer(
            python: try #require(Self.python),
            ["respond", name(mode), "\(suite.rawValue)", hex(server)]
        )
        defer { peer.end() }
        let port = try #require(try peer.line()["port"] as? Int)
        let udp = try UDPSocket(peer: UInt16(port))

        let configuration = HandshakeConfiguration(
            suites: [suite],
            capabilities: Capabilities(supported: 0b011, required: 0b001)
        )
        let sourceID = ConnectionID(secrets.next())
        var initiator = Initiator(
            configuration: configuration,
            mode: mode,
            identity: identity,
            server: serverKey,
            sourceID: sourceID,
            secrets: &secrets,
            now: .start
        )
        var now = Instant.start
        var result: HandshakeResult?
        // The clock of this end moves by what the socket waited at most; nothing is lost on loopback.
        while result == nil, now < .start + .seconds(10) {
            var buffer = [UInt8](repeating: 0, count: 1_500)
            var span = buffer.mutableSpan
            var bytes = span.mutableRaw
            while let length = initiator.nextTransmit(into: &bytes, now: now) {
                udp.send(bytes.bytes.extracting(0..<length))
            }
            if let datagram = udp.receive() {
                _ = initiator.receive(datagram.span.raw, identity: identity, secrets: &secrets, now: now)
                result = initiator.takeResult()
            } else {
                now = now + UDPSocket.timeout
                let progress = initiator.deadlineReached(now: now)
                #expect(progress == .nothing)
            }
        }
        var buffer = [UInt8](repeating: 0, count: 1_500)
        var span = buffer.mutableSpan
        var bytes = span.mutableRaw
        while let length = initiator.nextTransmit(into: &bytes, now: now) {
            udp.send(bytes.bytes.extracting(0..<length))
        }
        let outcome = try peer.line()
        switch consume result {
        case .none: Issue.record("no keys")
        case .some(let result):
            let (peerKey, capabilities) = (result.peerKey, result.capabilities)
            #expect(peerKey == serverKey)
            #expect(capabilities == 0b001)
            let own = identity.publicKey
            #expect(outcome["payload"] as? String == hex(configuration.parameters))
            try compare(result, with: outcome, peerSaw: own)
        }
    }

    @Test(
        "its initiator and our responder come to the same keys",
        .enabled(if: python != nil, "PLAIT_PYTHON names no Python with noiseprotocol"),
        arguments: cases
    )
    func responder(mode: HandshakeMode, suite: Suite) throws {
        var secrets = SecretStream(simulationSeed: 2, name: "responder")
        let identity = KeyPair(from: &secrets, storage: .heap)
        let client = KeyPair(from: &secrets, storage: .heap)
        let clientKey = client.publicKey
        let udp = try UDPSocket()
        let peer = try Peer(
            python: try #require(Self.python),
            [
                "initiate", name(mode), "\(suite.rawValue)", hex(client), "\(udp.port)",
                hex(identity.publicKey.bytes.span.raw),
            ]
        )
        defer { peer.end() }
        let configuration = HandshakeConfiguration(capabilities: Capabilities(supported: 0b110))
        var gate = Gate(configuration, secrets: &secrets, now: .start)
        var now = Instant.start
        var id: ConnectionID?
        while id == nil, now < .start + .seconds(10) {
            guard let datagram = udp.receive() else {
                now = now + UDPSocket.timeout
                gate.deadlineReached(now: now)
                continue
            }
            let address = SocketAddress(interface: 1, port: udp.peer)
            let local = SocketAddress(interface: 2, port: udp.port)
            let event = gate.receive(
                datagram.span.raw,
                from: address,
                to: local,
                identity: identity,
                secrets: &secrets,
                now: now
            )
            var buffer = [UInt8](repeating: 0, count: 1_500)
            var span = buffer.mutableSpan
            var bytes = span.mutableRaw
            while let transmit = gate.nextTransmit(into: &bytes, now: now) {
                let reply = bytes.bytes.extracting(0..<transmit.length)
                udp.send(reply)
                // IK has keys at once; which connection they are for, the reply's header says.
                if mode == .ik { id = HandshakeHeader(reply)?.source }
            }
            if case .established(let finished) = event { id = finished }
        }
        let outcome = try peer.line()
        #expect(outcome["capabilities"] as? [Int] == [0b110, 0])
        #expect(outcome["payload"] as? String == hex(configuration.parameters))
        guard let id, let result = gate.takeResult(of: id) else {
            Issue.record("no keys")
            return
        }
        let peerKey = result.peerKey
        #expect(peerKey == clientKey)
        let capabilities = result.capabilities
        #expect(capabilities == 0b010)
        let own = identity.publicKey
        try compare(result, with: outcome, peerSaw: own)
    }

    private func compare(_ result: borrowing HandshakeResult, with outcome: [String: Any], peerSaw own: PublicKey)
        throws
    {
        let (hash, parameters) = (result.handshakeHash, result.peerParameters)
        let (forth, back) = (hex(result.secrets.initiatorToResponder), hex(result.secrets.responderToInitiator))
        #expect(outcome["hash"] as? String == hex(hash.span.raw))
        #expect(outcome["forth"] as? String == forth)
        #expect(outcome["back"] as? String == back)
        #expect(outcome["peer"] as? String == hex(own.bytes.span.raw))
        #expect(parameters == Self.peerParameters)
    }

    private func name(_ mode: HandshakeMode) -> String { mode == .xx ? "XX" : "IK" }

    private func hex(_ bytes: RawSpan) -> String {
        Array(copying: bytes).map { String(format: "%02x", $0) }.joined()
    }

    private func hex(_ pair: borrowing KeyPair) -> String { hex(pair.secret.bytes) }

    private func hex(_ parameters: TransportParameters) -> String {
        var bytes = [UInt8](repeating: 0, count: TransportParameters.lengthMax)
        var span = bytes.mutableSpan
        var writer = ByteWriter(span.mutableRaw)
        try? parameters.write(into: &writer)
        return hex(writer.written)
    }
}

/// The Python peer as a process; it ends by itself after ten seconds.
private final class Peer {
    private let process = Process()
    private let output = Pipe()
    private var pending = Data()

    init(python: String, _ arguments: [String]) throws {
        process.executableURL = URL(filePath: python)
        process.arguments = [repositoryRoot.appending(path: "Tests/Peers/noise_peer.py").path] + arguments
        process.standardOutput = output
        try process.run()
    }

    /// The next line that it prints, which is JSON.
    func line() throws -> [String: Any] {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = pending[..<end]
                pending = Data(pending[(end + 1)...])
                return try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
            }
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the peer ended without an outcome")
            pending.append(more)
        }
    }

    func end() {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
    }
}

/// A UDP socket on loopback that waits a fifth of a second at most.
private final class UDPSocket {
    static let timeout = Interval.milliseconds(200)

    private let handle: Int32
    /// This end's.
    private(set) var port: UInt16 = 0
    /// The other end's: given, or learnt from what it sent last.
    private(set) var peer: UInt16

    init(peer: UInt16 = 0) throws {
        self.peer = peer
        handle = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        try #require(handle >= 0)
        var own = Self.address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var limit = timeval(tv_sec: 0, tv_usec: 200_000)
        let option = unsafe setsockopt(
            handle,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &limit,
            socklen_t(MemoryLayout<timeval>.size)
        )
        try #require(option == 0)
        let status = unsafe withUnsafeMutablePointer(to: &own) { own in
            unsafe own.withMemoryRebound(to: sockaddr.self, capacity: 1) { own in
                let bound = unsafe bind(handle, own, length)
                return bound == 0 ? unsafe getsockname(handle, own, &length) : bound
            }
        }
        try #require(status == 0)
        port = UInt16(bigEndian: own.sin_port)
    }

    deinit { close(handle) }

    func send(_ bytes: RawSpan) {
        var target = Self.address(port: peer)
        let sent = unsafe withUnsafePointer(to: &target) { target in
            unsafe target.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
                unsafe bytes.withUnsafeBytes { bytes in
                    unsafe sendto(
                        handle,
                        bytes.baseAddress,
                        bytes.count,
                        0,
                        target,
                        socklen_t(MemoryLayout<sockaddr_in>.size)
                    )
                }
            }
        }
        #expect(sent == bytes.byteCount)
    }

    func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 2_000)
        var source = Self.address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let count = unsafe withUnsafeMutablePointer(to: &source) { source in
            unsafe source.withMemoryRebound(to: sockaddr.self, capacity: 1) { source in
                unsafe recvfrom(handle, &buffer, 2_000, 0, source, &length)
            }
        }
        guard count >= 0 else { return nil }
        peer = UInt16(bigEndian: source.sin_port)
        return Array(buffer[..<count])
    }

    private static func address(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}
