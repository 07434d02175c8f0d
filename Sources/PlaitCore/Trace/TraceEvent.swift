/// One thing that happened to one packet, or one change of the world, at one instant. Numbers only: 56 bytes, no
/// references.
///
/// A packet's life on one direction, in order: `offered`, then `dropped` or (`marked`) `started`, `departed`, then
/// `dropped(loss)` or (`corrupted`, `copied`) `arrived`. At its hosts: `sent` once, `delivered` or `dropped` once.
/// A copy is a packet with a serial of its own; `copied` introduces it on the direction where it was made.
@frozen public struct TraceEvent: Sendable {
    public var time: Instant
    /// Unique in the run, copies included. Serials count up from zero in order of creation.
    public var packet: UInt64
    /// Depends on `kind`; see there.
    public var detail: UInt64
    /// `DirectionID.index` or `HostID.index`, by `kind`; for `changed`, what `property` says.
    public var place: Int32
    public var flow: Int32
    /// Bytes of UDP payload as the packet is now (after truncation, the shorter length).
    public var length: UInt32
    public var kind: Kind
    public var reason: DropReason
    public var ecn: ECN
    public var property: Property

    @inlinable public init(
        time: Instant,
        kind: Kind,
        place: Int32,
        packet: UInt64 = 0,
        flow: Int32 = -1,
        length: UInt32 = 0,
        ecn: ECN = .notCapable,
        reason: DropReason = .none,
        property: Property = .none,
        detail: UInt64 = 0
    ) {
        self.time = time
        self.kind = kind
        self.place = place
        self.packet = packet
        self.flow = flow
        self.length = length
        self.ecn = ecn
        self.reason = reason
        self.property = property
        self.detail = detail
    }
}

extension TraceEvent {
    /// What happened; each case says what `place` and `detail` are then.
    @frozen public enum Kind: UInt8, Sendable, CaseIterable {
        /// Place: host. A datagram was handed to the network. Detail: digest of its bytes.
        case sent
        /// Place: direction. It reached the entrance of a link. Detail: its index there, from 0.
        case offered
        /// Place: direction or host, by `reason`. The end of this packet. Detail: 0.
        case dropped
        /// Place: direction. The queue set Congestion Experienced.
        case marked
        /// Place: direction. Its first bit went onto the wire.
        case started
        /// Place: direction. Its last bit left the queue's end of the wire.
        case departed
        /// Place: direction. Bits were flipped (detail: how many) or the end was cut off (detail: 2^32 + bytes lost).
        case corrupted
        /// Place: direction. `packet` is a new copy; detail: the serial it was copied from.
        case copied
        /// Place: direction. It came out at the far end.
        case arrived
        /// Place: host. An endpoint received it. Detail: digest of its bytes as received.
        case delivered
        /// The timeline, a ramp or a fault changed something. Detail: the new value; see `Property`.
        case changed
    }

    /// Why a packet ended. `isAtHost` tells what kind of place the event names.
    ///
    /// Reasons up to `cut` name a direction, those from `noRoute` on a host.
    @frozen public enum DropReason: UInt8, Sendable, CaseIterable {
        case none
        /// Longer than the direction's MTU.
        case tooBig
        /// Offered while the direction was down.
        case down
        /// The queue's bound.
        case queueFull
        /// The queue's active management (CoDel).
        case aqm
        /// Waiting in the queue when the direction went down.
        case flushed
        /// The loss model's decision, after the wire time was spent.
        case loss
        /// On the wire, or in serialisation, when the direction went down.
        case cut
        /// At a host that cannot reach the destination.
        case noRoute
        /// At a host that is crashed.
        case hostDown
        /// At a host where no endpoint holds the destination address and port.
        case unreachable
        /// At a host, sent or arriving while a partition separates it from the other end.
        case partitioned
        /// At a paused host whose receive buffer is full.
        case bufferFull
        /// By whoever leads the step-controlled mode, before it reached any link.
        case controlled

        @inlinable public var isAtHost: Bool { rawValue >= DropReason.noRoute.rawValue }
    }

    /// What a `changed` event changed, where (`place`), and what its `detail` holds.
    @frozen public enum Property: UInt8, Sendable, CaseIterable {
        case none
        /// Place: direction. 0 down, 1 up, 2 down with the queue kept.
        case up
        /// Place: direction. 1 clogged, 0 released.
        case clog
        /// Place: direction. Bits per second, 0 unlimited.
        case rate
        /// Place: direction. Nanoseconds of propagation.
        case delay
        /// Place: direction. Bytes.
        case mtu
        /// Place: direction. Bytes added to every packet on the wire.
        case overhead
        /// Place: direction. The loss model was replaced; detail: 1 when it can lose packets.
        case loss
        /// Place: direction. The jitter model was replaced; detail: nanoseconds of its largest extra delay, and the
        /// top bit set when it may reorder.
        case jitter
        /// Place: direction. The queue was replaced; detail: its limit. `length` holds the limit's unit in its low byte
        /// (0 none, 1 packets, 2 bytes, 3 nanoseconds of waiting, 4 unknown) and 256 more when it manages its length.
        case queue
        /// Place: direction. Parts per billion.
        case duplication
        /// Place: direction. Parts per billion.
        case reordering
        /// Place: direction. Parts per billion of the likelier damage, bit flips or truncation.
        case corruption
        /// Place: host. 0 crashed, 1 running, 2 paused.
        case host
        /// Place: host. Parts per billion of drift, as a signed number.
        case drift
        /// Place: host. Nanoseconds the wall clock was stepped by, as a signed number.
        case wallStep
        /// Place: host. The new interface number in the low half, the old one in the high half.
        case rebind
        /// Place: -1. How many partitions are in force.
        case partition
    }
}
