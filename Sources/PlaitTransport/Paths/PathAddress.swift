import PlaitCore

/// Where the packets of a path go, and whether who is there has shown that it receives them.
///
/// Whoever claims to be somewhere may lie, to have a flood sent there: until a challenge was answered from an address,
/// no more than three times of what came from it goes to it (RFC 9000, section 8). When a translator moves the peer,
/// packets follow it at once within that limit; if the new place does not answer, they go back to the one that did.
struct PathAddress: BitwiseCopyable {
    private(set) var remote: SocketAddress
    /// The last one that answered a challenge, while another is tried.
    private var proven: SocketAddress?
    private(set) var isProven: Bool
    /// Since the address is tried.
    private var bytesReceived: UInt64 = 0
    private var bytesSent: UInt64 = 0
    /// When a trial is given up.
    private(set) var deadline = Instant.never
    /// When the next challenge is due, and what the last ones were: 0 stands for none.
    private(set) var challengeAt = Instant.never
    private var tokens: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    /// Which of them went in packets shorter than a full one, the lowest bit for the last.
    private var shortTokens: UInt8 = 0

    init(_ remote: SocketAddress, isProven: Bool) {
        self.remote = remote
        self.isProven = isProven
    }

    /// Whether it is another one than the path began with, and on trial.
    var hasMoved: Bool { !isProven && !(deadline.isNever && challengeAt.isNever) }

    /// Whether it is another host's or network's than that which answered last, and not only another port.
    var isElsewhere: Bool { proven.map { $0.interface != remote.interface } ?? false }

    /// Whether so many bytes may go there.
    func allows(_ bytes: Int) -> Bool { isProven || bytesSent + UInt64(bytes) <= 3 * bytesReceived }

    /// How many bytes may go there.
    var allowance: Int { isProven ? .max : Int(3 * bytesReceived) - Int(min(bytesSent, 3 * bytesReceived)) }

    mutating func sent(_ bytes: Int) {
        if !isProven { bytesSent += UInt64(bytes) }
    }

    mutating func received(_ bytes: Int) {
        if !isProven { bytesReceived += UInt64(bytes) }
    }

    /// The newest packet of the path came from elsewhere, and the new place has to be challenged.
    mutating func move(to remote: SocketAddress, until deadline: Instant, now: Instant) {
        if isProven { proven = self.remote }
        if remote == proven {
            // Back where it answered before: nothing to be tried.
            return goBack()
        }
        self.remote = remote
        isProven = false
        bytesReceived = 0
        bytesSent = 0
        self.deadline = deadline
        challengeAt = now
        tokens = (0, 0, 0, 0)
    }

    /// The present address was challenged, and will be again if it does not answer.
    mutating func challenged(with token: UInt64, isFull: Bool, again time: Instant) {
        tokens = (token, tokens.0, tokens.1, tokens.2)
        shortTokens = shortTokens << 1 & 0b1111 | (isFull ? 0 : 1)
        challengeAt = time
    }

    /// Answers whether the token proves the present address.
    ///
    /// What answered a short packet is asked once more with a full one, until `deadline` (RFC 9000, 8.2.1).
    mutating func answered(_ token: UInt64, until deadline: Instant, now: Instant) -> Bool {
        guard token != 0, let place = place(of: token) else { return false }
        let (wasProven, wasShort) = (isProven, shortTokens >> place & 1 != 0)
        prove()
        guard !wasProven else { return false }
        if wasShort {
            self.deadline = deadline
            challengeAt = now
        }
        return true
    }

    private func place(of token: UInt64) -> UInt8? {
        if token == tokens.0 { return 0 }
        if token == tokens.1 { return 1 }
        if token == tokens.2 { return 2 }
        return token == tokens.3 ? 3 : nil
    }

    private mutating func prove() {
        isProven = true
        proven = nil
        deadline = .never
        challengeAt = .never
        tokens = (0, 0, 0, 0)
    }

    /// Answers whether packets go elsewhere from now on.
    mutating func deadlineReached(now: Instant) -> Bool {
        guard now >= deadline else { return false }
        guard !isProven else {
            // If full packets do not reach it, recovery will find the path dead.
            prove()
            return false
        }
        deadline = .never
        // With nowhere to go back to, it is asked on.
        guard proven != nil else { return false }
        goBack()
        return true
    }

    private mutating func goBack() {
        guard let proven else { return }
        remote = proven
        prove()
    }
}
