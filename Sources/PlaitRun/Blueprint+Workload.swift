import PlaitCore
import PlaitScenario
import PlaitSimulator

// Which connections a workload needs, and the paths that each opens.
extension Blueprint {
    func seatWorkload(_ errors: inout [BlueprintError]) -> WorkloadPlan? {
        guard !scenario.workload.isEmpty else { return nil }
        var connections: [WorkloadPlan.Connection] = []
        var topology = topology
        for connection in scenario.workload.connections {
            do throws(BlueprintError) {
                let paths = try paths(of: connection, in: &topology)
                for path in paths { try checkPacketSize(path) }
                try checkPins(connection, paths)
                connections.append(
                    WorkloadPlan.Connection(
                        client: connection.client,
                        server: connection.server,
                        paths: paths,
                        items: connection.items,
                        firstCut: firstCut(of: paths)
                    )
                )
            } catch {
                errors.append(error)
            }
        }
        guard connections.count == scenario.workload.connections.count else { return nil }
        return WorkloadPlan(
            items: scenario.workload,
            connections: connections,
            seed: seed,
            distributions: distributions
        )
    }

    /// The first one carries the handshake: that of the shortest route, or the first of the list.
    private func paths(
        of connection: ConnectionDescription,
        in topology: inout Topology
    ) throws(BlueprintError) -> [WorkloadPlan.PlannedPath] {
        let origin = scenario.workload[connection.items[0]].origin
        let (client, server) = (connection.client, connection.server)
        guard let ends = topology.shortestInterfaces(from: client, to: server) else {
            throw BlueprintError(origin, "no chain of links leads from '\(name(client))' to '\(name(server))'")
        }
        let source = connection.over.flatMap { interface(of: client, on: $0) } ?? ends.from
        // A link between the two hosts is used at both ends.
        let target = connection.over.flatMap { interface(of: server, on: $0) } ?? ends.to
        let usual = path(source, target)
        let all = topology.interfacePairs(from: client, to: server).map { path($0.from, $0.to) }
        let own = all.filter { connection.over == nil || $0.link == connection.over }
        switch scenario.transport.paths {
        case .one: return [usual]
        case .all:
            let paths = [usual] + own.filter { $0 != usual }
            guard paths.count <= Self.pathsMax else {
                let message = "\(paths.count) paths lead from '\(name(client))' to '\(name(server))', and a connection"
                throw BlueprintError(origin, message + " has \(Self.pathsMax) at most: list those wanted in paths:")
            }
            return paths
        case .listed(let listed): return try chosen(listed, of: own, connection, origin)
        }
    }

    /// The paths of a list that this client and server have.
    private func chosen(
        _ listed: [PathDescription],
        of all: [WorkloadPlan.PlannedPath],
        _ connection: ConnectionDescription,
        _ origin: Origin
    ) throws(BlueprintError) -> [WorkloadPlan.PlannedPath] {
        let (client, server) = (name(connection.client), name(connection.server))
        var paths: [WorkloadPlan.PlannedPath] = []
        for wanted in listed {
            // Another client's, or one that this connection does not use.
            guard interface(of: connection.client, on: wanted.over) != nil else { continue }
            guard connection.over == nil || connection.over == wanted.over else { continue }
            let fitting = all.filter { path in
                path.link == wanted.over && (wanted.to == nil || link(of: path.remote) == wanted.to)
            }
            guard !fitting.isEmpty else {
                let link = scenario.links[Int(wanted.over.index)].name
                let to = wanted.to.map { " to '\(scenario.links[Int($0.index)].name)'" } ?? ""
                throw BlueprintError(
                    wanted.origin,
                    "no path leads over '\(link)'\(to) from '\(client)' to '\(server)': a link between the two hosts is"
                        + " a path of its own, and other links need a router that leads to the server's"
                )
            }
            for path in fitting where !paths.contains(where: { $0.local == path.local && $0.remote == path.remote }) {
                paths.append(self.path(path.local.interface, path.remote.interface, isBackup: wanted.isBackup))
            }
        }
        guard paths.contains(where: { !$0.isBackup }) else {
            let message = "none of transport's paths is one from '\(client)' to '\(server)' that is no backup"
            throw BlueprintError(origin, message)
        }
        guard paths.count <= Self.pathsMax else {
            let message = "transport's paths are \(paths.count) between '\(client)' and '\(server)'; "
            throw BlueprintError(origin, message + "a connection has \(Self.pathsMax) at most: say by to: which")
        }
        return paths
    }

    /// More than anybody's host has addresses, and few enough to look at all of them for each packet.
    private static let pathsMax = 16

    private func path(_ source: UInt32, _ target: UInt32, isBackup: Bool = false) -> WorkloadPlan.PlannedPath {
        let local = SocketAddress(interface: source, port: WorkloadPlan.port)
        return WorkloadPlan.PlannedPath(
            local: local,
            remote: SocketAddress(interface: target, port: WorkloadPlan.port),
            link: link(of: local),
            isBackup: isBackup
        )
    }

    private func link(of address: SocketAddress) -> LinkID { DirectionID(Int(address.interface)).link }

    private func checkPacketSize(_ path: WorkloadPlan.PlannedPath) throws(BlueprintError) {
        let link = scenario.links[Int(path.link.index)]
        for direction in [link.forward, link.backward]
        where direction.mtu - direction.overhead < scenario.transport.packetSize {
            throw BlueprintError(
                link.origin,
                "packets of \(scenario.transport.packetSize) B do not pass over '\(link.name)', of which the"
                    + " mtu leaves \(direction.mtu - direction.overhead) B: raise its mtu, or lower packet-size"
            )
        }
    }

    private func firstCut(of paths: [WorkloadPlan.PlannedPath]) -> Instant {
        let links = paths.flatMap { [$0.link, link(of: $0.remote)] }
        let cuts = scenario.timeline.filter { item in
            guard case .link(let directions, let action) = item.action, let link = directions.first?.link else {
                return false
            }
            return links.contains(link) && action.stopsPackets
        }
        return cuts.map { .start + $0.at }.min() ?? .never
    }

    /// A pin is a path of the item's own connection.
    private func checkPins(
        _ connection: ConnectionDescription,
        _ paths: [WorkloadPlan.PlannedPath]
    ) throws(BlueprintError) {
        for index in connection.items {
            let item = scenario.workload[index]
            guard let wanted = item.path else { continue }
            if paths.contains(where: { $0.link == wanted }) { continue }
            let known = paths.map { "'\(scenario.links[Int($0.link.index)].name)'" }.joined(separator: ", ")
            throw BlueprintError(
                item.origin,
                "'\(item.name)' keeps to the path over '\(scenario.links[Int(wanted.index)].name)', and its connection"
                    + " has none there: its paths leave by \(known); name one of these, or let transport's paths:"
                    + " have that link"
            )
        }
    }
}
