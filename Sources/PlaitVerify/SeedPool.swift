import PlaitRun
import Synchronization

/// Does something for every seed of a range on several threads, and gives the results in the order of the seeds: the
/// number of workers changes nothing.
package enum SeedPool {
    /// `progress` is told how many are done, and answers whether to go on. When it says no, the answer is nil.
    package static func map<Value: Sendable>(
        _ seeds: ClosedRange<UInt64>,
        workers: Int,
        progress: @escaping @Sendable (_ done: Int) -> Bool = { _ in true },
        _ body: @escaping @Sendable (UInt64) -> Value
    ) -> [Value]? {
        precondition(workers > 0, "work without a worker")
        let results = Results<Value>(seeds)
        Threads.run(min(workers, seeds.count)) {
            while let seed = results.next() {
                if !progress(results.put(body(seed), of: seed)) { results.stop() }
            }
        }
        return results.all
    }
}

/// What the workers share.
private final class Results<Value: Sendable>: Sendable {
    private struct State {
        var taken = 0
        var done = 0
        var isStopped = false
        var values: [Value?]
    }

    private let first: UInt64
    private let state: Mutex<State>

    init(_ seeds: ClosedRange<UInt64>) {
        first = seeds.lowerBound
        state = Mutex(State(values: Array(repeating: nil, count: seeds.count)))
    }

    func next() -> UInt64? {
        state.withLock { state in
            guard state.taken < state.values.count, !state.isStopped else { return nil }
            state.taken += 1
            return first + UInt64(state.taken - 1)
        }
    }

    /// Answers how many are done.
    func put(_ value: Value, of seed: UInt64) -> Int {
        state.withLock { state in
            state.values[Int(seed - first)] = value
            state.done += 1
            return state.done
        }
    }

    func stop() { state.withLock { $0.isStopped = true } }

    var all: [Value]? { state.withLock { $0.isStopped ? nil : $0.values.compactMap(\.self) } }
}
