/// Collects trace events and hands them on in batches. Costs one comparison per event when nobody listens.
@safe public struct TraceBuffer: ~Copyable {
    @usableFromInline let storage: UnsafeMutablePointer<TraceEvent>
    @usableFromInline var count = 0
    /// Zero when nobody listens, so that one comparison answers both questions.
    @usableFromInline var limit = 0
    private var observers: [any TraceObserver] = []

    public init() { unsafe storage = .allocate(capacity: Self.batch) }

    deinit { unsafe storage.deallocate() }

    /// Events a batch holds at most: 4,096 of 56 bytes stay in the second-level cache.
    public static let batch = 4_096

    public mutating func add(_ observer: any TraceObserver) {
        flush()
        observers.append(observer)
        limit = Self.batch
    }

    @inlinable public mutating func append(_ event: @autoclosure () -> TraceEvent) {
        guard limit > 0 else { return }
        unsafe (storage + count).initialize(to: event())
        count &+= 1
        if count == limit { flush() }
    }

    /// Hands on what is held. Observers see every event before this returns.
    @usableFromInline package mutating func flush() {
        guard count > 0 else { return }
        let events = unsafe Span(_unsafeStart: storage, count: count)
        for observer in observers { observer.observe(events) }
        count = 0
    }

    /// Hands on what is held and tells every observer that the run is over.
    public mutating func finish(at end: Instant) {
        flush()
        for observer in observers { observer.finish(at: end) }
    }
}
