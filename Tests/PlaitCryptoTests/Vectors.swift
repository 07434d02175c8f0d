import Foundation
import PlaitCore
import PlaitCrypto

/// Vectors of others, from the folder that `PLAIT_VECTORS` names, and the project's own beside this file.
enum Vectors {
    /// The folder of published vectors, if there is one.
    static let published = ProcessInfo.processInfo.environment["PLAIT_VECTORS"].map { URL(filePath: $0) }

    /// Why tests of published vectors do not run.
    static let absence = "PLAIT_VECTORS is not set: the published vectors are not here"

    /// A published file, decoded.
    static func read<Value: Decodable>(_ path: String, as _: Value.Type) throws -> Value {
        guard let published else { throw MissingVectors() }
        return try JSONDecoder().decode(Value.self, from: Data(contentsOf: published.appending(path: path)))
    }

    /// A file of the project's own, decoded.
    static func own<Value: Decodable>(_ name: String, as _: Value.Type, file: String = #filePath) throws -> Value {
        let url = URL(filePath: file).deletingLastPathComponent().appending(path: "Vectors/\(name)")
        return try JSONDecoder().decode(Value.self, from: Data(contentsOf: url))
    }

    struct MissingVectors: Error {}
}

/// Bytes from hexadecimal digits; vectors spell everything so.
struct Hex: Decodable, Hashable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let bytes = [UInt8](hex: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not hex: \(text)")
            )
        }
        self.bytes = bytes
    }
}

extension [UInt8] {
    /// `nil` if a character is no hexadecimal digit or stands alone.
    init?(hex text: String) {
        let digits = text.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2), digits.allSatisfy({ $0 != nil }) else { return nil }
        self = stride(from: 0, to: digits.count, by: 2).map { UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)) }
    }

    var hex: String { map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

    /// As many bytes as a call writes; `body` says how many those are.
    init(room: Int, _ body: (inout MutableRawSpan) throws -> Int) rethrows {
        var bytes = [UInt8](repeating: 0xa5, count: room)
        var span = bytes.mutableSpan
        var target = span.mutableRaw
        let count = try body(&target)
        self = Array(bytes[..<count])
    }
}
