import PlaitCore
import PlaitTransport

/// The time of all views made here.
let viewedAt = Instant(nanoseconds: 10_000_000_000)

extension PathView {
    /// A path without queue, jitter and loss that had its round trip measured and left slow start: 1,000 B packets.
    static func steady(_ slot: Int, roundTrip: Int64, window: Int = 10_000) -> PathView {
        var view = PathView(
            slot: slot,
            path: UInt32(slot),
            roundTrip: .milliseconds(roundTrip),
            window: window,
            packetSize: 1_000
        )
        view.roundTripVariation = .zero
        view.hasRoundTrip = true
        view.slowStartThreshold = window
        view.deliveredRate = Double(window) / Double(roundTrip) * 1_000
        return view
    }

    /// The same with its window full, the oldest packet having left so many milliseconds ago.
    func full(oldest milliseconds: Int64 = 0) -> PathView {
        var view = self
        view.bytesInFlight = window
        view.oldestSentAt = viewedAt - .milliseconds(milliseconds)
        view.hasRoom = false
        view.mayNow = false
        return view
    }

    /// The same with room, but held by pacing for so many milliseconds.
    func paced(_ milliseconds: Int64) -> PathView {
        var view = self
        view.sendTime = viewedAt + .milliseconds(milliseconds)
        view.mayNow = false
        return view
    }
}

extension PacketToSchedule {
    /// A full packet with so much behind it, itself included.
    static func next(queued: UInt64 = 1_000_000, credit: UInt64 = .max) -> PacketToSchedule {
        PacketToSchedule(bytes: 1_000, queuedBytes: queued, creditBytes: credit)
    }
}

extension Scheduler {
    /// One decision at `viewedAt`.
    mutating func choose(_ packet: PacketToSchedule = .next(), _ paths: [PathView]) -> SchedulerChoice {
        choose(for: packet, among: paths.span, now: viewedAt)
    }
}

/// A scheduler as a scenario names it.
func scheduler(_ name: String, paths: Int = 2) throws -> any Scheduler {
    guard let registration = Schedulers.standard[name] else { throw ModelError("no scheduler \(name)") }
    return try registration.make(ModelChoice(name), SchedulerContext(pathsMax: paths))
}

/// Those that send each packet once.
let singleCopySchedulers = ["min-rtt", "round-robin", "weighted-round-robin", "blest", "ecf", "earliest"]
