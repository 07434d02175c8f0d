public import PlaitCore

/// What everything in one network shares: the packets, the trace, and the counters that give the run its one order.
package struct Fabric: ~Copyable {
    package var packets: PacketPool
    package var trace: TraceBuffer
    /// Who sees packets with their bytes.
    package var captures: [any PacketObserver] = []
    /// The serial of the next packet to be created.
    package private(set) var serials: UInt64 = 0
    /// What has been put into the event order so far. Ties in time are broken by it.
    package private(set) var orders = Fabric.firstOrder

    /// The rank of what comes before everything else at its instant.
    package static let firstOrder: UInt64 = 1

    /// - Parameter largestPacket: Bytes of the longest packet that any endpoint will send.
    package init(largestPacket: Int) {
        packets = PacketPool(largestPacket: largestPacket)
        trace = TraceBuffer()
    }

    /// Shows a packet's event with its bytes to those who asked for it.
    package func capture(_ event: TraceEvent, _ packet: PacketSlot) {
        for observer in captures {
            observer.capture(
                event,
                from: packets[packet].source,
                to: packets[packet].destination,
                payload: packets.bytes(packet)
            )
        }
    }

    package mutating func nextSerial() -> UInt64 {
        defer { serials += 1 }
        return serials
    }

    /// The rank, among events of the same instant, of one that is scheduled now.
    package mutating func nextOrder() -> UInt64 {
        orders += 1
        return orders
    }
}

/// When something is due, and its rank among what is due at the same instant.
@frozen @usableFromInline package struct Alarm: BitwiseCopyable, Sendable {
    @usableFromInline package var time: Instant
    /// Zero when nothing is due.
    @usableFromInline package var order: UInt64

    @inlinable package init(time: Instant, order: UInt64) {
        self.time = time
        self.order = order
    }

    @inlinable package static var none: Alarm { Alarm(time: .never, order: 0) }
}

extension Alarm: Equatable {
    @inlinable package static func == (a: Alarm, b: Alarm) -> Bool { a.order == b.order && a.time == b.time }
}
