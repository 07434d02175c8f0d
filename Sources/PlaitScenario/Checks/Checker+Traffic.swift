import PlaitCore

extension Checker {
    /// More flows than this are a slip of the pen in `count:`.
    private static let flowLimit = 200_000

    func flows(_ fields: Fields, end: Interval) -> [FlowDescription] {
        var flows: [FlowDescription] = []
        var names: [String: Int] = [:]
        let routes = Routes(hosts: hosts, links: links)
        for (entry, record) in records(fields, "traffic") {
            guard let flow = flow(entry, record, end: end, routes) else { continue }
            guard isUsableFlow(entry, in: names) else { continue }
            let count = record.has("count") ? quantity(record, "count") ?? 1 : nil
            guard flows.count + Int(count ?? 1) <= Self.flowLimit else {
                log.error(
                    record.place(of: "count"),
                    "there are more than \(Self.flowLimit) flows",
                    remedy: "lower count:"
                )
                return flows
            }
            for name in count.map({ (1...$0).map { "\(entry.key).\($0)" } }) ?? [entry.key] {
                guard names[name] == nil else {
                    log.error(entry.keyPlace, "there is already a flow '\(name)'", remedy: "rename one of them")
                    continue
                }
                names[name] = flows.count
                var copy = flow
                copy.name = name
                flows.append(copy)
            }
        }
        return flows
    }

    /// A flow may have the name of a repetition, `bulk.2`: that is how a resolved scenario is written.
    private func isUsableFlow(_ entry: YAMLNode.Entry, in known: [String: Int]) -> Bool {
        if known[entry.key] != nil {
            log.error(entry.keyPlace, "there is already a flow '\(entry.key)'", remedy: "rename one of them")
            return false
        }
        if let dot = entry.key.lastIndex(of: ".") {
            let digits = entry.key[entry.key.index(after: dot)...].utf8
            if isName(String(entry.key[..<dot])), (1...6).contains(digits.count),
                digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            {
                return true
            }
        }
        return isUsable(entry, as: "flow", in: known)
    }

    private func flow(
        _ entry: YAMLNode.Entry,
        _ record: Fields,
        end: Interval,
        _ routes: Routes
    ) -> FlowDescription? {
        let from = endpoint(record, "from")
        let to = endpoint(record, "to")
        let over = link(record, "over")
        let toOver = link(record, "to-over")
        let model = trafficModel(entry, record)
        let size = size(record)
        let start = interval(record, "start") ?? .zero
        let stop = interval(record, "stop")
        if let stop, stop <= start {
            log.error(record.place(of: "stop"), "the flow stops at \(stop), not after its start at \(start)")
        }
        if start >= end { log.warn(record.place(of: "start"), "the flow starts when the run is over, at \(end)") }
        let ecn = flag(record, "ecn") ?? false
        guard let from, let to else { return nil }
        checkRoute(record, from, to, over, toOver, routes)
        guard let model else { return nil }
        return FlowDescription(
            name: entry.key,
            origin: Origin(entry.keyPlace),
            from: from,
            to: to,
            over: over,
            toOver: toOver,
            model: model,
            size: size,
            start: start,
            stop: stop,
            ecn: ecn
        )
    }

    private func endpoint(_ record: Fields, _ key: String) -> HostID? {
        guard let id = host(record, key), let (node, _) = record.value(key) else { return nil }
        guard !hosts[Int(id.index)].isRouter else {
            log.error(
                node.place,
                "'\(hosts[Int(id.index)].name)' is a router, and flows neither start nor end there",
                remedy: "declare it under hosts: with forward: true"
            )
            return nil
        }
        return id
    }

    private func checkRoute(
        _ record: Fields,
        _ from: HostID,
        _ to: HostID,
        _ over: LinkID?,
        _ toOver: LinkID?,
        _ routes: Routes
    ) {
        let (source, target) = (hosts[Int(from.index)].name, hosts[Int(to.index)].name)
        guard from != to else {
            log.error(
                record.place(of: "to"),
                "the flow ends where it starts, at '\(source)'",
                remedy: "name another host"
            )
            return
        }
        for (key, id, end) in [("over", over, from), ("to-over", toOver, to)] {
            guard let id else { continue }
            let link = links[Int(id.index)]
            if link.first != end, link.second != end {
                let own = links.filter { $0.first == end || $0.second == end }.map(\.name)
                log.error(
                    record.place(of: key),
                    "the link '\(link.name)' does not touch '\(hosts[Int(end.index)].name)'",
                    remedy: own.isEmpty || own.count > 30 ? nil : "choose from \(Suggestion.list(own))"
                )
            }
        }
        if !routes.lead(from: from, to: to) {
            log.error(
                record.place(of: "to"),
                "no link leads from '\(source)' to '\(target)'",
                remedy: "add a link, or let a host between them forward: true"
            )
        }
    }

    private func trafficModel(_ entry: YAMLNode.Entry, _ record: Fields) -> ChosenModel? {
        let signatures = vocabulary.traffic
        let chosen = record.ordered.compactMap { item in
            signatures.first { $0.name == item.key }.map { (item, $0) }
        }
        guard let (item, signature) = chosen.first, chosen.count == 1 else {
            log.error(
                chosen.dropFirst().first?.0.keyPlace ?? entry.keyPlace,
                chosen.isEmpty ? "a flow needs a traffic model" : "a flow has one traffic model, not \(chosen.count)",
                remedy: chosen.isEmpty
                    ? "add one of \(Suggestion.list(signatures.map(\.name), joining: "or"))" : "make two flows of it"
            )
            return nil
        }
        return model(.traffic, signature, item.value, at: item.keyPlace)
    }

    private func size(_ record: Fields) -> PacketSize {
        guard let size = self.record(record, "size") else { return .fixed(1_200) }
        if let bytes = quantity(size, "fixed") { return .fixed(bytes) }
        if let bytes = quantity(size, "exponential") { return .exponential(mean: bytes) }
        if !size.has("fixed"), !size.has("exponential") {
            log.error(size.place, "size is fixed or exponential", remedy: "write size: 1_200 B or {exponential: 800 B}")
        }
        return .fixed(1_200)
    }
}
