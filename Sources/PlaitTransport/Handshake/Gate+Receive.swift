package import PlaitCore
package import PlaitCrypto

// What arrives at a server in the long form. Nobody authenticated any of it.
extension Gate {
    /// Takes in an initiation, or a finish that is addressed to one of the half-open handshakes.
    ///
    /// `identity` is the server's static key, the same at every call. Ephemeral keys, connection ids and cookie keys
    /// come from `secrets`.
    package mutating func receive(
        _ datagram: RawSpan,
        from remote: SocketAddress,
        to local: SocketAddress,
        identity: borrowing KeyPair,
        secrets: inout SecretStream,
        now: Instant
    ) -> GateEvent {
        guard let header = HandshakeHeader(datagram) else { return .nothing }
        switch header.kind {
        case .initiation:
            initiation(datagram, header, from: remote, to: local, identity: identity, secrets: &secrets, now: now)
            return .nothing
        case .finish: return finish(datagram, header, now: now)
        // A server gets no others; reflected ones of its own, perhaps.
        case .reply, .cookie, .refusal, nil: return .nothing
        }
    }

    private mutating func initiation(
        _ datagram: RawSpan,
        _ header: HandshakeHeader,
        from remote: SocketAddress,
        to local: SocketAddress,
        identity: borrowing KeyPair,
        secrets: inout SecretStream,
        now: Instant
    ) {
        // Short ones would be answered with more than three times their length: an amplifier.
        guard datagram.byteCount >= HandshakeHeader.initiationLengthMin else { return counters.tooShort += 1 }
        counters.initiations += 1
        // Nobody honest sends more than one frame of Ethernet; the cookie's input has a buffer of fixed size.
        guard datagram.byteCount <= Initiation.lengthMax else { return counters.malformed += 1 }
        guard configuration.versions.contains(header.version) else {
            return answer(.refusal(.version), to: header, remote: remote, local: local)
        }
        guard let packet = HandshakePacket(datagram, header: header), header.source != .unknown else {
            return counters.malformed += 1
        }
        var arrival = Initiation(packet, in: datagram, from: remote, to: local)
        if let index = index(of: arrival) {
            counters.repeated += 1
            responders[index].repeated(byteCount: datagram.byteCount)
            return recountDue()
        }
        let isCrowded = waiting >= configuration.halfOpenMax
        if isCrowded || !arrival.cookie.isEmpty {
            cookies.rotate(secrets: &secrets, now: now)
            let verdict = cookies.check(arrival)
            counters.codes = cookies.codes
            switch verdict {
            case .valid:
                counters.cookiesAccepted += 1
                arrival.isProven = true
            case .wanted(let cookie) where isCrowded:
                counters.cookiesSent += 1
                return answer(.cookie(cookie), to: header, remote: remote, local: local)
            case .wanted: break
            }
        }
        open(arrival, header, identity: identity, secrets: &secrets, now: now)
    }

    /// Reads the offer; if it is the best common one, X25519 is spent on it.
    private mutating func open(
        _ arrival: borrowing Initiation,
        _ header: HandshakeHeader,
        identity: borrowing KeyPair,
        secrets: inout SecretStream,
        now: Instant
    ) {
        guard let offer = Offer(reading: arrival.offer), offer.sourceID == header.source,
            offer.version == header.version
        else { return counters.malformed += 1 }
        let suite: Suite
        switch judge(offer) {
        case .take(let choice): suite = choice
        case .refuse(let reason):
            return answer(.refusal(reason), to: header, remote: arrival.remote, local: arrival.local)
        }
        if responders.count >= respondersMax { evictOldest() }
        counters.begun += 1
        do throws(ResponderRefusal) {
            let responder = try Responder(
                arrival,
                offer: offer,
                suite: suite,
                localID: freshID(&secrets),
                configuration: configuration,
                identity: identity,
                secrets: &secrets,
                now: now
            )
            counters.exchanges += UInt64(responder.exchanges)
            add(responder)
        } catch {
            counters.exchanges += UInt64(error.exchanges)
            if !arrival.isProven { spent.append(now + configuration.timing.giveUpAfter) }
            switch error.reason {
            case .unreadable:
                counters.unreadable += 1
                answer(.refusal(.unreadable), to: header, remote: arrival.remote, local: arrival.local)
            case .parameter: counters.violations += 1
            }
        }
    }

    private enum Judgement {
        case take(Suite)
        case refuse(HandshakeRefusal)
    }

    /// Takes only the first of the client's choices that this server has too. A client that comes with a later one was
    /// talked down by a forged refusal, and the list in its offer, which nobody can change unnoticed, shows it.
    private func judge(_ offer: Offer) -> Judgement {
        guard let version = offer.versions.first(where: { configuration.versions.contains($0) }) else {
            return .refuse(.version)
        }
        guard version == offer.version else { return .refuse(.downgrade) }
        guard let chosen = suites.first(where: { $0.rawValue == offer.suite }) else { return .refuse(.suite) }
        let best = offer.suites.first { number in suites.contains { $0.rawValue == number } }
        return best == chosen.rawValue ? .take(chosen) : .refuse(.downgrade)
    }

    private mutating func finish(_ datagram: RawSpan, _ header: HandshakeHeader, now: Instant) -> GateEvent {
        guard let index = index(of: header.destination) else { return .nothing }
        guard let packet = HandshakePacket(datagram, header: header) else {
            counters.malformed += 1
            return .nothing
        }
        let before = responders[index].exchanges
        let wasDue = responders[index].isDue
        let outcome = responders[index].finish(
            datagram.extracting(packet.message),
            byteCount: datagram.byteCount,
            now: now
        )
        counters.exchanges += UInt64(responders[index].exchanges - before)
        if responders[index].isDue != wasDue { recountDue() }
        switch outcome {
        case .established: return .established(header.destination)
        case .ignored: break
        case .unverified: counters.unverified += 1
        case .violation: counters.violations += 1
        }
        return .nothing
    }

    /// The responder that this very packet opened before. The digest is computed only if address and id are the same.
    private func index(of arrival: borrowing Initiation) -> Int? {
        #if Mutants
            if Mutant.isPlanted(.replayOpensAnother) { return nil }
        #endif
        var digest: InitiationDigest?
        for index in responders.indices {
            guard responders[index].key.peerID == arrival.sourceID, responders[index].key.remote == arrival.remote
            else { continue }
            let own = digest ?? arrival.digest
            digest = own
            if responders[index].key.digest == own { return index }
        }
        return nil
    }

    private mutating func evictOldest() {
        var oldest = 0
        for index in responders.indices where responders[index].startedAt < responders[oldest].startedAt {
            oldest = index
        }
        counters.evicted += 1
        remove(at: oldest)
        recountDue()
    }

    /// An id that no half-open handshake has. That no connection has it either is as certain as 64 random bits are.
    private func freshID(_ secrets: inout SecretStream) -> ConnectionID {
        while true {
            let id = ConnectionID(secrets.next())
            if id != .unknown, index(of: id) == nil { return id }
        }
    }

    private mutating func answer(
        _ content: StatelessReply.Content,
        to header: HandshakeHeader,
        remote: SocketAddress,
        local: SocketAddress
    ) {
        if case .refusal = content { counters.refusals += 1 }
        // A driver that does not send must not make this end remember a flood.
        guard stateless.count < Self.statelessMax else { return counters.overflown += 1 }
        stateless.append(
            StatelessReply(
                content: content,
                version: header.version,
                destination: header.source,
                remote: remote,
                local: local
            )
        )
    }

    func write(_ reply: StatelessReply, into buffer: inout MutableRawSpan) -> Int {
        let kind: HandshakeKind = if case .cookie = reply.content { .cookie } else { .refusal }
        let envelope = HandshakeEnvelope(
            header: HandshakeHeader(
                kind: kind,
                version: reply.version,
                destination: reply.destination,
                source: .unknown
            )
        )
        switch reply.content {
        case .cookie(let cookie): return envelope.write(cookie: cookie.bytes.span.raw, into: &buffer)
        case .refusal(let reason):
            var details = InlineArray<32, UInt8>(repeating: 0)
            var span = details.mutableSpan
            var writer = ByteWriter(span.mutableRaw)
            do throws(ByteError) {
                switch reason {
                case .version: for version in configuration.versions { try writer.write(version) }
                case .suite: for suite in suites { try writer.write(suite.rawValue) }
                case .downgrade, .unreadable, .pattern: break
                }
            } catch { preconditionFailure("eight choices fit") }
            return envelope.write(refusal: reason.rawValue, details: writer.written, into: &buffer)
        }
    }
}
