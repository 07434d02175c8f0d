import PlaitCore

/// Refuses the newcomer when the queue is full: by bytes, packets, or the time that the newcomer would wait.
final class DropTail: QueueDiscipline {
    enum Bound { case bytes, packets, delay }

    private let bound: Bound
    private var limit: Int64

    init(_ bound: Bound, limit: Int64) {
        self.bound = bound
        self.limit = limit
    }

    func admits(length: Int, behind backlog: Backlog, now: Instant) -> Bool {
        switch bound {
        case .bytes: Int64(backlog.bytes + length) <= limit
        case .packets: Int64(backlog.packets) < limit
        case .delay: !backlog.waits(longerThan: Interval(nanoseconds: limit))
        }
    }

    func judge(_ head: QueueHead, before backlog: Backlog, now: Instant) -> QueueVerdict { .send }

    func becameEmpty(now: Instant) {}

    func setLimit(_ limit: Int64) { self.limit = limit }

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
        case (let delay?, nil, nil): return DropTail(.delay, limit: delay.nanoseconds)
        case (nil, let bytes?, nil): return DropTail(.bytes, limit: bytes)
        case (nil, nil, let packets?): return DropTail(.packets, limit: packets)
        default: throw ModelError("write exactly one of `delay`, `bytes` and `packets`")
        }
    }
}
