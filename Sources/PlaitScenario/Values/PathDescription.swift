public import PlaitCore

/// Which of the ways between a client's and a server's addresses the connections of a workload use.
public enum PathsChosen: Hashable, Sendable {
    /// Every pair of addresses between which packets can go.
    case all
    /// That of the handshake only.
    case one
    /// These, where a client is at their links. The first one carries the handshake.
    case listed([PathDescription])
}

/// A path, named by the links at its ends.
public struct PathDescription: Hashable, Sendable {
    /// The client's link.
    public var over: LinkID
    /// The server's link, where it has several beyond the client's; else every one that the client's link leads to.
    public var to: LinkID?
    /// Used only while no other path works.
    public var isBackup: Bool
    public var origin: Origin

    public init(over: LinkID, to: LinkID? = nil, isBackup: Bool = false, origin: Origin = .none) {
        self.over = over
        self.to = to
        self.isBackup = isBackup
        self.origin = origin
    }
}

/// When data that is under way on one path is sent on another as well.
public enum ReinjectionKind: String, Hashable, Sendable, CaseIterable {
    /// Only what was lost.
    case none
    /// When its path seems to have failed.
    case suspicion
    /// Then, and when nothing new is left to send and a copy would arrive first.
    case tail
}

/// By which path acknowledgements go back.
public enum AckRoute: String, Hashable, Sendable, CaseIterable {
    /// That of the packets they are about.
    case same
    /// The one with the shortest round trip.
    case fastest
}
