import PlaitCore
import PlaitReport
import Testing

@Suite("What the metrics of paths are read from")
struct PathRecordTests {
    private func at(_ milliseconds: Int64) -> Instant { .start + .milliseconds(milliseconds) }

    @Test("counts at a time are those of the last reading not after it, and nothing before the first")
    func progress() {
        var progress = PathProgress()
        progress.note(.init(first: 5, received: 1), at: at(10))
        progress.note(.init(first: 5, received: 1), at: at(20))
        progress.note(.init(first: 9, received: 4), at: at(40))
        let firsts = [0, 9, 10, 39, 40, 1_000].map { progress.counts(at: at($0)).first }
        #expect(firsts == [0, 0, 5, 5, 9, 9])
        #expect(progress.counts(at: at(40)).received == 4)
    }

    @Test("a gap counts when it ends after the first cut, and only while somebody waits")
    func gaps() {
        var gaps = DeliveryGaps(cut: at(100))
        gaps.began(at: at(0))
        gaps.delivered(at: at(60))
        #expect(gaps.longest == nil, "a gap before the cut")
        gaps.delivered(at: at(130))
        #expect(gaps.longest == .milliseconds(70), "from the byte before the cut")
        gaps.ended(at: at(140))
        gaps.began(at: at(900))
        gaps.delivered(at: at(910))
        #expect(gaps.longest == .milliseconds(70), "nobody waited in between")
        gaps.began(at: at(915))
        gaps.ended(at: at(920))
        gaps.finish(at: at(1_000))
        #expect(gaps.longest == .milliseconds(80), "one of two still waits when the run ends")
    }

    @Test("to wait for the handshake is no gap: there is nothing yet to fail over to")
    func handshake() {
        var gaps = DeliveryGaps(cut: at(10))
        gaps.established(at: at(5))
        gaps.began(at: at(20))
        gaps.established(at: at(500))
        gaps.delivered(at: at(530))
        #expect(gaps.longest == .milliseconds(30))
    }

    @Test("a failure that the scenario did not announce begins the counting, too")
    func failures() {
        var gaps = DeliveryGaps(cut: .never)
        gaps.began(at: at(0))
        gaps.delivered(at: at(50))
        gaps.failed(at: at(60))
        gaps.delivered(at: at(90))
        #expect(gaps.longest == .milliseconds(40))
        var quiet = DeliveryGaps(cut: .never)
        quiet.began(at: at(0))
        quiet.ended(at: at(5))
        quiet.finish(at: at(9))
        #expect(quiet.longest == nil)
    }

    @Test("the error of an estimate is that of the path that was chosen, once the packet came")
    func errors() {
        let candidates = [0, 1].map { path in
            DecisionRecord.Candidate(
                path: UInt32(path),
                window: 12_000,
                inFlight: 0,
                smoothedRoundTrip: .milliseconds(20),
                expected: at(path == 0 ? 30 : 50)
            )
        }
        var decision = DecisionRecord(
            time: at(20),
            host: 0,
            connection: 0,
            choice: .path(1),
            stream: 0,
            queuedBytes: 1_200,
            isRetransmission: false,
            candidates: candidates
        )
        #expect(decision.error == nil)
        decision.arrived = at(47)
        #expect(decision.error == .milliseconds(-3))
        decision.choice = .all
        #expect(decision.error == nil)
        var waiting = decision
        waiting.choice = .wait
        decision.choice = .path(0)
        let text = DecisionSummary([decision, waiting]).text
        #expect(text.contains("2, of which 1 to wait") && text.contains("+17.0 ms (median"), "\(text)")
    }
}
