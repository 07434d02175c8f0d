extension KeyTable {
    static let workloadItem = KeyTable(
        "a workload item",
        "Work of one client: `{at: 1 s, client: {get: 40 MB}}`. The other key is the client's name.",
        others: .record(clientWork),
        [Key("at", .quantity(.interval), "When it begins, on the client's clock. Default: 0 s.")]
    )

    static let clientWork = KeyTable(
        "the work of a client",
        "Exactly one of get, put, requests and datagrams.",
        [
            Key("name", .name("workload item"), "What reports call it. Default: what it does, numbered."),
            Key("get", bytesAmount, excludes: others("get"), "The server sends so many bytes."),
            Key("put", bytesAmount, excludes: others("put"), "The client sends so many bytes."),
            Key(
                "requests",
                .record(requests, bare: "response"),
                excludes: others("requests"),
                "Requests one after the other, each answered before the next."
            ),
            Key(
                "datagrams",
                .record(datagrams, bare: "rate"),
                excludes: others("datagrams"),
                "Unreliable messages at a steady rate."
            ),
            Key("from", .name("host"), excludes: ["to"], "The server, of a get; of datagrams that the server sends."),
            Key("to", .name("host"), excludes: ["from"], "The server, of everything else. Default: the other host."),
            Key(
                "over",
                .name("link"),
                excludes: ["path"],
                "The connection uses only paths that leave the client by this link. Default: as transport.paths says."
            ),
            Key(
                "path",
                .name("link"),
                excludes: ["over"],
                "Its streams, both ways, keep to the path that leaves the client by this link, as long as that works."
            ),
            Key("connection", .name("connection"), "Work between two hosts shares one unless this names another."),
            Key(
                "streams",
                .quantity(.integer, in: 1...100_000),
                "So many side by side: each of the whole size, or a sequence of requests. Default: 1."
            ),
            Key("priority", .quantity(.integer, in: 0...255), "Streams of a lower one go first. Default: 0."),
        ]
    )

    /// The four kinds of work.
    static let workKinds = ["get", "put", "requests", "datagrams"]

    private static func others(_ kind: String) -> [String] { workKinds.filter { $0 != kind } }

    static let requests = KeyTable(
        "'requests'",
        "Requests one after the other, each on a stream of its own.",
        [
            Key("request", bytesAmount, "Bytes of each request. Default: 200 B."),
            Key("response", bytesAmount, required: true, "Bytes of each answer."),
            Key("count", .quantity(.integer, in: 1...1_000_000_000), "How many. Default: one, or as `for` says."),
            Key("for", .quantity(.interval, in: 1...longest), "No request starts later than this after the first."),
            Key("think", intervalAmount, "From an answer to the next request. Default: 0 s."),
        ]
    )

    static let datagrams = KeyTable(
        "'datagrams'",
        "Unreliable messages at a steady rate; what is lost is not repeated.",
        [
            Key(
                "rate",
                .quantities([.frequency, .rate], in: 1...1_000_000_000_000_000),
                required: true,
                "Messages a second, or bits."
            ),
            Key("size", bytesAmount, "Bytes of each, 16 at least. Default: 1 kB."),
            Key("deadline", .quantity(.interval, in: 1...longest), "Older ones are not sent. Default: none."),
            Key("count", .quantity(.integer, in: 1...1_000_000_000), "How many. Default: until `for` is over."),
            Key("for", .quantity(.interval, in: 1...longest), "How long. Default: until the run ends."),
        ]
    )

    static let bytesAmount = amount(.bytes)
    static let intervalAmount = amount(.interval)

    /// `30 kB`, `{uniform: {from: 1 kB, to: 9 kB}}`, `{exponential: 30 kB}`.
    private static func amount(_ quantity: Quantity) -> Shape {
        .record(
            KeyTable(
                "an amount",
                "Always the same, or drawn anew each time: exactly one of these.",
                [
                    Key("fixed", .quantity(quantity), excludes: ["exponential", "uniform"], "Always this much."),
                    Key(
                        "uniform",
                        .record(
                            KeyTable(
                                "'uniform'",
                                "Everything between two ends is as likely.",
                                [
                                    Key("from", .quantity(quantity), required: true, "The least."),
                                    Key("to", .quantity(quantity), required: true, "The most."),
                                ]
                            )
                        ),
                        excludes: ["exponential", "fixed"],
                        "Everything between two ends is as likely."
                    ),
                    Key("exponential", .quantity(quantity), excludes: ["fixed", "uniform"], "The mean."),
                ]
            ),
            bare: "fixed"
        )
    }
}
