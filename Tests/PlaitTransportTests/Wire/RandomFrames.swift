import FuzzChecks
import PlaitCore
import PlaitTransport

/// Draws frames of every kind, their numbers of every length.
struct RandomFrames {
    private let stream: RandomStream
    private var count: UInt64 = 0

    init(seed: UInt64) { stream = RandomStream(seed: seed, name: "test/frames") }

    mutating func below(_ bound: UInt64) -> UInt64 {
        count += 1
        return stream.draw(count).uniform(below: bound)
    }

    /// Of up to 62 bits, all lengths equally likely.
    mutating func number(bits: UInt64 = 62) -> UInt64 { below(1 << below(bits + 1)) }

    mutating func bytes(_ most: UInt64 = 40, atLeast least: UInt64 = 0) -> [UInt8] {
        (0..<below(most + 1 - least) + least).map { _ in UInt8(below(256)) }
    }

    mutating func path() -> PathID { PathID(UInt32(number(bits: 32))) }
    mutating func direction() -> StreamDirection { below(2) == 0 ? .bidirectional : .unidirectional }

    /// Disjoint, the highest first, at least one number missing in between.
    mutating func ranges() -> [AckRange] {
        var ranges: [AckRange] = []
        var last = number()
        while ranges.count < AckFrame.rangesMax {
            let first = last - below(min(last, number(bits: 20)) + 1)
            ranges.append(AckRange(first: first, last: last))
            guard first >= 2, below(12) > 0 else { break }
            last = first - 2 - below(min(first - 2, number(bits: 20)) + 1)
        }
        return ranges
    }

    mutating func ack() -> FrameMeaning {
        let ranges = ranges()
        let ecn = ECNCounts(capable0: number(), capable1: number(), congestionExperienced: number())
        let frame = AckFrame(
            path: path(),
            largest: ranges[0].last,
            delay: number(),
            rangeCount: ranges.count,
            ranges: 0..<0,
            ecn: below(2) == 0 ? nil : ecn
        )
        return FrameMeaning(.ack(frame), bytes: [], ranges: ranges)
    }

    /// Any frame that a data packet may carry.
    mutating func data() -> FrameMeaning {
        switch below(24) {
        case 0: return plain(.padding(count: Int(below(100)) + 1))
        case 1: return plain(.ping)
        case 2, 3: return ack()
        case 4: return plain(.resetStream(ResetStreamFrame(id: id(), code: number(), finalSize: number())))
        case 5: return plain(.stopSending(StopSendingFrame(id: id(), code: number())))
        case 6, 7: return streamData()
        case 8: return plain(.maxData(number()))
        case 9: return plain(.maxStreamData(id(), number()))
        case 10: return plain(.maxStreams(direction(), number(bits: 60)))
        case 11: return plain(.dataBlocked(number()))
        case 12: return plain(.streamDataBlocked(id(), number()))
        case 13: return plain(.streamsBlocked(direction(), number(bits: 60)))
        case 14: return newConnectionID()
        case 15: return plain(.retireConnectionID(path: path(), sequence: number()))
        case 16: return plain(.pathChallenge(number(bits: 63)))
        case 17: return plain(.pathResponse(number(bits: 63)))
        case 18: return close()
        case 19: return plain(.pathStatus(.init(path: path(), sequence: number(), isBackup: below(2) == 0)))
        case 20: return plain(.pathAbandon(PathAbandonFrame(path: path(), code: number())))
        case 21: return plain(.keyUpdate(generation: number()))
        case 22: return run(bytes(atLeast: 1)) { .ticket($0) }
        default: return below(2) == 0 ? plain(.handshakeConfirmed) : run(bytes()) { .datagram($0) }
        }
    }

    /// Any frame that an initiation or a refusal may carry.
    mutating func handshake(_ kind: HandshakeKind) -> FrameMeaning {
        switch below(4) {
        case 0: return plain(.padding(count: Int(below(100)) + 1))
        case 1 where kind == .initiation: return run(bytes(atLeast: 1)) { .offer($0) }
        case 2 where kind == .initiation: return run(bytes(atLeast: 1)) { .handshake($0) }
        case _ where kind == .refusal:
            let code = number()
            return run(bytes()) { .refusal(RefusalFrame(code: code, details: $0)) }
        default: return run(bytes(atLeast: 1)) { .cookie($0) }
        }
    }

    private mutating func id() -> StreamID { StreamID(number()) }
    private func plain(_ frame: Frame) -> FrameMeaning { FrameMeaning(frame, bytes: [], ranges: []) }

    private func run(_ bytes: [UInt8], _ frame: (Range<Int>) -> Frame) -> FrameMeaning {
        FrameMeaning(frame(0..<bytes.count), bytes: bytes, ranges: [])
    }

    private mutating func streamData() -> FrameMeaning {
        let bytes = bytes()
        let offset = min(number(), Varint.max - UInt64(bytes.count))
        let (id, isLast) = (id(), below(2) == 0)
        return run(bytes) { .stream(StreamFrame(id: id, offset: offset, data: $0, isLast: isLast)) }
    }

    private mutating func newConnectionID() -> FrameMeaning {
        let sequence = number()
        let name = ConnectionID(number(bits: 63) + 1)
        let retire = below(sequence + 1)
        return plain(.newConnectionID(.init(path: path(), sequence: sequence, retirePrior: retire, id: name)))
    }

    private mutating func close() -> FrameMeaning {
        let (isApplication, code, type) = (below(2) == 0, number(), number())
        return run(bytes()) {
            .close(
                CloseFrame(code: code, frameType: isApplication ? 0 : type, reason: $0, isApplication: isApplication)
            )
        }
    }
}
