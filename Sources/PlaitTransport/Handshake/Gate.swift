package import PlaitCore
package import PlaitCrypto

/// In front of a server's connections: decides about every initiation, and owns the handshakes that are half open.
///
///     initiation ──▶ too short, another version, malformed ──▶ dropped, or refused without state
///                ──▶ seen before from there ──▶ its responder answers again
///                ──▶ cookie valid, or few wait ──▶ a responder: X25519
///                ──▶ many wait, no valid cookie ──▶ a cookie: one keyed code, no state, no allocation, no X25519
///
/// An initiation that was let in without a cookie takes one of `halfOpenMax` places until its connection begins, or for
/// as long as a handshake may take, even if it could not be read: else a flood of unreadable ones would cost a key
/// agreement each. Who shows a valid cookie is let in beyond that, up to `respondersMax`, the oldest making room.
package struct Gate: ~Copyable {
    let configuration: HandshakeConfiguration
    /// The suites that this machine can compute.
    let suites: [Suite]
    var cookies: CookieKeys
    var responders: Table<Responder>
    /// Until when each initiation that could not be read takes a place; in order of time.
    var spent: RingBuffer<Instant>
    /// Answers that need no state: cookies and refusals. Short, because a driver sends after every receive.
    var stateless: RingBuffer<StatelessReply>
    /// Not later than the earliest of the responders; exact after `deadlineReached`.
    private var wakeAt: Instant
    package internal(set) var counters: GateCounters

    /// `storage` is where the cookies' keys lie; `.heap` for gates by the thousand, none of which guards anything.
    package init(
        _ configuration: HandshakeConfiguration,
        secrets: inout SecretStream,
        storage: SecretStorage = .guarded,
        now: Instant
    ) {
        let available = configuration.availableSuites
        precondition(!available.isEmpty, "none of the configured suites can be computed on this machine")
        // Nothing of `self` is read here before all of it is set: optimised, Swift 6.3.1 destroys it first.
        self.configuration = configuration
        suites = available
        cookies = CookieKeys(
            lifetime: configuration.timing.cookieLifetime,
            secrets: &secrets,
            storage: storage,
            now: now
        )
        responders = Table(capacity: 4)
        spent = RingBuffer(capacity: configuration.halfOpenMax)
        stateless = RingBuffer(capacity: Self.statelessMax)
        wakeAt = .never
        counters = GateCounters()
        due = 0
    }

    static let statelessMax = 64

    /// Beyond this many, cookie or not, a new one takes the place of the oldest.
    var respondersMax: Int { 8 * configuration.halfOpenMax }

    /// How many places are taken.
    package var waiting: Int { responders.count + spent.count }

    /// When `deadlineReached` is due, or `never`.
    package var deadline: Instant { min(wakeAt, spent.isEmpty ? .never : spent[0]) }

    /// Time passed: messages are due again, and what waited too long is forgotten. Waking early is harmless.
    package mutating func deadlineReached(now: Instant) {
        while !spent.isEmpty, spent[0] <= now { _ = spent.popFirst() }
        guard wakeAt <= now else { return }
        wakeAt = .never
        var index = 0
        while index < responders.count {
            if responders[index].deadlineReached(now: now) {
                wakeAt = min(wakeAt, responders[index].deadline)
                index += 1
            } else {
                counters.expired += 1
                #if Mutants
                    if Mutant.isPlanted(.halfOpenKept) {
                        index += 1
                        continue
                    }
                #endif
                remove(at: index)
            }
        }
        recountDue()
    }

    /// How many responders have a reply that may go out. Most calls of `nextTransmit` find none, and look no further.
    private var due: Int

    mutating func recountDue() {
        due = 0
        for index in responders.indices where responders[index].isDue { due += 1 }
    }

    /// Writes the next datagram that is due; nil if none is.
    package mutating func nextTransmit(into buffer: inout MutableRawSpan, now: Instant) -> GateTransmit? {
        if let reply = stateless.popFirst() {
            return GateTransmit(length: write(reply, into: &buffer), remote: reply.remote, local: reply.local)
        }
        guard due > 0 else { return nil }
        for index in responders.indices {
            guard let length = responders[index].nextTransmit(into: &buffer, now: now) else { continue }
            due -= 1
            wakeAt = min(wakeAt, responders[index].deadline)
            counters.replies += 1
            return GateTransmit(length: length, remote: responders[index].key.remote, local: responders[index].local)
        }
        preconditionFailure("a reply was counted as due that is not")
    }

    /// Whether a packet addressed to `id` may be the first of a connection.
    package func holdsKeys(for id: ConnectionID) -> Bool {
        guard let index = index(of: id) else { return false }
        return responders[index].hasResult
    }

    /// The keys of the handshake that gave out `id`, once. After XX it is over for the gate; after IK it repeats its
    /// reply until `confirmed`.
    package mutating func takeResult(of id: ConnectionID) -> HandshakeResult? {
        guard let index = index(of: id) else { return nil }
        let result = responders[index].takeResult()
        if responders[index].isConfirmed { forget(index) }
        return result
    }

    /// A packet opened under the keys that `id` stands for: the client has them, and nothing is repeated any more.
    package mutating func confirmed(_ id: ConnectionID) {
        guard let index = index(of: id) else { return }
        forget(index)
    }

    private mutating func forget(_ index: Int) {
        counters.established += 1
        remove(at: index)
        recountDue()
    }

    func index(of id: ConnectionID) -> Int? {
        for index in responders.indices where responders[index].localID == id { return index }
        return nil
    }

    mutating func add(_ responder: consuming Responder) {
        wakeAt = min(wakeAt, responder.deadline)
        responders.append(responder)
        recountDue()
    }

    /// The last one takes its place.
    mutating func remove(at index: Int) {
        guard let last = responders.popLast() else { preconditionFailure("nobody waits") }
        if index < responders.count { responders[index] = last }
    }
}

/// A datagram that the gate wrote, and its way.
package struct GateTransmit: Hashable, Sendable {
    package let length: Int
    package let remote: SocketAddress
    package let local: SocketAddress
}

/// What a packet did to the handshakes at a server.
package enum GateEvent: Hashable, Sendable {
    case nothing
    /// Message 3 verified: the keys of this id are there to be taken.
    case established(ConnectionID)
}

/// What happened at a gate so far.
package struct GateCounters: Hashable, Sendable {
    /// Initiations of sufficient length.
    package var initiations: UInt64 = 0
    /// Initiations below 1,200 bytes: dropped unread.
    package var tooShort: UInt64 = 0
    /// Packets that break a rule of the wire format or of the offer.
    package var malformed: UInt64 = 0
    /// Initiations of a handshake that waits already.
    package var repeated: UInt64 = 0
    package var cookiesSent: UInt64 = 0
    package var cookiesAccepted: UInt64 = 0
    /// Keyed codes computed for cookies.
    package var codes: UInt64 = 0
    /// Initiations on which X25519 was spent.
    package var begun: UInt64 = 0
    /// X25519 agreements.
    package var exchanges: UInt64 = 0
    /// Initiations whose Noise message did not verify.
    package var unreadable: UInt64 = 0
    /// Third messages that did not verify.
    package var unverified: UInt64 = 0
    /// Authentic clients whose parameters break a rule.
    package var violations: UInt64 = 0
    package var refusals: UInt64 = 0
    /// Replies sent, repeated ones included.
    package var replies: UInt64 = 0
    package var established: UInt64 = 0
    package var expired: UInt64 = 0
    /// Half-open handshakes that made room for one with a valid cookie.
    package var evicted: UInt64 = 0
    /// Stateless answers that found no room because nobody sent the ones before.
    package var overflown: UInt64 = 0

    package init() {}
}

/// An answer that is made from the packet alone.
struct StatelessReply: BitwiseCopyable {
    enum Content: BitwiseCopyable {
        case cookie(Cookie)
        case refusal(HandshakeRefusal)
    }

    let content: Content
    let version: UInt32
    let destination: ConnectionID
    let remote: SocketAddress
    let local: SocketAddress
}
