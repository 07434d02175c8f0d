/// Why a Noise message was not written or not accepted. The handshake stands where it stood before.
package enum NoiseError: Error, Hashable, Sendable {
    /// A message arrived while it is our turn to write, or after the last one.
    case outOfTurn
    /// Shorter than its keys and tags are: cut off, or of another pattern.
    case truncated(needed: Int, remaining: Int)
    /// A tag does not verify: changed on the way, or the two sides disagree on prologue, keys or psk.
    case notAuthentic
    /// A static key that is not the one expected. Its holder may be anybody, for anybody can send one.
    case unexpectedKey
    /// A public key that makes every agreement zero. Nobody honest has one.
    case lowOrderKey
    /// The buffer for a message or its payload is too small.
    case noRoom(needed: Int, available: Int)
    /// Longer than the 65,535 bytes that a Noise message may have.
    case tooLong(Int)
}
