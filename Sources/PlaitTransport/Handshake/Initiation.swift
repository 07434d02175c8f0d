import PlaitCore
import PlaitCrypto

/// A client's first packet as it arrived: its parts, and where it came from.
struct Initiation: ~Copyable, ~Escapable {
    let remote: SocketAddress
    let local: SocketAddress
    /// What the client calls itself, in front of the packet; the offer must say the same.
    let sourceID: ConnectionID
    let version: UInt32
    let offer: RawSpan
    let message: RawSpan
    let cookie: RawSpan
    static var lengthMax: Int { 1_500 }

    /// The whole datagram's.
    let byteCount: Int
    /// The cookie is one of ours for just this packet: the client receives at its address.
    var isProven = false

    @_lifetime(copy datagram)
    init(_ packet: HandshakePacket, in datagram: RawSpan, from remote: SocketAddress, to local: SocketAddress) {
        self.remote = remote
        self.local = local
        sourceID = packet.header.source
        version = packet.header.version
        offer = datagram.extracting(packet.offer)
        message = datagram.extracting(packet.message)
        cookie = datagram.extracting(packet.cookie)
        byteCount = datagram.byteCount
    }

    var digest: InitiationDigest {
        var hasher = Hasher(.blake2b)
        hasher.update(offer)
        hasher.update(message)
        return InitiationDigest(hasher)
    }
}

/// A cryptographic digest of an offer and a first message, so that nobody can make another packet with the same one.
struct InitiationDigest: Hashable {
    let words: (UInt64, UInt64, UInt64, UInt64)

    init(_ hasher: consuming PlaitCrypto.Hasher) {
        var bytes = InlineArray<64, UInt8>(repeating: 0)
        var memory = bytes.mutableSpan
        var target = memory.mutableRaw
        hasher.finish(into: &target)
        let span = bytes.span.raw
        words = unsafe (
            span.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self),
            span.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self),
            span.unsafeLoadUnaligned(fromByteOffset: 16, as: UInt64.self),
            span.unsafeLoadUnaligned(fromByteOffset: 24, as: UInt64.self)
        )
    }

    static func == (a: InitiationDigest, b: InitiationDigest) -> Bool { a.words == b.words }

    func hash(into hasher: inout Swift.Hasher) { hasher.combine(words.0) }
}
