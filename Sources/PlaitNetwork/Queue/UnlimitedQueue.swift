package import PlaitCore

/// Lets everyone wait. A sender without congestion control can then delay its packets for as long as it sends.
package final class UnlimitedQueue: QueueDiscipline {
    package init() {}

    package func admits(length: Int, behind backlog: Backlog, now: Instant) -> Bool { true }

    package func judge(_ head: QueueHead, before backlog: Backlog, now: Instant) -> QueueVerdict { .send }

    package func becameEmpty(now: Instant) {}

    package func setLimit(_ limit: Int64) {}

    static let registration = QueueRegistration(
        signature: ModelSignature(name: "unlimited", summary: "everyone may wait, however long")
    ) { _, _ in UnlimitedQueue() }
}
