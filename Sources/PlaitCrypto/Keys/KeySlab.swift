import CSodium

/// The memory of an endpoint's traffic keys: locked so that it is never swapped out, and wiped slot by slot.
///
/// Guarded memory costs four mappings a key and runs out; a slab packs keys into pages of its own and grows by one page
/// at a time. A slot never moves, so that a key may keep its address. Everything in here is in use or zero.
@safe package final class KeySlab: CustomReflectable {
    /// A run of memory in one of the pages.
    @safe struct Slot {
        let memory: UnsafeMutableRawPointer
        let size: Size
    }

    /// The two sizes of slots: room for a cipher's key with all that belongs to it, or for AES's expanded key as well.
    enum Size: Int {
        case small = 128
        case large = 640
    }

    private static var pageLength: Int { 4096 }

    private var pages: [UnsafeMutableRawPointer] = unsafe []
    private var freeSmall: [UnsafeMutableRawPointer] = unsafe []
    private var freeLarge: [UnsafeMutableRawPointer] = unsafe []
    private let storage: SecretStorage
    /// Whether all of it is locked, as asked. `false` where the system's limit for locked memory is reached, and for
    /// `.heap`: keys then may be written to swap space.
    package private(set) var isLocked: Bool

    /// - Parameter storage: `.guarded` locks the pages; `.heap` does not, for keys that are no secrets.
    package init(storage: SecretStorage = .guarded) {
        Sodium.ready
        self.storage = storage
        isLocked = storage == .guarded
    }

    deinit {
        for index in unsafe pages.indices {
            let page = unsafe pages[index]
            unsafe sodium_memzero(page, Self.pageLength)
            if storage == .guarded { unsafe sodium_munlock(page, Self.pageLength) }
            unsafe page.deallocate()
        }
    }

    /// Bytes of memory in all, in use or not.
    package var byteCount: Int { unsafe pages.count * Self.pageLength }

    /// How many slots hold a key. None when every connection of the endpoint is closed.
    package private(set) var slotCount = 0

    /// Whether no byte is left of any key: the case when no slot is in use.
    package var isWiped: Bool {
        for index in unsafe pages.indices {
            let page = unsafe pages[index].assumingMemoryBound(to: UInt8.self)
            if unsafe sodium_is_zero(page, Self.pageLength) == 0 { return false }
        }
        return true
    }

    /// Nothing: what prints an endpoint must not meet a key.
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// A slot of zeros, 64-byte aligned.
    func take(_ size: Size) -> Slot {
        if unsafe (size == .small ? freeSmall : freeLarge).isEmpty { grow(size) }
        let memory = unsafe size == .small ? freeSmall.removeLast() : freeLarge.removeLast()
        slotCount += 1
        return unsafe Slot(memory: memory, size: size)
    }

    /// Wipes a slot for the next taker.
    func give(_ slot: Slot) {
        unsafe sodium_memzero(slot.memory, slot.size.rawValue)
        slotCount -= 1
        switch slot.size {
        case .small: unsafe freeSmall.append(slot.memory)
        case .large: unsafe freeLarge.append(slot.memory)
        }
    }

    private func grow(_ size: Size) {
        let page = UnsafeMutableRawPointer.allocate(byteCount: Self.pageLength, alignment: Self.pageLength)
        unsafe sodium_memzero(page, Self.pageLength)
        if storage == .guarded, unsafe sodium_mlock(page, Self.pageLength) != 0 { isLocked = false }
        unsafe pages.append(page)
        // The slots of a page are handed out from its start.
        for index in (0..<Self.pageLength / size.rawValue).reversed() {
            let memory = unsafe page + index * size.rawValue
            switch size {
            case .small: unsafe freeSmall.append(memory)
            case .large: unsafe freeLarge.append(memory)
            }
        }
    }
}
