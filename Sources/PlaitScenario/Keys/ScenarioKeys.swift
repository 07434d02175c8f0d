extension KeyTable {
    /// The top of a scenario file.
    package static let scenario = KeyTable(
        "a scenario",
        "A network, the traffic on it, what happens to it, and what must come out.",
        [
            Key("name", .name("scenario"), "Default: the file's name. It becomes part of the results folder's name."),
            Key("summary", .text, "One line that says what the scenario shows."),
            Key(
                "include",
                .either([.text, .list(of: .text)]),
                "Files to start from; keys of this file replace theirs."
            ),
            Key("seed", .seed, "All random decisions follow from it. Default: 1."),
            Key("stop", .record(stop, bare: "time"), required: true, "When the run ends."),
            Key("interval", .quantity(.interval, in: 1_000...longest), "The step of the time series. Default: 100 ms."),
            Key("addresses", .word(["ipv4", "ipv6"]), "Synthetic addresses in packet captures. Default: ipv4."),
            Key("hosts", .entries(host), required: true, "Where traffic starts and ends."),
            Key("routers", .entries(router), "Hosts that only forward."),
            Key("links", .entries(link), "Each joins two hosts; two hosts may be joined by several."),
            Key("transport", .record(transport), "How the endpoints of the workload talk."),
            Key("traffic", .entries(flow), "Plain flows of packets."),
            Key("workload", .list(of: .record(workloadItem)), "What clients do over connections, and when."),
            Key("timeline", .list(of: .record(timelineItem)), "What happens to links and hosts, and when."),
            Key("expect", .list(of: .text), "What must hold: `METRIC < VALUE` or `METRIC within TIME`."),
        ]
    )

    /// A file under `presets/`.
    package static let preset = KeyTable(
        "a preset",
        "Properties of a link, to be named by `preset:`.",
        [
            Key("summary", .text, "One line that says what the link is like."),
            Key("preset", .name("preset"), "Another preset to start from."),
            Key("forward", .record(oneWay), "What differs from the first host of `between:` to the second."),
            Key("backward", .record(oneWay), "What differs on the way back."),
        ] + bothWays
    )

    static let stop = KeyTable(
        "'stop'",
        "The run ends at the first of these.",
        [
            Key("time", .quantity(.interval, in: 1...longest), required: true, "Simulated time."),
            Key("events", .quantity(.integer, in: 1...Int64.max), "Events of the simulator's engine."),
            Key("quiet", .flag, "Whether to end when nothing is left to happen. Default: false."),
        ]
    )

    static let host = KeyTable(
        "a host",
        "A place where traffic starts and ends, with clocks of its own.",
        [Key("forward", .flag, "Whether packets for others pass through. Default: false.")] + clocks
    )

    static let router = KeyTable("a router", "A host that forwards and holds no endpoints.", clocks)

    private static let clocks: [Key] = [
        Key("drift", .quantity(.drift), "How much faster than true time its clocks run. Default: 0 ppm."),
        Key("wall", .quantity(.signedInterval), "What its wall clock is ahead by at the start. Default: 0 s."),
        Key("receive-buffer", .quantity(.bytes), "What it can hold while paused. Default: 212_992 B."),
    ]

    static let link = KeyTable(
        "a link",
        "Joins two hosts. Keys apply to both directions; `client>server: {...}` changes one.",
        directions: properties,
        [
            Key("between", .list(of: .name("host")), required: true, "The two hosts it joins."),
            Key("preset", .name("preset"), "A file under presets/ to start from."),
            Key("forward", .record(oneWay), "What differs from the first host of `between:` to the second."),
            Key("backward", .record(oneWay), "What differs on the way back."),
        ] + bothWays
    )

    /// What can be said of a whole link: the properties, and the round trip instead of the delay.
    private static let bothWays: [Key] =
        properties.map { key in
            guard key.name == "delay" else { return key }
            return Key("delay", key.shape, excludes: ["rtt"], key.summary)
        } + [
            Key("rtt", .quantity(.interval), excludes: ["delay"], "Base round trip: half of it is the delay each way.")
        ]

    static let oneWay = KeyTable("one direction of a link", "What differs in one direction.", properties)

    /// Everything a direction of a link has, in the order of `PropertyChange`.
    static let properties: [Key] = [
        Key("rate", .quantity(.rate, in: 1...1_000_000_000_000_000, orWords: ["unlimited"]), "Default: unlimited."),
        Key("delay", .quantity(.interval), "Propagation one way. Default: 0 s."),
        Key("overhead", .quantity(.bytes, in: 0...65_535), "Bytes added to every packet on the wire. Default: 0 B."),
        Key("mtu", .quantity(.bytes, in: 1...65_535), "The longest packet, overhead included. Default: 1_500 B."),
        Key("jitter", .model(.jitter, orNone: true), "Extra delay that varies. Default: none."),
        Key("loss", .model(.loss, orNone: true), "Packets lost on the wire. Default: none."),
        Key("queue", .model(.queue, orNone: false), "What waits for the wire. Default: unlimited."),
        Key("duplicate", .quantity(.probability), "The chance that a packet arrives twice. Default: 0 %."),
        Key("reorder", .record(reorder, orNone: true), "Packets that later ones overtake. Default: none."),
        Key(
            "corrupt",
            .record(corrupt, bare: "probability", orNone: true),
            "Packets with flipped bits. Default: none."
        ),
        Key("truncate", .quantity(.probability), "The chance that a packet loses its end. Default: 0 %."),
    ]

    static let reorder = KeyTable(
        "'reorder'",
        "Some packets are overtaken by later ones.",
        [
            Key("probability", .quantity(.probability), required: true, "The chance of each packet."),
            Key(
                "distance",
                .quantities([.packets, .interval], in: 1...longest),
                required: true,
                "How far back it falls: a number of packets or a time."
            ),
            Key("within", .quantity(.interval), "The longest it waits to be overtaken. Default: 100 ms."),
        ]
    )

    static let corrupt = KeyTable(
        "'corrupt'",
        "Some packets arrive with flipped bits.",
        [
            Key("probability", .quantity(.probability), required: true, "The chance of each packet."),
            Key("bits", .quantity(.integer, in: 1...524_280), "Flips in a corrupted packet. Default: 1."),
        ]
    )

    static let flow = KeyTable(
        "a flow",
        "Packets from one host to another, sent by exactly one traffic model.",
        models: .traffic,
        [
            Key("from", .name("host"), required: true, "Where it starts."),
            Key("to", .name("host"), required: true, "Where it ends."),
            Key("over", .name("link"), "The link by which it leaves. Default: the first of the shortest route."),
            Key("to-over", .name("link"), "The link whose far address it is sent to. Default: of the shortest route."),
            Key(
                "size",
                .record(size, bare: "fixed"),
                "UDP payload of each packet, its header of 24 B included. Default: 1_200 B."
            ),
            Key("start", .quantity(.interval), "Default: 0 s."),
            Key("stop", .quantity(.interval), "Default: the end of the run."),
            Key("ecn", .flag, "Whether its packets carry ECT(0). Default: false."),
            Key("count", .quantity(.integer, in: 1...100_000), "So many flows: name.1, name.2, ... Default: one."),
        ]
    )

    static let size = KeyTable(
        "'size'",
        "Bytes of UDP payload: exactly one of these.",
        [
            Key("fixed", .quantity(.bytes, in: 24...65_507), excludes: ["exponential"], "Every packet."),
            Key("exponential", .quantity(.bytes, in: 24...65_507), excludes: ["fixed"], "The mean of a distribution."),
        ]
    )

    /// A million hours, in nanoseconds.
    static let longest = Quantity.interval.range.upperBound
}
