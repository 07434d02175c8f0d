// The patterns of the Noise specification, revision 34: section 7.4 (one-way), 7.5 (interactive), 18.1 (deferred).

extension HandshakePattern {
    package static let n = HandshakePattern("N", known: [.responder], [[.e, .es]])
    package static let k = HandshakePattern("K", known: [.initiator, .responder], [[.e, .es, .ss]])
    package static let x = HandshakePattern("X", known: [.responder], [[.e, .es, .s, .ss]])

    package static let nn = HandshakePattern("NN", [[.e], [.e, .ee]])
    package static let kn = HandshakePattern("KN", known: [.initiator], [[.e], [.e, .ee, .se]])
    package static let nk = HandshakePattern("NK", known: [.responder], [[.e, .es], [.e, .ee]])
    package static let kk = HandshakePattern(
        "KK",
        known: [.initiator, .responder],
        [[.e, .es, .ss], [.e, .ee, .se]]
    )
    package static let nx = HandshakePattern("NX", [[.e], [.e, .ee, .s, .es]])
    package static let kx = HandshakePattern("KX", known: [.initiator], [[.e], [.e, .ee, .se, .s, .es]])
    package static let xn = HandshakePattern("XN", [[.e], [.e, .ee], [.s, .se]])
    package static let `in` = HandshakePattern("IN", [[.e, .s], [.e, .ee, .se]])
    package static let xk = HandshakePattern("XK", known: [.responder], [[.e, .es], [.e, .ee], [.s, .se]])
    package static let ik = HandshakePattern("IK", known: [.responder], [[.e, .es, .s, .ss], [.e, .ee, .se]])
    package static let xx = HandshakePattern("XX", [[.e], [.e, .ee, .s, .es], [.s, .se]])
    package static let ix = HandshakePattern("IX", [[.e, .s], [.e, .ee, .se, .s, .es]])

    /// The one-way and interactive patterns.
    package static let fundamental: [HandshakePattern] = [n, k, x, nn, kn, nk, kk, nx, kx, xn, `in`, xk, ik, xx, ix]

    /// The deferred patterns: a 1 puts off the agreement that authenticates the side before it.
    package static let deferred: [HandshakePattern] = [
        HandshakePattern("NK1", known: [.responder], [[.e], [.e, .ee, .es]]),
        HandshakePattern("NX1", [[.e], [.e, .ee, .s], [.es]]),
        HandshakePattern("X1N", [[.e], [.e, .ee], [.s], [.se]]),
        HandshakePattern("X1K", known: [.responder], [[.e, .es], [.e, .ee], [.s], [.se]]),
        HandshakePattern("XK1", known: [.responder], [[.e], [.e, .ee, .es], [.s, .se]]),
        HandshakePattern("X1K1", known: [.responder], [[.e], [.e, .ee, .es], [.s], [.se]]),
        HandshakePattern("X1X", [[.e], [.e, .ee, .s, .es], [.s], [.se]]),
        HandshakePattern("XX1", [[.e], [.e, .ee, .s], [.es, .s, .se]]),
        HandshakePattern("X1X1", [[.e], [.e, .ee, .s], [.es, .s], [.se]]),
        HandshakePattern("K1N", known: [.initiator], [[.e], [.e, .ee], [.se]]),
        HandshakePattern("K1K", known: [.initiator, .responder], [[.e, .es], [.e, .ee], [.se]]),
        HandshakePattern("KK1", known: [.initiator, .responder], [[.e], [.e, .ee, .se, .es]]),
        HandshakePattern("K1K1", known: [.initiator, .responder], [[.e], [.e, .ee, .es], [.se]]),
        HandshakePattern("K1X", known: [.initiator], [[.e], [.e, .ee, .s, .es], [.se]]),
        HandshakePattern("KX1", known: [.initiator], [[.e], [.e, .ee, .se, .s], [.es]]),
        HandshakePattern("K1X1", known: [.initiator], [[.e], [.e, .ee, .s], [.se, .es]]),
        HandshakePattern("I1N", [[.e, .s], [.e, .ee], [.se]]),
        HandshakePattern("I1K", known: [.responder], [[.e, .es, .s], [.e, .ee], [.se]]),
        HandshakePattern("IK1", known: [.responder], [[.e, .s], [.e, .ee, .se, .es]]),
        HandshakePattern("I1K1", known: [.responder], [[.e, .s], [.e, .ee, .es], [.se]]),
        HandshakePattern("I1X", [[.e, .s], [.e, .ee, .s, .es], [.se]]),
        HandshakePattern("IX1", [[.e, .s], [.e, .ee, .se, .s], [.es]]),
        HandshakePattern("I1X1", [[.e, .s], [.e, .ee, .s], [.se, .es]]),
    ]

    /// The pattern of this name, modifiers included: `XXpsk3`, `IKpsk1+psk2`. `nil` for names that mean none.
    package init?(named name: String) {
        // The first "psk" parts base and places; "K" is the only base letter that it holds, and stands in upper case.
        let end = name.firstIndex(of: "p") ?? name.endIndex
        let base = name[..<end]
        guard var pattern = (Self.fundamental + Self.deferred).first(where: { $0.name == base }) else { return nil }
        if end < name.endIndex {
            var places: [Int] = []
            for modifier in name[end...].split(separator: "+", omittingEmptySubsequences: false) {
                guard modifier.hasPrefix("psk"), let place = Int(modifier.dropFirst(3)) else { return nil }
                guard place >= 0, place <= pattern.messages.count, place > places.last ?? -1 else { return nil }
                places.append(place)
            }
            pattern = pattern.withPSK(at: places)
        }
        self = pattern
    }
}
