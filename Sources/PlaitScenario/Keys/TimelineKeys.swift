extension KeyTable {
    static let timelineItem = KeyTable(
        "a timeline item",
        "One action on a link, a host or the whole network at one instant.",
        [
            Key("at", .quantity(.interval), required: true, "When, since the start of the run."),
            Key("repeat", .record(repetition), "Does the same again later."),
            Key("link", .name("link"), "The link it happens to; for rebind, the interface that changes."),
            Key("direction", .direction, "Only this direction of the link: client>server."),
            Key("host", .name("host"), "The host it happens to."),
            Key("over", .quantity(.interval, in: 1...longest), "How long a ramp takes."),
            Key("every", .quantity(.interval, in: 1_000...longest), "The length of a ramp's step. Default: 10 ms."),
        ] + TimelineVerb.allCases.map { Key($0.rawValue, $0.shape, $0.summary) }
    )

    static let repetition = KeyTable(
        "'repeat'",
        "Does the same again later.",
        [
            Key("every", .quantity(.interval, in: 1...longest), required: true, "From one time to the next."),
            Key("times", .quantity(.integer, in: 1...100_000), required: true, "How often in all."),
        ]
    )

    static let ramp = KeyTable(
        "'ramp'",
        "Where each property is when the ramp ends.",
        properties.compactMap { key in
            switch key.name {
            case "rate": Key("rate", .quantity(.rate, in: 1...1_000_000_000_000_000), key.summary)
            case "loss": Key("loss", .quantity(.probability), "Of independent loss.")
            case "delay", "overhead", "duplicate", "truncate": key
            default: nil
            }
        }
    )

    static let cut = KeyTable(
        "'partition'",
        "Cuts one way: packets from the first hosts to the second are dropped.",
        [
            Key("from", .list(of: .name("host")), required: true, "Hosts that are not heard."),
            Key("to", .list(of: .name("host")), required: true, "Hosts that do not hear them."),
        ]
    )
}

/// What a timeline item does: each item has exactly one of these keys.
package enum TimelineVerb: String, Sendable, CaseIterable {
    case up
    case down
    case clog
    case release
    case set
    case ramp
    case crash
    case restart
    case pause
    case resume
    case drift
    case wallStep = "wall-step"
    case rebind
    case partition
    case heal

    /// To what an action happens.
    package enum Subject: String, Sendable {
        case link
        case host
        case network
    }

    package var subject: Subject {
        switch self {
        case .up, .down, .clog, .release, .set, .ramp: .link
        case .crash, .restart, .pause, .resume, .drift, .wallStep, .rebind: .host
        case .partition, .heal: .network
        }
    }

    var shape: Shape {
        switch self {
        case .up, .clog, .release, .crash, .restart, .pause, .resume, .heal: .statement()
        case .down: .statement(orWords: ["hold"])
        case .set: .record(KeyTable.oneWay)
        case .ramp: .record(KeyTable.ramp)
        case .drift: .quantity(.drift)
        case .wallStep: .quantity(.signedInterval)
        case .rebind: .word(Rebinding.allCases.map(\.rawValue))
        case .partition: .either([.list(of: .list(of: .name("host"))), .record(KeyTable.cut)])
        }
    }

    var summary: String {
        switch self {
        case .up: "The link carries packets again."
        case .down: "The link drops everything; `hold` keeps its queue."
        case .clog: "Nothing moves on the link and nothing is lost."
        case .release: "Ends a clog."
        case .set: "Changes properties of the link."
        case .ramp: "Moves properties of the link step by step; needs `over`."
        case .crash: "The host loses its state and answers nothing."
        case .restart: "The host starts anew after a crash."
        case .pause: "The host does nothing and its receive buffer fills."
        case .resume: "The host goes on after a pause."
        case .drift: "New speed of the host's clocks."
        case .wallStep: "The host's wall clock jumps."
        case .rebind: "Others see the host under a new port or address."
        case .partition: "Cuts the network between sets of hosts: [[a, b], [c]], or one way: {from: [a], to: [c]}."
        case .heal: "Ends every partition."
        }
    }
}
