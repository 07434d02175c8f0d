import PlaitCore

// Which paths connections open, and how packets are spread over them.
extension Checker {
    func readPaths(_ record: Fields, _ transport: inout TransportDescription) {
        if let paths = paths(record) { transport.paths = paths }
        transport.scheduler = model(record, "scheduler")
        if let kind = word(record, "reinjection").flatMap(ReinjectionKind.init) { transport.reinjection = kind }
        if let route = word(record, "acks").flatMap(AckRoute.init) { transport.acks = route }
        if record.has("path-keep-alive") { transport.pathKeepAlive = interval(record, "path-keep-alive") }
        if let keepAlive = transport.pathKeepAlive, record.has("path-keep-alive"), keepAlive >= transport.idleTimeout {
            log.warn(
                record.place(of: "path-keep-alive"),
                "a path that is asked every \(keepAlive) does not live longer than its connection,"
                    + " which ends after \(transport.idleTimeout)",
                remedy: "lower path-keep-alive, or raise idle-timeout"
            )
        }
    }

    private func paths(_ record: Fields) -> PathsChosen? {
        guard let (node, _) = record.value("paths") else { return nil }
        guard case .list(let items) = node.kind else {
            switch node.text {
            case "all": return .all
            case "one": return .one
            default:
                log.error(
                    node.place,
                    "\(node.phrase) does not say which paths",
                    remedy: "write all, one, or a list: [{over: \(links.first?.name ?? "LINK")}]"
                )
                return nil
            }
        }
        let paths = items.compactMap { item in
            fields(item, .path, at: item.place).flatMap { path($0) }
        }
        guard paths.count == items.count else { return nil }
        checkList(paths, node)
        return .listed(paths)
    }

    private func path(_ record: Fields) -> PathDescription? {
        guard let over = link(record, "over") else { return nil }
        let to = link(record, "to")
        if record.has("to"), to == nil { return nil }
        let status = word(record, "status")
        return PathDescription(over: over, to: to, isBackup: status == "backup", origin: Origin(record.place))
    }

    private func checkList(_ paths: [PathDescription], _ node: YAMLNode) {
        if paths.allSatisfy(\.isBackup) {
            log.error(
                node.place,
                paths.isEmpty ? "a connection needs a path" : "a connection needs a path that is no backup",
                remedy: paths.isEmpty ? "write all, one, or [{over: LINK}]" : "make one of them available"
            )
        }
        for (index, path) in paths.enumerated() {
            guard paths[..<index].contains(where: { $0.over == path.over && ($0.to == path.to || $0.to == nil) }) else {
                continue
            }
            log.error(
                path.origin.place ?? node.place,
                "the path over '\(links[Int(path.over.index)].name)' is in the list already",
                remedy: "remove one of them, or say by to: where each leads"
            )
        }
    }

    /// A link in the list at which none of the workload's clients is says nothing.
    func checkPaths(_ transport: TransportDescription, _ items: [WorkloadItem]) {
        guard case .listed(let paths) = transport.paths, !items.isEmpty else { return }
        for path in paths {
            let link = links[Int(path.over.index)]
            guard !items.contains(where: { $0.client == link.first || $0.client == link.second }) else { continue }
            log.error(
                path.origin.place ?? Place(file: "scenario", line: 0, column: 0),
                "no client of the workload is at the link '\(link.name)'",
                remedy: "name the client's link in over:, and the server's in to:"
            )
        }
    }
}
