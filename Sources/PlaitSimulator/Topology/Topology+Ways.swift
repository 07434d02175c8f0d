package import PlaitCore

// Between which addresses of two hosts packets can go.
extension Topology {
    /// The interfaces that two hosts use for each other unless told otherwise: those of the shortest route.
    package mutating func shortestInterfaces(from source: HostID, to destination: HostID) -> (from: UInt32, to: UInt32)?
    {
        let downlinks = ends.indices.filter { ends[$0].to == destination }
        var best: (hops: Int, delay: Int64, first: Int, last: Int)?
        for downlink in downlinks {
            guard let way = way(from: source, over: downlink) else { continue }
            let candidate = (way.hops, way.delay, way.first, downlink)
            if let known = best, (known.hops, known.delay, known.first) <= (candidate.0, candidate.1, candidate.2) {
                continue
            }
            best = candidate
        }
        guard let best else { return nil }
        return (UInt32(best.first), UInt32(best.last ^ 1))
    }

    private mutating func way(from source: HostID, over downlink: Int) -> (hops: Int, delay: Int64, first: Int)? {
        var place = source
        var (hops, delay, first): (Int, Int64, Int?) = (0, 0, nil)
        while place != ends[downlink].to {
            guard hops <= forwards.count, hops == 0 || forwards[Int(place.index)] else { return nil }
            guard let next = next(from: place, to: UInt32(downlink ^ 1)) else { return nil }
            first = first ?? Int(next.index)
            hops += 1
            delay += delays[Int(next.index)]
            place = ends(of: next).to
        }
        return first.map { (hops, delay, $0) }
    }

    /// Every pair of interfaces of two hosts between which packets go both ways, in the order of the first's links and
    /// then the second's.
    ///
    /// A host sends over the link of its packet's source address, as one with several providers is set up to; beyond
    /// that link the destination decides. So a link that joins the two hosts makes a pair of its own two ends only:
    /// what leaves by it for another address of the far host would arrive, but by no way that the address belongs to.
    package mutating func interfacePairs(from host: HostID, to peer: HostID) -> [(from: UInt32, to: UInt32)] {
        let own = ends.indices.filter { ends[$0].from == host }
        let others = ends.indices.filter { ends[$0].from == peer }
        var pairs: [(from: UInt32, to: UInt32)] = []
        for source in own {
            for target in others where leads(from: source, to: target) && leads(from: target, to: source) {
                pairs.append((UInt32(source), UInt32(target)))
            }
        }
        return pairs
    }

    /// Whether what leaves by `uplink` arrives at the host that `target` leaves, over the link of that direction.
    private mutating func leads(from uplink: Int, to target: Int) -> Bool {
        let (source, destination) = (ends[uplink].from, ends[target].from)
        var place = ends[uplink].to
        guard place != destination else { return target == uplink ^ 1 }
        for _ in forwards.indices {
            guard place != source, forwards[Int(place.index)] else { return false }
            guard let next = next(from: place, to: UInt32(target)) else { return false }
            place = ends(of: next).to
            if place == destination { return Int(next.index) == target ^ 1 }
        }
        return false
    }
}
