import PlaitCore

/// Refuses the newcomer when the queue is full: by bytes, packets, or the time that the newcomer would wait.
final class DropTail: QueueDiscipline {
    let limit: QueueLimit
    let isManaged = false

    init(_ limit: QueueLimit) { self.limit = limit }

    func admits(length: Int, behind backlog: Backlog, now: Instant) -> Bool {
        switch limit {
        case .bytes(let most): Int64(backlog.bytes + length) <= most
        case .packets(let most): Int64(backlog.packets) < most
        case .delay(let most): !backlog.waits(longerThan: most)
        case .unlimited, .other: true
        }
    }

    func judge(_ head: QueueHead, before backlog: Backlog, now: Instant) -> QueueVerdict { .send }

    func becameEmpty(now: Instant) {}

    static let registration = QueueRegistration(
        signature: ModelSignature(
            name: "drop-tail",
            summary: "refuses the newcomer when the queue is full",
            parameters: [
                .init("delay", .interval, "the longest wait before a packet's own serialisation, at the present rate"),
                .init("bytes", .bytes, "the most UDP payload that may wait"),
                .init("packets", .packets, "the most packets that may wait"),
            ],
            shorthands: ["delay", "bytes", "packets"]
        )
    ) { choice, _ throws(ModelError) in
        switch (choice.interval("delay"), choice.bytes("bytes"), choice.packets("packets")) {
        case (let delay?, nil, nil): return DropTail(.delay(delay))
        case (nil, let bytes?, nil): return DropTail(.bytes(bytes))
        case (nil, nil, let packets?): return DropTail(.packets(packets))
        default: throw ModelError("write exactly one of `delay`, `bytes` and `packets`")
        }
    }
}
