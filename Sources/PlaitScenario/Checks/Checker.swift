import PlaitCore

/// Turns a merged tree into a `Scenario`, and everything wrong with it into diagnostics.
///
/// Every check that can be made is made: a part that is wrong becomes its default, and the log says so. The result
/// counts only if the log holds no error.
package final class Checker {
    let log: DiagnosticLog
    let vocabulary: Vocabulary
    let loader: FileLoader
    var hosts: [HostDescription] = []
    var hostIndex: [String: Int] = [:]
    var links: [LinkDescription] = []
    var linkIndex: [String: Int] = [:]

    package init(log: DiagnosticLog, vocabulary: Vocabulary, loader: FileLoader) {
        self.log = log
        self.vocabulary = vocabulary
        self.loader = loader
    }

    /// The scenario, complete if nothing was logged.
    package func scenario(_ root: YAMLNode, defaultName: String) -> Scenario? {
        guard case .map = root.kind else {
            let remedy = "begin with the keys name:, stop:, hosts: and links:"
            let message =
                if case .null = root.kind { "the file is empty" } else {
                    "a scenario is a map of keys, not \(root.phrase)"
                }
            log.error(root.place, message, remedy: remedy)
            return nil
        }
        guard let fields = fields(root, .scenario, at: root.place) else { return nil }
        let stop = stop(fields)
        readHosts(fields)
        readLinks(fields)
        let transport = transport(fields)
        return Scenario(
            name: name(fields, defaultName),
            summary: text(fields, "summary"),
            seed: seed(fields, "seed") ?? 1,
            stop: stop,
            interval: interval(fields, "interval") ?? .milliseconds(100),
            hosts: hosts,
            links: links,
            flows: flows(fields, end: stop.time),
            transport: transport,
            workload: workload(fields, transport, end: stop.time),
            timeline: timeline(fields, end: stop.time),
            expectations: expectations(fields),
            addresses: word(fields, "addresses").flatMap(AddressFamily.init) ?? .ipv4
        )
    }

    private func name(_ fields: Fields, _ defaultName: String) -> String {
        if fields.has("name") { return name(fields, "name") ?? defaultName }
        if !isName(defaultName) {
            log.error(fields.place, "the scenario needs a name, and its file's name is none", remedy: "add name:")
        }
        return defaultName
    }

    private func stop(_ fields: Fields) -> StopConditions {
        guard let stop = record(fields, "stop"), let time = interval(stop, "time") else {
            return StopConditions(time: Quantity.longestInterval)
        }
        return StopConditions(
            time: time,
            events: quantity(stop, "events"),
            whenQuiet: flag(stop, "quiet") ?? false
        )
    }

    private func readHosts(_ fields: Fields) {
        for (section, isRouter) in [("hosts", false), ("routers", true)] {
            for (entry, host) in records(fields, section) {
                guard isUsable(entry, as: "host", in: hostIndex) else { continue }
                hostIndex[entry.key] = hosts.count
                hosts.append(
                    HostDescription(
                        name: entry.key,
                        origin: Origin(entry.keyPlace),
                        forwards: isRouter || flag(host, "forward") ?? false,
                        isRouter: isRouter,
                        driftPartsPerBillion: quantity(host, "drift") ?? 0,
                        wallOffset: interval(host, "wall") ?? .zero,
                        receiveBuffer: quantity(host, "receive-buffer") ?? 212_992
                    )
                )
            }
        }
        if hosts.isEmpty, fields.has("hosts") {
            log.error(
                fields.place(of: "hosts"),
                "a scenario needs a host",
                remedy: "write hosts: {client: {}, server: {}}"
            )
        }
    }

    /// Whether a name chosen by the user is well formed and new.
    func isUsable(_ entry: YAMLNode.Entry, as noun: String, in known: [String: Int]) -> Bool {
        guard isName(entry.key) else {
            log.error(
                entry.keyPlace,
                "'\(entry.key.prefix(70))' cannot name a \(noun)",
                remedy: "use up to 64 letters, digits, '-' and '_', beginning with a letter or digit"
            )
            return false
        }
        guard known[entry.key] == nil else {
            log.error(entry.keyPlace, "there is already a \(noun) '\(entry.key)'", remedy: "rename one of them")
            return false
        }
        return true
    }

    func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 64, !["true", "false", "null"].contains(text) else {
            return false
        }
        return Self.isLetterOrDigit(first)
            && text.utf8.allSatisfy { Self.isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}

extension Quantity {
    static let longestInterval = Interval(nanoseconds: Quantity.interval.range.upperBound)
}
