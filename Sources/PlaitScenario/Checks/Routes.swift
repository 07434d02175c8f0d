import PlaitCore

/// Which hosts can reach which: over one link, or through hosts that forward.
struct Routes {
    private var neighbours: [[Int]]
    private let forwards: [Bool]
    /// Hosts that reach each other through forwarding hosts only have the same number.
    private var group: [Int]

    init(hosts: [HostDescription], links: [LinkDescription]) {
        neighbours = Array(repeating: [], count: hosts.count)
        forwards = hosts.map(\.forwards)
        group = Array(hosts.indices)
        for link in links where link.first != link.second {
            let (a, b) = (Int(link.first.index), Int(link.second.index))
            guard hosts.indices.contains(a), hosts.indices.contains(b) else { continue }
            neighbours[a].append(b)
            neighbours[b].append(a)
            if forwards[a], forwards[b] { join(a, b) }
        }
    }

    /// Whether packets from one host can arrive at another.
    func lead(from: HostID, to: HostID) -> Bool {
        let (a, b) = (Int(from.index), Int(to.index))
        if neighbours[a].contains(b) { return true }
        let near = Set(entrances(of: a))
        return entrances(of: b).contains { near.contains($0) }
    }

    private func entrances(of host: Int) -> [Int] {
        (forwards[host] ? [root(host)] : []) + neighbours[host].filter { forwards[$0] }.map { root($0) }
    }

    private func root(_ host: Int) -> Int {
        var host = host
        while group[host] != host { host = group[host] }
        return host
    }

    private mutating func join(_ a: Int, _ b: Int) {
        let (low, high) = (root(a), root(b))
        group[high] = low
        // Keeps later walks short.
        group[a] = low
        group[b] = low
    }
}
