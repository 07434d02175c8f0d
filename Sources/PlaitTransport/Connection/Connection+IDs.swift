import PlaitCore
import PlaitCrypto

/// The connection ids of all paths, open or not.
extension Connection {
    /// The path or reserve that wants another of this end's ids, if one does.
    func pathWantingID() -> PathID? {
        guard life == .established else { return nil }
        let most = peerParameters.connectionIDsMax
        for slot in paths.indices where paths[slot].isAlive && paths[slot].ids.wants(outOf: most) {
            return paths[slot].id
        }
        // One is enough to begin with.
        for index in reserves.indices where reserves[index].ids.validCount == 0 { return reserves[index].id }
        return nil
    }

    /// The first ids of the paths that may be opened follow from the handshake's secrets: neither end waits for a word
    /// of the other's to open one.
    mutating func deriveIDs(from secrets: borrowing TrafficSecrets) {
        guard !reserves.isEmpty else { return }
        let noiseRole: NoiseRole = role == .client ? .initiator : .responder
        let own = DerivedIDs.ids(from: secrets.opening(as: noiseRole), suite: suite, count: reserves.count)
        let peer = DerivedIDs.ids(from: secrets.sealing(as: noiseRole), suite: suite, count: reserves.count)
        for index in reserves.indices {
            reserves[index].ids.begin(own: ConnectionID(own[index]), peer: ConnectionID(peer[index]))
            unannounced.append(ConnectionID(own[index]))
        }
    }

    /// Tells the peer of another id that leads here.
    mutating func giveOut(_ id: ConnectionID, for path: PathID) {
        if let slot = slot(of: path) {
            pending.append(.newConnectionID(path: path, sequence: paths[slot].ids.issue(id)))
        } else if let index = reserve(of: path) {
            pending.append(.newConnectionID(path: path, sequence: reserves[index].ids.issue(id)))
        }
    }

    /// Goes on to the peer's next id on each path that has one.
    mutating func rotateIDs() {
        guard life == .established else { return }
        for slot in paths.indices where paths[slot].isAlive {
            guard let old = paths[slot].ids.rotate() else { continue }
            for sequence in old { pending.append(.retireConnectionID(path: paths[slot].id, sequence: sequence)) }
        }
    }

    /// Takes back one of this end's ids, until none is left: the connection is over.
    mutating func withdrawID() -> ConnectionID? {
        for slot in paths.indices {
            if let id = paths[slot].ids.withdraw() { return id }
        }
        for index in reserves.indices {
            if let id = reserves[index].ids.withdraw() { return id }
        }
        return nil
    }

    /// An id of this end's leads elsewhere.
    mutating func disown(_ id: ConnectionID) {
        for index in reserves.indices where reserves[index].ids.owns(id) { _ = reserves[index].ids.withdraw() }
    }

    /// Own ids that lead here.
    var validIDs: Int {
        var count = 0
        for slot in paths.indices { count += paths[slot].ids.validCount }
        for index in reserves.indices { count += reserves[index].ids.validCount }
        return count
    }

    // MARK: The peer's words

    mutating func receive(_ frame: NewConnectionIDFrame, now: Instant) throws(PeerViolation) {
        // A reserve of the peer's may be ahead of this end's by the paths of which only it knows that they are over.
        let most = Int64(nextPath.value) + Int64(abandonmentsUnderWay - reservesAhead)
        guard Int64(frame.path.value) < most else {
            throw PeerViolation(.protocolViolation, frame: FrameType.newConnectionID, "a path that was never opened")
        }
        while nextPath.value <= frame.path.value {
            addReserve()
            reservesAhead += 1
        }
        if let slot = slot(of: frame.path) {
            guard paths[slot].isAlive else { return }
            for sequence in try paths[slot].ids.receive(frame) {
                pending.append(.retireConnectionID(path: frame.path, sequence: sequence))
            }
        } else if let index = reserve(of: frame.path) {
            for sequence in try reserves[index].ids.receive(frame) {
                pending.append(.retireConnectionID(path: frame.path, sequence: sequence))
            }
            openWhatIsWanted(now: now)
        }
    }

    mutating func retire(_ path: PathID, _ sequence: UInt64, _ packet: OpenedPacket) throws(PeerViolation) {
        var id: ConnectionID?
        if let slot = try open(path, FrameType.retireConnectionID) {
            id = try paths[slot].ids.retire(sequence, arrivedFor: packet.destination)
        } else if let index = reserve(of: path) {
            id = try reserves[index].ids.retire(sequence, arrivedFor: packet.destination)
        }
        if let id { unrouted.append(id) }
    }

    // MARK: Frames that tell of ids

    func frameOfID(_ sequence: UInt64, of path: PathID) -> NewConnectionIDFrame? {
        if let slot = slot(of: path) { return paths[slot].ids.frame(for: sequence, path: path) }
        return reserve(of: path).flatMap { reserves[$0].ids.frame(for: sequence, path: path) }
    }

    mutating func toldOfID(_ sequence: UInt64, of path: PathID) {
        if let slot = slot(of: path) { return paths[slot].ids.told(of: sequence) }
        if let index = reserve(of: path) { reserves[index].ids.told(of: sequence) }
    }

    func isValidID(_ sequence: UInt64, of path: PathID) -> Bool {
        if let slot = slot(of: path) { return paths[slot].isAlive && paths[slot].ids.isValid(sequence) }
        return reserve(of: path).map { reserves[$0].ids.isValid(sequence) } ?? false
    }

    func isRetiringID(_ sequence: UInt64, of path: PathID) -> Bool {
        if let slot = slot(of: path) { return paths[slot].isAlive && paths[slot].ids.isRetiring(sequence) }
        return reserve(of: path).map { reserves[$0].ids.isRetiring(sequence) } ?? false
    }

    mutating func retiredIsKnown(_ sequence: UInt64, of path: PathID) {
        if let slot = slot(of: path) { return paths[slot].ids.retired(sequence) }
        if let index = reserve(of: path) { reserves[index].ids.retired(sequence) }
    }
}
