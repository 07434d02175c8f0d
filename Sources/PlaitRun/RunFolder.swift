import PlaitReport

/// A folder that runs are written into.
enum RunFolder {
    /// Takes away what an earlier run left, so that no file of it stands beside this run's. The manifest goes first: a
    /// folder without one is not complete. Files of other names are not ours and stay.
    /// `qlogs` are those of the scenario's hosts.
    static func clear(_ folder: String, qlogs: [String] = []) throws(FileError) {
        for name in names + qlogs { try removeFile(folder + "/" + name) }
    }

    private static let names = [
        "manifest.json", "runs.csv", "links.csv", "flows.csv", "flow_totals.csv", "events.csv", "packets.csv",
        "packets.pcapng", "plot.svg", "streams.csv", "datagrams.csv", "connections.csv", "paths.csv", "keys.log",
        "decisions.csv",
    ]
}
