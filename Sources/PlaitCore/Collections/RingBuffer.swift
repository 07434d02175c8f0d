/// A first-in-first-out queue that grows by doubling and then allocates no more. Its capacity is a power of two.
@safe @usableFromInline package struct RingBuffer<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    @usableFromInline package private(set) var capacity: Int
    @usableFromInline var head = 0
    @usableFromInline package private(set) var count = 0

    /// - Parameter capacity: Room before the first growth; rounded up to a power of two.
    @inlinable package init(capacity: Int = 8) {
        var size = 2
        while size < capacity { size *= 2 }
        self.capacity = size
        unsafe base = .allocate(capacity: size)
    }

    deinit { unsafe base.deallocate() }

    @inlinable package var isEmpty: Bool { count == 0 }

    /// Element `index` from the front.
    @inlinable package subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count, "no such element")
            return unsafe base[(head &+ index) & (capacity &- 1)]
        }
        set {
            precondition(index >= 0 && index < count, "no such element")
            unsafe base[(head &+ index) & (capacity &- 1)] = newValue
        }
    }

    @inlinable package mutating func append(_ element: Element) {
        if count == capacity { grow() }
        unsafe base[(head &+ count) & (capacity &- 1)] = element
        count &+= 1
    }

    @inlinable package mutating func popFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = unsafe base[head]
        head = (head &+ 1) & (capacity &- 1)
        count &-= 1
        return element
    }

    /// Puts `element` before the one now at `index`, moving the tail. Cheap near the end.
    @inlinable package mutating func insert(_ element: Element, at index: Int) {
        precondition(index >= 0 && index <= count, "no such place")
        append(element)
        var place = count - 1
        while place > index {
            self[place] = self[place - 1]
            place -= 1
        }
        self[index] = element
    }

    /// Takes the element at `index` out and closes the gap from behind.
    @inlinable package mutating func remove(at index: Int) -> Element {
        let element = self[index]
        for place in index..<count - 1 { self[place] = self[place + 1] }
        count &-= 1
        return element
    }

    /// Drops the last `dropped` elements.
    @inlinable package mutating func removeLast(_ dropped: Int) {
        precondition(dropped >= 0 && dropped <= count, "fewer elements than are to go")
        count &-= dropped
    }

    @inlinable package mutating func removeAll() {
        head = 0
        count = 0
    }

    @usableFromInline mutating func grow() {
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
        for index in 0..<count {
            unsafe larger[index] = base[(head &+ index) & (capacity &- 1)]
        }
        unsafe base.deallocate()
        unsafe base = larger
        head = 0
        capacity *= 2
    }
}
