import PlaitCore

/// A path that is not open yet: the ids by which the two ends would address each other on it.
struct PathReserve: ~Copyable {
    let id: PathID
    var ids: ConnectionIDs
    /// The word of its use may come before its first packet.
    var wishes = PathWishes()

    /// The ids, for the path that it becomes.
    consuming func takeIDs() -> ConnectionIDs { ids }
}
