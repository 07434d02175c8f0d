/// Rows of the result tables: comma-separated, quoted as RFC 4180 says.
package enum CSVRow {
    /// The fields of one line, without their quotes.
    package static func fields(of line: [UInt8]) -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var place = 0
        while place < line.count {
            let byte = line[place]
            place += 1
            switch (byte, isQuoted) {
            case (UInt8(ascii: "\""), true):
                // Two quotes inside quotes stand for one.
                if place < line.count, line[place] == UInt8(ascii: "\"") {
                    field.append(byte)
                    place += 1
                } else {
                    isQuoted = false
                }
            case (UInt8(ascii: "\""), false) where field.isEmpty: isQuoted = true
            case (UInt8(ascii: ","), false):
                fields.append(String(decoding: field, as: UTF8.self))
                field.removeAll()
            default: field.append(byte)
            }
        }
        fields.append(String(decoding: field, as: UTF8.self))
        return fields
    }
}
