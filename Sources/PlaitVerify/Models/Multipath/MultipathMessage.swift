/// What can be on the wire of `formal/Multipath/Multipath.tla`. Paths, numbers and rounds are counted from one, as
/// there.
package enum MultipathMessage: Hashable, Sendable {
    /// A packet of the sender's that asks for an acknowledgement.
    case data(path: Int, number: Int)
    /// Tells of packets of one path, by another or the same; `numbers` has a bit for each, the lowest for the first.
    case ack(path: Int, by: Int, numbers: UInt64)
    case challenge(path: Int, round: Int)
    /// Answers a challenge, and acknowledges what came by the path.
    case response(path: Int, round: Int, numbers: UInt64)
}

extension MultipathMessage {
    package var value: TLAValue {
        switch self {
        case .data(let path, let number):
            .record(of: [("kind", .text("data")), ("path", .number(path)), ("number", .number(number))])
        case .ack(let path, let by, let numbers):
            .record(of: [
                ("kind", .text("ack")), ("path", .number(path)), ("by", .number(by)),
                ("numbers", MultipathState.numbers(numbers)),
            ])
        case .challenge(let path, let round):
            .record(of: [("kind", .text("challenge")), ("path", .number(path)), ("round", .number(round))])
        case .response(let path, let round, let numbers):
            .record(of: [
                ("kind", .text("response")), ("path", .number(path)), ("round", .number(round)),
                ("numbers", MultipathState.numbers(numbers)),
            ])
        }
    }

    package init?(_ value: TLAValue) {
        guard case .text(let kind) = value["kind"], let path = Self.number(value["path"], upTo: MultipathModel.pathsMax)
        else { return nil }
        switch kind {
        case "data":
            guard let number = Self.number(value["number"], upTo: MultipathModel.numbersMax) else { return nil }
            self = .data(path: path, number: number)
        case "ack":
            guard let by = Self.number(value["by"], upTo: MultipathModel.pathsMax),
                let numbers = value["numbers"].flatMap(MultipathState.numbers)
            else { return nil }
            self = .ack(path: path, by: by, numbers: numbers)
        case "challenge":
            guard let round = Self.number(value["round"], upTo: MultipathModel.roundsMax) else { return nil }
            self = .challenge(path: path, round: round)
        case "response":
            guard let round = Self.number(value["round"], upTo: MultipathModel.roundsMax),
                let numbers = value["numbers"].flatMap(MultipathState.numbers)
            else { return nil }
            self = .response(path: path, round: round, numbers: numbers)
        default: return nil
        }
    }

    static func number(_ value: TLAValue?, upTo most: Int) -> Int? {
        guard case .number(let number) = value, 1...most ~= number else { return nil }
        return number
    }

    /// Short, for tables of events.
    package var words: String {
        switch self {
        case .data(let path, let number): "packet \(number) of path \(path)"
        case .ack(let path, let by, let numbers):
            "ACK of \(MultipathState.numbers(numbers).text) of path \(path) by path \(by)"
        case .challenge(let path, let round): "challenge \(round) of path \(path)"
        case .response(let path, let round, _): "response \(round) of path \(path)"
        }
    }
}
