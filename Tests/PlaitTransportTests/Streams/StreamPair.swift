import PlaitCore
import PlaitTransport
import Testing

/// Two stream sets, the packets between them, and the obvious model of what their applications may see.
///
/// The sets are 0 (client) and 1 (server). Packets are lost, overtaken and copied; their senders hear of it later, and
/// at times hear of a loss that was none.
struct StreamPair: ~Copyable {
    /// One direction of one stream as a person would keep it: all bytes, and how many of them were read.
    struct Flow {
        var written: [UInt8] = []
        var isEnded = false
        var read = 0
        var isEndRead = false
        /// Reset or stopped: nothing is owed any more.
        var isGivenUp = false
    }

    struct Packet {
        var sender: Int
        var bytes: [UInt8]
        var frames: [SentFrame]
        var arrivesAt: Int
        /// When the sender hears, and of what.
        var isLost: Bool
        var seemsLost: Bool
    }

    struct Channel {
        var lossPerMille = 0
        var copyPerMille = 0
        var delayMax = 1
        var spuriousPerMille = 0
    }

    var sets: Table<StreamSet>
    var channel = Channel()
    /// By id and sender.
    var flows: [UInt64: Flow] = [:]
    /// The streams that each application knows, in the order in which it learnt of them.
    var known: [[StreamID]] = [[], []]
    var underWay: [Packet] = []
    /// Frames whose sender will hear that they arrived, after it heard that they did not.
    var corrections: [(sender: Int, frames: [SentFrame], at: Int)] = []
    var clock = 0
    var events: [[StreamEvent]] = [[], []]
    var packetsSent = 0
    /// Called by tests that look at memory.
    var checksInvariants = true

    init(
        client: StreamLimits = StreamLimits(),
        server: StreamLimits = StreamLimits(),
        buffers: StreamBuffers = StreamBuffers()
    ) {
        sets = Table(capacity: 2)
        sets.append(StreamSet(role: .client, local: client, remote: server, buffers: buffers))
        sets.append(StreamSet(role: .server, local: server, remote: client, buffers: buffers))
    }

    static func key(_ id: StreamID, _ sender: Int) -> UInt64 { id.value << 1 | UInt64(sender) }

    func flow(_ id: StreamID, from sender: Int) -> Flow { flows[Self.key(id, sender)] ?? Flow() }

    var now: Instant { .start + .milliseconds(Int64(clock)) }

    // MARK: What applications do

    @discardableResult
    mutating func open(_ side: Int, _ direction: StreamDirection, priority: UInt8 = 0) throws(StreamError) -> StreamID {
        let id = try sets[side].open(direction, priority: priority)
        known[side].append(id)
        return id
    }

    @discardableResult
    mutating func write(_ side: Int, _ id: StreamID, _ bytes: [UInt8], isLast: Bool = false) throws(StreamError) -> Int
    {
        let count = try sets[side].write(id, bytes.span.raw, isLast: isLast)
        flows[Self.key(id, side), default: Flow()].written += bytes[..<count]
        if isLast, count == bytes.count { flows[Self.key(id, side), default: Flow()].isEnded = true }
        return count
    }

    /// Reads at most `count` bytes and holds them against the model.
    @discardableResult
    mutating func read(_ side: Int, _ id: StreamID, _ count: Int) throws(StreamError) -> (count: Int, isEnd: Bool) {
        var target = [UInt8](repeating: 0xEE, count: count)
        let result = try read(side, id, into: &target)
        let key = Self.key(id, 1 - side)
        var flow = flows[key] ?? Flow()
        let expected = flow.written[flow.read..<min(flow.read + result.count, flow.written.count)]
        let isEqual = target[..<result.count] == expected
        #expect(isEqual, "stream \(id.value) at \(flow.read)")
        flow.read += result.count
        let mayEnd = flow.isEnded && flow.read == flow.written.count && !flow.isEndRead
        #expect(!result.isEnd || mayEnd, "stream \(id.value) ended at \(flow.read) of \(flow.written.count)")
        if result.isEnd { flow.isEndRead = true }
        flows[key] = flow
        return result
    }

    private mutating func read(
        _ side: Int,
        _ id: StreamID,
        into target: inout [UInt8]
    ) throws(StreamError) -> (count: Int, isEnd: Bool) {
        var span = target.mutableSpan
        var raw = span.mutableRaw
        return try sets[side].read(id, into: &raw, now: now, roundTrip: .milliseconds(20))
    }

    /// Takes all events; a stream that the peer opened is known from then on.
    mutating func takeEvents(_ side: Int) {
        while let event = sets[side].nextEvent() {
            switch event {
            case .opened(let id): known[side].append(id)
            case .reset(let id, _): flows[Self.key(id, 1 - side), default: Flow()].isGivenUp = true
            case .stopped(let id, _): flows[Self.key(id, side), default: Flow()].isGivenUp = true
            case .finished(let id):
                let flow = flow(id, from: side)
                #expect(flow.isEnded, "finished before its end was written")
            default: break
            }
            events[side].append(event)
        }
    }

    // MARK: What the network does

    /// Writes one packet and decides its fate. Answers how many frames it has.
    @discardableResult
    mutating func send(_ side: Int, size: Int = 1_200, dice: inout Dice) -> Int {
        var bytes = [UInt8](repeating: 0, count: size)
        var frames: [SentFrame] = []
        var length = 0
        do {
            var span = bytes.mutableSpan
            var writer = ByteWriter(span.mutableRaw)
            while let frame = sets[side].nextFrame(into: &writer, now: now) { frames.append(frame) }
            length = writer.offset
        }
        guard !frames.isEmpty else { return 0 }
        packetsSent += 1
        bytes.removeLast(size - length)
        let isLost = dice.perMille(channel.lossPerMille)
        let packet = Packet(
            sender: side,
            bytes: bytes,
            frames: frames,
            arrivesAt: clock + 1 + dice.roll(channel.delayMax),
            isLost: isLost,
            seemsLost: isLost || dice.perMille(channel.spuriousPerMille)
        )
        underWay.append(packet)
        if dice.perMille(channel.copyPerMille) {
            // A copy is dropped by the replay window; frames arrive twice when they are sent twice. So does this.
            var copy = packet
            copy.arrivesAt += dice.roll(3 * channel.delayMax)
            copy.frames = []
            copy.isLost = false
            underWay.append(copy)
        }
        return frames.count
    }

    /// Lets a tick pass: what is due arrives, and senders hear of it.
    mutating func tick() throws(PeerViolation) {
        clock += 1
        var index = 0
        while index < underWay.count {
            guard underWay[index].arrivesAt <= clock else {
                index += 1
                continue
            }
            let packet = underWay.remove(at: index)
            if !packet.isLost { try deliver(packet.bytes, to: 1 - packet.sender) }
            for frame in packet.frames {
                if packet.seemsLost {
                    sets[packet.sender].lost(frame)
                } else {
                    sets[packet.sender].acknowledged(frame)
                }
            }
            if packet.seemsLost, !packet.isLost {
                corrections.append((packet.sender, packet.frames, clock + 1 + channel.delayMax))
            }
            check()
        }
        index = 0
        while index < corrections.count {
            guard corrections[index].at <= clock else {
                index += 1
                continue
            }
            let correction = corrections.remove(at: index)
            for frame in correction.frames { sets[correction.sender].acknowledged(frame) }
            check()
        }
    }

    mutating func check() {
        guard checksInvariants else { return }
        sets[0].checkInvariants()
        sets[1].checkInvariants()
    }

    mutating func deliver(_ bytes: [UInt8], to side: Int) throws(PeerViolation) {
        let payload = bytes.span.raw
        var reader = FrameReader(payload)
        while let frame = try reader.next() {
            switch frame {
            case .stream(let frame): try sets[side].receive(frame, bytes: payload.extracting(frame.data))
            case .resetStream(let frame): try sets[side].receive(frame)
            case .stopSending(let frame): try sets[side].receive(frame)
            case .maxData(let limit): sets[side].receiveMaxData(limit)
            case .maxStreamData(let id, let limit): try sets[side].receiveMaxStreamData(id, limit)
            case .maxStreams(let direction, let count): try sets[side].receiveMaxStreams(direction, count)
            default: Issue.record("a frame that streams do not send")
            }
            check()
        }
    }

    /// A stream frame that nobody's stream set wrote, as a hostile peer would.
    mutating func inject(
        to side: Int,
        _ id: StreamID,
        offset: UInt64 = 0,
        _ data: [UInt8] = [],
        isLast: Bool = false
    ) throws(PeerViolation) {
        var bytes = [UInt8](repeating: 0, count: data.count + 32)
        var length = 0
        do {
            var span = bytes.mutableSpan
            var writer = ByteWriter(span.mutableRaw)
            let isWritten = writer.writeStream(id, offset: offset, bytes: data.span.raw, isLast: isLast)
            precondition(isWritten, "there is room")
            length = writer.offset
        }
        try deliver([UInt8](bytes[..<length]), to: side)
    }

    /// Sends and delivers until both ends have nothing left to say.
    mutating func settle(dice: inout Dice) throws(PeerViolation) {
        for _ in 0..<20_000 {
            for side in 0..<2 {
                var burst = 0
                while burst < 10, send(side, dice: &dice) > 0 { burst += 1 }
            }
            if underWay.isEmpty, corrections.isEmpty { return }
            try tick()
        }
        Issue.record("it never ends")
    }
}
