/// What a Noise protocol is made of besides its pattern. The curve is always 25519.
package struct NoiseSuite: Hashable, Sendable {
    package let cipher: Cipher
    package let hash: HashFunction

    package init(cipher: Cipher, hash: HashFunction) {
        self.cipher = cipher
        self.hash = hash
    }

    /// The end of a protocol's name: `25519_ChaChaPoly_SHA256`.
    package var name: String { "25519_\(cipher.name)_\(hash.name)" }
}

/// The suites that connections agree on, by their numbers on the wire.
package enum Suite: UInt16, Sendable, CaseIterable {
    case chaChaPolySHA256 = 1
    case chaChaPolyBLAKE2b = 2
    case aesGCMSHA256 = 3

    package var noise: NoiseSuite {
        switch self {
        case .chaChaPolySHA256: NoiseSuite(cipher: .chaChaPoly, hash: .sha256)
        case .chaChaPolyBLAKE2b: NoiseSuite(cipher: .chaChaPoly, hash: .blake2b)
        case .aesGCMSHA256: NoiseSuite(cipher: .aesGCM, hash: .sha256)
        }
    }

    /// Whether this processor can do it.
    package var isAvailable: Bool { noise.cipher.isAvailable }
}
