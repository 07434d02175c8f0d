import PlaitCore
import PlaitScenario

/// Which packets did not arrive whole in one run, by their numbers on each direction, and why.
final class LinkFates: TraceObserver {
    /// What took a packet away.
    enum Cause: String, Sendable { case loss, damage, other }

    /// What became of one packet that did not arrive whole.
    struct Fate: Hashable, Sendable {
        let index: UInt64
        let cause: Cause
    }

    /// By direction: numbers in ascending order of time.
    private(set) var gone: [[Fate]]
    private let names: [String]
    private let story: PacketStory?
    /// A packet's number on the direction it was offered to last. Only looked up.
    private var indices: [UInt64: UInt64] = [:]

    init(_ scenario: Scenario, story: PacketStory? = nil) {
        gone = scenario.links.flatMap { _ in [[], []] }
        names = scenario.links.flatMap { link in
            let (first, second) = (
                scenario.hosts[Int(link.first.index)].name, scenario.hosts[Int(link.second.index)].name
            )
            return ["\(link.name)/\(first)>\(second)", "\(link.name)/\(second)>\(first)"]
        }
        self.story = story
    }

    func observe(_ events: Span<TraceEvent>) {
        for index in events.indices { observe(events[index]) }
    }

    func finish(at end: Instant) {}

    private func observe(_ event: TraceEvent) {
        switch event.kind {
        case .offered: indices[event.packet] = event.detail
        case .dropped where !event.reason.isAtHost: note(event, event.reason == .loss ? .loss : .other)
        case .corrupted: note(event, .damage)
        case .copied: story?.tell(event.time, "\(names[Int(event.place)]) makes a second packet of one")
        default: break
        }
    }

    private func note(_ event: TraceEvent, _ cause: Cause) {
        // A copy was never offered: its fate is not the packet's.
        guard let index = indices[event.packet] else { return }
        if gone[Int(event.place)].last?.index != index {
            gone[Int(event.place)].append(Fate(index: index, cause: cause))
        }
        let verb = cause == .damage ? "damages" : "loses"
        story?.tell(event.time, "\(names[Int(event.place)]) \(verb) packet \(index) (\(event.length) B)")
    }
}
