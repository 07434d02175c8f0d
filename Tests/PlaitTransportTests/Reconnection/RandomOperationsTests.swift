import PlaitCore
import PlaitTransport
import Testing

/// A queue under a random application and random connections, held against a list.
@Suite("Operation queue, at random")
struct RandomOperationsTests {
    /// One operation as an array of them would keep it.
    private struct Shadow {
        let id: OperationID
        let request: OperationRequest
        let bytes: [UInt8]
        var generation: UInt64?
        var handedOut = 0
    }

    /// What an obvious queue would hold.
    private struct World {
        var live: [Shadow] = []
        var ends: [OperationID: OperationEnd] = [:]
        /// Ends that the model expects and the queue has not told yet.
        var owed: [OperationID: OperationEnd] = [:]
        var generation: UInt64 = 1

        mutating func end(_ index: Int, _ how: OperationEnd) { owed[live.remove(at: index).id] = how }

        mutating func expire(now: Instant) {
            for index in live.indices.reversed() where live[index].request.deadline <= now {
                end(index, .expired(mayHaveHappened: live[index].handedOut > 0))
            }
        }
    }

    @Test(
        "every operation ends exactly once, as it should, and order is kept",
        arguments: 1...60 as ClosedRange<UInt64>
    )
    func anything(seed: UInt64) throws {
        var dice = Dice(seed: seed, name: "test/operations")
        let (countMax, bytesMax) = (1 + dice.roll(24), 200 + dice.roll(3_000))
        var rig = OperationRig(countMax: countMax, bytesMax: bytesMax)
        var world = World()
        var taken = 0
        for _ in 0..<400 {
            rig.now = rig.now + .milliseconds(Int64(dice.roll(40)))
            step(&rig, &world, &dice, &taken)
            rig.queue.checkInvariants()
            if dice.roll(4) == 0 { read(&rig, &world) }
            let unread = world.owed.count
            #expect(world.live.count + unread <= countMax)
        }
        rig.queue.close()
        for index in world.live.indices.reversed() {
            world.end(index, .failed(.closed(mayHaveHappened: world.live[index].handedOut > 0)))
        }
        read(&rig, &world)
        #expect(world.owed.isEmpty && world.ends.count == taken, "seed \(seed)")
        #expect(rig.queue.bytesHeld == 0 && rig.queue.deadline.isNever)
    }

    private func step(_ rig: inout OperationRig, _ world: inout World, _ dice: inout Dice, _ taken: inout Int) {
        switch dice.roll(12) {
        case 0...3: add(&rig, &world, &dice, &taken)
        case 4...6: handOut(&rig, &world)
        case 7, 8: answer(&rig, &world, &dice)
        case 9:
            world.expire(now: rig.now)
            guard !world.live.isEmpty else { return rig.queue.deadlineReached(now: rig.now) }
            let index = dice.roll(world.live.count)
            let isCancelled = rig.queue.cancel(world.live[index].id, now: rig.now)
            #expect(isCancelled)
            world.end(index, .cancelled(mayHaveHappened: world.live[index].handedOut > 0))
        case 10:
            rig.queue.connectionLost(generation: world.generation)
            for index in world.live.indices.reversed() where world.live[index].generation != nil {
                world.live[index].generation = nil
                if !world.live[index].request.isRepeatable { world.end(index, .failed(.interrupted)) }
            }
            world.generation += 1
        default:
            rig.queue.deadlineReached(now: rig.now)
            world.expire(now: rig.now)
            #expect(rig.queue.deadline == world.live.map(\.request.deadline).min() ?? .never)
        }
    }

    private func add(_ rig: inout OperationRig, _ world: inout World, _ dice: inout Dice, _ taken: inout Int) {
        let deadline = dice.roll(2) == 0 ? .never : rig.now + .milliseconds(Int64(dice.roll(1_500)))
        let request = OperationRequest(
            kind: UInt32(dice.roll(100)),
            stream: UInt64(dice.roll(4)),
            priority: UInt8(dice.roll(3)),
            deadline: deadline,
            isRepeatable: dice.roll(2) == 0
        )
        let bytes = dice.bytes(dice.roll(4) == 0 ? dice.roll(900) : dice.roll(60))
        let held = { (live: [Shadow]) in live.reduce(0) { $0 + $1.bytes.count } }
        world.expire(now: rig.now)
        let (countMax, bytesMax) = (rig.queue.countMax, rig.queue.bytesMax)
        let free = bytesMax - held(world.live)
        switch rig.add(request, bytes) {
        case .success(let id):
            taken += 1
            #expect(world.ends[id] == nil && world.owed[id] == nil, "an id used again")
            world.live.append(Shadow(id: id, request: request, bytes: bytes))
            #expect(bytes.count <= free && deadline > rig.now)
        case .failure(.countFull(let max)): #expect(max == countMax && world.live.count + world.owed.count == countMax)
        case .failure(.bytesFull(_, let told)): #expect(told == free && bytes.count > free)
        case .failure(.tooLarge): #expect(bytes.count > bytesMax)
        case .failure(.expired): #expect(deadline <= rig.now)
        case .failure(.closed): #expect(Bool(false), "nobody closed it")
        }
    }

    private func handOut(_ rig: inout OperationRig, _ world: inout World) {
        let id = rig.next(world.generation)
        world.expire(now: rig.now)
        /// The first of its stream and priority, and nothing of these under way.
        func mayGo(_ index: Int) -> Bool {
            let request = world.live[index].request
            let lane = world.live.indices.filter {
                world.live[$0].request.stream == request.stream && world.live[$0].request.priority == request.priority
            }
            return lane.first == index && world.live[index].generation == nil
        }
        let candidates = world.live.indices.filter(mayGo)
        guard let id else { return #expect(candidates.isEmpty, "nothing handed out, and something waits") }
        guard let index = candidates.first(where: { world.live[$0].id == id }) else {
            return #expect(Bool(false), "out of order, too late, or over")
        }
        let request = world.live[index].request
        #expect(request.priority == candidates.map { world.live[$0].request.priority }.min())
        #expect(request.deadline > rig.now)
        #expect(world.live[index].handedOut == 0 || request.isRepeatable, "run twice")
        #expect(rig.bytes(of: id) == world.live[index].bytes && rig.queue.request(of: id) == request)
        world.live[index].generation = world.generation
        world.live[index].handedOut += 1
    }

    /// An answer over this connection or an older one.
    private func answer(_ rig: inout OperationRig, _ world: inout World, _ dice: inout Dice) {
        let ids = world.live.map(\.id)
        guard !ids.isEmpty else { return }
        let index = dice.roll(ids.count)
        let generation = dice.roll(3) == 0 ? UInt64(dice.roll(Int(world.generation) + 1)) : world.generation
        let isRefusal = dice.roll(4) == 0
        let isTaken =
            isRefusal
            ? rig.queue.refused(ids[index], generation: generation, code: 5)
            : rig.queue.completed(ids[index], generation: generation)
        #expect(isTaken == (world.live[index].generation == generation))
        if isTaken { world.end(index, isRefusal ? .failed(.refused(code: 5)) : .done) }
    }

    private func read(_ rig: inout OperationRig, _ world: inout World) {
        for (id, end) in rig.ends() {
            #expect(world.owed[id] == end && world.ends[id] == nil)
            world.owed[id] = nil
            world.ends[id] = end
        }
        #expect(world.owed.isEmpty, "an end that was not told")
    }
}
