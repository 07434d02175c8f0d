import PlaitCore

/// Connections that may have something to send, each once, served in turn.
struct ReadyQueue: ~Copyable {
    private var waiting = RingBuffer<Int32>()
    /// By slot.
    private var isWaiting = Table<Bool>()

    init() {}

    var first: Int? { waiting.isEmpty ? nil : Int(waiting[0]) }

    mutating func insert(_ slot: Int) {
        while isWaiting.count <= slot { isWaiting.append(false) }
        guard !isWaiting[slot] else { return }
        isWaiting[slot] = true
        waiting.append(Int32(slot))
    }

    /// The first one had its turn and may want another.
    mutating func rotate() {
        guard let slot = waiting.popFirst() else { return }
        waiting.append(slot)
    }

    /// The first one has nothing more to send.
    mutating func removeFirst() {
        guard let slot = waiting.popFirst() else { return }
        isWaiting[Int(slot)] = false
    }
}
