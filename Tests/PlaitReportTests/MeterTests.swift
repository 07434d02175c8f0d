import Foundation
import PlaitCore
import PlaitReport
import TestSupport
import Testing

@Suite("The meter")
struct MeterTests {
    private final class Samples: SampleObserver {
        var links: [DirectionSample] = []
        var flows: [FlowSample] = []
        func observe(_ sample: DirectionSample) { links.append(sample) }
        func observe(_ sample: FlowSample) { flows.append(sample) }
    }

    private let labels = RunLabels(
        directions: [.init(link: "a", from: "x", to: "y", rate: .unlimited)],
        hosts: ["x", "y"],
        flows: ["f"]
    )

    private func event(
        _ milliseconds: Int64,
        _ kind: TraceEvent.Kind,
        _ packet: UInt64 = 0,
        length: UInt32 = 100,
        reason: TraceEvent.DropReason = .none,
        detail: UInt64 = 0
    ) -> TraceEvent {
        TraceEvent(
            time: .start + .milliseconds(milliseconds),
            kind: kind,
            place: 0,
            packet: packet,
            flow: 0,
            length: length,
            reason: reason,
            detail: detail
        )
    }

    private func measure(_ events: [TraceEvent], until end: Int64) -> (samples: Samples, totals: RunTotals) {
        let samples = Samples()
        let meter = RunMeter(labels: labels, interval: .milliseconds(10), receivers: [samples])
        meter.observe(events.span)
        meter.finish(at: .start + .milliseconds(end))
        return (samples, meter.totals())
    }

    @Test("an event at a border belongs to the interval that ends there, and silent intervals are rows too")
    func borders() {
        let (samples, _) = measure([event(10, .sent), event(30, .sent, 1), event(35, .delivered)], until: 40)
        #expect(samples.flows.map(\.counts.sent.packets) == [1, 0, 1, 0])
        #expect(samples.flows.map(\.counts.delivered.packets) == [0, 0, 0, 1])
        #expect(samples.flows.map { ($0.end - .start).nanoseconds / 1_000_000 } == [10, 20, 30, 40])
        #expect(samples.flows[3].counts.delays.mean == 25_000_000)
    }

    @Test("the last interval ends with the run")
    func lastInterval() {
        let (samples, totals) = measure([event(1, .sent)], until: 14)
        #expect(samples.links.map { ($0.end - $0.start).nanoseconds / 1_000_000 } == [10, 4])
        #expect(totals.unfinishedPackets == 1)
    }

    @Test("a run that took no time is one row of zeros")
    func noTime() {
        let (samples, totals) = measure([event(0, .sent)], until: 0)
        #expect(samples.links.count == 1 && samples.flows.map(\.goodput) == [0])
        #expect(totals.flows[0].counts.sent.packets == 1 && totals.flows[0].quantiles == nil)
    }

    @Test("drops of every reason are counted apart", arguments: TraceEvent.DropReason.allCases.dropFirst())
    func reasons(reason: TraceEvent.DropReason) {
        let (_, totals) = measure([event(0, .sent), event(1, .offered), event(1, .dropped, reason: reason)], until: 2)
        for other in TraceEvent.DropReason.allCases {
            #expect(totals.drops[other].packets == (other == reason ? 1 : 0))
        }
        #expect(totals.directions[0].counts.drops.total.packets == (reason.isAtHost ? 0 : 1))
    }

    @Test("a copy has its original's sending time, and its payload counts once")
    func copies() {
        let (_, totals) = measure(
            [
                event(0, .sent), event(1, .copied, 1, detail: 0), event(2, .copied, 2, detail: 1),
                event(3, .delivered, 2),
                event(5, .delivered, 1), event(9, .delivered, 0), event(10, .sent, 3), event(11, .delivered, 3),
            ],
            until: 20
        )
        let counts = totals.flows[0].counts
        #expect(counts.good.packets == 2 && counts.duplicate.packets == 2 && counts.corrupted.packets == 0)
        #expect(counts.delays.largest == 9_000_000 && counts.delays.least == 1_000_000)
        #expect(counts.delays.sum == 3_000_000 + 5_000_000 + 9_000_000 + 1_000_000)
        #expect(totals.flows[0].goodput == 80_000)
    }

    @Test("a corrupted delivery is not good, and does not make the intact copy a duplicate")
    func corruption() {
        let (_, totals) = measure(
            [
                event(0, .sent), event(1, .copied, 1, detail: 0), event(1, .corrupted, 0, detail: 3),
                event(2, .delivered, 0), event(3, .delivered, 1),
            ],
            until: 10
        )
        #expect(totals.flows[0].counts.corrupted.packets == 1 && totals.flows[0].counts.good.packets == 1)
    }

    @Test("the queue's maximum is what waited for some time, the queue is what waits at the end")
    func queue() {
        let (samples, _) = measure(
            [
                event(1, .sent, 0), event(1, .offered, 0), event(1, .started, 0), event(2, .offered, 1),
                event(3, .offered, 2), event(3, .offered, 3), event(3, .dropped, 3, reason: .queueFull),
                event(5, .departed, 0), event(5, .started, 1), event(15, .departed, 1), event(15, .started, 2),
            ].flatMap { $0.kind == .offered && $0.packet > 0 ? [sent($0), $0] : [$0] },
            until: 20
        )
        #expect(samples.links.map(\.counts.queueMax.packets) == [2, 1])
        #expect(samples.links.map(\.queue.packets) == [1, 0])
        // Busy from 1 to 20 ms.
        #expect(samples.links.map(\.counts.busy) == [9_000_000, 10_000_000])
    }

    private func sent(_ event: TraceEvent) -> TraceEvent {
        var event = event
        event.kind = .sent
        return event
    }

    @Test("quantiles are never below the nearest rank and less than 1/128 above it", arguments: [1, 2, 3] as [UInt64])
    func quantiles(seed: UInt64) {
        var draws = seed
        var events: [TraceEvent] = []
        var delays: [Int64] = []
        for packet in 0..<2_000 as Range<UInt64> {
            draws = draws &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            // All magnitudes from nanoseconds to minutes.
            let delay = Int64((draws >> 20) >> (8 + packet % 36))
            delays.append(delay)
            var start = event(0, .sent, packet)
            var end = event(0, .delivered, packet)
            start.time = Instant(nanoseconds: Int64(packet))
            end.time = start.time + Interval(nanoseconds: delay)
            events += [start, end]
        }
        events.sort { ($0.time, $0.packet, $0.kind.rawValue) < ($1.time, $1.packet, $1.kind.rawValue) }
        let meter = RunMeter(labels: labels, interval: .seconds(3_600))
        meter.observe(events.span)
        meter.finish(at: .start + .seconds(3_600))
        delays.sort()
        let quantiles = meter.totals().flows[0].quantiles ?? []
        #expect(quantiles.count == 3)
        for (percent, value) in zip([50, 95, 99], quantiles) {
            let exact = delays[(2_000 * percent + 99) / 100 - 1]
            #expect(value >= exact && Double(value) < Double(exact) * (1 + 1.0 / 128) + 1, "\(percent) %")
        }
    }

    @Test("the table of packets in flight behaves as a dictionary", arguments: [1, 2, 3, 4] as [UInt64])
    func serials(seed: UInt64) {
        var draws = seed
        var table = SerialTable(filler: 0, capacityBits: 4)
        var model: [UInt64: Int] = [:]
        for step in 0..<20_000 {
            draws = draws &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let serial = (draws >> 40) % (step < 10_000 ? 40 : 700)
            switch draws >> 33 & 3 {
            case 0, 1:
                table.set(serial, step)
                model[serial] = step
            case 2: #expect(table.remove(serial) == model.removeValue(forKey: serial))
            default: #expect(table[serial] == model[serial])
            }
        }
        #expect(table.count == model.count)
        for (serial, value) in model { #expect(table[serial] == value) }
    }

    @Test("a trace that delivers what was never sent traps")
    func unknown() async {
        await #expect(processExitsWith: .failure) {
            let meter = RunMeter(labels: RunLabels(directions: [], hosts: ["x"], flows: []), interval: .seconds(1))
            let events = [TraceEvent(time: .start, kind: .delivered, place: 0)]
            meter.observe(events.span)
        }
    }

    @Test("an event costs no allocation in steady state", .enabled(if: isOptimized))
    func cost() throws {
        let folder = try Folder()
        let meter = RunMeter(labels: labels, interval: .milliseconds(100))
        let log = try PacketsFile(in: folder.path, labels: labels)
        let observers: [any TraceObserver] = [meter, log]
        var spent = [Duration.zero, .zero]
        var count = 0
        var packet: UInt64 = 0
        for round in 0..<300 {
            let batch = steady(256, from: &packet)
            for (place, observer) in observers.enumerated() {
                var time = Duration.zero
                let made = allocations { time = ContinuousClock().measure { observer.observe(batch.span) } }
                guard round >= 50 else { continue }
                spent[place] += time
                count += made ?? 0
            }
        }
        #expect(count == 0)
        guard ProcessInfo.processInfo.environment["PLAIT_BENCH"] != nil else { return }
        for (name, time) in zip(["meter", "packets.csv"], spent) {
            print("\(name): \(time / (250 * 256 * 6)) an event")
        }
    }

    /// Whole lives of packets, a hundred of which are on their way at any time.
    private func steady(_ count: Int, from packet: inout UInt64) -> [TraceEvent] {
        var batch: [TraceEvent] = []
        for _ in 0..<count {
            let now = Int64(packet) * 480_000
            for kind in [TraceEvent.Kind.sent, .offered, .started, .departed] {
                batch.append(steady(now, kind, packet))
            }
            if packet >= 100 {
                batch.append(steady(now, .arrived, packet - 100))
                batch.append(steady(now + Int64(packet % 7), .delivered, packet - 100))
            }
            packet += 1
        }
        return batch
    }

    private func steady(_ now: Int64, _ kind: TraceEvent.Kind, _ packet: UInt64) -> TraceEvent {
        TraceEvent(time: Instant(nanoseconds: now), kind: kind, place: 0, packet: packet, flow: 0, length: 1_200)
    }
}
