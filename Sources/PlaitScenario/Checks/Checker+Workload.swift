import PlaitCore

extension Checker {
    /// What is wrong with an item leaves it out; its name is taken all the same.
    func workload(_ fields: Fields, _ transport: TransportDescription, end: Interval) -> [WorkloadItem] {
        let routes = Routes(hosts: hosts, links: links)
        var items: [WorkloadItem] = []
        for node in self.items(fields, "workload") {
            guard let record = self.fields(node, .workloadItem, at: node.place),
                let item = workloadItem(record, transport, routes)
            else { continue }
            if item.at >= end {
                log.warn(record.place(of: "at"), "the work begins when the run is over, at \(end)")
            }
            items.append(item)
        }
        nameItems(&items)
        checkConnections(items)
        checkPaths(transport, items)
        return items
    }

    private func workloadItem(
        _ record: Fields,
        _ transport: TransportDescription,
        _ routes: Routes
    ) -> WorkloadItem? {
        let entries = record.ordered.filter { $0.key != "at" }
        guard let entry = entries.first, entries.count == 1 else {
            log.error(
                entries.dropFirst().first?.keyPlace ?? record.place,
                entries.isEmpty ? "a workload item needs a client" : "a workload item has one client, not several",
                remedy: entries.isEmpty ? "write {at: 0 s, client: {get: 1 MB}}" : "write an item for each"
            )
            return nil
        }
        guard let client = client(entry) else { return nil }
        guard let work = fields(entry.value, .clientWork, at: entry.keyPlace) else { return nil }
        let name = work.has("name") ? name(work, "name") : ""
        let server = server(of: client, work, entry)
        let over = link(work, "over")
        let path = link(work, "path")
        let kind = kind(work, entry, transport)
        guard let server, let kind else { return nil }
        checkRoute(work, client, server, routes, entry)
        checkLink(work, "over", over, client)
        checkLink(work, "path", path, client)
        if case .datagrams = kind, let key = ["streams", "priority", "path"].first(where: { work.has($0) }) {
            log.error(
                work.place(of: key),
                "datagrams are on no stream",
                remedy: key == "path"
                    ? "give them a connection over one link: over:, connection:"
                    : "remove it; write several items for several rates"
            )
        }
        return WorkloadItem(
            name: name ?? "",
            origin: Origin(entry.keyPlace),
            at: interval(record, "at") ?? .zero,
            client: client,
            server: server,
            over: over,
            path: path,
            connection: self.name(work, "connection"),
            streams: quantity(work, "streams") ?? 1,
            priority: quantity(work, "priority") ?? 0,
            work: kind
        )
    }

    /// The host by whose name the work is written.
    private func client(_ entry: YAMLNode.Entry) -> HostID? {
        guard let index = hostIndex[entry.key] else {
            let known = hosts.filter { !$0.isRouter }.map(\.name) + ["at"]
            log.error(
                entry.keyPlace,
                "'\(entry.key.prefix(70))' is no host",
                remedy: log.hasRoom ? Suggestion.remedy(for: entry.key, among: known) : nil
            )
            return nil
        }
        return isEndpoint(HostID(index), at: entry.keyPlace) ? HostID(index) : nil
    }

    private func isEndpoint(_ host: HostID, at place: Place) -> Bool {
        guard hosts[Int(host.index)].isRouter else { return true }
        log.error(
            place,
            "'\(hosts[Int(host.index)].name)' is a router, and connections neither start nor end there",
            remedy: "declare it under hosts: with forward: true"
        )
        return false
    }

    /// The host that `from:` or `to:` names, or the only other one.
    private func server(of client: HostID, _ work: Fields, _ entry: YAMLNode.Entry) -> HostID? {
        let (right, wrong) = work.has("get") ? ("from", "to") : ("to", "from")
        if work.has(wrong), !work.has("datagrams") {
            log.error(
                work.place(of: wrong),
                "'\(wrong)' does not say where \(work.has("get") ? "a get comes from" : "the work goes to")",
                remedy: "write \(right):"
            )
            return nil
        }
        let key = work.has("from") ? "from" : "to"
        if work.has(key) {
            guard let server = host(work, key), isEndpoint(server, at: work.place(of: key)) else { return nil }
            guard server != client else {
                log.error(
                    work.place(of: key),
                    "'\(entry.key)' is no server of its own",
                    remedy: "name another host"
                )
                return nil
            }
            return server
        }
        let others = hosts.indices.filter { !hosts[$0].isRouter && $0 != Int(client.index) }
        guard let only = others.first, others.count == 1 else {
            log.error(
                entry.keyPlace,
                others.isEmpty ? "there is no other host to be the server" : "several hosts could be the server",
                remedy: others.isEmpty
                    ? "add one under hosts:"
                    : "add \(right): and one of \(Suggestion.list(others.prefix(30).map { hosts[$0].name }))"
            )
            return nil
        }
        return HostID(only)
    }

    private func checkRoute(
        _ work: Fields,
        _ client: HostID,
        _ server: HostID,
        _ routes: Routes,
        _ entry: YAMLNode.Entry
    ) {
        let (source, target) = (hosts[Int(client.index)].name, hosts[Int(server.index)].name)
        if !routes.lead(from: client, to: server) {
            log.error(
                entry.keyPlace,
                "no link leads from '\(source)' to '\(target)'",
                remedy: "add a link, or let a host between them forward: true"
            )
        }
    }

    private func checkLink(_ work: Fields, _ key: String, _ link: LinkID?, _ client: HostID) {
        guard let link, links[Int(link.index)].first != client, links[Int(link.index)].second != client else { return }
        let own = links.filter { $0.first == client || $0.second == client }.map(\.name)
        log.error(
            work.place(of: key),
            "the link '\(links[Int(link.index)].name)' does not touch '\(hosts[Int(client.index)].name)'",
            remedy: own.isEmpty || own.count > 30 ? nil : "choose from \(Suggestion.list(own))"
        )
    }

    /// Items without a name are called after what they do, numbered where several do the same.
    private func nameItems(_ items: inout [WorkloadItem]) {
        // Only looked up, never walked through.
        var taken: Set<String> = []
        for item in items where !item.name.isEmpty {
            if !taken.insert(item.name).inserted {
                let place = item.origin.place ?? Place(file: "scenario", line: 0, column: 0)
                log.error(place, "there is already a workload item '\(item.name)'", remedy: "rename one of them")
            }
        }
        for kind in KeyTable.workKinds {
            let own = items.indices.filter { items[$0].name.isEmpty && items[$0].work.kind == kind }
            var number = 0
            for index in own {
                var name = kind
                if own.count > 1 || taken.contains(name) {
                    repeat { number += 1 } while taken.contains("\(kind)-\(number)")
                    name = "\(kind)-\(number)"
                }
                items[index].name = name
                taken.insert(name)
            }
        }
    }

    /// A connection has one link to leave by; work that names another one needs another connection.
    private func checkConnections(_ items: [WorkloadItem]) {
        for connection in items.connections {
            guard let over = connection.over else { continue }
            for index in connection.items {
                let item = items[index]
                guard let other = item.over, other != over else { continue }
                log.error(
                    item.origin.place ?? Place(file: "scenario", line: 0, column: 0),
                    "'\(item.name)' shares a connection over '\(links[Int(over.index)].name)' and names"
                        + " '\(links[Int(other.index)].name)'",
                    remedy: "give it a connection of its own: connection: \(links[Int(other.index)].name)"
                )
            }
        }
    }
}

// What is done.
extension Checker {
    private func kind(
        _ work: Fields,
        _ entry: YAMLNode.Entry,
        _ transport: TransportDescription
    ) -> WorkloadItem.Work? {
        let kinds = KeyTable.workKinds.filter { work.has($0) }
        guard let kind = kinds.first else {
            log.error(
                entry.keyPlace,
                "'\(entry.key.prefix(70))' has nothing to do",
                remedy: "add one of \(Suggestion.list(KeyTable.workKinds, joining: "or"))"
            )
            return nil
        }
        switch kind {
        case "get": return amount(work, "get").map { .get($0) }
        case "put": return amount(work, "put").map { .put($0) }
        case "requests": return record(work, "requests").flatMap { requests($0) }.map { .requests($0) }
        default: return record(work, "datagrams").flatMap { datagrams($0, work, transport) }.map { .datagrams($0) }
        }
    }

    private func requests(_ record: Fields) -> RequestWork? {
        guard let response = amount(record, "response") else { return nil }
        var requests = RequestWork(response: response)
        if let request = amount(record, "request") { requests.request = request }
        if let think = amount(record, "think") { requests.think = think }
        requests.duration = interval(record, "for")
        requests.count = quantity(record, "count") ?? (requests.duration == nil ? 1 : nil)
        return requests
    }

    private func datagrams(
        _ record: Fields,
        _ work: Fields,
        _ transport: TransportDescription
    ) -> DatagramWork? {
        guard let (quantity, value) = anyQuantity(record, "rate") else { return nil }
        let rate: DatagramWork.Rate =
            quantity == .frequency
            ? .messages(perThousandSeconds: value) : .bits(Rate(bitsPerSecond: UInt64(value)))
        var datagrams = DatagramWork(rate: rate)
        if let size = amount(record, "size") { datagrams.size = size }
        datagrams.deadline = interval(record, "deadline")
        datagrams.count = self.quantity(record, "count")
        datagrams.duration = interval(record, "for")
        datagrams.fromServer = work.has("from")
        let most = transport.packetSize - Self.datagramOverhead
        if datagrams.size.least < Self.datagramLeast || datagrams.size.typical > most {
            log.error(
                record.place(of: "size"),
                "a datagram has \(Self.datagramLeast) to \(most) B in packets of \(transport.packetSize) B",
                remedy: "write a size in between, or raise packet-size"
            )
        }
        return datagrams
    }

    /// Headers, tag and the frame's own bytes, at most.
    private static let datagramOverhead: Int64 = 40
    /// Its item, number and time of sending.
    private static let datagramLeast: Int64 = 16

    func amount(_ fields: Fields, _ key: String) -> Amount? {
        guard let amount = record(fields, key) else { return nil }
        if let value = quantity(amount, "fixed") { return .fixed(value) }
        if let mean = quantity(amount, "exponential") { return .exponential(mean: mean) }
        if let ends = record(amount, "uniform") {
            guard let from = quantity(ends, "from"), let to = quantity(ends, "to") else { return nil }
            guard from <= to else {
                log.error(ends.place, "a uniform amount ends before it begins", remedy: "exchange from: and to:")
                return nil
            }
            return .uniform(from, to)
        }
        if !["fixed", "exponential", "uniform"].contains(where: { amount.has($0) }) {
            log.error(
                amount.place,
                "'\(key)' is an amount, or how it is drawn",
                remedy: "write a value, {exponential: MEAN} or {uniform: {from: LEAST, to: MOST}}"
            )
        }
        return nil
    }
}

extension Amount {
    fileprivate var least: Int64 {
        switch self {
        case .fixed(let value), .uniform(let value, _): value
        // Drawn below, it is sent as the shortest.
        case .exponential(let mean): mean
        }
    }
}

extension WorkloadItem.Work {
    /// The key it is written with.
    public var kind: String {
        switch self {
        case .get: "get"
        case .put: "put"
        case .requests: "requests"
        case .datagrams: "datagrams"
        }
    }
}
