package import PlaitCore
import PlaitScenario

extension Blueprint {
    /// How early the scenario's gets could have been complete, from their beginning; nil where the oracle cannot tell.
    ///
    /// It can where one connection does nothing but gets of fixed sizes that begin together, with IK, over links that
    /// join the two hosts and keep their rates and delays. Cuts and losses only make the truth later. The handshake's
    /// path is usable for the answer when the request is there; any other one when the client has keys (a round trip),
    /// and its first packet there was answered and the answer arrived: the server sends no data to an address that it
    /// has not validated. Backups are left out.
    package func transferBound() -> Interval? {
        guard scenario.transport.handshake == .ik, let plan = workload, let connection = plan.connections.first,
            plan.connections.count == 1, keepsItsLinks, let bytes = bytesToGet
        else { return nil }
        var links: [TransferOracle.Link] = []
        for path in connection.paths {
            let link = scenario.links[Int(path.link.index)]
            // What is beyond a router is another link's business.
            guard path.remote.interface == path.local.interface ^ 1 else { return nil }
            let leavesForwards = link.first == connection.client
            let up = leavesForwards ? link.forward : link.backward
            let down = leavesForwards ? link.backward : link.forward
            guard max(up.delay, down.delay) <= Self.delayMax, !down.rate.isUnlimited,
                let rate = Int64(exactly: down.rate.bitsPerSecond / 8)
            else { return nil }
            guard rate > 0 else { return nil }
            guard links.isEmpty || !path.isBackup else { continue }
            let trip = up.delay + down.delay
            let first = links.first.map { $0.out + $0.back } ?? .zero
            let usableFrom = links.isEmpty ? up.delay : first + up.delay + trip
            links.append(
                TransferOracle.Link(rate: rate, out: down.delay, back: up.delay, usableFrom: .start + usableFrom)
            )
        }
        let oracle = TransferOracle(links: links, packetSize: scenario.transport.packetSize)
        let completion = oracle.completion(of: bytes)
        return completion.isNever ? nil : completion - .start
    }

    /// Sums of several stay far from the end of time.
    private static let delayMax = Interval.seconds(86_400)

    /// Whether the timeline leaves rates and delays as they are.
    private var keepsItsLinks: Bool {
        scenario.timeline.allSatisfy { item in
            if case .link(_, let action) = item.action {
                action.stopsPackets || action == .up || action == .release
            } else {
                true
            }
        }
    }

    /// Of all items together, if they are gets of fixed sizes that begin at one time.
    private var bytesToGet: Int64? {
        var sum: Int64 = 0
        for item in scenario.workload {
            guard case .get(.fixed(let bytes)) = item.work, item.at == scenario.workload[0].at, item.path == nil else {
                return nil
            }
            let (all, overflow) = bytes.multipliedReportingOverflow(by: item.streams)
            let (next, isTooMuch) = sum.addingReportingOverflow(all)
            // The oracle counts in nanoseconds times rates.
            guard !overflow, !isTooMuch, next < 1 << 40 else { return nil }
            sum = next
        }
        return sum
    }
}
