package import PlaitCore

/// What an application asks of a connection's paths, and what a driver tells of the network.
extension TransportEndpoint {
    /// Opens another path of a client's connection. It carries data once both ends have validated it; events tell.
    ///
    /// - Returns: The id under which events and statistics speak of it.
    package mutating func openPath(
        on connection: ConnectionHandle,
        from local: SocketAddress,
        to remote: SocketAddress,
        isBackup: Bool = false,
        now: Instant
    ) throws(PathError) -> PathID {
        guard let slot = slot(of: connection), life(of: slot) == .established else { throw .noConnection }
        defer { refresh(slot, now: now) }
        let opened = try slots[slot].connection?.openPath(from: local, to: remote, isBackup: isBackup, now: now)
        guard let opened else { throw .noConnection }
        return opened
    }

    /// Wishes a path to be used only while no other works, or like any other. The peer is told.
    package mutating func setStatus(
        of path: PathID,
        on connection: ConnectionHandle,
        isBackup: Bool,
        now: Instant
    ) throws(PathError) {
        guard let slot = slot(of: connection), life(of: slot) == .established else { throw .noConnection }
        defer { refresh(slot, now: now) }
        try slots[slot].connection?.setStatus(of: path, isBackup: isBackup, now: now)
    }

    /// Gives a path up for ever; what is on its way there goes over others.
    package mutating func abandon(
        _ path: PathID,
        on connection: ConnectionHandle,
        code: UInt64 = 0,
        now: Instant
    ) throws(PathError) {
        guard let slot = slot(of: connection), life(of: slot) == .established else { throw .noConnection }
        defer { refresh(slot, now: now) }
        try slots[slot].connection?.abandon(path, code: code, now: now)
    }

    /// The network refused a datagram between these addresses: the paths there are not to be relied on.
    package mutating func transmitFailed(from local: SocketAddress, to remote: SocketAddress, now: Instant) {
        failPaths(from: local, to: remote, now: now)
    }

    /// A local address is gone.
    package mutating func addressRemoved(_ local: SocketAddress, now: Instant) {
        failPaths(from: local, to: nil, now: now)
    }

    private mutating func failPaths(from local: SocketAddress, to remote: SocketAddress?, now: Instant) {
        for slot in slots.indices where life(of: slot) == .established {
            let isHit = slots[slot].connection?.socketFailed(from: local, to: remote, now: now) ?? false
            if isHit { refresh(slot, now: now) }
        }
    }
}
