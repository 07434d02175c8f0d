/// A growing array of possibly noncopyable elements, edited in place.
///
/// Unlike `Array` it can hold `~Copyable` machines, never copies on write, and asks no uniqueness question per access.
@safe @usableFromInline package struct Table<Element: ~Copyable>: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    @usableFromInline package private(set) var capacity: Int
    @usableFromInline package private(set) var count = 0

    @inlinable package init(capacity: Int = 4) {
        self.capacity = max(capacity, 1)
        unsafe base = Self.allocate(self.capacity)
    }

    deinit {
        unsafe base.deinitialize(count: count)
        unsafe base.deallocate()
    }

    @inlinable package var isEmpty: Bool { count == 0 }
    @inlinable package var indices: Range<Int> { 0..<count }

    @inlinable package mutating func append(_ element: consuming Element) {
        if count == capacity { grow() }
        unsafe (base + count).initialize(to: element)
        count += 1
    }

    @inlinable package mutating func popLast() -> Element? {
        guard count > 0 else { return nil }
        count -= 1
        return unsafe (base + count).move()
    }

    @inlinable package subscript(index: Int) -> Element {
        unsafeAddress {
            precondition(index >= 0 && index < count, "no such element")
            return unsafe UnsafePointer(base + index)
        }
        unsafeMutableAddress {
            precondition(index >= 0 && index < count, "no such element")
            return unsafe base + index
        }
    }

    /// On a line of the cache, so that an element of 64 bytes is on one and not on two.
    @usableFromInline static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Element> {
        let alignment = max(64, MemoryLayout<Element>.alignment)
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: max(capacity &* MemoryLayout<Element>.stride, 1),
            alignment: alignment
        )
        return unsafe bytes.bindMemory(to: Element.self, capacity: capacity)
    }

    @usableFromInline mutating func grow() {
        let larger = unsafe Self.allocate(capacity * 2)
        unsafe larger.moveInitialize(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = larger
        capacity *= 2
    }
}

extension Table where Element: ~Copyable {
    /// The elements, for code that must not know of tables.
    @inlinable package var span: Span<Element> {
        @_lifetime(borrow self) borrowing get {
            let span = unsafe Span(_unsafeStart: UnsafePointer(base), count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }
}

extension Table where Element: Copyable {
    @inlinable package mutating func removeAll() {
        unsafe base.deinitialize(count: count)
        count = 0
    }
}
