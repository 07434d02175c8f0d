import PlaitCore

extension Checker {
    /// More than this is a slip of the pen in `repeat:`.
    private static let timelineLimit = 200_000

    func timeline(_ fields: Fields, end: Interval) -> [TimelineItem] {
        var result: [TimelineItem] = []
        for node in items(fields, "timeline") {
            guard let item = self.fields(node, .timelineItem, at: node.place) else { continue }
            let at = interval(item, "at")
            let action = action(item)
            let (every, times) = repetition(item)
            guard let at, let action else { continue }
            if at > end { log.warn(item.place(of: "at"), "this happens when the run is over, at \(end)") }
            guard result.count + times <= Self.timelineLimit else {
                log.error(
                    item.place,
                    "there are more than \(Self.timelineLimit) timeline items",
                    remedy: "lower times:"
                )
                return result
            }
            var time = at
            for _ in 0..<times {
                result.append(TimelineItem(at: time, origin: Origin(node.place), action: action))
                guard (Quantity.longestInterval - time) >= every else { break }
                time = time + every
            }
        }
        let sorted = result.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(
            \.element
        )
        checkRamps(sorted)
        return sorted
    }

    private func repetition(_ item: Fields) -> (every: Interval, times: Int) {
        guard let repetition = record(item, "repeat") else { return (.zero, 1) }
        let every = interval(repetition, "every") ?? .zero
        return (every, quantity(repetition, "times").map { Int($0) } ?? 1)
    }

    private func action(_ item: Fields) -> TimelineItem.Action? {
        let verbs = TimelineVerb.allCases.filter { item.has($0.rawValue) }
        guard let verb = verbs.first, verbs.count == 1 else {
            let all = TimelineVerb.allCases.map(\.rawValue)
            log.error(
                verbs.dropFirst().first.map { item.place(of: $0.rawValue) } ?? item.place,
                verbs.isEmpty
                    ? "this item does nothing"
                    : "an item does one thing, not \(Suggestion.list(verbs.map(\.rawValue)))",
                remedy: verbs.isEmpty
                    ? "add one of \(Suggestion.list(all, joining: "or"))" : "make an item of each, at the same time"
            )
            return nil
        }
        checkSubject(item, verb)
        switch verb.subject {
        case .link:
            let action = linkAction(item, verb)
            guard let directions = directions(item) else { return nil }
            return action.map { .link(directions, $0) }
        case .host:
            let action = hostAction(item, verb)
            guard let host = host(item, "host") else { return nil }
            return action.map { .host(host, $0) }
        case .network: return networkAction(item, verb)
        }
    }

    /// Whether the item names what the verb needs and nothing that it cannot use.
    private func checkSubject(_ item: Fields, _ verb: TimelineVerb) {
        let (name, subject) = (verb.rawValue, verb.subject)
        if subject != .network, !item.has(subject.rawValue) {
            log.error(item.place, "'\(name)' happens to a \(subject.rawValue)", remedy: "add \(subject.rawValue): NAME")
        }
        var used: [String] = [subject.rawValue]
        if subject == .link { used.append("direction") }
        if verb == .ramp { used += ["over", "every"] }
        if verb == .rebind { used.append("link") }
        for key in ["link", "host", "direction", "over", "every"] where item.has(key) && !used.contains(key) {
            log.error(item.place(of: key), "'\(key)' means nothing for '\(name)'", remedy: "remove it")
        }
    }

    private func directions(_ item: Fields) -> [DirectionID]? {
        guard let id = link(item, "link") else { return nil }
        let link = links[Int(id.index)]
        guard let (node, _) = item.value("direction") else { return [id.forward, id.backward] }
        guard let text = node.text else {
            log.error(node.place, "a direction is written like client>server, not \(node.phrase)")
            return nil
        }
        guard link.first != link.second else { return nil }
        return direction(text, at: node.place, ends: (link.first, link.second)).map {
            $0 ? [id.forward] : [id.backward]
        }
    }

    /// The word behind a statement: empty for `true`.
    private func statement(_ item: Fields, _ verb: TimelineVerb) -> String? {
        guard let (node, shape) = item.value(verb.rawValue) else { return nil }
        guard case .statement(let words) = shape else { preconditionFailure("\(verb.rawValue) is no statement") }
        return statement(node, verb.rawValue, orWords: words)
    }

    private func linkAction(_ item: Fields, _ verb: TimelineVerb) -> LinkAction? {
        switch verb {
        case .up: return statement(item, verb).map { _ in .up }
        case .down: return statement(item, verb).map { .down(holdsQueue: $0 == "hold") }
        case .clog: return statement(item, verb).map { _ in .clog }
        case .release: return statement(item, verb).map { _ in .release }
        case .set:
            guard let record = record(item, verb.rawValue) else { return nil }
            let before = log.errorCount
            let changes = changes(record)
            if record.ordered.isEmpty {
                log.error(record.place, "'set' changes nothing", remedy: "set: {rate: 5 Mbps}")
            }
            return log.errorCount == before ? .set(changes) : nil
        case .ramp: return ramp(item)
        default: preconditionFailure("\(verb.rawValue) does not happen to a link")
        }
    }

    private func ramp(_ item: Fields) -> LinkAction? {
        let over = interval(item, "over")
        let every = interval(item, "every") ?? .milliseconds(10)
        if !item.has("over") {
            log.error(
                item.place,
                "'ramp' needs 'over'",
                remedy: "over: \(KeyTable.timelineItem.key("over")?.summary ?? "")"
            )
        }
        guard let record = record(item, TimelineVerb.ramp.rawValue) else { return nil }
        if record.ordered.isEmpty {
            log.error(record.place, "'ramp' changes nothing", remedy: "write ramp: {rate: 5 Mbps}")
        }
        let targets: [Ramp.Target] = KeyTable.ramp.keys.compactMap { key in
            guard record.has(key.name) else { return nil }
            return target(record, key.name)
        }
        guard let over, !targets.isEmpty else { return nil }
        if over.nanoseconds / every.nanoseconds > 1_000_000 {
            log.error(item.place(of: "over"), "the ramp has more than 1_000_000 steps", remedy: "raise every:")
        }
        return .ramp(Ramp(targets: targets, over: over, every: every))
    }

    private func target(_ record: Fields, _ key: String) -> Ramp.Target? {
        switch key {
        case "rate": quantity(record, key).flatMap { UInt64(exactly: $0) }.map { .rate(Rate(bitsPerSecond: $0)) }
        case "delay": interval(record, key).map { .delay($0) }
        case "overhead": quantity(record, key).map { .overhead($0) }
        case "loss": probability(record, key).map { .loss($0) }
        case "duplicate": probability(record, key).map { .duplicate($0) }
        case "truncate": probability(record, key).map { .truncate($0) }
        default: preconditionFailure("a ramp of \(key) has no reader")
        }
    }

    private func hostAction(_ item: Fields, _ verb: TimelineVerb) -> HostAction? {
        switch verb {
        case .crash: return statement(item, verb).map { _ in .crash }
        case .restart: return statement(item, verb).map { _ in .restart }
        case .pause: return statement(item, verb).map { _ in .pause }
        case .resume: return statement(item, verb).map { _ in .resume }
        case .drift: return quantity(item, verb.rawValue).map { .drift(partsPerBillion: $0) }
        case .wallStep: return interval(item, verb.rawValue).map { .wallStep($0) }
        case .rebind: return rebind(item)
        default: preconditionFailure("\(verb.rawValue) does not happen to a host")
        }
    }

    private func rebind(_ item: Fields) -> HostAction? {
        let kind = word(item, TimelineVerb.rebind.rawValue).flatMap(Rebinding.init)
        let link = link(item, "link")
        if let link, let host = hostIndex[item.value("host")?.node.text ?? ""].map({ HostID($0) }) {
            let description = links[Int(link.index)]
            if description.first != host, description.second != host {
                let name = hosts[Int(host.index)].name
                log.error(item.place(of: "link"), "the link '\(description.name)' does not touch '\(name)'")
            }
        }
        return kind.map { .rebind($0, link) }
    }

    private func networkAction(_ item: Fields, _ verb: TimelineVerb) -> TimelineItem.Action? {
        guard verb == .partition, let (node, _) = item.value(verb.rawValue) else {
            return statement(item, verb).map { _ in .heal }
        }
        if case .map = node.kind {
            guard let cut = self.fields(node, .cut, at: node.place) else { return nil }
            let from = cut.value("from").flatMap { hostSet($0.node) }
            let to = cut.value("to").flatMap { hostSet($0.node) }
            guard let from, let to, areDisjoint([from, to], at: node.place) else { return nil }
            return .cut(from: from, to: to)
        }
        guard case .list(let items) = node.kind, items.count >= 2 else {
            log.error(
                node.place,
                "a partition has two or more sets of hosts",
                remedy: "write [[a, b], [c]], or {from: [a], to: [b]} for one way"
            )
            return nil
        }
        let groups = items.map { hostSet($0) }
        let known = groups.compactMap { $0 }
        guard known.count == groups.count, areDisjoint(known, at: node.place) else { return nil }
        return .partition(groups: known)
    }

    private func hostSet(_ node: YAMLNode) -> [HostID]? {
        guard case .list(let items) = node.kind, !items.isEmpty else {
            log.error(node.place, "a set of hosts is a list of names, not \(node.phrase)", remedy: "write [a, b]")
            return nil
        }
        let hosts = items.map { host($0) }
        let known = hosts.compactMap { $0 }
        return known.count == hosts.count ? known : nil
    }

    private func areDisjoint(_ groups: [[HostID]], at place: Place) -> Bool {
        var seen: Set<HostID> = []
        for host in groups.joined() where !seen.insert(host).inserted {
            log.error(
                place,
                "'\(hosts[Int(host.index)].name)' stands in a partition twice",
                remedy: "name each host once"
            )
            return false
        }
        return true
    }
}
