package import PlaitCore
import PlaitNetwork

/// Who is connected to whom, which interface numbers lead where, and the static shortest routes.
///
/// An interface is a host's end of a link. Its first number is that of the direction that leaves it; a host that
/// changes its address gets a new number, and the old one leads nowhere.
///
/// A packet for an interface goes to the *gateway*, the far end of the interface's link, by the fewest hops through
/// hosts that forward (ties: the least total delay, then the lowest link), and from there over that link. So an address
/// on the second link of a host is reached over the second link, as with addresses from that link's network.
package struct Topology: Sendable {
    /// Where a direction begins and ends.
    package struct Ends: Hashable, Sendable {
        package let from: HostID
        package let to: HostID
    }

    private struct Interface: Sendable {
        /// The direction that leaves the host through this interface.
        let uplink: Int
        var isCurrent = true
    }

    package private(set) var ends: [Ends] = []
    package private(set) var names: [String] = []
    let forwards: [Bool]
    let delays: [Int64]
    private var interfaces: [Interface] = []
    /// The present interface number of each uplink.
    private var current: [UInt32] = []
    /// Next step towards a gateway, by gateway and then host; made when first asked for.
    ///
    /// A step is a place among the directions that leave the host, so that it fits in half the memory of a direction's
    /// number: in a large network every packet-hop waits for one of these.
    private var routes: [[UInt16]]
    /// The directions that leave each host, one host's after another's, and where each host's begin.
    private var leaving: [Int32] = []
    private var firstLeaving: [Int32] = []

    package init(_ plan: NetworkPlan) {
        var delays: [Int64] = []
        for link in plan.links {
            let (from, to) = (plan.hosts[Int(link.from.index)].name, plan.hosts[Int(link.to.index)].name)
            names += ["\(link.name)/\(from)>\(to)", "\(link.name)/\(to)>\(from)"]
            ends += [Ends(from: link.from, to: link.to), Ends(from: link.to, to: link.from)]
            delays += [link.forward.delay.nanoseconds, link.backward.delay.nanoseconds]
        }
        self.delays = delays
        forwards = plan.hosts.map(\.forwards)
        for uplink in ends.indices {
            interfaces.append(Interface(uplink: uplink))
            current.append(UInt32(uplink))
        }
        routes = Array(repeating: [], count: plan.hosts.count)
        var byHost = [[Int32]](repeating: [], count: plan.hosts.count)
        for (index, ends) in ends.enumerated() { byHost[Int(ends.from.index)].append(Int32(index)) }
        for directions in byHost {
            precondition(directions.count < Int(Self.nowhere), "more than 65,534 links at one host")
            firstLeaving.append(Int32(leaving.count))
            leaving += directions
        }
    }

    package func ends(of direction: DirectionID) -> Ends { ends[Int(direction.index)] }

    package func name(of direction: DirectionID) -> String { names[Int(direction.index)] }

    /// The host that an interface number belongs, or belonged, to.
    package func owner(of interface: UInt32) -> HostID { ends[interfaces[Int(interface)].uplink].from }

    /// Whether the number is in use: a packet to a former number is undeliverable at its owner.
    package func isCurrent(_ interface: UInt32) -> Bool { interfaces[Int(interface)].isCurrent }

    package func uplink(of interface: UInt32) -> DirectionID { DirectionID(interfaces[Int(interface)].uplink) }

    /// The number by which the world now knows the interface whose uplink is `direction`.
    package func interface(for uplink: DirectionID) -> UInt32 { current[Int(uplink.index)] }

    /// Gives the interface at the host's end of `uplink` a new number.
    package mutating func renumber(_ uplink: DirectionID) -> (old: UInt32, new: UInt32) {
        let old = current[Int(uplink.index)]
        let new = UInt32(interfaces.count)
        interfaces[Int(old)].isCurrent = false
        interfaces.append(Interface(uplink: Int(uplink.index)))
        current[Int(uplink.index)] = new
        return (old, new)
    }

    /// The direction that a packet for `interface` takes from `host`, or nil when there is no way.
    package mutating func next(from host: HostID, to interface: UInt32) -> DirectionID? {
        let uplink = interfaces[Int(interface)].uplink
        let downlink = uplink ^ 1
        let gateway = Int(ends[uplink].to.index)
        if Int(host.index) == gateway { return DirectionID(downlink) }
        if routes[gateway].isEmpty { routes[gateway] = findRoutes(to: gateway) }
        let step = routes[gateway][Int(host.index)]
        guard step != Self.nowhere else { return nil }
        return DirectionID(Int(leaving[Int(firstLeaving[Int(host.index)]) + Int(step)]))
    }

    /// Fewest hops first, then least delay, then lowest link: Dijkstra from the gateway backwards. Sums of two costs.
    private func findRoutes(to gateway: Int) -> [UInt16] {
        var next = [Int32](repeating: -1, count: forwards.count)
        var cost = [Int64](repeating: .max, count: forwards.count)
        cost[gateway] = 0
        // Hosts with the same number of hops form a ring around the gateway; within a ring the delay decides.
        var ring = [gateway]
        var hops = [Int](repeating: .max, count: forwards.count)
        hops[gateway] = 0
        let arriving = arrivingDirections()
        while !ring.isEmpty {
            var outer: [Int] = []
            for host in ring where host == gateway || forwards[host] {
                for direction in arriving[host] {
                    let neighbour = Int(ends[direction].from.index)
                    let isNew = hops[neighbour] == .max
                    let sum = cost[host] + delays[direction]
                    let isBetter = (sum, Int32(direction)) < (cost[neighbour], next[neighbour])
                    guard isNew || (hops[neighbour] == hops[host] + 1 && isBetter) else { continue }
                    if isNew {
                        outer.append(neighbour)
                        hops[neighbour] = hops[host] + 1
                    }
                    next[neighbour] = Int32(direction)
                    cost[neighbour] = sum
                }
            }
            ring = outer
        }
        return next.enumerated().map { host, direction in direction < 0 ? Self.nowhere : step(direction, from: host) }
    }

    /// The place of `direction` among those that leave `host`; they are few, and this is asked once a route.
    private func step(_ direction: Int32, from host: Int) -> UInt16 {
        let first = Int(firstLeaving[host])
        let place = leaving[first...].firstIndex(of: direction)
        precondition(place != nil, "a route over a link that is not there")
        return UInt16((place ?? first) - first)
    }

    private static let nowhere = UInt16.max

    private func arrivingDirections() -> [[Int]] {
        var arriving = [[Int]](repeating: [], count: forwards.count)
        for (index, ends) in ends.enumerated() { arriving[Int(ends.to.index)].append(index) }
        return arriving
    }
}
