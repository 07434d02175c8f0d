import PlaitCore
import PlaitCrypto
import PlaitTransport

/// An endless transfer from server to client over a `BenchPair`.
struct BenchTransfer: ~Copyable {
    private(set) var pair: BenchPair
    private let atClient: ConnectionHandle
    private let atServer: ConnectionHandle
    private let stream: StreamID
    private var hasRoom = true
    private let chunk = [UInt8](repeating: 0xa5, count: 65_536)
    private var target = [UInt8](repeating: 0, count: 65_536)

    /// - Throws: When the two ends do not come together.
    init(_ suite: Suite) throws(BenchError) {
        var configuration = EndpointConfiguration()
        configuration.handshake.suites = [suite]
        // A wire without a rate would let the window grow until a round holds data or acknowledgements only.
        configuration.connection.buffers = StreamBuffers(sendMax: 1 << 18)
        var pair = BenchPair(configuration, latency: .milliseconds(2))
        let atClient = try pair.connect()
        var accepted: ConnectionHandle?
        while accepted == nil, !pair.next.isNever {
            pair.step()
            while let event = pair.server.nextEvent() {
                if case .established = event.event { accepted = event.connection }
            }
        }
        guard let atServer = accepted else { throw .transport("the handshake failed") }
        do throws(StreamError) { stream = try pair.server.open(.unidirectional, on: atServer, now: pair.now) } catch {
            throw .transport("\(error)")
        }
        self.atClient = atClient
        self.atServer = atServer
        self.pair = pair
    }

    /// Goes on until both ends have sent so many packets more.
    mutating func run(packets: Int) throws(BenchError) {
        let end = pair.packets + UInt64(packets)
        do throws(StreamError) {
            while pair.packets < end {
                if hasRoom { try write() }
                pair.step()
                while let event = pair.server.nextEvent() {
                    if case .stream(.writable) = event.event { hasRoom = true }
                }
                try read()
            }
        } catch {
            throw .transport("\(error)")
        }
    }

    private mutating func write() throws(StreamError) {
        let chunk = chunk
        var taken = chunk.count
        while taken == chunk.count {
            taken = try pair.server.write(chunk.span.raw, to: stream, on: atServer, now: pair.now)
        }
        hasRoom = false
        pair.pump()
    }

    private mutating func read() throws(StreamError) {
        // Taken out and put back: a span of it must not be a span of all this.
        var buffer: [UInt8] = []
        swap(&buffer, &target)
        defer { swap(&buffer, &target) }
        var hasRead = false
        while let event = pair.client.nextEvent() {
            guard case .stream(.readable) = event.event else { continue }
            hasRead = true
            var count = 1
            while count > 0 {
                var span = buffer.mutableSpan
                var bytes = span.mutableRaw
                count = try pair.client.read(from: stream, on: atClient, into: &bytes, now: pair.now).count
            }
        }
        if hasRead { pair.pump() }
    }
}
