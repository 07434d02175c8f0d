package import PlaitCore
package import PlaitScenario
package import PlaitTransport

/// A scenario's workload for one seed: which connections there are, between which addresses, and what is drawn for it.
package struct WorkloadPlan: Sendable {
    package let items: [WorkloadItem]
    package let connections: [Connection]
    package let distributions: Distributions
    private let streams: [RandomStream]
    /// By item: the path that its streams are pinned to.
    private let pins: [PathID?]

    /// A connection and where its ends are.
    package struct Connection: Sendable {
        package let client: HostID
        package let server: HostID
        /// The first one is that of the handshake.
        package let paths: [PlannedPath]
        /// By their place in `items`.
        package let items: [Int]
        /// When the scenario first takes a link from under one of the paths; `.never` when it does not.
        package let firstCut: Instant

        package var local: SocketAddress { paths[0].local }
        package var remote: SocketAddress { paths[0].remote }

        /// The place of the path that an item's streams keep to.
        package func path(over link: LinkID) -> Int? { paths.firstIndex { $0.link == link } }
    }

    /// A way between a client's and a server's address that the client opens.
    package struct PlannedPath: Hashable, Sendable {
        package let local: SocketAddress
        package let remote: SocketAddress
        /// By which it leaves the client.
        package let link: LinkID
        package let isBackup: Bool
    }

    /// All endpoints of the workload sit here; plain flows have ports from 10,000 on.
    package static let port: UInt16 = 4_433

    package init(
        items: [WorkloadItem],
        connections: [Connection],
        seed: UInt64,
        distributions: Distributions
    ) {
        self.items = items
        self.connections = connections
        self.distributions = distributions
        streams = items.map { RandomStream(seed: seed, name: "workload/\($0.name)") }
        pins = items.indices.map { item in
            guard let link = items[item].path else { return nil }
            let connection = connections.first { $0.items.contains(item) }
            // The client opens its paths in the order of the plan, and so their ids count up.
            return connection?.path(over: link).map { PathID(UInt32($0)) }
        }
    }

    /// The connection that an item runs over.
    package func connection(ofItem item: Int) -> Int {
        guard let place = connections.firstIndex(where: { $0.items.contains(item) }) else {
            preconditionFailure("an item without a connection")
        }
        return place
    }

    /// The path that an item's streams are pinned to, at both ends.
    package func pin(ofItem item: Int) -> PathID? { pins[item] }

    /// Hosts that hold an endpoint, in the order of their numbers.
    package var hosts: [HostID] {
        let all = Set(connections.flatMap { [$0.client.index, $0.server.index] })
        return all.sorted().map { HostID(Int($0)) }
    }

    // MARK: What is drawn

    /// What a draw is about: apart, so that one never moves another.
    package enum Purpose: UInt64 { case seed, request, response, think, message }

    package func draw(_ purpose: Purpose, item: Int, number: UInt64) -> UInt64 {
        streams[item].draw(number, purpose.rawValue)
    }

    /// The amount for exchange or message `number` of an item.
    package func amount(_ amount: Amount, _ purpose: Purpose, item: Int, number: UInt64) -> Int64 {
        switch amount {
        case .fixed(let value): return value
        case .uniform(let first, let last):
            let span = UInt64(last - first) + 1
            return first + Int64(draw(purpose, item: item, number: number).uniform(below: span))
        case .exponential(let mean):
            return max(0, distributions.exponential.sample(draw(purpose, item: item, number: number), scale: mean))
        }
    }
}
