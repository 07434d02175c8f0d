package import PlaitCore

/// What an end allows its peer, told once in the handshake, under its authentication.
///
/// "Local" and "remote" are as the one sees it who sends the parameters: `streamDataMaxLocal` limits what the peer may
/// send on bidirectional streams that the sender of the parameters opens.
package struct TransportParameters: Hashable, Sendable {
    /// The connection ends in silence when nothing arrived for so long; zero: never.
    package var idleTimeout: Interval
    /// Bytes on all streams together.
    package var dataMax: UInt64
    package var streamDataMaxLocal: UInt64
    package var streamDataMaxRemote: UInt64
    package var streamDataMaxUnidirectional: UInt64
    /// How many bidirectional streams the peer may open.
    package var streamsMaxBidirectional: UInt64
    /// How many unidirectional streams the peer may open.
    package var streamsMaxUnidirectional: UInt64
    /// The longest unreliable datagram that is taken; zero: none at all.
    package var datagramMax: UInt64
    /// The longest that an acknowledgement is held back.
    package var ackDelayMax: Interval
    /// How many unused connection ids are kept for each path.
    package var connectionIDsMax: UInt64
    /// How many paths may be open at a time.
    package var pathsMax: UInt64
    /// The longest UDP payload that is taken.
    package var packetMax: UInt64

    /// What an end is taken to have said of that which it left out.
    package static let absent = TransportParameters(
        idleTimeout: .zero,
        dataMax: 0,
        streamDataMaxLocal: 0,
        streamDataMaxRemote: 0,
        streamDataMaxUnidirectional: 0,
        streamsMaxBidirectional: 0,
        streamsMaxUnidirectional: 0,
        datagramMax: 0,
        ackDelayMax: .milliseconds(25),
        connectionIDsMax: 2,
        pathsMax: 1,
        packetMax: 65_527
    )

    /// What an end says unless it was told otherwise: enough for 100 Mbps over 80 ms before any window grows.
    package static let usual = TransportParameters(
        idleTimeout: .seconds(30),
        dataMax: 2 << 20,
        streamDataMaxLocal: 1 << 20,
        streamDataMaxRemote: 1 << 20,
        streamDataMaxUnidirectional: 1 << 20,
        streamsMaxBidirectional: 128,
        streamsMaxUnidirectional: 128,
        datagramMax: 65_527,
        ackDelayMax: .milliseconds(25),
        connectionIDsMax: 4,
        pathsMax: 1,
        packetMax: 65_527
    )

    /// Whether every value is one that can be said.
    package var isValid: Bool {
        TransportParameterID.all.allSatisfy { TransportParameterID.range(of: $0).contains(self[$0]) }
            && idleTimeout.nanoseconds % 1_000 == 0 && ackDelayMax.nanoseconds % 1_000 == 0
    }
}

/// The numbers of the parameters on the wire, and what each may say.
enum TransportParameterID {
    static let idleTimeout: UInt64 = 0x01
    static let dataMax: UInt64 = 0x02
    static let streamDataMaxLocal: UInt64 = 0x03
    static let streamDataMaxRemote: UInt64 = 0x04
    static let streamDataMaxUnidirectional: UInt64 = 0x05
    static let streamsMaxBidirectional: UInt64 = 0x06
    static let streamsMaxUnidirectional: UInt64 = 0x07
    static let datagramMax: UInt64 = 0x08
    static let ackDelayMax: UInt64 = 0x09
    static let connectionIDsMax: UInt64 = 0x0a
    static let pathsMax: UInt64 = 0x0b
    static let packetMax: UInt64 = 0x0c

    static let all: ClosedRange<UInt64> = idleTimeout...packetMax

    /// Times are microseconds; 2^52 of them are 142 years, which 64 bits of nanoseconds hold.
    static func range(of id: UInt64) -> ClosedRange<UInt64> {
        switch id {
        case idleTimeout: 0...1 << 52
        // 2^14 ms, as RFC 9000, 18.2: probe timeouts contain it, and a peer could keep this end waiting for years.
        case ackDelayMax: 0...16_384_000
        case streamsMaxBidirectional, streamsMaxUnidirectional: 0...1 << 60
        case datagramMax: 0...65_527
        // Two, so that one can be retired while the other is in use.
        case connectionIDsMax: 2...1 << 16
        case pathsMax: 1...1 << 16
        // A path that cannot carry 1,200 bytes cannot carry a handshake.
        case packetMax: 1_200...65_527
        default: 0...Varint.max
        }
    }
}
