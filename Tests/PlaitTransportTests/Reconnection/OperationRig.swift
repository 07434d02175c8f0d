import PlaitCore
import PlaitTransport

/// A queue of operations, called with arrays.
struct OperationRig: ~Copyable {
    var queue: OperationQueue
    var now = Instant.start

    init(countMax: Int = 16, bytesMax: Int = 4_096) { queue = OperationQueue(countMax: countMax, bytesMax: bytesMax) }

    /// The id, or the refusal.
    mutating func add(
        _ request: OperationRequest = OperationRequest(),
        _ bytes: [UInt8] = []
    ) -> Result<OperationID, OperationRefusal> {
        defer { queue.checkInvariants() }
        do throws(OperationRefusal) {
            return .success(try queue.enqueue(request, bytes.span.raw, now: now))
        } catch { return .failure(error) }
    }

    /// One that must be taken.
    mutating func take(_ request: OperationRequest = OperationRequest(), _ bytes: [UInt8] = []) throws -> OperationID {
        try add(request, bytes).get()
    }

    mutating func next(_ generation: UInt64 = 1) -> OperationID? {
        let id = queue.next(generation: generation, now: now)
        queue.checkInvariants()
        return id
    }

    /// All that `next` hands out now.
    mutating func drain(_ generation: UInt64 = 1) -> [OperationID] {
        var ids: [OperationID] = []
        while let id = next(generation) { ids.append(id) }
        return ids
    }

    func bytes(of id: OperationID) -> [UInt8]? {
        guard let count = queue.byteCount(of: id) else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        var raw = span.mutableRaw
        guard queue.read(id, into: &raw) == count else { return nil }
        return bytes
    }

    /// All ends since the last call.
    mutating func ends() -> [OperationID: OperationEnd] {
        var ends: [OperationID: OperationEnd] = [:]
        while let (id, end) = queue.nextEnd() {
            precondition(ends[id] == nil, "an end told twice")
            ends[id] = end
        }
        queue.checkInvariants()
        return ends
    }
}
