/// A small square matrix over GF(256) with room made once; the part of a code that has to be inverted lies in one.
struct SquareMatrix: ~Copyable {
    /// Rows, and columns, in use.
    private(set) var order = 0
    private var elements: [UInt8]

    init(orderMax: Int) {
        elements = [UInt8](repeating: 0, count: orderMax * orderMax)
    }

    /// Begins anew with zeros.
    mutating func reshape(order: Int) {
        precondition(order >= 0 && order * order <= elements.count, "a matrix larger than its room")
        self.order = order
        for index in 0..<order * order { elements[index] = 0 }
    }

    subscript(row: Int, column: Int) -> UInt8 {
        get { elements[row * order + column] }
        set { elements[row * order + column] = newValue }
    }

    /// Replaces the matrix by its inverse, in place (Gauss and Jordan, without exchanging rows).
    ///
    /// - Returns: Whether that was possible. It always is with a square part of a Cauchy matrix: its leading minors are
    ///   minors of a Cauchy matrix as well, and none of those is 0, so that no pivot is ever 0.
    mutating func invert() -> Bool {
        for pivot in 0..<order {
            let element = self[pivot, pivot]
            guard element != 0 else { return false }
            let inverse = GaloisField.inverse(element)
            self[pivot, pivot] = 1
            for column in 0..<order { self[pivot, column] = GaloisField.product(self[pivot, column], inverse) }
            for row in 0..<order where row != pivot {
                let factor = self[row, pivot]
                guard factor != 0 else { continue }
                self[row, pivot] = 0
                for column in 0..<order {
                    self[row, column] ^= GaloisField.product(factor, self[pivot, column])
                }
            }
        }
        return true
    }
}
