/// Bytes of UTF-8 in the making, with the few number formats that result files need.
///
/// Numbers are printed from integers, digit by digit: the same value is the same bytes on every machine.
package struct Text: Sendable {
    /// Longer than the text: room that is written to without asking for more byte by byte.
    private var storage: [UInt8]
    package private(set) var count = 0

    /// Appending up to `capacity` bytes allocates nothing further.
    package init(capacity: Int = 32) { storage = Array(repeating: 0, count: max(capacity, 32)) }

    /// A copy of the bytes.
    package var bytes: [UInt8] { Array(storage[..<count]) }

    /// The bytes in place.
    package var span: RawSpan {
        @_lifetime(borrow self) get { unsafe storage.span.bytes.extracting(0..<count) }
    }

    /// The bytes as a string.
    package var string: String { String(decoding: storage[..<count], as: UTF8.self) }

    /// Forgets the content and keeps the memory.
    package mutating func removeAll() { count = 0 }

    package mutating func append(byte: UInt8) {
        makeRoom(1)
        storage[count] = byte
        count &+= 1
    }

    package mutating func append(_ string: String) {
        let length = string.utf8.count
        makeRoom(length)
        var place = count
        for byte in string.utf8 {
            storage[place] = byte
            place &+= 1
        }
        count = place
    }

    package mutating func append(bytes more: [UInt8]) { unsafe append(span: more.span.bytes) }

    package mutating func append(span more: RawSpan) {
        makeRoom(more.byteCount)
        unsafe storage.withUnsafeMutableBytes { target in
            unsafe more.withUnsafeBytes { source in
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[count...]).copyMemory(from: source)
            }
        }
        count &+= more.byteCount
    }

    /// In decimal.
    package mutating func append(_ number: UInt64) {
        makeRoom(20)
        var length = 1
        var bound: UInt64 = 10
        while number >= bound, length < 20 {
            length &+= 1
            let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
            bound = overflow ? .max : next
        }
        write(number, length)
    }

    /// In decimal, with a leading minus sign when it is negative.
    package mutating func append(_ number: Int64) {
        if number < 0 { append(byte: UInt8(ascii: "-")) }
        append(number.magnitude)
    }

    package mutating func append(_ number: Int) { append(Int64(number)) }

    /// `number` divided by ten to the power of `places`, exactly, with all its places: 1500 with 3 is `1.500`.
    package mutating func append(_ number: Int64, places: Int) {
        precondition(places > 0 && places < 19, "a fixed number of places from 1 to 18")
        if number < 0 { append(byte: UInt8(ascii: "-")) }
        var scale: UInt64 = 1
        for _ in 0..<places { scale *= 10 }
        append(number.magnitude / scale)
        append(byte: UInt8(ascii: "."))
        makeRoom(places)
        write(number.magnitude % scale, places)
    }

    /// The last `length` digits of `number`, into room that is there.
    private mutating func write(_ number: UInt64, _ length: Int) {
        var rest = number
        var place = count &+ length
        while place > count {
            place &-= 1
            storage[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        count &+= length
    }

    private mutating func makeRoom(_ more: Int) {
        guard storage.count &- count < more else { return }
        storage.append(contentsOf: repeatElement(0, count: max(more, storage.count)))
    }

    /// A field of a CSV file: quoted (RFC 4180) only when it holds a comma, a quote or a line break.
    package mutating func append(field: String) {
        let special: (UInt8) -> Bool = { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        guard field.utf8.contains(where: special) else { return append(field) }
        append(byte: 0x22)
        for byte in field.utf8 {
            if byte == 0x22 { append(byte: 0x22) }
            append(byte: byte)
        }
        append(byte: 0x22)
    }
}

extension Text {
    /// A CSV file. A row with a column too many or too few is a bug of its writer and traps.
    package static func csv(_ columns: [String], _ rows: [[String]]) -> Text {
        var text = Text()
        for row in [columns] + rows {
            precondition(row.count == columns.count, "a row with \(row.count) of \(columns.count) columns")
            for (place, field) in row.enumerated() {
                if place > 0 { text.append(byte: 0x2C) }
                text.append(field: field)
            }
            text.append(byte: 0x0A)
        }
        return text
    }

    /// Text that `build` appends, as a string.
    package static func make(_ build: (inout Text) -> Void) -> String {
        var text = Text()
        build(&text)
        return text.string
    }
}

/// `a * b / c`, rounded to the nearest whole number, halves up. The product may need 128 bits.
///
/// - Returns: Zero when `c` is zero: a rate over an interval without length.
package func ratio(_ a: UInt64, _ b: UInt64, over c: UInt64) -> Int64 {
    guard c > 0 else { return 0 }
    return Int64((UInt128(a) * UInt128(b) + UInt128(c / 2)) / UInt128(c))
}
