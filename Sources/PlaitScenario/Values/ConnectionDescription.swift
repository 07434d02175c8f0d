public import PlaitCore

/// A connection that items of a workload share: the same client, server and name.
public struct ConnectionDescription: Hashable, Sendable {
    public var client: HostID
    public var server: HostID
    /// Empty for the one that work without `connection:` shares.
    public var name: String
    /// The link of the first item that names one.
    public var over: LinkID?
    /// By their place in the workload, in file order.
    public var items: [Int]
}

private struct ConnectionKey: Hashable {
    let client: HostID
    let server: HostID
    let name: String
}

extension [WorkloadItem] {
    /// The connections of a workload, in the order in which the file first needs them.
    public var connections: [ConnectionDescription] {
        var connections: [ConnectionDescription] = []
        // Only looked up, never walked through.
        var places: [ConnectionKey: Int] = [:]
        for (index, item) in enumerated() {
            let key = ConnectionKey(client: item.client, server: item.server, name: item.connection ?? "")
            if let place = places[key] {
                connections[place].items.append(index)
                connections[place].over = connections[place].over ?? item.over
            } else {
                places[key] = connections.count
                connections.append(
                    ConnectionDescription(
                        client: item.client,
                        server: item.server,
                        name: key.name,
                        over: item.over,
                        items: [index]
                    )
                )
            }
        }
        return connections
    }
}
