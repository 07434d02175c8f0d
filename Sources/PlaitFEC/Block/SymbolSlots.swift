/// Equal pieces of one allocation, a symbol in each, at addresses that vector instructions like.
///
/// A symbol as the codes see it: its bytes, zeros up to the length of the block's longest symbol, then its true length
/// as two bytes. The length is coded with the rest, so that a recovered symbol knows where it ends.
@safe struct SymbolSlots: ~Copyable {
    /// Slots begin at, and are as long as, multiples of this.
    static var unit: Int { 64 }
    /// Bytes that say a symbol's length.
    static var trailerLength: Int { 2 }

    let count: Int
    /// Bytes of the longest symbol.
    let symbolMax: Int
    private let pitch: Int
    private let memory: UnsafeMutablePointer<UInt8>

    init(count: Int, symbolMax: Int) {
        precondition(count > 0 && symbolMax > 0 && symbolMax <= UInt16.max, "no symbols, or too long for two bytes")
        let pitch = (symbolMax + Self.trailerLength + Self.unit - 1) / Self.unit * Self.unit
        let raw = UnsafeMutableRawPointer.allocate(byteCount: count * pitch, alignment: Self.unit)
        self.count = count
        self.symbolMax = symbolMax
        self.pitch = pitch
        unsafe memory = raw.initializeMemory(as: UInt8.self, repeating: 0, count: count * pitch)
    }

    deinit { unsafe memory.deallocate() }

    /// How much of a slot a kernel works on when a block's longest symbol is `extent` bytes.
    static func codedLength(extent: Int) -> Int { max(extent + trailerLength, unit) }

    /// Where a slot lies. Valid while its owner lives.
    func address(_ slot: Int) -> UnsafeMutablePointer<UInt8> {
        precondition(slot >= 0 && slot < count, "no such slot")
        return unsafe memory + slot * pitch
    }

    /// The first bytes of a slot.
    @_lifetime(borrow self)
    func bytes(_ slot: Int, count: Int) -> RawSpan {
        precondition(count >= 0 && count <= pitch, "more than a slot holds")
        return unsafe _overrideLifetime(RawSpan(_unsafeStart: address(slot), byteCount: count), borrowing: self)
    }

    /// The first bytes of a slot, to be written.
    @_lifetime(&self)
    mutating func mutableBytes(_ slot: Int, count: Int) -> MutableRawSpan {
        precondition(count >= 0 && count <= pitch, "more than a slot holds")
        let span = unsafe MutableRawSpan(_unsafeStart: address(slot), byteCount: count)
        return unsafe _overrideLifetime(span, mutating: &self)
    }

    /// Puts a whole run of bytes into a slot.
    mutating func fill(_ slot: Int, with bytes: RawSpan) {
        precondition(bytes.byteCount <= pitch, "more than a slot holds")
        let target = unsafe address(slot)
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: source.count)
        }
    }

    /// Makes what lies in a slot a symbol of a block whose longest one has `extent` bytes.
    mutating func finish(_ slot: Int, length: Int, extent: Int) {
        precondition(length >= 0 && length <= extent && extent <= symbolMax, "a symbol longer than the longest")
        let target = unsafe address(slot)
        if length < extent { unsafe (target + length).update(repeating: 0, count: extent - length) }
        unsafe target[extent] = UInt8(truncatingIfNeeded: length >> 8)
        unsafe target[extent + 1] = UInt8(truncatingIfNeeded: length)
        fillUnit(slot, from: extent + Self.trailerLength)
    }

    /// Zeros up to the least that a kernel takes.
    mutating func fillUnit(_ slot: Int, from length: Int) {
        guard length < Self.unit else { return }
        unsafe (address(slot) + length).update(repeating: 0, count: Self.unit - length)
    }

    /// The true length of a symbol that was recovered, or `nil` if it cannot have been encoded: longer than the
    /// longest, or with anything but zeros behind it.
    func recoveredLength(_ slot: Int, extent: Int) -> Int? {
        let target = unsafe address(slot)
        let length = unsafe Int(target[extent]) << 8 | Int(target[extent + 1])
        guard length <= extent else { return nil }
        for index in length..<extent where unsafe target[index] != 0 { return nil }
        return length
    }
}

/// Slots in the order in which a kernel takes them, with room made once.
@safe struct SlotList: ~Copyable {
    private(set) var count = 0
    private let countMax: Int
    let addresses: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>

    init(countMax: Int) {
        self.countMax = countMax
        unsafe addresses = .allocate(capacity: countMax)
        unsafe addresses.initialize(repeating: nil, count: countMax)
    }

    deinit { unsafe addresses.deallocate() }

    /// Empty from here on.
    mutating func removeAll() { count = 0 }

    mutating func append(_ address: UnsafeMutablePointer<UInt8>) {
        precondition(count < countMax, "more slots than there is room for")
        unsafe addresses[count] = unsafe address
        count += 1
    }

    subscript(index: Int) -> UnsafeMutablePointer<UInt8> {
        precondition(index >= 0 && index < count, "no such slot")
        return unsafe addresses[index].unsafelyUnwrapped
    }
}
