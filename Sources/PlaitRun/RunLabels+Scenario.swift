import PlaitCore
package import PlaitReport
package import PlaitScenario

extension RunLabels {
    package init(_ scenario: Scenario) {
        let hosts = scenario.hosts.map(\.name)
        let directions = scenario.links.flatMap { link in
            let (first, second) = (hosts[Int(link.first.index)], hosts[Int(link.second.index)])
            return [
                Direction(link: link.name, from: first, to: second, rate: link.forward.rate),
                Direction(link: link.name, from: second, to: first, rate: link.backward.rate),
            ]
        }
        self.init(
            directions: directions,
            hosts: hosts,
            flows: scenario.flows.map(\.name),
            items: scenario.workload.map { item in
                Item(name: item.name, kind: item.work.kind, priority: UInt64(item.priority))
            },
            connections: scenario.workload.connections.map { connection in
                let ends = hosts[Int(connection.client.index)] + ">" + hosts[Int(connection.server.index)]
                return connection.name.isEmpty ? ends : ends + "/" + connection.name
            }
        )
    }
}
