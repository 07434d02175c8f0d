package import PlaitCore

/// Lets everyone wait. A sender without congestion control can then delay its packets for as long as it sends.
package final class UnlimitedQueue: QueueDiscipline {
    package init() {}

    package var limit: QueueLimit { .unlimited }
    package var isManaged: Bool { false }

    package func admits(length: Int, behind backlog: Backlog, now: Instant) -> Bool { true }

    package func judge(_ head: QueueHead, before backlog: Backlog, now: Instant) -> QueueVerdict { .send }

    package func becameEmpty(now: Instant) {}

    static let registration = QueueRegistration(
        signature: ModelSignature(name: "unlimited", summary: "everyone may wait, however long")
    ) { _, _ in UnlimitedQueue() }
}
