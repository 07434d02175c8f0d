import PlaitCore
import PlaitRun
import PlaitScenario
import TestSupport
import Testing

@Suite("Parts of a workload")
struct WorkloadPartsTests {
    private func pattern(_ count: Int, seed: UInt64, offset: UInt64) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        var raw = span.mutableRaw
        PatternBytes.fill(&raw, 0..<count, seed: seed, offset: offset)
        return bytes
    }

    @Test("the pattern is the same in whatever pieces it is made and checked", arguments: 1...20 as ClosedRange<UInt64>)
    func pieces(seed: UInt64) {
        let random = RandomStream(seed: seed, name: "pieces")
        let whole = pattern(4_096, seed: seed, offset: 0)
        var start = 0
        var draw: UInt64 = 0
        while start < whole.count {
            let count = min(whole.count - start, Int(random.draw(draw).uniform(below: 90)))
            let piece = pattern(count, seed: seed, offset: UInt64(start))
            #expect(piece == Array(whole[start..<start + count]), "\(count) bytes at \(start)")
            #expect(PatternBytes.firstWrong(in: piece.span.raw, seed: seed, offset: UInt64(start)) == nil)
            start += count
            draw += 1
        }
    }

    @Test("a changed byte is found at its place, and so are bytes of another offset or stream")
    func wrong() {
        for place in 0..<200 {
            var bytes = pattern(200, seed: 7, offset: 5)
            bytes[place] ^= 1 << UInt8(place % 8)
            #expect(PatternBytes.firstWrong(in: bytes.span.raw, seed: 7, offset: 5) == place)
        }
        let bytes = pattern(64, seed: 7, offset: 5)
        #expect(PatternBytes.firstWrong(in: bytes.span.raw, seed: 7, offset: 6) != nil)
        #expect(PatternBytes.firstWrong(in: bytes.span.raw, seed: 8, offset: 5) != nil)
    }

    @Test("a header reads back, and what is no header is refused")
    func header() {
        let header = WorkloadHeader(
            operation: .datagramsDown,
            item: 0xdead_beef,
            number: 0xffff_ffff,
            requestBytes: 1 << 60,
            responseBytes: 77,
            seed: .max
        )
        let bytes = header.bytes
        #expect(bytes.count == WorkloadHeader.length)
        #expect(WorkloadHeader(bytes.span.raw) == header)
        for (place, value) in [(0, UInt8(0)), (0, 4), (1, 2), (2, 1), (12, 1)] {
            var broken = bytes
            broken[place] = value
            #expect(WorkloadHeader(broken.span.raw) == nil, "byte \(place)")
        }
        let short = Array(bytes.dropLast())
        #expect(WorkloadHeader(short.span.raw) == nil)
    }

    @Test("alarms ring in the order of time, then of asking", arguments: 1...10 as ClosedRange<UInt64>)
    func alarms(seed: UInt64) {
        let random = RandomStream(seed: seed, name: "alarms")
        var heap = AlarmHeap<Int>()
        var model: [(time: Int64, subject: Int)] = []
        for subject in 0..<400 {
            let time = Int64(random.draw(UInt64(subject)).uniform(below: 50))
            heap.add(subject, at: Instant(nanoseconds: time))
            model.append((time, subject))
        }
        heap.add(-1, at: .never)
        model.sort { ($0.time, $0.subject) < ($1.time, $1.subject) }
        for expected in model {
            #expect(heap.deadline == Instant(nanoseconds: expected.time))
            #expect(heap.popFirst(notAfter: Instant(nanoseconds: expected.time - 1)) == nil)
            #expect(heap.popFirst(notAfter: Instant(nanoseconds: expected.time)) == expected.subject)
        }
        #expect(heap.deadline.isNever)
    }

    @Test("a host's readings become virtual time again, through every drift of the timeline")
    func times() throws {
        let trial = try Trial(
            """
            stop: 10 s
            hosts: {client: {drift: 100 ppm}, server: {}}
            links: {l: {between: [client, server]}}
            timeline: [{at: 3 s, host: client, drift: -50000 ppm}, {at: 6 s, host: client, drift: 0 ppm}]
            """
        )
        let times = HostTimes(trial.scenario, host: HostID(0))
        for milliseconds in stride(from: 0, through: 10_000, by: 250) {
            let instant = Instant.start + .milliseconds(Int64(milliseconds))
            let back = times.virtual(at: times.reading(at: instant))
            // A slow clock shows one nanosecond for longer than one.
            #expect(abs((back - instant).nanoseconds) <= 1, "\(instant)")
        }
        #expect(times.reading(at: .start + .seconds(3)) == Instant(nanoseconds: 3_000_300_000))
        #expect(times.reading(at: .start + .seconds(6)) == Instant(nanoseconds: 3_000_300_000 + 2_850_000_000))
        #expect(times.virtual(at: .never).isNever)
    }
}
