/// A fixed number of values, copyable or not, each in its place for as long as the block lives.
///
/// An array of noncopyable values does not exist, and one of copyable values checks its uniqueness at every change.
@safe struct Block<Element: ~Copyable>: ~Copyable {
    let count: Int
    private let base: UnsafeMutablePointer<Element>

    init(count: Int, _ make: (Int) -> Element) {
        self.count = count
        unsafe base = .allocate(capacity: count)
        for index in 0..<count {
            unsafe (base + index).initialize(to: make(index))
        }
    }

    deinit {
        unsafe base.deinitialize(count: count)
        unsafe base.deallocate()
    }

    subscript(index: Int) -> Element {
        _read {
            precondition(index >= 0 && index < count, "outside the block")
            yield unsafe base[index]
        }
        _modify {
            precondition(index >= 0 && index < count, "outside the block")
            yield unsafe &base[index]
        }
    }
}
