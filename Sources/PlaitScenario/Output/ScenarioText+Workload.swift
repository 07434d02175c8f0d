import PlaitCore

extension ScenarioWriter {
    /// Every key with its value, defaults written out.
    func written(_ transport: TransportDescription) -> [(String, String)] {
        var fields = [
            ("handshake", transport.handshake.rawValue),
            ("suite", Self.quoted(transport.suite.rawValue)),
        ]
        if let congestion = transport.congestion { fields.append(("congestion", Self.model(congestion))) }
        if let most = transport.packetMax { fields.append(("packet-max", Quantity.bytes.print(most))) }
        return fields + paths(of: transport) + transport.timersAndLimits
    }

    private func paths(of transport: TransportDescription) -> [(String, String)] {
        var fields: [(String, String)] = []
        switch transport.paths {
        case .all: fields.append(("paths", "all"))
        case .one: fields.append(("paths", "one"))
        case .listed(let paths): fields.append(("paths", "[" + paths.map(path).joined(separator: ", ") + "]"))
        }
        if let scheduler = transport.scheduler { fields.append(("scheduler", Self.model(scheduler))) }
        fields.append(("reinjection", transport.reinjection.rawValue))
        fields.append(("acks", transport.acks.rawValue))
        fields.append(("path-keep-alive", transport.pathKeepAlive?.description ?? "off"))
        return fields
    }

    private func path(_ path: PathDescription) -> String {
        var fields = [("over", name(path.over))]
        if let to = path.to { fields.append(("to", name(to))) }
        fields.append(("status", path.isBackup ? "backup" : "available"))
        return Self.map(fields)
    }
}

extension TransportDescription {
    fileprivate var timersAndLimits: [(String, String)] {
        [
            ("idle-timeout", idleTimeout.description),
            ("keep-alive", keepAlive?.description ?? "off"),
            ("ack-delay", ackDelay.description),
            ("initial-rtt", initialRoundTrip.description),
            (
                "handshake-timeout",
                ScenarioWriter.map([
                    ("first", handshakeTimeout.first.description),
                    ("give-up", handshakeTimeout.giveUp.description),
                ])
            ),
            (
                "windows",
                ScenarioWriter.map([
                    ("stream", Quantity.bytes.print(windows.stream)),
                    ("connection", Quantity.bytes.print(windows.connection)),
                    ("stream-max", Quantity.bytes.print(windows.streamMax)),
                    ("connection-max", Quantity.bytes.print(windows.connectionMax)),
                ])
            ),
            ("send-buffer", Quantity.bytes.print(sendBuffer)),
            (
                "streams",
                ScenarioWriter.map([
                    ("bidirectional", String(streams.bidirectional)),
                    ("unidirectional", String(streams.unidirectional)),
                ])
            ),
            ("packet-size", Quantity.bytes.print(packetSize)),
            ("constant-size", String(constantSize)),
            (
                "key-update",
                ScenarioWriter.map([
                    ("bytes", Quantity.bytes.print(keyUpdate.bytes)),
                    ("packets", String(keyUpdate.packets)),
                    ("time", keyUpdate.time.description),
                ])
            ),
            ("half-open", String(halfOpen)),
            ("close-when-done", String(closesWhenDone)),
        ]
    }
}

extension ScenarioWriter {
    func item(_ item: WorkloadItem) -> String {
        var fields = [("name", Self.quoted(item.name))]
        var isFromServer = false
        switch item.work {
        case .get(let bytes):
            fields.append(("get", Self.bytes(bytes)))
            isFromServer = true
        case .put(let bytes): fields.append(("put", Self.bytes(bytes)))
        case .requests(let requests): fields.append(("requests", Self.requests(requests)))
        case .datagrams(let datagrams):
            fields.append(("datagrams", Self.datagrams(datagrams)))
            isFromServer = datagrams.fromServer
        }
        fields.append((isFromServer ? "from" : "to", name(item.server)))
        if let over = item.over { fields.append(("over", name(over))) }
        if let path = item.path { fields.append(("path", name(path))) }
        if let connection = item.connection { fields.append(("connection", Self.quoted(connection))) }
        if item.streams != 1 { fields.append(("streams", String(item.streams))) }
        if item.priority != 0 { fields.append(("priority", String(item.priority))) }
        return Self.map([("at", item.at.description), (name(item.client), Self.map(fields))])
    }

    private static func requests(_ requests: RequestWork) -> String {
        var fields = [("request", bytes(requests.request)), ("response", bytes(requests.response))]
        if let count = requests.count { fields.append(("count", String(count))) }
        if let duration = requests.duration { fields.append(("for", duration.description)) }
        fields.append(("think", amount(requests.think) { Interval(nanoseconds: $0).description }))
        return map(fields)
    }

    private static func datagrams(_ datagrams: DatagramWork) -> String {
        let rate: ParameterValue =
            switch datagrams.rate {
            case .messages(let count): .frequency(perThousandSeconds: count)
            case .bits(let rate): .rate(rate)
            }
        var fields = [("rate", rate.written), ("size", bytes(datagrams.size))]
        if let deadline = datagrams.deadline { fields.append(("deadline", deadline.description)) }
        if let count = datagrams.count { fields.append(("count", String(count))) }
        if let duration = datagrams.duration { fields.append(("for", duration.description)) }
        return map(fields)
    }

    private static func bytes(_ value: Amount) -> String { amount(value) { Quantity.bytes.print($0) } }

    private static func amount(_ value: Amount, _ print: (Int64) -> String) -> String {
        switch value {
        case .fixed(let value): print(value)
        case .uniform(let from, let to): map([("uniform", map([("from", print(from)), ("to", print(to))]))])
        case .exponential(let mean): map([("exponential", print(mean))])
        }
    }
}
