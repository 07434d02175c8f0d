import PlaitCore
import PlaitTransport

/// One direction of a wire in memory: datagrams in order, each under way for the same time, none copied.
struct BenchWire: ~Copyable {
    private var memory: [UInt8]
    private var lengths: [Int]
    private var arrivals: [Instant]
    private var head = 0
    private var count = 0
    private(set) var sent: UInt64 = 0
    /// How many datagrams of each length were sent.
    private(set) var sentOfLength: [Int]

    static var lengthMax: Int { 1_280 }

    /// - Parameter capacity: How many datagrams may be under way; a power of two.
    init(capacity: Int) {
        precondition(capacity > 0 && capacity & (capacity - 1) == 0, "not a power of two")
        memory = [UInt8](repeating: 0, count: capacity * Self.lengthMax)
        lengths = [Int](repeating: 0, count: capacity)
        arrivals = [Instant](repeating: .never, count: capacity)
        sentOfLength = [Int](repeating: 0, count: Self.lengthMax + 1)
    }

    /// When the next datagram arrives, or `.never`.
    var next: Instant { count == 0 ? .never : arrivals[head] }

    /// Takes what an endpoint has to send, until it has nothing more.
    mutating func load(from endpoint: inout TransportEndpoint, now: Instant, latency: Interval) {
        while true {
            precondition(count < lengths.count, "more datagrams are under way than the wire has room for")
            let place = (head + count) & (lengths.count - 1)
            var span = memory.mutableSpan
            var bytes = span.mutableRaw
            var slot = bytes._mutatingExtracting(place * Self.lengthMax..<(place + 1) * Self.lengthMax)
            guard let datagram = endpoint.nextTransmit(into: &slot, now: now) else { return }
            sent += 1
            sentOfLength[datagram.length] += 1
            lengths[place] = datagram.length
            arrivals[place] = now + latency
            count += 1
        }
    }

    /// Hands over what has arrived.
    mutating func unload(
        to endpoint: inout TransportEndpoint,
        from remote: SocketAddress,
        to local: SocketAddress,
        now: Instant
    ) {
        while count > 0, arrivals[head] <= now {
            let start = head * Self.lengthMax
            let range = start..<start + lengths[head]
            head = (head + 1) & (lengths.count - 1)
            count -= 1
            endpoint.receive(memory.span.raw.extracting(range), from: remote, to: local, ecn: .notCapable, now: now)
        }
    }
}
