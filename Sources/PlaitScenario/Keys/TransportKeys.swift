extension KeyTable {
    static let transport = KeyTable(
        "'transport'",
        "How the endpoints of the workload talk: keys, timers, limits and congestion control of every connection.",
        [
            Key(
                "handshake",
                .word(HandshakeKind.allCases.map(\.rawValue)),
                "IK: the client knows the server's key. XX: it learns it, one round trip later. Default: IK."
            ),
            Key("suite", .word(SuiteName.allCases.map(\.rawValue)), "Default: 25519_ChaChaPoly_SHA256."),
            Key("congestion", .model(.congestion, orNone: false), "The congestion controller. Default: cubic."),
            Key(
                "paths",
                .either([.word(["all", "one"]), .list(of: .record(path))]),
                "Ways between client and server: all, one, or a list of which the first carries the handshake."
                    + " Default: all."
            ),
            Key("scheduler", .model(.scheduler, orNone: false), "Picks each packet's path. Default: earliest."),
            Key(
                "reinjection",
                .word(ReinjectionKind.allCases.map(\.rawValue)),
                "When what is under way on one path is sent on another, too. Default: tail."
            ),
            Key(
                "acks",
                .word(AckRoute.allCases.map(\.rawValue)),
                "The path that carries acknowledgements. Default: fastest."
            ),
            Key(
                "path-keep-alive",
                .quantity(.interval, in: 1_000_000...tenYears, orWords: ["off"]),
                "Of several paths, a silent one is asked for a sign of life after so long. Default: 2 s."
            ),
            Key(
                "idle-timeout",
                .quantity(.interval, in: 1_000_000...tenYears),
                "Without a packet for so long, a connection is given up. Default: 30 s."
            ),
            Key(
                "keep-alive",
                .quantity(.interval, in: 1_000_000...tenYears, orWords: ["off"]),
                "A silent connection sends a packet after so long. Default: off."
            ),
            Key(
                "ack-delay",
                .quantity(.interval, in: 0...16_384_000_000),
                "How long an ACK may wait, 16.384 s at most. Default: 25 ms."
            ),
            Key(
                "initial-rtt",
                .quantity(.interval, in: 1_000_000...tenYears),
                "Taken for the round trip until one was measured. Default: 333 ms."
            ),
            Key("handshake-timeout", .record(handshakeTimeout), "When messages are repeated and given up."),
            Key("windows", .record(windows), "Flow control: what may be sent ahead of the application's reading."),
            Key(
                "send-buffer",
                .quantity(.bytes, in: 1_000...1_000_000_000),
                "What a stream takes from its application before it is acknowledged, at most. Default: 16 MB."
            ),
            Key("streams", .record(streamsAllowed), "How many streams a peer may have open at once."),
            Key(
                "packet-size",
                .quantity(.bytes, in: 1_200...16_000),
                "Longest UDP payload that every path must carry. Default: 1_200 B."
            ),
            Key(
                "packet-max",
                .quantity(.bytes, in: 1_200...16_000),
                "Longest UDP payload on paths that are found to carry it: each one's MTU is searched for."
                    + " Default: packet-size, without a search."
            ),
            Key("constant-size", .flag, "Whether every packet is padded to packet-size. Default: false."),
            Key("key-update", .record(keyUpdate), "A sending key is replaced at the first of these."),
            Key(
                "half-open",
                .quantity(.integer, in: 1...100_000),
                "Handshakes that may wait at a server before it asks for cookies. Default: 128."
            ),
            Key("close-when-done", .flag, "Whether clients close connections without work left. Default: true."),
        ]
    )

    static let path = KeyTable(
        "a path",
        "A way between a client's address and a server's.",
        [
            Key("over", .name("link"), required: true, "The client's link."),
            Key("to", .name("link"), "The server's link. Default: every one that packets can reach."),
            Key(
                "status",
                .word(["available", "backup"]),
                "A backup is used only while no available path works. Default: available."
            ),
        ]
    )

    /// In nanoseconds: several of them added up still fit 64 bits, and a week of delay is little beside it.
    private static let tenYears: Int64 = 315_360_000_000_000_000

    static let handshakeTimeout = KeyTable(
        "'handshake-timeout'",
        "When a handshake's messages are sent again, and when it fails.",
        [
            Key("first", .quantity(.interval, in: 1_000_000...tenYears), "The first wait; it grows. Default: 400 ms."),
            Key(
                "give-up",
                .quantity(.interval, in: 1_000_000...tenYears),
                "The handshake fails. Default: 25 times first."
            ),
        ]
    )

    static let windows = KeyTable(
        "'windows'",
        "Flow control: what may be sent ahead of the application's reading, at first and at most.",
        [
            Key("stream", .quantity(.bytes, in: window), "Of a stream, at first. Default: 1 MB."),
            Key("connection", .quantity(.bytes, in: window), "Of all streams, at first. Default: 1.5 MB."),
            Key("stream-max", .quantity(.bytes, in: window), "Of a stream, at most. Default: 16 MB."),
            Key("connection-max", .quantity(.bytes, in: window), "Of all streams, at most. Default: 24 MB."),
        ]
    )

    private static let window: ClosedRange<Int64> = 1_000...1_000_000_000

    static let streamsAllowed = KeyTable(
        "'streams'",
        "How many streams a peer may have open at once.",
        [
            Key("bidirectional", .quantity(.integer, in: 1...100_000), "Default: 128."),
            Key("unidirectional", .quantity(.integer, in: 0...100_000), "Default: 128."),
        ]
    )

    static let keyUpdate = KeyTable(
        "'key-update'",
        "A sending key is replaced at the first of these.",
        [
            Key("bytes", .quantity(.bytes, in: 1_000...1 << 40), "Sealed under it. Default: 1.073741824 GB."),
            Key("packets", .quantity(.integer, in: 1...1 << 32), "Sealed under it. Default: 1_048_576."),
            Key("time", .quantity(.interval, in: 1_000_000...tenYears), "In use. Default: 10 min."),
        ]
    )
}
