import PlaitCore

/// Where an endpoint decrypts: one packet at a time, whatever connection it is for.
@safe struct PacketScratch: ~Copyable {
    private let memory: UnsafeMutableRawBufferPointer

    init(capacity: Int) {
        unsafe memory = .allocate(byteCount: capacity, alignment: 64)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit { unsafe memory.deallocate() }

    /// All of it, to be written to.
    var storage: MutableRawSpan {
        @_lifetime(&self)
        mutating get { unsafe _overrideLifetime(MutableRawSpan(_unsafeBytes: memory), mutating: &self) }
    }

    /// The first `count` bytes of what was written.
    @_lifetime(borrow self)
    func bytes(_ count: Int) -> RawSpan {
        precondition(unsafe count >= 0 && count <= memory.count, "more bytes than there is room for")
        let start = unsafe UnsafeRawBufferPointer(rebasing: memory[..<count])
        return unsafe _overrideLifetime(RawSpan(_unsafeBytes: start), borrowing: self)
    }
}
