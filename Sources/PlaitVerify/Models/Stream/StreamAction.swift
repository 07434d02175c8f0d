/// An action of `formal/Stream/Stream.tla`, by its name there.
package enum StreamAction: ModelAction {
    /// The application writes one unit, or none but that it was the last one.
    case write(units: Int, isLast: Bool)
    /// The writer's end puts so many units into a packet; none: the end alone.
    case send(units: Int)
    case reset
    case sendReset
    case read
    case tellReset
    case stop
    case sendStop
    case sendLimit
    case deliver(StreamModel.Frame)
    case drop(StreamModel.Frame)
    case acknowledge(StreamModel.Frame)
    case lose(StreamModel.Frame)

    package static let names = [
        "Write", "Send", "Reset", "SendReset", "Read", "TellReset", "Stop", "SendStop", "SendLimit", "Deliver", "Drop",
        "Acknowledge", "Lose",
    ]

    package var name: String {
        switch self {
        case .write: "Write"
        case .send: "Send"
        case .reset: "Reset"
        case .sendReset: "SendReset"
        case .read: "Read"
        case .tellReset: "TellReset"
        case .stop: "Stop"
        case .sendStop: "SendStop"
        case .sendLimit: "SendLimit"
        case .deliver: "Deliver"
        case .drop: "Drop"
        case .acknowledge: "Acknowledge"
        case .lose: "Lose"
        }
    }

    package var value: TLAValue {
        var fields: [(String, TLAValue)] = [("name", .text(name))]
        switch self {
        case .write(let units, let isLast): fields += [("units", .number(units)), ("isLast", .flag(isLast))]
        case .send(let units): fields.append(("units", .number(units)))
        case .deliver(let frame), .drop(let frame), .acknowledge(let frame), .lose(let frame):
            fields.append(("frame", frame.value))
        case .reset, .sendReset, .read, .tellReset, .stop, .sendStop, .sendLimit: break
        }
        return .record(of: fields)
    }

    package init?(_ value: TLAValue) {
        guard case .text(let name) = value["name"] else { return nil }
        let plain: [String: StreamAction] = [
            "Reset": .reset, "SendReset": .sendReset, "Read": .read, "TellReset": .tellReset, "Stop": .stop,
            "SendStop": .sendStop, "SendLimit": .sendLimit,
        ]
        if let action = plain[name] {
            self = action
            return
        }
        let units: Int? = if case .number(let units) = value["units"] { units } else { nil }
        let frame = value["frame"].flatMap { StreamModel.Frame($0) }
        switch (name, units, frame) {
        case ("Write", let units?, nil):
            guard 0...1 ~= units, case .flag(let isLast) = value["isLast"] else { return nil }
            self = .write(units: units, isLast: isLast)
        case ("Send", let units?, nil):
            guard 0...StreamModel.chunkMax ~= units else { return nil }
            self = .send(units: units)
        case ("Deliver", nil, let frame?): self = .deliver(frame)
        case ("Drop", nil, let frame?): self = .drop(frame)
        case ("Acknowledge", nil, let frame?): self = .acknowledge(frame)
        case ("Lose", nil, let frame?): self = .lose(frame)
        default: return nil
        }
    }

    /// Short, for tables of events: `Deliver bytes 0..<1 last`.
    package var description: String {
        switch self {
        case .write(let units, let isLast): "Write \(units)\(isLast ? " last" : "")"
        case .send(let units): "Send \(units)"
        case .deliver(let frame), .drop(let frame), .acknowledge(let frame), .lose(let frame): "\(name) \(frame)"
        default: name
        }
    }
}

extension StreamModel.Frame: CustomStringConvertible {
    package var description: String {
        switch kind {
        case .data(let start, let count, let isLast): "bytes \(start)..<\(start + count)\(isLast ? " last" : "")"
        case .reset(let size): "reset at \(size)"
        case .stop: "stop"
        case .limit(let limit): "limit \(limit)"
        }
    }
}
