/// What a peer did that the protocol forbids. The connection closes with the code.
///
/// Thrown only for bytes that were authenticated: whoever sent them holds the keys. Forged datagrams never get so far.
package struct PeerViolation: Error, Hashable, Sendable {
    package let code: CloseCode
    /// The type of the frame in which it was found, or 0.
    package let frame: UInt64
    package let reason: StaticText

    package init(_ code: CloseCode, frame: UInt64 = 0, _ reason: StaticString) {
        self.code = code
        self.frame = frame
        self.reason = StaticText(reason)
    }
}

/// A sentence in the program's own text: no allocation, comparable.
package struct StaticText: Hashable, Sendable, CustomStringConvertible {
    private let text: StaticString

    package init(_ text: StaticString) { self.text = text }

    package var description: String { text.description }

    package static func == (a: StaticText, b: StaticText) -> Bool { a.description == b.description }
    package func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
