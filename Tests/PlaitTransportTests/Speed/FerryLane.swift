import PlaitCore
import PlaitTransport

/// One direction of a wire between two endpoints: datagrams in order, each under way for the same time.
///
/// All its memory is taken at the start, so that whatever is allocated while it runs, an endpoint allocates.
struct FerryLane: ~Copyable {
    private var memory: [UInt8]
    private var lengths: [Int]
    private var arrivals: [Instant]
    /// Where each came from, and where it goes.
    private var ways: [(from: SocketAddress, to: SocketAddress)]
    private var head = 0
    private(set) var count = 0
    private(set) var sent: UInt64 = 0
    private let fates: RandomStream
    /// Of so many datagrams one is lost, at random; zero: none.
    var oneLostOf: UInt64
    /// Before each datagram so many forgeries of it arrive, each with one bit turned.
    var forgeries = 0
    private(set) var forged: UInt64 = 0

    private static var slotLength: Int { 4_096 }
    private static var capacity: Int { 1 << 13 }

    init(fates: RandomStream, oneLostOf: UInt64) {
        memory = [UInt8](repeating: 0, count: Self.capacity * Self.slotLength)
        lengths = [Int](repeating: 0, count: Self.capacity)
        arrivals = [Instant](repeating: .never, count: Self.capacity)
        let nowhere = SocketAddress(interface: 0, port: 0)
        ways = Array(repeating: (nowhere, nowhere), count: Self.capacity)
        self.fates = fates
        self.oneLostOf = oneLostOf
    }

    /// When the next datagram arrives.
    var next: Instant { count == 0 ? .never : arrivals[head] }

    /// Takes what an endpoint has to send, until it has nothing more.
    mutating func load(from endpoint: inout TransportEndpoint, now: Instant, latency: Interval) {
        while true {
            precondition(count < Self.capacity, "more datagrams are under way than the lane has room for")
            let place = (head + count) & (Self.capacity - 1)
            var span = memory.mutableSpan
            var bytes = span.mutableRaw
            var slot = bytes._mutatingExtracting(place * Self.slotLength..<(place + 1) * Self.slotLength)
            guard let datagram = endpoint.nextTransmit(into: &slot, now: now) else { return }
            sent += 1
            if oneLostOf > 0, fates.draw(sent) % oneLostOf == 0 { continue }
            lengths[place] = datagram.length
            arrivals[place] = now + latency
            ways[place] = (datagram.local, datagram.remote)
            count += 1
        }
    }

    /// Hands over what has arrived.
    mutating func unload(to endpoint: inout TransportEndpoint, now: Instant) {
        while count > 0, arrivals[head] <= now {
            let start = head * Self.slotLength
            let range = start..<start + lengths[head]
            let (remote, local) = ways[head]
            head = (head + 1) & (Self.capacity - 1)
            count -= 1
            for _ in 0..<forgeries {
                forged += 1
                let bit = Int(truncatingIfNeeded: fates.draw(forged, 1) >> 1) % (range.count * 8)
                turn(bit, of: range)
                endpoint.receive(memory.span.raw.extracting(range), from: remote, to: local, ecn: .notCapable, now: now)
                turn(bit, of: range)
            }
            endpoint.receive(memory.span.raw.extracting(range), from: remote, to: local, ecn: .notCapable, now: now)
        }
    }

    private mutating func turn(_ bit: Int, of range: Range<Int>) {
        memory[range.lowerBound + bit / 8] ^= 0x80 >> UInt8(bit % 8)
    }
}
