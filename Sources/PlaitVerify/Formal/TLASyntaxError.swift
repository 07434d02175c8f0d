/// Where a text stops being a value of TLA+.
package struct TLASyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Bytes before the place.
    package let offset: Int
    package let message: String

    package init(offset: Int, _ message: String) {
        self.offset = offset
        self.message = message
    }

    package var description: String { "after \(offset) bytes: \(message)" }
}
