package import PlaitCore
package import PlaitNetwork

/// The network a simulation begins with. Hosts and links are named by their place here.
package struct NetworkPlan {
    package var hosts: [HostPlan] = []
    package var links: [LinkPlan] = []
    package var seed: UInt64 = 1
    /// Bytes of the longest datagram that any endpoint sends.
    package var largestPacket = 1_500

    package init() {}
}

/// A host as the scenario asks for it.
package struct HostPlan: Sendable {
    package var name: String
    package var forwards = false
    /// Parts per billion by which the clock runs fast.
    package var drift: Int64 = 0
    /// What the wall clock shows at the start.
    package var wallOffset: Interval = .zero
    /// Bytes that wait for a paused host; what arrives beyond is lost.
    package var receiveBuffer = 212_992

    package init(name: String) { self.name = name }
}

/// A link between two hosts, both directions of it, as the scenario asks for it.
package struct LinkPlan {
    package var name: String
    package var from: HostID
    package var to: HostID
    package var forward: LinkConfiguration
    package var backward: LinkConfiguration

    package init(name: String, from: HostID, to: HostID, forward: LinkConfiguration, backward: LinkConfiguration) {
        self.name = name
        self.from = from
        self.to = to
        self.forward = forward
        self.backward = backward
    }
}
