/// A step of the module, by its name there.
package enum HandshakeAction: Hashable, Sendable {
    case connect(HandshakeState.Mode)
    case deliver(HandshakeMessage)
    case drop(HandshakeMessage)
    case deliverData(toServer: Bool)
    case deliverSecondAttempt
    case clientTimeout
    case clientGiveUp
    case clientIdle
    case serverTimeout
    case serverIdle
    case forgeInitiation(stolenCookie: Bool)
    case changeInitiation
    case forgeReply
    case forgeFinish
    case forgeCookie
    case forgeRefusal
    case junk
}

extension HandshakeAction: ModelAction {
    package static let names = [
        "Connect", "Deliver", "Drop", "DeliverData", "DeliverSecondAttempt", "ClientTimeout", "ClientGiveUp",
        "ClientIdle", "ServerTimeout", "ServerIdle", "ForgeInitiation", "ChangeInitiation", "ForgeReply",
        "ForgeFinish", "ForgeCookie", "ForgeRefusal", "Junk",
    ]

    package var name: String {
        switch self {
        case .connect: "Connect"
        case .deliver: "Deliver"
        case .drop: "Drop"
        case .deliverData: "DeliverData"
        case .deliverSecondAttempt: "DeliverSecondAttempt"
        case .clientTimeout: "ClientTimeout"
        case .clientGiveUp: "ClientGiveUp"
        case .clientIdle: "ClientIdle"
        case .serverTimeout: "ServerTimeout"
        case .serverIdle: "ServerIdle"
        case .forgeInitiation: "ForgeInitiation"
        case .changeInitiation: "ChangeInitiation"
        case .forgeReply: "ForgeReply"
        case .forgeFinish: "ForgeFinish"
        case .forgeCookie: "ForgeCookie"
        case .forgeRefusal: "ForgeRefusal"
        case .junk: "Junk"
        }
    }

    package var value: TLAValue {
        let name = ("name", TLAValue.text(self.name))
        return switch self {
        case .connect(let mode): .record(of: [name, ("pattern", .text(mode.word))])
        case .deliver(let message), .drop(let message): .record(of: [name, ("m", message.value)])
        case .deliverData(let toServer): .record(of: [name, ("to", .text(toServer ? "server" : "client"))])
        case .forgeInitiation(let stolen): .record(of: [name, ("cookie", .text(stolen ? "stolen" : "none"))])
        default: .record(of: [name])
        }
    }

    package init?(_ value: TLAValue) {
        guard let found = Self.all.first(where: { $0.value == value }) else { return nil }
        self = found
    }

    package var description: String {
        switch self {
        case .connect(let mode): "Connect(\(mode.word))"
        case .deliver(let message): "Deliver(\(message.words))"
        case .drop(let message): "Drop(\(message.words))"
        case .deliverData(let toServer): "DeliverData(to the \(toServer ? "server" : "client"))"
        case .forgeInitiation(let stolen): stolen ? "ForgeInitiation(with the client's cookie)" : "ForgeInitiation"
        default: name
        }
    }

    /// Every action there can be.
    static let all: [HandshakeAction] = {
        let messages = (0..<HandshakeMessage.count).map { HandshakeMessage(place: $0) }
        let network = messages.map { Self.deliver($0) } + messages.map { Self.drop($0) }
        return [.connect(.xx), .connect(.ik)] + network + [
            .deliverData(toServer: false), .deliverData(toServer: true), .deliverSecondAttempt, .clientTimeout,
            .clientGiveUp, .clientIdle, .serverTimeout, .serverIdle, .forgeInitiation(stolenCookie: false),
            .forgeInitiation(stolenCookie: true), .changeInitiation, .forgeReply, .forgeFinish, .forgeCookie,
            .forgeRefusal, .junk,
        ]
    }()
}

extension HandshakeMessage {
    /// For people.
    var words: String {
        switch kind {
        case .initiation: carries == .none ? "initiation" : "initiation, cookie \(carries.word)"
        case .reply, .finish: "\(kind.word) \(generation)"
        case .cookie: "cookie"
        }
    }
}
