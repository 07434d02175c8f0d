extension StreamModel {
    /// The content of a packet, as the model sees it: a number below 64, so that a set of them is one word.
    ///
    /// Bytes come first, by start, count and whether they are the last ones; no bytes that are not the last ones mean
    /// nothing, and their numbers stand for resets.
    package struct Frame: Hashable, Sendable {
        package let number: UInt8

        /// What it says, as the module writes it.
        package enum Kind: Hashable, Sendable {
            case data(start: Int, count: Int, isLast: Bool)
            case reset(size: Int)
            case stop
            case limit(Int)
        }

        package init(number: Int) {
            precondition(0..<64 ~= number, "there are 64 frames")
            self.number = UInt8(number)
        }

        package init(_ kind: Kind) {
            switch kind {
            case .data(let start, let count, let isLast):
                precondition(
                    start <= StreamModel.unitsMax && count <= StreamModel.chunkMax && (count > 0 || isLast),
                    "bytes that no model of this size has"
                )
                self.init(number: start * 6 + count * 2 + (isLast ? 1 : 0))
            case .reset(let size):
                precondition(size <= StreamModel.unitsMax, "a size that no model of this size has")
                self.init(number: size * 6)
            case .stop: self.init(number: Self.stopNumber)
            case .limit(let limit):
                precondition(2...StreamModel.limitMax ~= limit, "a limit that no model of this size has")
                self.init(number: Self.stopNumber - 1 + limit)
            }
        }

        private static let stopNumber = 54

        package var bit: UInt64 { 1 << UInt64(number) }

        package var kind: Kind {
            let number = Int(number)
            if number == Self.stopNumber { return .stop }
            if number > Self.stopNumber { return .limit(number - Self.stopNumber + 1) }
            let rest = number % 6
            if rest == 0 { return .reset(size: number / 6) }
            return .data(start: number / 6, count: rest >> 1, isLast: rest & 1 == 1)
        }

        /// Whether the end that writes sends it.
        package var isSenders: Bool { number < Self.stopNumber }

        package var value: TLAValue {
            switch kind {
            case .data(let start, let count, let isLast):
                .record(of: [
                    ("kind", .text("data")), ("start", .number(start)), ("count", .number(count)),
                    ("isLast", .flag(isLast)),
                ])
            case .reset(let size): .record(of: [("kind", .text("reset")), ("size", .number(size))])
            case .stop: .record(of: [("kind", .text("stop"))])
            case .limit(let limit): .record(of: [("kind", .text("limit")), ("limit", .number(limit))])
            }
        }

        package init?(_ value: TLAValue) {
            switch value["kind"] {
            case .text("data"):
                guard case .number(let start) = value["start"], 0...StreamModel.unitsMax ~= start,
                    case .number(let count) = value["count"], 0...StreamModel.chunkMax ~= count,
                    case .flag(let isLast) = value["isLast"], count > 0 || isLast
                else { return nil }
                self.init(.data(start: start, count: count, isLast: isLast))
            case .text("reset"):
                guard case .number(let size) = value["size"], 0...StreamModel.unitsMax ~= size else { return nil }
                self.init(.reset(size: size))
            case .text("stop"): self.init(.stop)
            case .text("limit"):
                guard case .number(let limit) = value["limit"], 2...StreamModel.limitMax ~= limit else { return nil }
                self.init(.limit(limit))
            default: return nil
            }
        }
    }

    /// The members of a set of frames, in the order of their numbers.
    package static func frames(_ bits: UInt64) -> [Frame] {
        var members: [Frame] = []
        var rest = bits
        while rest != 0 {
            members.append(Frame(number: rest.trailingZeroBitCount))
            rest &= rest - 1
        }
        return members
    }

    /// The units before `count`, as bits.
    package static func below(_ count: Int) -> UInt64 { 1 << UInt64(count) - 1 }

    /// A run of units, as bits.
    package static func run(_ start: Int, _ count: Int) -> UInt64 { below(count) << UInt64(start) }
}
