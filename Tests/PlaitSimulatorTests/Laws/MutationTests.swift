import Foundation
import PlaitCore
import PlaitSimulator
import TestSupport
import Testing

/// A lawful trace, small enough to know every event of it.
///
/// Four links of 100 Mbps and 1 ms. 1,000 bytes are 80 us. Packets 0 and 1 leave the client together at 0, packet 2
/// (ECN-capable) at 5 ms; packet 3 leaves the server at 10 ms. All is over after 13 ms.
struct KnownTrace {
    var facts: [LinkFacts]
    var events: [TraceEvent]
    var counters: [LawCounters]
    var end = Instant(nanoseconds: 20_000_000)

    init() {
        facts = [(0, 1), (1, 0), (1, 2), (2, 1)].map { from, to in
            LinkFacts(
                name: "\(from)>\(to)",
                from: HostID(from),
                to: HostID(to),
                rate: .megabits(100),
                delay: .milliseconds(1),
                mtu: 1_200,
                queue: .packets(10)
            )
        }
        let world = IdealWorld(seed: 1, facts: facts)
        world.at(0, .send(from: 0, target: 2, length: 1_000, ecn: .notCapable))
        world.at(0, .send(from: 0, target: 2, length: 1_000, ecn: .notCapable))
        world.at(5_000_000, .send(from: 0, target: 2, length: 1_000, ecn: .capable0))
        world.at(10_000_000, .send(from: 2, target: 0, length: 1_000, ecn: .notCapable))
        world.run(until: 20_000_000)
        (events, counters) = (world.events, world.counters)
    }

    /// Where a packet's event is; `hop` counts the links it crossed before.
    func find(_ kind: TraceEvent.Kind, _ packet: UInt64, hop: Int = 0) -> Int {
        let found = events.indices.filter { events[$0].kind == kind && events[$0].packet == packet }
        return found.indices.contains(hop) ? found[hop] : 0
    }

    mutating func edit(_ kind: TraceEvent.Kind, _ packet: UInt64, hop: Int = 0, _ change: (inout TraceEvent) -> Void) {
        change(&events[find(kind, packet, hop: hop)])
    }

    mutating func shift(_ kind: TraceEvent.Kind, _ packet: UInt64, hop: Int = 0, by nanoseconds: Int64) {
        edit(kind, packet, hop: hop) { $0.time = $0.time + Interval(nanoseconds: nanoseconds) }
    }

    mutating func remove(_ kind: TraceEvent.Kind, _ packet: UInt64, hop: Int = 0) {
        events.remove(at: find(kind, packet, hop: hop))
    }

    /// Puts an altered repetition of an event after it.
    mutating func follow(
        _ kind: TraceEvent.Kind,
        _ packet: UInt64,
        hop: Int = 0,
        _ change: (inout TraceEvent) -> Void
    ) {
        let index = find(kind, packet, hop: hop)
        var event = events[index]
        change(&event)
        events.insert(event, at: index + 1)
    }

    /// Puts a change of the world before an event, at its instant.
    mutating func precede(
        _ kind: TraceEvent.Kind,
        _ packet: UInt64,
        hop: Int = 0,
        _ property: TraceEvent.Property,
        _ value: Int,
        place: Int? = nil
    ) {
        let index = find(kind, packet, hop: hop)
        var event = TraceEvent.change(property, place ?? Int(events[index].place), value)
        event.time = events[index].time
        events.insert(event, at: index)
    }

    /// Puts a change of direction 0 into the middle of a packet's serialisation there.
    mutating func change(_ property: TraceEvent.Property, _ value: Int, amid packet: UInt64) {
        let index = find(.started, packet)
        var event = TraceEvent.change(property, 0, value)
        event.time = events[index].time + .microseconds(40)
        events.insert(event, at: index + 1)
    }

    /// Lets packet 0 reach the server after packet 1, as late as a jitter of 1 ms may make it.
    mutating func overtake() {
        facts[2].jitterMax = .milliseconds(1)
        let late = [events.remove(at: find(.arrived, 0, hop: 1)), events.remove(at: find(.delivered, 0))]
        let index = find(.delivered, 1)
        events.insert(contentsOf: late, at: index + 1)
        for place in 1...2 { events[index + place].time = events[index].time }
    }

    mutating func drop(
        _ kind: TraceEvent.Kind,
        _ packet: UInt64,
        hop: Int = 0,
        as reason: TraceEvent.DropReason
    ) {
        edit(kind, packet, hop: hop) { ($0.kind, $0.reason, $0.detail) = (.dropped, reason, 0) }
    }

    func judge() -> LawChecker {
        let hosts = [HostFacts(name: "client"), HostFacts(name: "router", isRouter: true), HostFacts(name: "server")]
        let checker = LawChecker(hosts: hosts, directions: facts)
        checker.observe(all: events)
        checker.finish(at: end)
        checker.compare(with: counters, at: end)
        return checker
    }
}

/// One edit of the known trace and the law that must notice it first.
struct Mutation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let law: Law
    let edit: @Sendable (inout KnownTrace) -> Void

    init(_ name: String, _ law: Law, _ edit: @escaping @Sendable (inout KnownTrace) -> Void) {
        (testDescription, self.law, self.edit) = (name, law, edit)
    }

    static let ofPackets: [Mutation] = [
        Mutation("time goes back", .clock) { $0.shift(.arrived, 2, by: -1_200_000) },
        Mutation("a packet was never sent", .existence) { $0.remove(.sent, 3) },
        Mutation("a packet is sent twice", .birth) { $0.follow(.sent, 0) { _ in } },
        Mutation("a serial is left out", .birth) { $0.edit(.sent, 3) { $0.packet = 4 } },
        Mutation("delivered twice", .finality) { $0.follow(.delivered, 1) { _ in } },
        Mutation("offered after delivery", .finality) { $0.follow(.delivered, 1) { $0.kind = .offered } },
        Mutation("not offered", .order) { $0.remove(.offered, 2) },
        Mutation("not started", .order) { $0.remove(.started, 2) },
        Mutation("not departed", .order) { $0.remove(.departed, 2) },
        Mutation("not arrived", .order) { $0.remove(.arrived, 2) },
        Mutation("started twice", .order) { $0.follow(.started, 2) { _ in } },
        Mutation("dropped without a reason", .order) { $0.drop(.arrived, 2, as: .none) },
        Mutation("refused after it started", .order) { $0.drop(.departed, 2, as: .queueFull) },
        Mutation("offered where it is not", .place) { $0.edit(.offered, 2) { $0.place = 3 } },
        Mutation("started on another direction", .place) { $0.edit(.started, 2) { $0.place = 2 } },
        Mutation("offered to a direction that does not exist", .place) { $0.edit(.offered, 2) { $0.place = 4 } },
        Mutation("delivered where it is not", .place) { $0.edit(.delivered, 2) { $0.place = 0 } },
        Mutation("sent by a host that does not exist", .place) { $0.edit(.sent, 3) { $0.place = -1 } },
        Mutation("an index is left out", .index) { $0.edit(.offered, 2) { $0.detail += 1 } },
        Mutation("shorter on arrival", .length) { $0.edit(.arrived, 2) { $0.length -= 1 } },
        Mutation("longer than the MTU", .length) { $0.precede(.offered, 2, .mtu, 999) },
        Mutation("too big for a large MTU", .length) { $0.drop(.started, 2, as: .tooBig) },
        Mutation("other bytes delivered", .integrity) { $0.edit(.delivered, 2) { $0.detail ^= 1 } },
        Mutation("ECN bits cleared", .ecn) { $0.edit(.departed, 2) { $0.ecn = .notCapable } },
        Mutation("marked by a plain queue", .management) {
            $0.follow(.offered, 2) { ($0.kind, $0.ecn) = (.marked, .congestionExperienced) }
        },
        Mutation("marked though not capable", .ecn) {
            $0.facts[0].isManaged = true
            $0.follow(.offered, 1) { ($0.kind, $0.ecn) = (.marked, .congestionExperienced) }
        },
        Mutation("delivered a moment after arrival", .prompt) { $0.shift(.delivered, 3, by: 1) },
        Mutation("never delivered", .prompt) { $0.remove(.delivered, 3) },
        Mutation("a drop counted short", .length) {
            $0.drop(.delivered, 3, as: .unreachable)
            $0.edit(.dropped, 3) { $0.length = 1 }
        },
    ]

    static let ofLinks: [Mutation] = [
        Mutation("departed 2 ns early", .rate) { $0.shift(.departed, 2, by: -2) },
        Mutation("departed 2 ns late", .workConservation) { $0.shift(.departed, 2, by: 2) },
        Mutation("served at twice the rate in force", .rate) { $0.precede(.started, 2, .rate, 50_000_000) },
        Mutation("served at half the rate in force", .workConservation) {
            $0.precede(.started, 2, .rate, 200_000_000)
        },
        Mutation("served without its overhead", .rate) { $0.precede(.started, 2, .overhead, 28) },
        Mutation("started 1 ns late", .workConservation) { $0.shift(.started, 2, by: 1) },
        Mutation("started when there was another in service", .oneAtATime) {
            let index = $0.find(.started, 1)
            $0.events.insert($0.events.remove(at: index), at: $0.find(.offered, 1) + 1)
            $0.events[$0.find(.started, 1)].time = .start
        },
        Mutation("never started", .workConservation) {
            $0.events.removeSubrange($0.find(.started, 3)...)
        },
        Mutation("arrived 1 ns early", .tooFast) { $0.shift(.arrived, 2, by: -1) },
        Mutation("a longer delay ignored", .tooFast) { $0.precede(.departed, 2, .delay, 1_000_001) },
        Mutation("arrived 1 ns late", .tooLate) { $0.shift(.arrived, 2, by: 1) },
        Mutation("never arrived", .tooLate) {
            $0.events.removeSubrange($0.find(.arrived, 3, hop: 1)...)
        },
        Mutation("the later packet arrived first", .arrivalOrder) {
            $0.overtake()
        },
        Mutation("one more than the queue's bound", .queueBound) { $0.facts[0].queue = .packets(0) },
        Mutation("a byte more than the queue's bound", .queueBound) { $0.facts[0].queue = .bytes(999) },
        Mutation("a wait above the queue's bound", .queueBound) { $0.facts[0].queue = .delay(.nanoseconds(79_997)) },
        Mutation("refused by an empty queue", .refusal) { $0.drop(.started, 2, as: .queueFull) },
        Mutation("dropped by management not asked for", .management) { $0.drop(.started, 1, as: .aqm) },
        Mutation("dropped by management at once", .management) {
            $0.facts[0].isManaged = true
            $0.drop(.started, 2, as: .aqm)
        },
        Mutation("refused as down by a direction that is up", .deadLink) { $0.drop(.started, 2, as: .down) },
        Mutation("accepted while down", .deadLink) { $0.precede(.offered, 2, .up, 0) },
        Mutation("survived a down", .flush) { $0.change(.up, 0, amid: 2) },
        Mutation("arrived while down", .deadLink) { $0.precede(.arrived, 2, .up, 2) },
        Mutation("flushed without a down", .flush) { $0.drop(.started, 1, as: .flushed) },
        Mutation("cut without a down", .flush) { $0.drop(.arrived, 2, as: .cut) },
        Mutation("flushed though held", .flush) {
            $0.precede(.started, 1, .up, 2)
            $0.drop(.started, 1, as: .flushed)
        },
        Mutation("started while clogged", .clog) { $0.precede(.started, 2, .clog, 1) },
        Mutation("serialised while clogged", .clog) { $0.change(.clog, 1, amid: 2) },
        Mutation("arrived while clogged", .clog) { $0.precede(.arrived, 2, .clog, 1) },
        Mutation("lost without a loss model", .loss) { $0.drop(.arrived, 2, as: .loss) },
        Mutation("lost after the loss model was taken away", .loss) {
            $0.facts[0].mayLose = true
            $0.precede(.started, 2, .loss, 0)
            $0.drop(.arrived, 2, as: .loss)
        },
        Mutation("copied without duplication", .duplication) {
            $0.follow(.departed, 3) { ($0.kind, $0.packet, $0.detail) = (.copied, 4, 3) }
        },
        Mutation("copied before it departed", .duplication) {
            $0.facts[3].mayDuplicate = true
            $0.follow(.started, 3) { ($0.kind, $0.packet, $0.detail) = (.copied, 4, 3) }
        },
        Mutation("corrupted without corruption", .corruption) {
            $0.follow(.departed, 3) { ($0.kind, $0.detail) = (.corrupted, 1) }
        },
        Mutation("cut short by more than it says", .length) {
            $0.facts[3].mayCorrupt = true
            $0.follow(.departed, 3) { ($0.kind, $0.length, $0.detail) = (.corrupted, 900, 1 << 32 + 99) }
        },
        Mutation("passed on by a host that is no router", .forwarding) {
            $0.edit(.delivered, 2) { ($0.kind, $0.place, $0.detail) = (.offered, 3, 0) }
        },
        Mutation("sent by a crashed host", .host) { $0.precede(.sent, 2, .host, 0) },
        Mutation("sent by a paused host", .host) { $0.precede(.sent, 2, .host, 2) },
        Mutation("passed on by a crashed router", .host) { $0.precede(.arrived, 2, .host, 0, place: 1) },
        Mutation("delivered to a paused host", .host) { $0.precede(.delivered, 2, .host, 2) },
        Mutation("dropped as down at a running host", .host) { $0.drop(.delivered, 2, as: .hostDown) },
        Mutation("dropped by a buffer that no pause filled", .host) { $0.drop(.delivered, 2, as: .bufferFull) },
        Mutation("dropped by a partition that is not there", .partition) {
            $0.drop(.delivered, 2, as: .partitioned)
        },
        Mutation("dropped by a partition that was healed", .partition) {
            $0.precede(.delivered, 2, .partition, 0, place: -1)
            $0.precede(.delivered, 1, .partition, 1, place: -1)
            $0.drop(.delivered, 2, as: .partitioned)
        },
        Mutation("reordered after a jitter that may was replaced by one that may not", .arrivalOrder) {
            $0.facts[2].jitterMayReorder = true
            $0.overtake()
            $0.precede(.started, 0, hop: 1, .jitter, 1_000_000)
        },
        Mutation("a link's counter is one too high", .counters) { $0.counters[0].arrived.packets += 1 },
        Mutation("a link forgot a drop's reason", .counters) { $0.counters[2][.loss].packets += 1 },
    ]
}

@Suite("Edited traces")
struct MutationTests {
    @Test("the known trace is lawful")
    func lawful() {
        let checker = KnownTrace().judge()
        #expect(checker.violations.map(\.description) == [])
        #expect(checker.eventCount == 40)
        #expect(checker.inFlight == 0)
    }

    @Test("each edit is caught, and first by the law it breaks", arguments: Mutation.ofPackets + Mutation.ofLinks)
    func caught(mutation: Mutation) {
        var trace = KnownTrace()
        mutation.edit(&trace)
        let violations = trace.judge().violations
        #expect(violations.first?.law == mutation.law, "\(violations.map(\.description))")
    }

    @Test("what jitter was allowed to reorder may be overtaken, also when a change allows it")
    func reordering() {
        var trace = KnownTrace()
        trace.overtake()
        trace.precede(.departed, 0, hop: 1, .jitter, 1_000_000 | .min)
        #expect(trace.judge().violations.map(\.description) == [])
    }

    @Test("a partition in force explains a drop")
    func partitionInForce() {
        var trace = KnownTrace()
        trace.precede(.sent, 2, .partition, 1, place: -1)
        trace.drop(.delivered, 2, as: .partitioned)
        #expect(trace.judge().violations.map(\.description) == [])
    }

    @Test("a drop of another length breaks the balance of bytes too")
    func conservation() {
        var trace = KnownTrace()
        trace.facts[0].mayLose = true
        trace.drop(.arrived, 2, as: .loss)
        trace.edit(.dropped, 2) { $0.length = 999 }
        #expect(trace.judge().violations.contains { $0.law == .conservation && $0.place == "0>1" })
    }

    @Test("every law is broken by some fault or edit")
    func everyLaw() {
        let edits = (Mutation.ofPackets + Mutation.ofLinks).map(\.law)
        #expect(Set(edits + WorldFault.allCases.map(\.law) + [.conservation]) == Set(Law.allCases))
    }

    @Test("a violation says where, when and by how much")
    func sentence() {
        var trace = KnownTrace()
        trace.shift(.arrived, 2, by: -1)
        let violation = trace.judge().violations.first
        #expect(violation?.place == "0>1")
        #expect(violation?.time == Instant(nanoseconds: 6_079_999))
        #expect(violation?.found == 6_079_999)
        #expect(violation?.allowed == 6_080_000)
        #expect(
            violation?.description
                == "tooFast: at 6.079999 ms, 0>1, packet 2: arrived 1 ns before the propagation delay had passed. "
                + "Nothing is faster than the propagation delay."
        )
    }

    @Test("all violations are counted, the first ones kept")
    func limit() {
        let checker = LawChecker(hosts: [HostFacts(name: "a")], directions: [], limit: 3)
        let events = (1...10).map { TraceEvent(time: .start, kind: .delivered, place: 0, packet: UInt64($0)) }
        checker.observe(all: events)
        #expect(checker.violationCount == 10)
        #expect(checker.violations.map(\.event.packet) == [1, 2, 3])
    }

    @Test("the page of laws lists every law once, in order")
    func page() throws {
        let file = repositoryRoot.appending(path: "Sources/PlaitSimulator/Laws/LAWS.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let listed = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            String(line.dropFirst(3).prefix { $0 != "`" })
        }
        #expect(listed == Law.allCases.map(\.rawValue))
    }
}
