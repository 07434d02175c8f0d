package import PlaitCore

/// Two links of the ladder of presets, what is fetched over them, and how much the receiver can hold: a row of the
/// table.
package struct PairRow: Hashable, Sendable {
    /// Presets, in the order of the ladder. The handshake of a connection over both goes by the first.
    package let first: String
    package let second: String
    package let work: Work
    package let buffer: Buffer

    /// What is fetched.
    package enum Work: String, CaseIterable, Sendable {
        /// One transfer.
        case bulk
        /// Requests, one after the other, each answered by 100 kB.
        case objects
    }

    /// The window of the stream and of the connection, from the beginning.
    package enum Buffer: String, CaseIterable, Sendable {
        /// More than twice the summed rates over the longest round trip on any pair (RFC 6182, 4.2): never in the way.
        case large
        /// What TCP has without window scaling: a packet that is late on a slow path stops the fast one.
        case small

        package var bytes: Int64 { self == .large ? 24_000_000 : 64_000 }
    }

    package init(_ first: String, _ second: String, _ work: Work, _ buffer: Buffer) {
        self.first = first
        self.second = second
        self.work = work
        self.buffer = buffer
    }

    /// The presets from good to bad.
    package static let ladder = [
        "good-wifi", "congested-wifi", "weak-4g", "slow-3g", "congested-cellular", "very-bad-cellular", "satellite",
        "barely-usable", "absurd",
    ]

    /// The pairs of the ladder, each for every work and buffer: rows of one table stand together.
    package static let all: [PairRow] = Work.allCases.flatMap { work in
        Buffer.allCases.flatMap { buffer in
            ladder.indices.flatMap { place in
                ladder[(place + 1)...].map { PairRow(ladder[place], $0, work, buffer) }
            }
        }
    }

    /// `good-wifi+weak-4g`
    package var pair: String { "\(first)+\(second)" }
    /// `good-wifi+weak-4g-bulk-small`
    package var name: String { "\(pair)-\(work)-\(buffer)" }

    // MARK: What is run

    /// So long at the summed rate would a transfer last if nothing were lost.
    package static let seconds: UInt64 = 20
    /// No transfer is larger: what is lost, and not the rate, bounds the fast links, and their transfers last for
    /// hundreds of round trips nevertheless.
    package static let bytesMax: UInt64 = 25_000_000
    /// As many objects as make up a transfer, within these bounds.
    package static let objects: ClosedRange<UInt64> = 20...50
    package static let objectBytes: UInt64 = 100_000

    /// Of the one transfer.
    package static func bytes(rates: [Rate]) -> UInt64 {
        min(rates.reduce(0) { $0 + $1.bitsPerSecond } / 8 * seconds, bytesMax)
    }

    /// How many objects are fetched instead.
    package static func count(rates: [Rate]) -> UInt64 {
        min(max(bytes(rates: rates) / objectBytes, objects.lowerBound), objects.upperBound)
    }

    /// A scenario file: which scheduler, or which path alone, is laid over it.
    package func text(rates: [Rate]) -> String {
        let fetch =
            switch work {
            case .bulk: "get: \(Self.bytes(rates: rates)) B"
            case .objects: "requests: {response: \(Self.objectBytes) B, count: \(Self.count(rates: rates))}"
            }
        let window = "\(buffer.bytes) B"
        return """
            name: \(first)-\(second)-\(work)-\(buffer)
            summary: \(work) over \(first) and \(second), \(buffer) receive buffer
            stop: {time: \(Self.patience.nanoseconds / 1_000_000_000) s, quiet: true}
            interval: 60 s
            hosts: {client: {}, server: {}}
            links:
              first: {between: [client, server], preset: \(first)}
              second: {between: [client, server], preset: \(second)}
            transport:
              idle-timeout: 600 s
              handshake-timeout: {give-up: 600 s}
              windows: {stream: \(window), connection: \(window), stream-max: \(window), connection-max: \(window)}
            workload:
              - client: {\(fetch)}

            """
    }

    /// Virtual time after which a transfer is taken to need that long.
    package static let patience = Interval.seconds(7_200)
}

/// Who fetches: over both links with a scheduler, or over one link alone.
package enum PairContender: Hashable, Sendable {
    case scheduler(String)
    case firstAlone
    case secondAlone

    /// `--set` of `plait run`.
    package var override: String {
        switch self {
        case .scheduler(let name): "transport.scheduler=\(name)"
        case .firstAlone: "transport.paths=[{over: first}]"
        case .secondAlone: "transport.paths=[{over: second}]"
        }
    }
}
