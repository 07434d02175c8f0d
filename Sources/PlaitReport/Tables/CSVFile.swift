/// A file of one table. A row with a column too many or too few is a bug of its writer and traps.
package struct CSVFile: ~Copyable {
    private var sink: FileSink
    private let columnCount: Int
    private var filled = 0

    package init(_ table: ResultTable, in folder: String) throws(FileError) {
        try self.init(table, at: folder + "/" + table.file)
    }

    package init(_ table: ResultTable, at path: String) throws(FileError) {
        sink = try FileSink(path: path)
        columnCount = table.columns.count
        sink.text.append(table.header + "\n")
    }

    mutating func put(_ field: String) {
        separate()
        sink.text.append(field: field)
    }

    /// A field that needs no quotes any more, from a table of such.
    mutating func put(ready field: [UInt8]) {
        separate()
        sink.text.append(bytes: field)
    }

    mutating func put(_ number: UInt64) {
        separate()
        sink.text.append(number)
    }

    mutating func put(_ number: Int64) {
        separate()
        sink.text.append(number)
    }

    mutating func put(_ number: Int64, places: Int) {
        separate()
        sink.text.append(number, places: places)
    }

    /// Nanoseconds as milliseconds with six places, which is exact.
    mutating func put(milliseconds nanoseconds: Int64) { put(nanoseconds, places: 6) }

    mutating func put(_ traffic: Traffic) {
        put(traffic.packets)
        put(traffic.bytes)
    }

    mutating func putNothing(_ count: Int = 1) {
        for _ in 0..<count { separate() }
    }

    mutating func endRow() {
        precondition(filled == columnCount, "a row with \(filled) of \(columnCount) columns")
        filled = 0
        sink.text.append(byte: UInt8(ascii: "\n"))
        sink.settle()
    }

    package mutating func commit() throws(FileError) {
        precondition(filled == 0, "the last row is not ended")
        try sink.commit()
    }

    private mutating func separate() {
        if filled > 0 { sink.text.append(byte: UInt8(ascii: ",")) }
        filled += 1
    }
}
