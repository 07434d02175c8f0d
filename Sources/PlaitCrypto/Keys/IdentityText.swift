import PlaitCore

/// What is wrong with the text of a key file. Says where and what to do; never shows a byte of the file.
package enum IdentityError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nothing in it.
    case empty
    /// The first line is not that of a key file.
    case notAKeyFile
    /// Written by a later version of Plait.
    case version
    /// The text ends before this line is whole.
    case truncated(line: Int)
    /// A line that is not what stands there in a key file.
    case garbled(line: Int, expected: String)
    /// The public key in it is not the one of the secret key.
    case mismatch
    /// Something follows after the last line.
    case excess(line: Int)

    /// Where it is wrong: a line, counted from 1.
    package var line: Int {
        switch self {
        case .empty, .notAKeyFile, .version: 1
        case .mismatch: 2
        case .truncated(let line), .excess(let line), .garbled(let line, _): line
        }
    }

    package var description: String {
        switch self {
        case .empty: "it is empty"
        case .notAKeyFile: "line 1: not a Plait key file, which begins with \"\(IdentityText.title)\""
        case .version: "line 1: a key file of a version that this program does not know"
        case .truncated(let line): "line \(line): the file ends too early"
        case .garbled(let line, let expected): "line \(line): expected \(expected)"
        case .mismatch: "line 2: the public key is not the one that belongs to the secret key"
        case .excess(let line): "line \(line): the key file should have ended before"
        }
    }

    /// What to do about it.
    package var remedy: String {
        switch self {
        case .notAKeyFile: "name the file that `plait key new` made"
        case .version: "use the version of Plait that made it, or make a new key with `plait key new`"
        case .empty, .truncated, .garbled, .mismatch, .excess:
            "restore it from a copy, or make a new key with `plait key new` under another name"
        }
    }
}

/// A key pair as the text of a file:
///
///     plait key 1
///     public h0CbFQ7oX9FBBLJMuyBnrEMexGUfpNY5l5n5S3kb4Ck=
///     secret kK6Y2u7gqV7HjvH2tYpEZL0l6c0fM0KpD4bT0yW7T0c=
package enum IdentityText {
    /// The first line.
    package static var title: String { "plait key 1" }

    /// The text of a pair. It holds the secret, so it has one owner and is wiped.
    package static func text(of pair: borrowing KeyPair) -> SecretBytes {
        let letters = Base64.length(of: SecretKey.length)
        let start = Array("\(title)\npublic \(pair.publicKey.text)\nsecret ".utf8)
        var text = SecretBytes(count: start.count + letters + 1)
        var target = text.mutableBytes
        target.copy(start.span.raw, at: 0)
        Base64.encode(pair.secret.bytes, into: &target, at: start.count)
        target.storeBytes(of: UInt8(ascii: "\n"), toByteOffset: start.count + letters, as: UInt8.self)
        return text
    }

    /// The pair that a text is of.
    package static func pair(
        of text: RawSpan,
        storage: SecretStorage = .guarded
    ) throws(IdentityError) -> KeyPair {
        guard text.byteCount > 0 else { throw .empty }
        var lines = Lines(text)
        let first = try title(in: &lines)
        guard first else { throw .version }
        var publicBytes = SecretBytes(count: PublicKey.length)
        try lines.value("public", of: "the public key", into: &publicBytes)
        var secret = SecretBytes(count: SecretKey.length, storage: storage)
        try lines.value("secret", of: "the secret key", into: &secret)
        guard lines.isAtEnd else { throw .excess(line: lines.number + 1) }
        let pair = KeyPair(copying: secret.bytes, storage: storage)
        guard pair.publicKey == PublicKey(publicBytes.bytes) else { throw .mismatch }
        return pair
    }

    /// Whether the version is ours.
    private static func title(in lines: inout Lines) throws(IdentityError) -> Bool {
        let expected = Array(title.utf8)
        let prefix = expected.dropLast()
        guard let line = lines.next() else { throw .truncated(line: 1) }
        guard line.starts(with: prefix) else { throw .notAKeyFile }
        return line == expected
    }
}

/// The lines of a text, each with its end.
private struct Lines: ~Escapable {
    private let text: RawSpan
    private var offset = 0
    /// Of the line read last, from 1.
    private(set) var number = 0

    @_lifetime(copy text)
    init(_ text: RawSpan) { self.text = text }

    var isAtEnd: Bool { offset == text.byteCount }

    /// The next line as bytes of its own, which are no secret; `nil` if it has no end.
    @_lifetime(self: copy self)
    mutating func next() -> [UInt8]? {
        guard let range = advance() else { return nil }
        return Array(copying: text.extracting(range))
    }

    /// Reads the line `name value`, its value Base64 of as many bytes as `target` has.
    @_lifetime(self: copy self)
    mutating func value(
        _ name: String,
        of what: String,
        into target: inout SecretBytes
    ) throws(IdentityError) {
        guard let range = advance() else { throw .truncated(line: number) }
        let expected = "\"\(name) \" and \(what), \(Base64.length(of: target.count)) letters"
        let label = Array("\(name) ".utf8)
        let line = text.extracting(range)
        guard line.byteCount >= label.count,
            Array(copying: line.extracting(0..<label.count)) == label
        else { throw .garbled(line: number, expected: expected) }
        var bytes = target.mutableBytes
        guard Base64.decode(line.extracting(label.count...), into: &bytes) else {
            throw .garbled(line: number, expected: expected)
        }
    }

    /// Passes over the next line and its end.
    @_lifetime(self: copy self)
    private mutating func advance() -> Range<Int>? {
        number += 1
        for place in offset..<text.byteCount
        where unsafe text.unsafeLoad(fromByteOffset: place, as: UInt8.self) == UInt8(ascii: "\n") {
            defer { offset = place + 1 }
            return offset..<place
        }
        return nil
    }
}
