import PlaitCore
import PlaitNetwork
import PlaitSimulator

/// A world whose every instant can be said in advance: 8 Mbps and 10 ms, packets of 1,000 bytes, 1 ms each on the wire.
enum Clockwork {
    static var way: World.Way {
        var way = World.Way()
        (way.rate, way.delay) = (.megabits(8), .milliseconds(10))
        return way
    }

    /// A packet every `gap` microseconds from `a` to `b`, the first at 0, the last before 40 ms.
    static func world(gap: Int64 = 2_000) -> World {
        var world = World(way)
        world.flows = [flow(gap: gap)]
        world.stop.time = .start + .milliseconds(100)
        return world
    }

    static func flow(gap: Int64 = 2_000, from: Int = 0, to: Int = 1) -> World.Flow {
        let frequency = ParameterValue.frequency(perThousandSeconds: 1_000_000_000 / gap)
        var flow = World.Flow(traffic: ModelChoice("constant", [.init("frequency", frequency)]), from: from, to: to)
        flow.size = .fixed(1_000)
        flow.stop = .start + .milliseconds(40)
        return flow
    }

    /// A source of `bytes` that waits for acknowledgements.
    static func closedLoop(bytes: Int64) -> World.Flow {
        var flow = World.Flow(traffic: ModelChoice("closed-loop", [.init("bytes", .bytes(bytes))]), from: 0, to: 1)
        flow.size = .fixed(1_000)
        return flow
    }
}

extension Interval {
    /// A decimal number of milliseconds, to the microsecond.
    static func ms(_ value: Double) -> Interval { .microseconds(Int64((value * 1_000).rounded())) }
}

/// Decimal numbers of milliseconds, to the microsecond.
func ms(_ values: Double...) -> [Interval] { values.map(Interval.ms) }

/// From `first` to `last` every `step`, in milliseconds.
func ms(from first: Double, through last: Double, by step: Double) -> [Interval] {
    stride(from: first, through: last + 1e-9, by: step).map(Interval.ms)
}
