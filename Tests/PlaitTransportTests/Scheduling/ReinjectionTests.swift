import PlaitCore
import PlaitTransport
import Testing

@Suite("Re-injection at the tail")
struct ReinjectionTests {
    /// A packet takes 100 ms here, and its answer 200.
    private let slow = PathView.steady(0, roundTrip: 200)
    /// And 10 ms here; 2.5 ms more are asked for.
    private let fast = PathView.steady(1, roundTrip: 20)

    private func repeats(_ age: Int64, from: PathView, to: PathView, _ policy: ReinjectionPolicy = .atTail) -> Bool {
        policy.repeats(sentAt: viewedAt - .milliseconds(age), from: from, to: to, now: viewedAt)
    }

    @Test("a chunk is repeated while that brings it there earlier, and again when its answer is overdue")
    func gain() {
        #expect(repeats(0, from: slow, to: fast))
        #expect(repeats(87, from: slow, to: fast))
        #expect(!repeats(88, from: slow, to: fast), "12 ms left, 12.5 needed")
        #expect(!repeats(200, from: slow, to: fast), "it should be there, and its answer on the way")
        #expect(repeats(201, from: slow, to: fast))
        #expect(!repeats(0, from: fast, to: slow))
        #expect(!repeats(0, from: fast, to: .steady(2, roundTrip: 20)), "equal paths repeat nothing")
    }

    @Test("where a loss among those in flight is likely, any of them may be the lost one")
    func risk() {
        var lossy = slow
        lossy.bytesInFlight = 10_000
        lossy.lossRate = 0.05
        #expect(repeats(150, from: lossy, to: fast), "half a packet is expected to be lost")
        lossy.lossRate = 0.04
        #expect(!repeats(150, from: lossy, to: fast))
        // The faster path notices and repairs a loss earlier than the slow one would bring the copy.
        var lossyFast = fast
        lossyFast.bytesInFlight = 10_000
        lossyFast.lossRate = 0.5
        #expect(!repeats(0, from: lossyFast, to: slow))
    }

    @Test("only onto another path that may send and is not in doubt, and only if the policy says so")
    func conditions() {
        var doubtful = fast
        doubtful.isSuspected = true
        #expect(!repeats(0, from: slow, to: doubtful))
        #expect(!repeats(0, from: slow, to: fast.full()))
        #expect(!repeats(300, from: slow, to: slow))
        #expect(!repeats(0, from: slow, to: fast, .onSuspicion))
        #expect(!repeats(0, from: slow, to: fast, .none))
        #expect(ReinjectionPolicy.onSuspicion.handsOutOnSuspicion && ReinjectionPolicy.atTail.handsOutOnSuspicion)
        #expect(!ReinjectionPolicy.none.handsOutOnSuspicion)
    }
}
