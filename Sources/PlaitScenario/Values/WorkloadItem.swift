public import PlaitCore

/// Work that a client gives itself at some instant, over a connection to a server.
public struct WorkloadItem: Hashable, Sendable {
    /// What reports and `expect:` lines call it; unique.
    public var name: String
    public var origin: Origin
    /// Since the start of the run, on the client's clock.
    public var at: Interval
    public var client: HostID
    public var server: HostID
    /// Its connection uses only paths that leave the client by this link.
    public var over: LinkID?
    /// Its streams keep to the path that leaves the client by this link, as long as that works.
    public var path: LinkID?
    /// Work between the same hosts shares a connection; another name makes another one.
    public var connection: String?
    /// So many at once: each carries the whole size, or is a sequence of requests of its own.
    public var streams: Int64
    /// Of its streams: those of a lower one are served first.
    public var priority: Int64
    public var work: Work

    public init(
        name: String,
        origin: Origin = .none,
        at: Interval = .zero,
        client: HostID,
        server: HostID,
        over: LinkID? = nil,
        path: LinkID? = nil,
        connection: String? = nil,
        streams: Int64 = 1,
        priority: Int64 = 0,
        work: Work
    ) {
        self.name = name
        self.origin = origin
        self.at = at
        self.client = client
        self.server = server
        self.over = over
        self.path = path
        self.connection = connection
        self.streams = streams
        self.priority = priority
        self.work = work
    }

    /// What is done.
    public enum Work: Hashable, Sendable {
        /// The server sends so many bytes.
        case get(Amount)
        /// The client sends so many bytes.
        case put(Amount)
        case requests(RequestWork)
        case datagrams(DatagramWork)
    }
}

/// Requests one after the other, each answered before the next.
public struct RequestWork: Hashable, Sendable {
    public var request: Amount = .fixed(200)
    public var response: Amount
    /// Ends after so many; `nil` with a duration: as many as fit.
    public var count: Int64?
    /// No request starts later than this after the first.
    public var duration: Interval?
    /// Nanoseconds between an answer and the next request.
    public var think: Amount = .fixed(0)

    public init(response: Amount) { self.response = response }
}

/// Unreliable messages at a steady rate.
public struct DatagramWork: Hashable, Sendable {
    public var rate: Rate
    public var size: Amount = .fixed(1_000)
    /// Older ones are not sent any more, and count as late when they arrive; `nil`: never too old.
    public var deadline: Interval?
    public var count: Int64?
    /// `nil` without a count: until the run ends.
    public var duration: Interval?
    /// Whether the server sends them and not the client.
    public var fromServer = false

    /// How fast: messages or bits.
    public enum Rate: Hashable, Sendable {
        case messages(perThousandSeconds: Int64)
        case bits(PlaitCore.Rate)
    }

    public init(rate: Rate) { self.rate = rate }
}

/// A number of bytes or nanoseconds: always the same, or drawn anew each time.
public enum Amount: Hashable, Sendable {
    case fixed(Int64)
    /// Every whole number from the first to the second is as likely.
    case uniform(Int64, Int64)
    case exponential(mean: Int64)

    /// The most likely to be needed for sizing buffers: the value, the upper end or the mean.
    public var typical: Int64 {
        switch self {
        case .fixed(let value): value
        case .uniform(_, let last): last
        case .exponential(let mean): mean
        }
    }
}
