package import PlaitCore
package import PlaitCrypto

/// Sees what a connection does, in plaintext: for qlog, key logs and checks. Ordinary endpoints have none.
package protocol ConnectionObserver: AnyObject {
    func packetSent(_ packet: ObservedPacket, payload: RawSpan, now: Instant)
    func packetReceived(_ packet: ObservedPacket, payload: RawSpan, now: Instant)
    /// A data packet was declared lost.
    func packetLost(path: PathID, number: UInt64, of connection: ConnectionHandle, now: Instant)
    /// Window, round trip or bytes in flight changed.
    func recoveryChanged(_ path: PathStatistics, of connection: ConnectionHandle, now: Instant)
    func lifeChanged(of connection: ConnectionHandle, to life: ConnectionLife, now: Instant)
    func pathChanged(_ event: PathEvent, of connection: ConnectionHandle, now: Instant)
    /// Whether it wants to be shown what a scheduler decided and why, which costs.
    var wantsDecisions: Bool { get }
    func scheduled(_ decision: SchedulingDecision, of connection: ConnectionHandle)
    /// A traffic secret was taken into use for packets that go to whoever chose `receiver`.
    func secretInstalled(receiver: ConnectionID, generation: UInt64, suite: Suite, secret: RawSpan)
}

extension ConnectionObserver {
    package func pathChanged(_ event: PathEvent, of connection: ConnectionHandle, now: Instant) {}
    package var wantsDecisions: Bool { false }
    package func scheduled(_ decision: SchedulingDecision, of connection: ConnectionHandle) {}
}

/// A data packet as an observer sees it. Handshake packets come before there is a connection, and are not shown.
package struct ObservedPacket: Hashable, Sendable {
    package let connection: ConnectionHandle
    /// Of the traffic key that protects it.
    package let generation: UInt64
    package let path: PathID
    package let number: UInt64
    /// Bytes of the whole datagram.
    package let length: Int

    package init(connection: ConnectionHandle, generation: UInt64, path: PathID, number: UInt64, length: Int) {
        self.connection = connection
        self.generation = generation
        self.path = path
        self.number = number
        self.length = length
    }
}
