import PlaitCore

extension Scenario {
    /// The scenario as a file again, with presets, includes, repetitions and defaults written out.
    ///
    /// Reading it gives an equal scenario. Manifests and shrunk cases are written this way.
    public var text: String {
        var writer = ScenarioWriter(self)
        writer.write()
        return writer.text
    }

    /// The same without what it would be anyway, for people: shrunk cases are written this way.
    public var briefText: String {
        var writer = ScenarioWriter(self, isBrief: true)
        writer.write()
        return writer.text
    }
}

/// Writes YAML of one style: sections in blocks, everything below in braces on one line.
struct ScenarioWriter {
    private let scenario: Scenario
    /// Whether defaults are left out.
    private let isBrief: Bool
    private(set) var text = ""

    init(_ scenario: Scenario, isBrief: Bool = false) {
        self.scenario = scenario
        self.isBrief = isBrief
    }

    mutating func write() {
        line("name: \(Self.quoted(scenario.name))")
        if let summary = scenario.summary { line("summary: \(Self.quoted(summary))") }
        line("seed: \(scenario.seed)")
        line("stop: \(stop)")
        if !isBrief || scenario.interval != .milliseconds(100) { line("interval: \(scenario.interval)") }
        if !isBrief || scenario.addresses != .ipv4 { line("addresses: \(scenario.addresses.rawValue)") }
        section("hosts", scenario.hosts.filter { !$0.isRouter }.map { (Self.quoted($0.name), host($0)) })
        section("routers", scenario.hosts.filter(\.isRouter).map { (Self.quoted($0.name), host($0)) })
        section("links", scenario.links.map { (Self.quoted($0.name), link($0)) })
        section("traffic", scenario.flows.map { (Self.quoted($0.name), flow($0)) })
        if !scenario.workload.isEmpty || scenario.transport != TransportDescription() {
            section("transport", transport)
        }
        list("workload", scenario.workload.map { item($0) })
        list("timeline", scenario.timeline.map { item($0) })
        list("expect", scenario.expectations.map { Self.quoted($0.text) })
    }

    private mutating func line(_ line: String) { text += line + "\n" }

    private mutating func section(_ name: String, _ entries: [(String, String)]) {
        guard !entries.isEmpty else { return }
        line(name + ":")
        for (key, value) in entries { line("  \(key): \(value)") }
    }

    private mutating func list(_ name: String, _ items: [String]) {
        guard !items.isEmpty else { return }
        line(name + ":")
        for item in items { line("  - " + item) }
    }

    private var stop: String {
        var fields = [("time", scenario.stop.time.description)]
        if let events = scenario.stop.events { fields.append(("events", String(events))) }
        if scenario.stop.whenQuiet { fields.append(("quiet", "true")) }
        return fields.count == 1 ? fields[0].1 : Self.map(fields)
    }

    private func host(_ host: HostDescription) -> String {
        var usual = HostDescription(name: host.name)
        usual.isRouter = host.isRouter
        usual.forwards = host.isRouter
        let fields = Self.fields(host)
        return Self.map(isBrief ? Self.differing(fields, from: Self.fields(usual)) : fields)
    }

    private var transport: [(String, String)] {
        let fields = written(scenario.transport)
        return isBrief ? Self.differing(fields, from: written(TransportDescription())) : fields
    }

    private static func differing(_ fields: [(String, String)], from usual: [(String, String)]) -> [(String, String)] {
        fields.filter { field in !usual.contains { $0 == field } }
    }

    private static func fields(_ host: HostDescription) -> [(String, String)] {
        var fields: [(String, String)] = []
        if !host.isRouter { fields.append(("forward", String(host.forwards))) }
        fields.append(("drift", Quantity.drift.print(host.driftPartsPerBillion)))
        fields.append(("wall", host.wallOffset.description))
        fields.append(("receive-buffer", Quantity.bytes.print(host.receiveBuffer)))
        return fields
    }

    private func link(_ link: LinkDescription) -> String {
        Self.map([
            ("between", "[\(name(link.first)), \(name(link.second))]"),
            ("forward", direction(link.forward)),
            ("backward", direction(link.backward)),
        ])
    }

    private func direction(_ direction: DirectionDescription) -> String {
        let fields = direction.changes.map(Self.property)
        return Self.map(
            isBrief ? Self.differing(fields, from: DirectionDescription().changes.map(Self.property)) : fields
        )
    }

    private func flow(_ flow: FlowDescription) -> String {
        var fields = [("from", name(flow.from)), ("to", name(flow.to))]
        if let link = flow.over { fields.append(("over", name(link))) }
        if let link = flow.toOver { fields.append(("to-over", name(link))) }
        fields.append((Self.quoted(flow.model.choice.name), Self.arguments(flow.model.choice)))
        switch flow.size {
        case .fixed(let bytes): fields.append(("size", Quantity.bytes.print(bytes)))
        case .exponential(let mean): fields.append(("size", "{exponential: \(Quantity.bytes.print(mean))}"))
        }
        fields.append(("start", flow.start.description))
        if let stop = flow.stop { fields.append(("stop", stop.description)) }
        fields.append(("ecn", String(flow.ecn)))
        return Self.map(fields)
    }

    func name(_ host: HostID) -> String { Self.quoted(scenario.hosts[Int(host.index)].name) }
    func name(_ link: LinkID) -> String { Self.quoted(scenario.links[Int(link.index)].name) }
    private func names(_ hosts: [HostID]) -> String { "[" + hosts.map { name($0) }.joined(separator: ", ") + "]" }
}

// The timeline.
extension ScenarioWriter {
    private func item(_ item: TimelineItem) -> String {
        let at = ("at", item.at.description)
        switch item.action {
        case .link(let directions, let action): return Self.map([at] + subject(directions) + Self.fields(action))
        case .host(let host, let action): return Self.map([at, ("host", name(host))] + fields(action))
        case .partition(let groups):
            return Self.map([at, ("partition", "[" + groups.map { names($0) }.joined(separator: ", ") + "]")])
        case .cut(let from, let to):
            return Self.map([at, ("partition", Self.map([("from", names(from)), ("to", names(to))]))])
        case .heal: return Self.map([at, ("heal", "true")])
        }
    }

    private func subject(_ directions: [DirectionID]) -> [(String, String)] {
        guard let first = directions.first else { return [] }
        let link = scenario.links[Int(first.link.index)]
        var fields = [("link", name(first.link))]
        if directions.count == 1 {
            let ends = first.isForward ? (link.first, link.second) : (link.second, link.first)
            let names = (scenario.hosts[Int(ends.0.index)].name, scenario.hosts[Int(ends.1.index)].name)
            fields.append(("direction", Self.quoted("\(names.0)>\(names.1)")))
        }
        return fields
    }

    private static func fields(_ action: LinkAction) -> [(String, String)] {
        switch action {
        case .up: [("up", "true")]
        case .down(let holdsQueue): [("down", holdsQueue ? "hold" : "true")]
        case .clog: [("clog", "true")]
        case .release: [("release", "true")]
        case .set(let changes): [("set", map(changes.map(property)))]
        case .ramp(let ramp):
            [
                ("ramp", map(ramp.targets.map(target))),
                ("over", ramp.over.description),
                ("every", ramp.every.description),
            ]
        }
    }

    private static func target(_ target: Ramp.Target) -> (String, String) {
        switch target {
        case .rate(let value): ("rate", written(value))
        case .delay(let value): ("delay", value.description)
        case .overhead(let value): ("overhead", Quantity.bytes.print(value))
        case .loss(let value): ("loss", written(value))
        case .duplicate(let value): ("duplicate", written(value))
        case .truncate(let value): ("truncate", written(value))
        }
    }

    private func fields(_ action: HostAction) -> [(String, String)] {
        switch action {
        case .crash: [("crash", "true")]
        case .restart: [("restart", "true")]
        case .pause: [("pause", "true")]
        case .resume: [("resume", "true")]
        case .drift(let drift): [("drift", Quantity.drift.print(drift))]
        case .wallStep(let step): [("wall-step", step.description)]
        case .rebind(let kind, let link):
            [("rebind", kind.rawValue)] + (link.map { [("link", name($0))] } ?? [])
        }
    }
}

// Values.
extension ScenarioWriter {
    private static func property(_ change: PropertyChange) -> (String, String) {
        switch change {
        case .rate(let value): ("rate", written(value))
        case .delay(let value): ("delay", value.description)
        case .overhead(let value): ("overhead", Quantity.bytes.print(value))
        case .mtu(let value): ("mtu", Quantity.bytes.print(value))
        case .jitter(let value): ("jitter", value.map { model($0) } ?? "none")
        case .loss(let value): ("loss", value.map { model($0) } ?? "none")
        case .queue(let value): ("queue", model(value))
        case .duplicate(let value): ("duplicate", written(value))
        case .reorder(let value): ("reorder", value.map { written($0) } ?? "none")
        case .corrupt(let value): ("corrupt", value.map { written($0) } ?? "none")
        case .truncate(let value): ("truncate", written(value))
        }
    }

    private static func written(_ rate: Rate) -> String { ParameterValue.rate(rate).written }
    private static func written(_ chance: Probability) -> String { ParameterValue.probability(chance).written }

    private static func written(_ reorder: Reordering) -> String {
        let distance =
            switch reorder.distance {
            case .packets(let count): Quantity.packets.print(count)
            case .interval(let length): length.description
            }
        return map([
            ("probability", written(reorder.probability)),
            ("distance", distance),
            ("within", reorder.within.description),
        ])
    }

    private static func written(_ corrupt: Corruption) -> String {
        map([("probability", written(corrupt.probability)), ("bits", String(corrupt.bits))])
    }

    static func model(_ model: ChosenModel) -> String {
        map([(quoted(model.choice.name), arguments(model.choice))])
    }

    private static func arguments(_ choice: ModelChoice) -> String {
        map(
            choice.arguments.map { argument in
                if case .word(let word) = argument.value { return (quoted(argument.name), quoted(word)) }
                return (quoted(argument.name), argument.value.written)
            }
        )
    }

    static func map(_ fields: [(String, String)]) -> String {
        "{" + fields.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + "}"
    }

    /// Plain where YAML reads it as the same text, else in double quotes.
    static func quoted(_ text: String) -> String {
        let isPlain =
            text.utf8.first.map { Checker.isLetterOrDigit($0) } ?? false
            && text.utf8.allSatisfy { Checker.isLetterOrDigit($0) || "-_.>".utf8.contains($0) }
            && !["true", "false", "null"].contains(text)
        if isPlain { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 32 || (127...160).contains(scalar.value) || scalar.value >= 0x2028:
                result += "\\U" + hexadecimal(scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension DirectionDescription {
    /// The changes that make a new direction into this one; an unlimited queue is the lack of one.
    fileprivate var changes: [PropertyChange] {
        [.rate(rate), .delay(delay), .overhead(overhead), .mtu(mtu), .jitter(jitter), .loss(loss)]
            + (queue.map { [.queue($0)] } ?? [])
            + [.duplicate(duplicate), .reorder(reorder), .corrupt(corrupt), .truncate(truncate)]
    }
}
