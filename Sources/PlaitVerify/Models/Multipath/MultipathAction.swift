/// An action of `formal/Multipath/Multipath.tla`, by its name there.
package enum MultipathAction: ModelAction {
    case write
    case read
    case open(path: Int, isBackup: Bool)
    case challenge(path: Int)
    case challengeArrives(path: Int, round: Int)
    case challengeAnswered(path: Int, round: Int)
    case send(path: Int)
    case reinject(path: Int, by: Int)
    case deliver(path: Int, number: Int, by: Int)
    case hear(path: Int, by: Int)
    case lossTimeout(path: Int)
    case probe(path: Int)
    case suspect(path: Int)
    case fail(path: Int)
    case socketError(path: Int)
    case abandon(path: Int)
    case drop(MultipathMessage)
    case cut(path: Int)
    case heal(path: Int)

    package static let names = [
        "Write", "Read", "Open", "Challenge", "ChallengeArrives", "ChallengeAnswered", "Send", "Reinject", "Deliver",
        "Hear", "LossTimeout", "Probe", "Suspect", "Fail", "SocketError", "Abandon", "Drop", "Cut", "Heal",
    ]

    package var name: String {
        switch self {
        case .write: "Write"
        case .read: "Read"
        case .open: "Open"
        case .challenge: "Challenge"
        case .challengeArrives: "ChallengeArrives"
        case .challengeAnswered: "ChallengeAnswered"
        case .send: "Send"
        case .reinject: "Reinject"
        case .deliver: "Deliver"
        case .hear: "Hear"
        case .lossTimeout: "LossTimeout"
        case .probe: "Probe"
        case .suspect: "Suspect"
        case .fail: "Fail"
        case .socketError: "SocketError"
        case .abandon: "Abandon"
        case .drop: "Drop"
        case .cut: "Cut"
        case .heal: "Heal"
        }
    }

    package var value: TLAValue {
        var fields: [(String, TLAValue)] = [("name", .text(name))]
        switch self {
        case .write, .read: break
        case .open(let path, let isBackup): fields += [("path", .number(path)), ("isBackup", .flag(isBackup))]
        case .challengeArrives(let path, let round), .challengeAnswered(let path, let round):
            fields += [("path", .number(path)), ("round", .number(round))]
        case .reinject(let path, let by), .hear(let path, let by):
            fields += [("path", .number(path)), ("by", .number(by))]
        case .deliver(let path, let number, let by):
            fields += [("path", .number(path)), ("number", .number(number)), ("by", .number(by))]
        case .challenge(let path), .send(let path), .lossTimeout(let path), .probe(let path), .suspect(let path),
            .fail(let path), .socketError(let path), .abandon(let path), .cut(let path), .heal(let path):
            fields.append(("path", .number(path)))
        case .drop(let message): fields.append(("message", message.value))
        }
        return .record(of: fields)
    }

    package init?(_ value: TLAValue) {
        guard case .text(let name) = value["name"] else { return nil }
        switch name {
        case "Write": self = .write
        case "Read": self = .read
        case "Drop":
            guard let message = value["message"].flatMap({ MultipathMessage($0) }) else { return nil }
            self = .drop(message)
        default:
            guard let path = MultipathMessage.number(value["path"], upTo: MultipathModel.pathsMax),
                let action = Self.action(name, path: path, value)
            else { return nil }
            self = action
        }
    }

    private static func action(_ name: String, path: Int, _ value: TLAValue) -> MultipathAction? {
        let by = MultipathMessage.number(value["by"], upTo: MultipathModel.pathsMax)
        let round = MultipathMessage.number(value["round"], upTo: MultipathModel.roundsMax)
        let number = MultipathMessage.number(value["number"], upTo: MultipathModel.numbersMax)
        switch (name, by, round, number) {
        case ("Open", _, _, _):
            guard case .flag(let isBackup) = value["isBackup"] else { return nil }
            return .open(path: path, isBackup: isBackup)
        case ("ChallengeArrives", _, let round?, _): return .challengeArrives(path: path, round: round)
        case ("ChallengeAnswered", _, let round?, _): return .challengeAnswered(path: path, round: round)
        case ("Reinject", let by?, _, _): return .reinject(path: path, by: by)
        case ("Hear", let by?, _, _): return .hear(path: path, by: by)
        case ("Deliver", let by?, _, let number?): return .deliver(path: path, number: number, by: by)
        default: return plain(name, path: path)
        }
    }

    private static func plain(_ name: String, path: Int) -> MultipathAction? {
        switch name {
        case "Challenge": .challenge(path: path)
        case "Send": .send(path: path)
        case "LossTimeout": .lossTimeout(path: path)
        case "Probe": .probe(path: path)
        case "Suspect": .suspect(path: path)
        case "Fail": .fail(path: path)
        case "SocketError": .socketError(path: path)
        case "Abandon": .abandon(path: path)
        case "Cut": .cut(path: path)
        case "Heal": .heal(path: path)
        default: nil
        }
    }

    /// Short, for tables of events: `Send on path 1`.
    package var description: String {
        switch self {
        case .write, .read: name
        case .open(let path, let isBackup): "\(name) path \(path)\(isBackup ? " as a backup" : "")"
        case .challengeArrives(let path, let round), .challengeAnswered(let path, let round):
            "\(name) \(round) of path \(path)"
        case .reinject(let path, let by): "\(name) from path \(path) on path \(by)"
        case .hear(let path, let by): "\(name) of path \(path) by path \(by)"
        case .deliver(let path, let number, let by): "\(name) packet \(number) of path \(path), ACK by path \(by)"
        case .challenge(let path), .send(let path), .lossTimeout(let path), .probe(let path), .suspect(let path),
            .fail(let path), .socketError(let path), .abandon(let path), .cut(let path), .heal(let path):
            "\(name) path \(path)"
        case .drop(let message): "\(name) \(message.words)"
        }
    }
}
