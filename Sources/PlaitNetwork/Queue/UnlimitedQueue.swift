import PlaitCore

/// Lets everyone wait. A sender without congestion control can then delay its packets for as long as it sends.
final class UnlimitedQueue: QueueDiscipline {
    func admits(length: Int, behind backlog: Backlog, now: Instant) -> Bool { true }

    func judge(_ head: QueueHead, before backlog: Backlog, now: Instant) -> QueueVerdict { .send }

    func becameEmpty(now: Instant) {}

    func setLimit(_ limit: Int64) {}

    static let registration = QueueRegistration(
        signature: ModelSignature(name: "unlimited", summary: "everyone may wait, however long")
    ) { _, _ in UnlimitedQueue() }
}
