import CSodium

/// Where a secret lies. Every kind is wiped when its owner ends.
package enum SecretStorage: Sendable {
    /// Between guard pages, locked, and outside core dumps; for the few keys that live long. Each costs four pages and
    /// as many mappings, of which a process has some 65,000.
    case guarded
    /// On the heap; for secrets that live as long as a handshake, and for those of a simulation, which are none.
    case heap
}

/// A run of secret bytes with one owner, wiped when the owner ends. It cannot be copied, compared with `==` or printed.
@safe package struct SecretBytes: ~Copyable {
    private let memory: UnsafeMutableRawPointer
    /// How many bytes there are; never changes.
    package let count: Int
    /// Where they really lie: `.heap` if guarded memory was asked for and had run out.
    package let storage: SecretStorage

    /// `count` zero bytes.
    package init(count: Int, storage: SecretStorage = .heap) {
        self.count = count
        let (memory, storage) = unsafe Self.allocate(count, storage)
        unsafe self.memory = memory
        self.storage = storage
    }

    /// Zero bytes, and where they came to lie.
    private static func allocate(_ count: Int, _ wish: SecretStorage) -> (UnsafeMutableRawPointer, SecretStorage) {
        precondition(count >= 0, "a secret of less than no bytes")
        Sodium.ready
        if wish == .guarded, let memory = unsafe sodium_malloc(count) {
            unsafe sodium_memzero(memory, count)
            return unsafe (memory, .guarded)
        }
        // The alignment is also good for the states of libsodium's hashes.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 64)
        unsafe sodium_memzero(memory, count)
        return unsafe (memory, .heap)
    }

    /// A copy of `bytes`, which the caller should wipe.
    package init(copying bytes: RawSpan, storage: SecretStorage = .heap) {
        count = bytes.byteCount
        let (memory, storage) = unsafe Self.allocate(count, storage)
        unsafe self.memory = memory
        self.storage = storage
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe memory.copyMemory(from: start, byteCount: count)
        }
    }

    deinit {
        switch storage {
        case .guarded:
            // Wipes, too.
            unsafe sodium_free(memory)
        case .heap:
            unsafe sodium_memzero(memory, count)
            unsafe memory.deallocate()
        }
    }

    /// The secret itself, for as long as its owner is not touched.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            unsafe _overrideLifetime(RawSpan(_unsafeStart: memory, byteCount: count), borrowing: self)
        }
    }

    /// The secret itself, to be written.
    package var mutableBytes: MutableRawSpan {
        @_lifetime(&self)
        mutating get {
            unsafe _overrideLifetime(MutableRawSpan(_unsafeStart: memory, byteCount: count), mutating: &self)
        }
    }

    /// Takes over the bytes of another secret of the same length.
    mutating func assign(from other: borrowing SecretBytes) {
        precondition(count == other.count, "secrets of different lengths")
        unsafe memory.copyMemory(from: other.memory, byteCount: count)
    }

    /// Zero from here on.
    mutating func wipe() {
        unsafe sodium_memzero(memory, count)
    }

    /// For calls into libsodium. Valid while the owner lives.
    var address: UnsafeMutableRawPointer { unsafe memory }
}

extension RawSpan {
    /// Whether both hold the same bytes, in a time that depends on the length only.
    package func equalsInConstantTime(_ other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        guard byteCount > 0 else { return true }
        return unsafe withUnsafeBytes { mine in
            unsafe other.withUnsafeBytes { theirs in
                unsafe sodium_memcmp(
                    mine.baseAddress.unsafelyUnwrapped,
                    theirs.baseAddress.unsafelyUnwrapped,
                    mine.count
                ) == 0
            }
        }
    }
}

extension MutableRawSpan {
    /// Zero from here on, also when nothing reads the bytes again.
    @_lifetime(self: copy self)
    package mutating func wipe() {
        unsafe withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            unsafe sodium_memzero(start, bytes.count)
        }
    }
}
