package import PlaitCore
package import PlaitCrypto

// What comes back to a client. Nobody authenticated any of it, so nothing but a reply that verifies ends the asking.
extension Initiator {
    /// Takes in a handshake packet that is addressed to `sourceID`.
    ///
    /// `identity` is the one that the handshake began with: a refusal can make it begin anew, with an ephemeral key
    /// from `secrets`.
    package mutating func receive(
        _ datagram: RawSpan,
        identity: borrowing KeyPair,
        secrets: inout SecretStream,
        now: Instant
    ) -> HandshakeProgress {
        guard let header = HandshakeHeader(datagram), header.destination == sourceID else { return .nothing }
        guard let packet = HandshakePacket(datagram, header: header) else { return .nothing }
        switch (stage, packet.kind) {
        case (.asking, .reply): return reply(packet, datagram, now: now)
        case (.asking, .cookie): cookieArrived(datagram.extracting(packet.cookie))
        case (.asking, .refusal):
            refused(packet, datagram.extracting(packet.refusalDetails), identity: identity, secrets: &secrets)
        case (.finishing, .reply):
            // The server repeats itself, so it lacks message 3. Anybody can replay the reply, at one packet for one.
            let again = datagram.extracting(packet.message)
            if header.source == finish.server, finish.reply.span.raw.holdsSameBytes(as: again) { finish.isDue = true }
        case (.finishing, _), (.confirmed, _), (.failed, _), (.asking, .initiation), (.asking, .finish): break
        }
        return .nothing
    }

    private mutating func reply(_ packet: HandshakePacket, _ datagram: RawSpan, now: Instant) -> HandshakeProgress {
        let message = datagram.extracting(packet.message)
        var found = HandshakeHint.unverifiedReply
        for index in attempts.indices where attempts[index].version == packet.header.version {
            guard var noise = attempts[index].noise.take() else { continue }
            let payload: [UInt8]
            do throws(NoiseError) {
                // Anybody can send a reply under a key of its own, so another key is remembered and ends nothing.
                payload = try NoiseMessage.read(message, by: &noise, expecting: serverKey)
            } catch {
                #if Mutants
                    if !Mutant.isPlanted(.forgedReplyEnds) { attempts[index].noise = consume noise }
                #else
                    attempts[index].noise = consume noise
                #endif
                found = error == .unexpectedKey ? .otherKey : found
                continue
            }
            let server: ServerPayload
            // The id that counts is the one inside: the one in front may have been changed on the way.
            do throws(PeerViolation) { server = try ServerPayload(reading: payload.span.raw) } catch {
                return fail(.parameter(error))
            }
            return accept(server, attempt: index, noise: consume noise, reply: message, now: now)
        }
        hint = found
        return .nothing
    }

    /// The server proved itself: the keys are there, unless the two ends do not fit together.
    private mutating func accept(
        _ server: ServerPayload,
        attempt index: Int,
        noise: consuming NoiseHandshake,
        reply: RawSpan,
        now: Instant
    ) -> HandshakeProgress {
        guard let peerKey = noise.remoteStatic else {
            preconditionFailure("both patterns tell the client the server's key")
        }
        let atPeer = configuration.capabilities.missing(at: server.capabilities)
        let here = server.capabilities.missing(at: configuration.capabilities)
        guard atPeer == 0, here == 0 else { return fail(.missingCapability(atPeer: atPeer, here: here)) }
        if mode == .xx {
            let parameters = configuration.parameters
            let message = NoiseMessage.write(&noise) { writer throws(ByteError) in
                try parameters.write(into: &writer)
            }
            finish = Finish(
                message: message,
                reply: Array(copying: reply),
                version: attempts[index].version,
                server: server.connectionID,
                isDue: true
            )
        }
        let hash = Array(copying: noise.handshakeHash)
        result = HandshakeResult(
            secrets: noise.split(),
            suite: attempts[index].suite,
            version: attempts[index].version,
            handshakeHash: hash,
            peerKey: peerKey,
            peerParameters: server.parameters,
            localID: sourceID,
            peerID: server.connectionID,
            capabilities: configuration.capabilities.supported & server.capabilities.supported,
            roundTrip: attempts[index].roundTrip(now: now)
        )
        stop(in: mode == .xx ? .finishing : .confirmed)
        return .established
    }

    private mutating func fail(_ failure: HandshakeFailure) -> HandshakeProgress {
        stop(in: .failed)
        return .failed(failure)
    }

    /// Ends the asking, and forgets the ephemeral keys of every attempt.
    private mutating func stop(in next: Stage) {
        stage = next
        attempts = Table(capacity: 1)
        timer = RepeatTimer(configuration.timing, of: .client)
    }

    private mutating func cookieArrived(_ bytes: RawSpan) {
        guard bytes.byteCount == Cookie.length else { return }
        hint = hint ?? .cookie
        // It does not say for which attempt it is. Were it the newest one's only, a single forged refusal, which adds
        // an attempt that the server will not take, would keep the right one out of a crowded server.
        for index in attempts.indices { attempts[index].cookie = Array(copying: bytes) }
        // One a timer: forged cookies must not make this end send 1,200 bytes for each of their 40.
        guard answersCookies else { return }
        answersCookies = false
        makeDue()
    }

    /// Remembers why; begins anew if the server names a common choice that was not tried yet.
    private mutating func refused(
        _ packet: HandshakePacket,
        _ details: RawSpan,
        identity: borrowing KeyPair,
        secrets: inout SecretStream
    ) {
        switch HandshakeRefusal(rawValue: packet.refusalCode) {
        case .version:
            let theirs: [UInt32] = HandshakeRefusal.choices(details)
            hint = .versions(theirs)
            guard let version = configuration.versions.first(where: { theirs.contains($0) }) else { return }
            let suite = configuration.availableSuites[0]
            begin(ifNew: version, suite, identity: identity, secrets: &secrets)
        case .suite:
            let theirs: [UInt16] = HandshakeRefusal.choices(details)
            hint = .suites(theirs)
            let version = packet.header.version
            guard configuration.versions.contains(version) else { return }
            guard let suite = configuration.availableSuites.first(where: { theirs.contains($0.rawValue) }) else {
                return
            }
            begin(ifNew: version, suite, identity: identity, secrets: &secrets)
        case .downgrade: hint = .downgrade
        case .unreadable: hint = .unreadable
        case .pattern: hint = .pattern
        case nil: break
        }
    }

    private mutating func begin(
        ifNew version: UInt32,
        _ suite: Suite,
        identity: borrowing KeyPair,
        secrets: inout SecretStream
    ) {
        for index in attempts.indices where attempts[index].version == version && attempts[index].suite == suite {
            return
        }
        guard attempts.count < Self.attemptsMax else { return }
        answersCookies = true
        begin(version: version, suite: suite, identity: identity, secrets: &secrets)
    }
}
