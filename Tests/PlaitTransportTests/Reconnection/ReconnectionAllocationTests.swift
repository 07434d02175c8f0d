import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("Reconnection and the heap")
struct ReconnectionAllocationTests {
    @Test("a reconnector that tries, fails and returns a thousand times allocates nothing", .enabled(if: isOptimized))
    func reconnector() {
        var machine = Reconnector(ReconnectorConfiguration(), random: RandomStream(seed: 1, name: "test/allocation"))
        var breaker = CircuitBreaker()
        var (now, restored) = (Instant.start, 0)
        let count = TestSupport.allocations {
            for round in 0..<1_000 {
                machine.connectionLost(breaker: breaker, now: now)
                for failures in 0..<8 {
                    while machine.state.trial == nil {
                        now = max(now, machine.deadline)
                        machine.deadlineReached(breaker: &breaker, now: now)
                    }
                    guard let trial = machine.state.trial else { return }
                    while machine.nextEvent() != nil {}
                    machine.networkChanged(breaker: &breaker, now: now)
                    if failures < 7 {
                        let generation = machine.state.trial?.generation ?? trial.generation
                        machine.attemptFailed(generation, because: .silence, breaker: &breaker, now: now)
                    }
                }
                let generation = machine.state.trial?.generation ?? 0
                let address = SocketAddress(interface: 1, port: UInt16(round))
                if machine.attemptSucceeded(generation, at: address, breaker: &breaker, now: now) { restored += 1 }
                now = now + .seconds(20)
                machine.deadlineReached(breaker: &breaker, now: now)
                while machine.nextEvent() != nil {}
            }
        }
        #expect(restored == 1_000)
        if let count { #expect(count == 0) }
    }

    @Test("a hundred thousand operations allocate nothing after the queue was made", .enabled(if: isOptimized))
    func operations() throws {
        var queue = OperationQueue(countMax: 100, bytesMax: 20_000)
        let bytes = [UInt8](repeating: 5, count: 190)
        var buffer = [UInt8](repeating: 0, count: 190)
        var (now, ended) = (Instant.start, 0)
        let count = try TestSupport.allocations { () throws(OperationRefusal) in
            for round in 0..<1_000 as Range<UInt64> {
                for index in 0..<100 as Range<UInt64> {
                    let request = OperationRequest(
                        stream: index % 7,
                        priority: UInt8(index % 8),
                        deadline: now + .milliseconds(Int64(1 + index)),
                        isRepeatable: index % 2 == 0
                    )
                    _ = try queue.enqueue(request, bytes.span.raw, now: now)
                }
                while let id = queue.next(generation: round, now: now) {
                    var span = buffer.mutableSpan
                    var raw = span.mutableRaw
                    _ = queue.read(id, into: &raw)
                    if buffer[0] == 5, ended % 3 == 0 { _ = queue.completed(id, generation: round) }
                    ended += 1
                }
                queue.connectionLost(generation: round)
                now = now + .milliseconds(100)
                queue.deadlineReached(now: now)
                while queue.nextEnd() != nil {}
            }
        }
        queue.checkInvariants()
        #expect(queue.statistics.taken == 100_000 && queue.deadline.isNever)
        if let count { #expect(count == 0) }
    }
}
