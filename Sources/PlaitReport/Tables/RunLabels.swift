package import PlaitCore

/// What the numbers of a trace are called: everything that a file says about places and flows comes from here.
package struct RunLabels: Sendable {
    /// The names of one direction of a link.
    package struct Direction: Sendable {
        /// The link's name in the scenario.
        package let link: String
        package let from: String
        package let to: String
        /// At the start of the run; later rates are `changed` events.
        package let rate: Rate

        package init(link: String, from: String, to: String, rate: Rate) {
            self.link = link
            self.from = from
            self.to = to
            self.rate = rate
        }

        /// `client>server`.
        package var heading: String { from + ">" + to }
        /// `wifi/client>server`, the name of one direction everywhere.
        package var name: String { link + "/" + heading }
    }

    /// By `DirectionID.index`.
    package let directions: [Direction]
    /// By `HostID.index`.
    package let hosts: [String]
    /// By `FlowID.index`.
    package let flows: [String]
    /// Of the workload, by their place.
    package let items: [Item]
    /// `client>server`, or `client>server/name`, in the order in which the scenario first needs them.
    package let connections: [String]

    /// What reports call an item of the workload.
    package struct Item: Sendable {
        package let name: String
        /// `get`, `put`, `requests`, `datagrams`.
        package let kind: String
        package let priority: UInt64

        package init(name: String, kind: String, priority: UInt64) {
            self.name = name
            self.kind = kind
            self.priority = priority
        }
    }

    package init(
        directions: [Direction],
        hosts: [String],
        flows: [String],
        items: [Item] = [],
        connections: [String] = []
    ) {
        self.directions = directions
        self.hosts = hosts
        self.flows = flows
        self.items = items
        self.connections = connections
    }

    /// The name of the host or direction that `event` names; empty when it names none.
    package func place(of event: TraceEvent) -> String {
        guard event.place >= 0 else { return "" }
        return event.isAtHost ? hosts[Int(event.place)] : directions[Int(event.place)].name
    }
}

extension TraceEvent {
    /// Whether `place` is a host and not a direction.
    package var isAtHost: Bool {
        switch kind {
        case .sent, .delivered: true
        case .dropped: reason.isAtHost
        case .changed: property == .host || property == .drift || property == .wallStep || property == .rebind
        case .offered, .marked, .started, .departed, .corrupted, .copied, .arrived: false
        }
    }
}
