public import PlaitCore

/// A law, the event that broke it, and the numbers that show it.
public struct LawViolation: Sendable {
    public let law: Law
    /// For what was found missing at an instant's or the run's end: an event that names the place and the time.
    public let event: TraceEvent
    /// The event's place in the trace, from 1.
    public let eventNumber: UInt64
    /// The name of the direction or host.
    public let place: String
    /// What the trace says, in the unit that `sentence` names.
    public let found: Int64
    /// What the law allows at most, at least or exactly, as `sentence` says.
    public let allowed: Int64
    /// What happened and what should have, for a person.
    public let sentence: String

    public var time: Instant { event.time }
}

extension LawViolation: CustomStringConvertible {
    public var description: String {
        "\(law.rawValue): at \(time), \(place), packet \(event.packet): \(sentence). \(law.meaning)"
    }
}

/// Where violations go. Apart from the states it judges, so that a state can report while it is being changed.
struct LawFindings {
    private let limit: Int
    private let hostNames: [String]
    private let directionNames: [String]
    private(set) var violations: [LawViolation] = []
    private(set) var count = 0
    var eventNumber: UInt64 = 0

    init(limit: Int, hostNames: [String], directionNames: [String]) {
        self.limit = limit
        self.hostNames = hostNames
        self.directionNames = directionNames
    }

    /// Off the hot path by name: a lawful stream never comes here, and never builds a sentence.
    @inline(never)
    mutating func report(
        _ law: Law,
        _ event: TraceEvent,
        found: Int64 = 0,
        allowed: Int64 = 0,
        _ sentence: @autoclosure () -> String
    ) {
        count += 1
        guard violations.count < limit else { return }
        violations.append(
            LawViolation(
                law: law,
                event: event,
                eventNumber: eventNumber,
                place: name(of: event),
                found: found,
                allowed: allowed,
                sentence: sentence()
            )
        )
    }

    private func name(of event: TraceEvent) -> String {
        let index = Int(event.place)
        let names = event.isAtHost ? hostNames : directionNames
        return names.indices.contains(index) ? names[index] : "place \(index)"
    }
}

extension TraceEvent.Property {
    /// Whether it is a host that changed. A partition is of the whole network, and its place is none.
    var isOfHost: Bool {
        switch self {
        case .host, .drift, .wallStep, .rebind: true
        case .none, .up, .clog, .rate, .delay, .mtu, .overhead, .loss, .jitter, .queue: false
        case .duplication, .reordering, .corruption, .partition: false
        }
    }
}

extension TraceEvent {
    /// Whether `place` is a host's number.
    var isAtHost: Bool {
        switch kind {
        case .sent, .delivered: true
        case .dropped: reason.isAtHost
        case .changed: property.isOfHost
        case .offered, .marked, .started, .departed, .corrupted, .copied, .arrived: false
        }
    }
}
