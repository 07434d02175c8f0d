/// What can be on the wire between the two ends, as in the module; data packets are left out there.
package struct HandshakeMessage: Hashable, Sendable, BitwiseCopyable {
    /// Its place in the bit set that a wire is.
    let place: Int

    /// The module's kinds, in the order of their places.
    enum Kind: Int, CaseIterable, Sendable {
        case initiation, reply, finish, cookie

        var word: String { ["initiation", "reply", "finish", "cookie"][rawValue] }
    }

    /// What a cookie is to the client's first message.
    enum CookieState: UInt64, CaseIterable, Sendable {
        case none, right, wrong

        var word: String { ["none", "right", "wrong"][Int(rawValue)] }
        init?(word: String) {
            guard let found = Self.allCases.first(where: { $0.word == word }) else { return nil }
            self = found
        }
    }

    static let cookie = HandshakeMessage(place: 11)
    static func initiation(_ cookie: CookieState) -> Self { Self(place: Int(cookie.rawValue)) }
    static func reply(_ generation: Int) -> Self { Self(place: 2 + checked(generation)) }
    static func finish(_ generation: Int) -> Self { Self(place: 6 + checked(generation)) }

    /// Generations that have a place.
    static let generationsMax = 4

    /// One more reply would lie where the first finish does.
    private static func checked(_ generation: Int) -> Int {
        precondition(1...generationsMax ~= generation, "a message of a generation that has no place")
        return generation
    }

    static let count = 12

    var bit: UInt64 { 1 << UInt64(place) }

    var kind: Kind {
        switch place {
        case 0...2: .initiation
        case 3...6: .reply
        case 7...10: .finish
        default: .cookie
        }
    }

    /// Of a reply or a finish.
    var generation: Int { kind == .reply ? place - 2 : place - 6 }

    /// Of an initiation.
    var carries: CookieState { CookieState(rawValue: UInt64(place)) ?? .none }
}

extension HandshakeMessage {
    var value: TLAValue {
        let kind = ("kind", TLAValue.text(kind.word))
        return switch self.kind {
        case .initiation: .record(of: [kind, ("cookie", .text(carries.word))])
        case .reply, .finish: .record(of: [kind, ("of", .number(generation))])
        case .cookie: .record(of: [kind])
        }
    }

    init?(_ value: TLAValue) {
        guard let found = Self.all.first(where: { $0.value == value }) else { return nil }
        self = found
    }

    /// In the order of their places.
    private static let all = (0..<count).map { HandshakeMessage(place: $0) }
}
