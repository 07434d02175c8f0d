import PlaitCore
import PlaitTransport
import Testing

@Suite("Operation queue")
struct OperationQueueTests {
    private static let second = Instant.start + .seconds(1)

    @Test("an operation is handed out with its bytes, completed, and its end told once")
    func story() throws {
        var rig = OperationRig()
        let bytes = (0..<1_000).map { UInt8($0 % 251) }
        let id = try rig.take(OperationRequest(kind: 7), bytes)
        #expect(rig.queue.state(of: id) == .queued && rig.queue.request(of: id)?.kind == 7)
        #expect(rig.next() == id && rig.queue.state(of: id) == .inFlight(generation: 1))
        #expect(rig.bytes(of: id) == bytes)
        let isDone = rig.queue.completed(id, generation: 1)
        #expect(isDone && rig.queue.bytesHeld == 0)
        #expect(rig.ends() == [id: .done])
        #expect(rig.ends() == [:] && rig.queue.state(of: id) == nil && rig.bytes(of: id) == nil)
    }

    @Test("an operation ends once: what comes later about it is refused")
    func endsOnce() throws {
        var rig = OperationRig()
        let id = try rig.take()
        _ = rig.next()
        let first = rig.queue.completed(id, generation: 1)
        let second = rig.queue.completed(id, generation: 1)
        let refused = rig.queue.refused(id, generation: 1, code: 3)
        let cancelled = rig.queue.cancel(id, now: rig.now)
        rig.queue.connectionLost(generation: 1)
        rig.queue.close()
        #expect(first && !second && !refused && !cancelled)
        #expect(rig.ends() == [id: .done] && rig.queue.statistics.lateAnswers == 2)
    }

    @Test("the most urgent priority is first, then the streams in turns, each in order")
    func order() throws {
        var rig = OperationRig()
        func request(_ stream: UInt64, _ priority: UInt8) -> OperationRequest {
            OperationRequest(stream: stream, priority: priority)
        }
        let a = try (0..<3).map { _ in try rig.take(request(1, 2)) }
        let b = try (0..<2).map { _ in try rig.take(request(2, 2)) }
        let urgent = try rig.take(request(1, 0))
        var handed: [OperationID] = []
        while let id = rig.next() {
            handed.append(id)
            _ = rig.queue.completed(id, generation: 1)
        }
        #expect(handed == [urgent, a[0], b[0], a[1], b[1], a[2]])
    }

    @Test("of one stream and priority one is under way at a time")
    func oneAtATime() throws {
        var rig = OperationRig()
        let ids = try (0..<3).map { _ in try rig.take() }
        #expect(rig.drain() == [ids[0]])
        _ = rig.queue.refused(ids[0], generation: 1, code: 9)
        #expect(rig.drain() == [ids[1]])
        #expect(rig.ends() == [ids[0]: .failed(.refused(code: 9))])
    }

    @Test("a full queue says which bound was met, and takes again after an end was read")
    func bounds() throws {
        var rig = OperationRig(countMax: 2, bytesMax: 100)
        #expect(rig.add(OperationRequest(), [UInt8](repeating: 0, count: 101)) == .failure(.tooLarge(max: 100)))
        let first = try rig.take(OperationRequest(), [UInt8](repeating: 1, count: 60))
        #expect(
            rig.add(OperationRequest(), [UInt8](repeating: 0, count: 41)) == .failure(.bytesFull(max: 100, free: 40))
        )
        _ = try rig.take(OperationRequest(), [UInt8](repeating: 2, count: 40))
        #expect(rig.add() == .failure(.countFull(max: 2)))
        let isCancelled = rig.queue.cancel(first, now: rig.now)
        #expect(isCancelled && rig.add() == .failure(.countFull(max: 2)))
        #expect(rig.ends() == [first: .cancelled(mayHaveHappened: false)])
        _ = try rig.take(OperationRequest(), [UInt8](repeating: 3, count: 60))
        #expect(rig.queue.statistics.refused == 4)
    }

    @Test("an operation whose time is over is not handed out, and says whether it may have happened")
    func deadlines() throws {
        var rig = OperationRig()
        let soon = OperationRequest(stream: 1, deadline: Self.second)
        let underWay = try rig.take(soon)
        let waiting = try rig.take(soon)
        let other = try rig.take(OperationRequest(stream: 2))
        #expect(rig.next() == underWay)
        #expect(rig.queue.deadline == Self.second)
        rig.now = Self.second
        #expect(rig.drain() == [other])
        #expect(rig.ends() == [underWay: .expired(mayHaveHappened: true), waiting: .expired(mayHaveHappened: false)])
        let isLate = rig.queue.completed(underWay, generation: 1)
        #expect(!isLate && rig.queue.deadline.isNever)
        #expect(rig.add(soon) == .failure(.expired))
    }

    @Test("deadlines expire by themselves, in any order")
    func expiry() throws {
        var rig = OperationRig()
        var ids: [OperationID] = []
        for time in [5, 1, 3] as [Int64] {
            ids.append(try rig.take(OperationRequest(deadline: .start + .seconds(time))))
        }
        rig.now = .start + .seconds(3)
        rig.queue.deadlineReached(now: rig.now)
        let ends = rig.ends()
        #expect(Set(ends.keys) == Set(ids[1...]) && rig.queue.deadline == .start + .seconds(5))
        #expect(rig.next() == ids[0])
    }

    @Test("a lost connection puts back what may be repeated, in order and in front, and fails the rest")
    func interruption() throws {
        var rig = OperationRig()
        var ids: [OperationID] = []
        for stream in 1...4 as ClosedRange<UInt64> {
            ids.append(try rig.take(OperationRequest(stream: stream, isRepeatable: stream != 2), [UInt8(stream)]))
        }
        let behind = try rig.take(OperationRequest(stream: 2))
        let last = try rig.take(OperationRequest(stream: 5, isRepeatable: true))
        for index in 0..<4 { #expect(rig.next() == ids[index]) }
        rig.queue.connectionLost(generation: 1)
        rig.queue.checkInvariants()
        #expect(rig.ends() == [ids[1]: .failed(.interrupted)])
        #expect(rig.bytes(of: ids[2]) == [3])
        #expect(rig.drain(2) == [ids[0], ids[2], ids[3], last, behind])
        #expect(rig.queue.statistics.requeued == 3)
    }

    @Test("an answer over the old connection does not end what is under way over the new one")
    func generations() throws {
        var rig = OperationRig()
        let id = try rig.take(OperationRequest(isRepeatable: true))
        _ = rig.next(1)
        rig.queue.connectionLost(generation: 1)
        let whileQueued = rig.queue.completed(id, generation: 1)
        _ = rig.next(2)
        let old = rig.queue.completed(id, generation: 1)
        let refused = rig.queue.refused(id, generation: 1, code: 1)
        #expect(!whileQueued && !old && !refused && rig.ends() == [:])
        // Nor does news of the old one's end touch it.
        rig.queue.connectionLost(generation: 1)
        #expect(rig.queue.state(of: id) == .inFlight(generation: 2))
        let present = rig.queue.completed(id, generation: 2)
        #expect(present)
    }

    @Test("what was put back and then expires, or is cancelled, may have happened")
    func doubt() throws {
        var rig = OperationRig()
        let first = try rig.take(OperationRequest(stream: 1, deadline: Self.second, isRepeatable: true))
        let second = try rig.take(OperationRequest(stream: 2, isRepeatable: true))
        let third = try rig.take(OperationRequest(stream: 3, isRepeatable: true))
        _ = rig.drain()
        rig.queue.connectionLost(generation: 1)
        rig.now = Self.second
        let isCancelled = rig.queue.cancel(second, now: rig.now)
        rig.queue.close()
        #expect(isCancelled)
        #expect(
            rig.ends() == [
                first: .expired(mayHaveHappened: true), second: .cancelled(mayHaveHappened: true),
                third: .failed(.closed(mayHaveHappened: true)),
            ]
        )
    }

    @Test("closing ends everything, and nothing is taken afterwards")
    func close() throws {
        var rig = OperationRig()
        let underWay = try rig.take()
        let waiting = try rig.take()
        _ = rig.next()
        rig.queue.close()
        rig.queue.close()
        #expect(
            rig.ends() == [
                underWay: .failed(.closed(mayHaveHappened: true)), waiting: .failed(.closed(mayHaveHappened: false)),
            ]
        )
        #expect(rig.add() == .failure(.closed) && rig.drain() == [])
    }

    @Test("an id of an operation that is over names no later one in its place")
    func ids() throws {
        var rig = OperationRig(countMax: 1)
        let old = try rig.take()
        _ = rig.queue.cancel(old, now: rig.now)
        _ = rig.ends()
        let new = try rig.take()
        _ = rig.next()
        let isTaken = rig.queue.completed(old, generation: 1)
        #expect(old != new && !isTaken && rig.queue.state(of: old) == nil)
    }
}
