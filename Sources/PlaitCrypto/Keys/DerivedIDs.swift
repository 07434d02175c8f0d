import PlaitCore

/// Names that both ends know without telling each other: for paths that are opened before anything else was said.
///
/// Expanded from the secret of the direction that they are used in, so that nobody else can tell which of them belong
/// together.
package enum DerivedIDs {
    /// The first `count` of them, none of which is 0.
    package static func ids(from secret: RawSpan, suite: Suite, count: Int) -> [UInt64] {
        let bytes = KeyLabel.path.expand(secret, count: 8 * count, suite: suite)
        return (0..<count).map { index in
            let value = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
            return max(UInt64(bigEndian: value), 1)
        }
    }
}
