import CISAL

/// Who multiplies symbols with coefficients. All give the same bytes.
package enum CodingKernel: Hashable, Sendable {
    /// ISA-L, with the widest vectors that this processor has.
    case accelerated
    /// Swift alone, a byte at a time: what the other is checked against.
    case portable
    /// Exclusive or, for matrices of ones.
    case exclusiveOr
}

/// A matrix over GF(256) that symbols are multiplied with: every output is the sum of the inputs times its row.
///
/// Each coefficient is expanded into two tables of 16 products, of the low and the high half of a byte (Plank, Greenan
/// and Miller, FAST 2013): the form in which byte-shuffle instructions take it.
@safe struct CodingMatrix: ~Copyable {
    private static var tableLength: Int { 32 }

    let kernel: CodingKernel
    private(set) var rows = 0
    private(set) var columns = 0
    private let elementsMax: Int
    private let elements: UnsafeMutablePointer<UInt8>
    private let tables: UnsafeMutablePointer<UInt8>

    init(elementsMax: Int, kernel: CodingKernel) {
        self.elementsMax = elementsMax
        self.kernel = kernel
        unsafe elements = .allocate(capacity: elementsMax)
        unsafe elements.initialize(repeating: 0, count: elementsMax)
        let length = kernel == .exclusiveOr ? 0 : elementsMax * Self.tableLength
        unsafe tables = .allocate(capacity: length)
        unsafe tables.initialize(repeating: 0, count: length)
    }

    deinit {
        unsafe elements.deallocate()
        unsafe tables.deallocate()
    }

    /// Begins anew; every coefficient is to be set before `expand`.
    mutating func reshape(rows: Int, columns: Int) {
        precondition(rows > 0 && columns > 0 && rows * columns <= elementsMax, "a matrix larger than its room")
        self.rows = rows
        self.columns = columns
    }

    subscript(row: Int, column: Int) -> UInt8 {
        get { unsafe elements[place(row, column)] }
        set { unsafe elements[place(row, column)] = newValue }
    }

    private func place(_ row: Int, _ column: Int) -> Int {
        precondition(row >= 0 && row < rows && column >= 0 && column < columns, "outside the matrix")
        return row * columns + column
    }

    /// Makes the coefficients ready for `multiply`.
    mutating func expand() {
        switch kernel {
        case .accelerated:
            unsafe ec_init_tables(CInt(columns), CInt(rows), elements, tables)
        case .portable:
            for index in 0..<rows * columns {
                let (table, element) = unsafe (tables + index * Self.tableLength, elements[index])
                for half in 0..<UInt8(16) {
                    unsafe table[Int(half)] = GaloisField.product(element, half)
                    unsafe table[Int(half) + 16] = GaloisField.product(element, half << 4)
                }
            }
        case .exclusiveOr:
            precondition((0..<rows * columns).allSatisfy { unsafe elements[$0] == 1 }, "a coefficient other than 1")
        }
    }

    /// Sets the first `rows` outputs to what their rows make of all inputs.
    ///
    /// - Parameters:
    ///   - rows: How many outputs there are, the matrix's first ones.
    ///   - inputs: One slot a column; none of them is an output.
    ///   - outputs: One slot a row.
    ///   - length: Bytes of each that count. Slots have room for a whole number of `SymbolSlots.unit`.
    func multiply(
        rows: Int,
        _ inputs: borrowing SlotList,
        into outputs: borrowing SlotList,
        length: Int
    ) {
        precondition(inputs.count == columns && outputs.count >= rows, "slots that do not fit the matrix")
        precondition(rows > 0 && rows <= self.rows, "more outputs than the matrix has rows")
        precondition(length >= SymbolSlots.unit, "ISA-L takes no less")
        switch kernel {
        case .accelerated:
            let (from, to) = unsafe (inputs.addresses, outputs.addresses)
            unsafe ec_encode_data(CInt(length), CInt(columns), CInt(rows), tables, from, to)
        case .portable:
            for row in 0..<rows { unsafe multiplyPortably(row, inputs, into: outputs[row], length: length) }
        case .exclusiveOr:
            for row in 0..<rows { unsafe Self.add(inputs, into: outputs[row], length: length) }
        }
    }

    private func multiplyPortably(
        _ row: Int,
        _ inputs: borrowing SlotList,
        into output: UnsafeMutablePointer<UInt8>,
        length: Int
    ) {
        unsafe output.update(repeating: 0, count: length)
        for column in 0..<columns {
            let (table, input) = unsafe (tables + (row * columns + column) * Self.tableLength, inputs[column])
            for index in 0..<length {
                let byte = unsafe Int(input[index])
                unsafe output[index] ^= table[byte & 15] ^ table[16 + byte >> 4]
            }
        }
    }

    /// All inputs, 64 bytes at a time, so that the sum is written once.
    private static func add(
        _ inputs: borrowing SlotList,
        into output: UnsafeMutablePointer<UInt8>,
        length: Int
    ) {
        typealias Words = SIMD8<UInt64>
        for offset in stride(from: 0, to: length, by: MemoryLayout<Words>.size) {
            var sum = Words.zero
            for column in 0..<inputs.count {
                unsafe sum ^= UnsafeRawPointer(inputs[column]).load(fromByteOffset: offset, as: Words.self)
            }
            unsafe UnsafeMutableRawPointer(output).storeBytes(of: sum, toByteOffset: offset, as: Words.self)
        }
    }
}
