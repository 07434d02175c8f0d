/// A side of a handshake.
package enum NoiseRole: UInt8, Sendable {
    case initiator
    case responder

    package var other: NoiseRole { self == .initiator ? .responder : .initiator }
}

/// What a message carries or mixes in, as section 7.1 of the Noise specification names it.
///
/// In a two-letter token the first letter is the initiator's key and the second the responder's.
package enum NoiseToken: UInt8, Sendable {
    /// An ephemeral public key, in clear.
    case e
    /// A static public key, sealed if a key is known by then.
    case s
    case ee
    case es
    case se
    case ss
    case psk
}

/// The order of keys in a handshake, as data: messages alternate, the initiator begins.
package struct HandshakePattern: Hashable, Sendable {
    /// With its modifiers: `IKpsk2`.
    package let name: String
    /// Whether the responder knows the initiator's static key beforehand.
    package let initiatorIsKnown: Bool
    /// Whether the initiator knows the responder's static key beforehand.
    package let responderIsKnown: Bool
    /// What each message holds, from the first to the last.
    package let messages: [[NoiseToken]]

    /// `known` names the sides whose static keys are known beforehand.
    package init(_ name: String, known: [NoiseRole] = [], _ messages: [[NoiseToken]]) {
        precondition(!messages.isEmpty, "a pattern without messages")
        self.name = name
        initiatorIsKnown = known.contains(.initiator)
        responderIsKnown = known.contains(.responder)
        self.messages = messages
    }

    /// The same with pre-shared keys: psk0 stands before the first message's tokens, psk n ends the nth (section 9).
    ///
    /// - Precondition: Places rise and lie within the messages.
    package func withPSK(at places: [Int]) -> HandshakePattern {
        precondition(!places.isEmpty && !hasPSK, "which places, and only once")
        var messages = messages
        var name = name
        for (index, place) in places.enumerated() {
            precondition(index == 0 || place > places[index - 1], "psk places rise")
            if place == 0 { messages[0].insert(.psk, at: 0) } else { messages[place - 1].append(.psk) }
            name += (index == 0 ? "psk" : "+psk") + String(place)
        }
        let known = (initiatorIsKnown ? [NoiseRole.initiator] : []) + (responderIsKnown ? [.responder] : [])
        return HandshakePattern(name, known: known, messages)
    }

    /// How many pre-shared keys are mixed in. With any, an ephemeral key is mixed in too (section 9.2).
    package var pskCount: Int { messages.reduce(0) { $0 + $1.count { $0 == .psk } } }

    package var hasPSK: Bool { pskCount > 0 }

    /// Whether only the initiator ever sends (section 7.4).
    package var isOneWay: Bool { messages.count == 1 }

    /// Who writes the message of this place.
    package func writer(of message: Int) -> NoiseRole { message.isMultiple(of: 2) ? .initiator : .responder }

    /// Whether this side needs a static key of its own.
    package func needsStatic(_ role: NoiseRole) -> Bool {
        (role == .initiator ? initiatorIsKnown : responderIsKnown) || sends(.s, by: role)
    }

    /// Whether this side needs an ephemeral key of its own.
    package func needsEphemeral(_ role: NoiseRole) -> Bool { sends(.e, by: role) }

    private func sends(_ key: NoiseToken, by role: NoiseRole) -> Bool {
        for (place, tokens) in messages.enumerated() where writer(of: place) == role {
            for token in tokens where token == key { return true }
        }
        return false
    }
}
