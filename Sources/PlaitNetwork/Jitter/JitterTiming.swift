import PlaitCore

/// When a jitter model draws: the parameters that all of them share, checked once.
enum JitterTiming {
    case perPacket
    case wandering(spacing: Interval, mayReorder: Bool)

    static let parameters: [ModelSignature.Parameter] = [
        .init(
            "every",
            .interval,
            "mean time between draws; 20 ms or 1.5 times the jitter's range, the longer, unless given"
        ),
        .init("per-packet", .flag, "draw for every packet; needs `reorder: true`"),
        .init("reorder", .flag, "packets may overtake each other"),
    ]

    /// Delays beyond any network would leave the range of the arithmetic.
    static func checkBounds(_ choice: ModelChoice) throws(ModelError) {
        for argument in choice.arguments {
            guard case .interval(let length) = argument.value else { continue }
            if length > .seconds(3_600) {
                throw ModelError(parameter: argument.name, "must not be longer than 1 h")
            }
            if argument.name == "every", length < .microseconds(1) {
                throw ModelError(
                    parameter: argument.name,
                    "must not be shorter than 1 us; `per-packet` draws each time"
                )
            }
        }
    }

    /// Reads `every`, `per-packet` and `reorder` from a jitter model's arguments.
    ///
    /// - Parameters:
    ///   - choice: The jitter model's arguments.
    ///   - range: The largest extra delay less the smallest, at the values drawn for knots.
    /// - Throws: `ModelError` when the arguments contradict each other.
    init(_ choice: ModelChoice, range: Interval) throws(ModelError) {
        let mayReorder = choice.flag("reorder")
        if choice.flag("per-packet") {
            guard mayReorder else {
                throw ModelError(
                    parameter: "per-packet",
                    "independent delays in order would inflate the mean; add `reorder: true`, or drop `per-packet`"
                )
            }
            guard choice["every"] == nil else {
                throw ModelError(parameter: "every", "`per-packet` draws at every packet; drop one of the two")
            }
            self = .perPacket
            return
        }
        let least = WanderingDelay.defaultSpacing(range: range)
        let spacing = choice.interval("every") ?? least
        guard spacing > .zero else { throw ModelError(parameter: "every", "must be longer than 0") }
        let floor = Interval(nanoseconds: range.nanoseconds + range.nanoseconds / 2)
        guard mayReorder || spacing >= floor else {
            throw ModelError(
                parameter: "every",
                "a delay that may change by \(range) would reorder packets if it were drawn every \(spacing); "
                    + "write every: \(floor) or more, or allow it with `reorder: true`"
            )
        }
        self = .wandering(spacing: spacing, mayReorder: mayReorder)
    }

    var mayReorder: Bool {
        switch self {
        case .perPacket: true
        case .wandering(_, let mayReorder): mayReorder
        }
    }
}

extension Interval {
    /// This length times `factor` / 10^9, rounded to the nearest nanosecond; for irrational factors of a distribution.
    func scaled(byBillionths factor: UInt64) -> Interval {
        let product = UInt64(nanoseconds).multipliedFullWidth(by: factor)
        let half = product.low.addingReportingOverflow(500_000_000)
        let high = product.high + (half.overflow ? 1 : 0)
        return Interval(nanoseconds: Int64(UInt64(1_000_000_000).dividingFullWidth((high, half.partialValue)).quotient))
    }
}
