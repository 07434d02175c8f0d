package import PlaitCore

/// The earliest time at which a transfer from the server could be complete: the bound beside measured times.
///
/// It knows the links, loses nothing, needs no headers, and has a perfect scheduler: every byte that can be in time on
/// some path is sent there. What it does keep to is how a sender may begin: ten packets, and two for each one that is
/// acknowledged, until the link is full; from then on the link is never idle.
///
///     bytes(t) = sum over the links of what one at a time can have delivered by t
///     completion = the smallest t with bytes(t) >= size
///
/// One link, in slow start: packet k of a round leaves when its acknowledgement or that of the round before comes, and
/// is served at the link's rate. With round trip R = out + back + one packet, the rounds begin R apart with
/// 10, 20, 40, ... packets, and each takes its packets / rate on the wire, until a round takes as long as R.
///
/// For a `get`: the clock starts with the client's first packet, so a link is usable for the server's data from
/// `usableFrom`, when the request arrives there: a one-way time with IK.
package struct TransferOracle: Sendable {
    /// One path as the oracle knows it.
    package struct Link: Hashable, Sendable {
        /// Payload bytes a second.
        package let rate: Int64
        /// From server to client.
        package let out: Interval
        /// From client to server, for acknowledgements.
        package let back: Interval
        /// When the server may send its first data there.
        package let usableFrom: Instant

        package init(rate: Int64, out: Interval, back: Interval, usableFrom: Instant) {
            precondition(rate > 0, "a link without a rate delivers nothing")
            self.rate = rate
            self.out = out
            self.back = back
            self.usableFrom = usableFrom
        }
    }

    /// Those that are usable at some time.
    package let links: [Link]
    /// Payload bytes of a packet.
    package let packetSize: Int64
    /// Packets that may be sent before anything was acknowledged.
    package let firstPackets: Int64

    package init(links: [Link], packetSize: Int64 = 1_200, firstPackets: Int64 = 10) {
        self.links = links.filter { !$0.usableFrom.isNever }
        self.packetSize = packetSize
        self.firstPackets = firstPackets
    }

    /// When the last of `bytes` arrives at the earliest; `.never` without links.
    package func completion(of bytes: Int64) -> Instant {
        guard bytes > 0 else { return .start }
        guard !links.isEmpty else { return .never }
        var early = Instant.start.nanoseconds
        // Any link alone is slower than all of them together.
        var late = Int64.max
        for link in links { late = min(late, alone(bytes, on: link)) }
        while early < late {
            let middle = early + (late - early) / 2
            if delivered(by: Instant(nanoseconds: middle)) >= bytes { late = middle } else { early = middle + 1 }
        }
        return Instant(nanoseconds: late)
    }

    /// Bytes that all links together can have delivered by then.
    package func delivered(by time: Instant) -> Int64 {
        links.reduce(0) { $0 + delivered(on: $1, by: time) }
    }

    /// Bytes that have arrived by this link alone, in whole and begun packets.
    private func delivered(on link: Link, by time: Instant) -> Int64 {
        let available = time.nanoseconds - link.usableFrom.nanoseconds - link.out.nanoseconds
        guard available > 0 else { return 0 }
        let trip = roundTrip(of: link)
        var begin: Int64 = 0
        var burst = firstPackets * packetSize
        var sum: Int64 = 0
        // A round's packets go back to back; the next round begins when its first acknowledgement is there.
        while duration(burst, at: link.rate) < trip {
            guard begin < available else { return sum }
            sum += min(burst, served(available - begin, at: link.rate))
            begin += trip
            burst *= 2
        }
        return available > begin ? sum + served(available - begin, at: link.rate) : sum
    }

    /// When `bytes` have arrived if this link is the only one, in nanoseconds.
    private func alone(_ bytes: Int64, on link: Link) -> Int64 {
        let trip = roundTrip(of: link)
        var begin: Int64 = 0
        var burst = firstPackets * packetSize
        var left = bytes
        while duration(burst, at: link.rate) < trip, left > burst {
            left -= burst
            begin += trip
            burst *= 2
        }
        return link.usableFrom.nanoseconds + link.out.nanoseconds + begin + duration(left, at: link.rate)
    }

    /// From a packet's departure until what its acknowledgement allows can leave.
    private func roundTrip(of link: Link) -> Int64 {
        link.out.nanoseconds + link.back.nanoseconds + duration(packetSize, at: link.rate)
    }

    /// Rounded up.
    private func duration(_ bytes: Int64, at rate: Int64) -> Int64 {
        let product = UInt64(bytes).multipliedFullWidth(by: 1_000_000_000)
        guard product.high < UInt64(rate) else { return .max / 4 }
        let (quotient, remainder) = UInt64(rate).dividingFullWidth(product)
        return Int64(min(quotient, UInt64(Int64.max / 4))) + (remainder > 0 ? 1 : 0)
    }

    /// Rounded down.
    private func served(_ nanoseconds: Int64, at rate: Int64) -> Int64 {
        let product = UInt64(nanoseconds).multipliedFullWidth(by: UInt64(rate))
        guard product.high < 1_000_000_000 else { return .max / 64 }
        return Int64(min(UInt64(1_000_000_000).dividingFullWidth(product).quotient, UInt64(Int64.max / 64)))
    }
}
