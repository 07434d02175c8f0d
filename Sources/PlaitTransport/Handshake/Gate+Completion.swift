import PlaitCore
import PlaitCrypto

/// A server's handshake that is done, with what the connection needs besides.
struct CompletedHandshake: ~Copyable {
    let result: HandshakeResult
    let local: SocketAddress
    let remote: SocketAddress
    /// When the client was first heard.
    let startedAt: Instant
}

extension Gate {
    /// Hands out the handshake that gave out `id`, and forgets it: a third message that verified has ended it.
    mutating func complete(_ id: ConnectionID) -> CompletedHandshake? {
        guard let index = index(of: id) else { return nil }
        let (local, remote) = (responders[index].local, responders[index].key.remote)
        let startedAt = responders[index].startedAt
        guard let result = takeResult(of: id) else { return nil }
        confirmed(id)
        return CompletedHandshake(result: result, local: local, remote: remote, startedAt: startedAt)
    }

    /// Hands out the handshake whose keys open this data packet. Whoever sent it has the keys: a recorded and replayed
    /// first message, or a guessed connection id, brings nobody so far.
    mutating func confirm(
        _ datagram: RawSpan,
        _ header: ProtectedHeader,
        slab: KeySlab,
        scratch: inout PacketScratch
    ) -> CompletedHandshake? {
        guard let index = index(of: header.destination) else { return nil }
        guard responders[index].opens(datagram, header, slab: slab, scratch: &scratch) else { return nil }
        return complete(header.destination)
    }
}

extension Responder {
    /// Whether this handshake's keys open a data packet.
    func opens(_ datagram: RawSpan, _ protected: ProtectedHeader, slab: KeySlab, scratch: inout PacketScratch) -> Bool {
        switch result {
        case .none: return false
        case .some(let result):
            let secret = result.secrets.opening(as: .responder)
            let mask = HeaderKey(secret: secret, suite: result.suite, slab: slab)
                .mask(sample: datagram.extracting(ProtectedHeader.sample))
            let header = protected.unprotected(datagram, mask: mask)
            guard !header.phase, let number = header.fullNumber(largestReceived: nil) else { return false }
            var key = OpeningKey(secret: secret, suite: result.suite, slab: slab)
            var target = scratch.storage
            let length = key.open(
                datagram,
                headerLength: header.length,
                path: header.path.value,
                number: number,
                header: header.bytes,
                into: &target
            )
            return length != nil
        }
    }
}
