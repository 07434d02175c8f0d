/// Words of the user inside messages: they must not be able to move the terminal's cursor.
package enum Printable {
    /// In single quotes, without control characters.
    package static func quoted(_ text: String) -> String { "'" + plain(text) + "'" }

    /// Control characters, C1 included, become question marks.
    package static func plain(_ text: String) -> String {
        var clean = ""
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 32 || (127..<160).contains(scalar.value)
            clean.unicodeScalars.append(isControl ? "?" : scalar)
        }
        return clean
    }
}
