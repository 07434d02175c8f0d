package import PlaitCore

/// Counts what happened: the time series of links and flows, and the totals of the run, all from the event stream
/// alone.
///
/// Every number is defined by a formula in `results/METRICS.md`. Memory is bounded by the packets in flight, plus the
/// `changed` events, plus a histogram per flow.
package final class RunMeter: TraceObserver {
    private var state: MeterState
    private let receivers: [any SampleObserver]

    /// Samples are `interval` apart, the last interval ends with the run and may be shorter. `receivers` get every
    /// sample as soon as its interval is over.
    package init(labels: RunLabels, interval: Interval, receivers: [any SampleObserver] = []) {
        precondition(interval > .zero, "samples are some time apart")
        state = MeterState(directions: labels.directions.count, flows: labels.flows.count, interval: interval)
        self.receivers = receivers
    }

    package func observe(_ events: Span<TraceEvent>) { state.consume(events, receivers) }

    package func finish(at end: Instant) { state.finish(at: end, receivers) }

    /// Every change of the world so far, in order.
    package var changes: [TraceEvent] { state.changes }

    /// The totals; complete after `finish`.
    package func totals() -> RunTotals { state.totals() }
}

/// A value, so that a batch of events pays for the access to the class once.
private struct MeterState {
    private let interval: Interval
    private var intervalStart = Instant.start
    private var intervalEnd: Instant
    private var end: Instant?
    private var eventCount: UInt64 = 0
    private(set) var changes: [TraceEvent] = []

    private var directions: [DirectionMeter]
    private var hostDrops = DropCounts()
    /// Place 0 is for packets without a flow.
    private var flows: [FlowMeter]
    private var histograms: DelayHistograms
    private var flights = Flights()

    private struct FlowMeter {
        var interval = FlowCounts()
        var total = FlowCounts()
    }

    init(directions: Int, flows: Int, interval: Interval) {
        self.interval = interval
        intervalEnd = .start + interval
        self.directions = Array(repeating: DirectionMeter(), count: directions)
        self.flows = Array(repeating: FlowMeter(), count: flows + 1)
        histograms = DelayHistograms(count: flows + 1)
    }

    mutating func consume(_ events: Span<TraceEvent>, _ receivers: [any SampleObserver]) {
        eventCount &+= UInt64(events.count)
        for index in events.indices {
            let event = events[index]
            if event.time > intervalEnd { sample(before: event.time, receivers) }
            count(event)
        }
    }

    private mutating func count(_ event: TraceEvent) {
        let flow = Int(event.flow) &+ 1
        let place = Int(event.place)
        switch event.kind {
        case .offered: directions[place].offered(event)
        case .started: directions[place].started(event)
        case .departed: directions[place].departed(event)
        case .arrived: directions[place].interval.arrived.add(event.length)
        case .marked: directions[place].interval.marked.add(event.length)
        case .corrupted:
            directions[place].interval.corrupted.add(event.length)
            flights.corrupt(event.packet)
        case .copied:
            directions[place].interval.copied.add(event.length)
            flows[flow].interval.copied.add(event.length)
            flights.copy(event.packet, of: event.detail)
        case .sent:
            flows[flow].interval.sent.add(event.length)
            flights.begin(event.packet, at: event.time)
        case .dropped:
            flows[flow].interval.dropped.add(event.length)
            if event.reason.isAtHost {
                hostDrops.add(event.length, event.reason)
            } else {
                directions[place].dropped(event)
            }
            flights.drop(event.packet)
        case .delivered: delivered(event, flow)
        case .changed: changes.append(event)
        }
    }

    private mutating func delivered(_ event: TraceEvent, _ flow: Int) {
        let (sentAt, kind) = flights.deliver(event.packet)
        let delay = event.time.nanoseconds &- sentAt
        flows[flow].interval.delivered.add(event.length)
        switch kind {
        case .good: flows[flow].interval.good.add(event.length)
        case .duplicate: flows[flow].interval.duplicate.add(event.length)
        case .corrupted: flows[flow].interval.corrupted.add(event.length)
        }
        flows[flow].interval.delays.add(delay)
        histograms.add(delay, to: flow)
    }

    /// Ends every interval that is over when something happens at `time`.
    private mutating func sample(before time: Instant, _ receivers: [any SampleObserver]) {
        while time > intervalEnd {
            sample(at: intervalEnd, receivers)
            intervalEnd = intervalEnd + interval
        }
    }

    private mutating func sample(at boundary: Instant, _ receivers: [any SampleObserver]) {
        for place in directions.indices {
            let sample = directions[place].sample(place, from: intervalStart, to: boundary)
            for receiver in receivers { receiver.observe(sample) }
        }
        for place in flows.indices {
            let counts = flows[place].interval
            flows[place].total.add(counts)
            flows[place].interval = FlowCounts()
            guard place > 0 else { continue }
            let sample = FlowSample(flow: FlowID(place - 1), start: intervalStart, end: boundary, counts: counts)
            for receiver in receivers { receiver.observe(sample) }
        }
        intervalStart = boundary
    }

    mutating func finish(at end: Instant, _ receivers: [any SampleObserver]) {
        precondition(self.end == nil, "a run ends once")
        sample(before: end, receivers)
        sample(at: end, receivers)
        self.end = end
    }

    func totals() -> RunTotals {
        let end = end ?? intervalStart
        var drops = hostDrops
        for direction in directions { drops.add(direction.total.drops) }
        var all = FlowCounts()
        for flow in flows { all.add(flow.total) }
        return RunTotals(
            ended: end,
            traceEvents: eventCount,
            drops: drops,
            flow: FlowTotals(all, histograms, flows.indices, end: end),
            directions: directions.map { DirectionTotals(counts: $0.total, end: end) },
            flows: flows.indices.dropFirst().map { FlowTotals(flows[$0].total, histograms, $0..<$0 + 1, end: end) }
        )
    }
}
