package import PlaitCore

// The words of result files. They are part of the format: a change is a new format version.

extension TraceEvent.Kind {
    /// As in the column `event`.
    package var word: String {
        switch self {
        case .sent: "sent"
        case .offered: "offered"
        case .dropped: "dropped"
        case .marked: "marked"
        case .started: "started"
        case .departed: "departed"
        case .corrupted: "corrupted"
        case .copied: "copied"
        case .arrived: "arrived"
        case .delivered: "delivered"
        case .changed: "changed"
        }
    }
}

extension TraceEvent.DropReason {
    /// As in the column `reason`; empty for `none`.
    package var word: String {
        switch self {
        case .none: ""
        case .tooBig: "too-big"
        case .down: "down"
        case .queueFull: "queue-full"
        case .aqm: "aqm"
        case .flushed: "flushed"
        case .loss: "loss"
        case .cut: "cut"
        case .noRoute: "no-route"
        case .hostDown: "host-down"
        case .unreachable: "unreachable"
        case .partitioned: "partitioned"
        case .bufferFull: "buffer-full"
        case .controlled: "controlled"
        }
    }

    /// As a part of a column's name: `queue_full`.
    var columnWord: String { String(word.map { $0 == "-" ? "_" : $0 }) }

    static var all: [Self] { allCases.filter { $0 != .none } }
    static var onLinks: [Self] { all.filter { !$0.isAtHost } }
}

extension TraceEvent.Property {
    /// As in the column `property`; empty for `none`.
    package var word: String {
        switch self {
        case .none: ""
        case .up: "up"
        case .clog: "clog"
        case .rate: "rate"
        case .delay: "delay"
        case .mtu: "mtu"
        case .overhead: "overhead"
        case .loss: "loss"
        case .jitter: "jitter"
        case .queue: "queue"
        case .duplication: "duplication"
        case .reordering: "reordering"
        case .corruption: "corruption"
        case .host: "host"
        case .drift: "drift"
        case .wallStep: "wall-step"
        case .rebind: "rebind"
        case .partition: "partition"
        }
    }
}

extension ECN {
    /// As in the column `ecn`, the names of RFC 3168.
    package var word: String {
        switch self {
        case .notCapable: "not-ect"
        case .capable1: "ect1"
        case .capable0: "ect0"
        case .congestionExperienced: "ce"
        }
    }
}

/// The value of a `changed` event: what a table prints and what a person reads.
package struct ChangedValue: Hashable, Sendable {
    /// Exact, for `events.csv`.
    package let value: String
    /// For `events.csv`; empty when the value is a word or a plain number.
    package let unit: String
    /// For people: `rate 25 Mbps`.
    package let phrase: String

    package init(_ event: TraceEvent) {
        let detail = event.detail
        func measured(_ unit: String, _ wording: String) -> (String, String, String) {
            (String(detail), unit, event.property.word + " " + wording)
        }
        func state(_ words: [String]) -> (String, String, String) {
            let word = detail < UInt64(words.count) ? words[Int(detail)] : String(detail)
            return (word, "", word)
        }
        let signed = Int64(bitPattern: detail)
        let parts: (String, String, String) =
            switch event.property {
            case .none: (String(detail), "", "changed")
            case .up: state(["down", "up", "held"])
            case .clog: state(["released", "clogged"])
            case .host: state(["crashed", "running", "paused"])
            case .rate: measured("bps", detail == 0 ? "unlimited" : Self.rate(detail))
            case .delay: measured("ns", Interval(nanoseconds: signed).description)
            case .jitter: Self.jitter(detail)
            case .partition: measured("", detail == 0 ? "healed" : "\(detail) in force")
            case .mtu, .overhead: measured("B", String(detail) + " B")
            case .loss: measured("", detail == 0 ? "off" : "on")
            case .queue: measured("", String(detail))
            case .duplication, .reordering, .corruption: measured("ppb", Self.percent(detail))
            case .drift: (String(signed), "ppb", "drift \(signed) ppb")
            case .wallStep: (String(signed), "ns", "wall clock " + Interval(nanoseconds: signed).description)
            case .rebind:
                ("\(detail >> 32)>\(detail & 0xFFFF_FFFF)", "", "rebound \(detail >> 32) > \(detail & 0xFFFF_FFFF)")
            }
        (value, unit, phrase) = parts
    }

    /// `25 Mbps`, `1.5 Gbps`: the shortest exact form.
    package static func rate(_ bitsPerSecond: UInt64) -> String {
        let (unit, name): (UInt64, String) =
            switch bitsPerSecond {
            case 1_000_000_000...: (1_000_000_000, "Gbps")
            case 1_000_000...: (1_000_000, "Mbps")
            case 1_000...: (1_000, "kbps")
            default: (1, "bps")
            }
        return shortest(bitsPerSecond, unit) + " " + name
    }

    /// The top bit of the detail says that packets may overtake each other.
    private static func jitter(_ detail: UInt64) -> (String, String, String) {
        let extra = detail & ~(1 << 63)
        let overtaking = extra == detail ? "" : ", may reorder"
        let length = Interval(nanoseconds: Int64(extra))
        return (String(extra), extra == detail ? "ns" : "ns, may reorder", "jitter up to \(length)\(overtaking)")
    }

    private static func percent(_ partsPerBillion: UInt64) -> String { shortest(partsPerBillion, 10_000_000) + " %" }

    /// `value / unit` without trailing zeros; `unit` is a power of ten.
    private static func shortest(_ value: UInt64, _ unit: UInt64) -> String {
        var text = String(value / unit)
        var rest = value % unit
        var place = unit / 10
        if rest > 0 { text += "." }
        while rest > 0 {
            text += String(rest / place)
            rest %= place
            place /= 10
        }
        return text
    }
}
