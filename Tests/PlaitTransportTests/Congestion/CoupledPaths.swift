import PlaitCore
import PlaitTransport

/// Several paths of one sender that always has data: each loses packets by chance and has a fixed round trip.
///
/// Windows alone: packets leave evenly over a round trip, and what became of one is known as it leaves. After a loss
/// nothing counts for a round trip, as in recovery.
struct CoupledPaths {
    struct Link {
        var lossMillionths: UInt64
        var roundTrip: Interval
    }

    private struct Path {
        var link: Link
        var controller: any CongestionController
        var next = Instant.start
        var recoveryEnd = Instant.start
        var sent: UInt64 = 0
        var delivered = 0
    }

    private var paths: [Path]
    private var rows: [CoupledPath]
    private let stream: RandomStream
    private static let packetSize = 1_000

    init(_ links: [Link], seed: UInt64, _ make: (CongestionContext) -> any CongestionController) {
        let context = CongestionContext(packetSize: Self.packetSize)
        paths = links.map { Path(link: $0, controller: make(context)) }
        rows = links.indices.map {
            CoupledPath(slot: $0, window: context.initialWindow, smoothedRoundTrip: links[$0].roundTrip)
        }
        stream = RandomStream(seed: seed, name: "coupled/loss")
    }

    /// Packets a second on each path, after a tenth of the time to settle.
    static func rates(
        _ links: [Link],
        seconds: Int64 = 400,
        _ make: (CongestionContext) -> any CongestionController
    ) -> [Double] {
        var model = CoupledPaths(links, seed: 1, make)
        model.run(until: .start + .seconds(seconds / 10))
        let before = model.paths.map(\.delivered)
        model.run(until: .start + .seconds(seconds + seconds / 10))
        return links.indices.map { Double(model.paths[$0].delivered - before[$0]) / Double(seconds) }
    }

    private mutating func run(until end: Instant) {
        while true {
            var slot = 0
            for other in paths.indices where paths[other].next < paths[slot].next { slot = other }
            guard paths[slot].next < end else { return }
            send(on: slot)
        }
    }

    private mutating func send(on slot: Int) {
        var path = paths[slot]
        let now = path.next
        let window = path.controller.window
        let isLost = stream.draw(path.sent, UInt64(slot)) % 1_000_000 < path.link.lossMillionths
        path.sent += 1
        if !isLost {
            path.delivered += 1
            rows[slot].isSelf = true
            let packet = AcknowledgedPacket(
                bytes: Self.packetSize,
                sentAt: now,
                now: now,
                bytesInFlight: window,
                isInRecovery: now < path.recoveryEnd,
                smoothedRoundTrip: path.link.roundTrip,
                minimumRoundTrip: path.link.roundTrip
            )
            path.controller.acknowledged(packet, among: rows.span)
            rows[slot].isSelf = false
        } else if now >= path.recoveryEnd {
            path.controller.congestionEvent(CongestionEvent(sentAt: now, now: now, bytesInFlight: window))
            path.recoveryEnd = now + path.link.roundTrip
        }
        rows[slot].window = path.controller.window
        let gap = path.link.roundTrip.nanoseconds * Int64(Self.packetSize) / Int64(path.controller.window)
        path.next = now + Interval(nanoseconds: gap)
        paths[slot] = path
    }
}
