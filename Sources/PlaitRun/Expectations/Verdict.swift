import PlaitCore
import PlaitReport
package import PlaitScenario

/// Whether a run showed what an `expect:` line asked for.
package struct Verdict: Hashable, Sendable {
    package let expectation: Expectation
    package let result: Result

    /// How an expectation came out, with what was found.
    package enum Result: Hashable, Sendable {
        case holds(found: String)
        case fails(found: String)
        /// What it speaks of did not happen. A failure: nothing was shown.
        case neverExercised(String)
        /// There is no such metric, or it is measured in another unit.
        case unusable(String)
    }

    package var holds: Bool {
        if case .holds = result { true } else { false }
    }

    static func of(_ scenario: Scenario, _ metrics: Metrics) -> [Verdict] {
        scenario.expectations.map { Verdict(expectation: $0, result: judge($0, metrics)) }
    }

    private static func judge(_ expectation: Expectation, _ metrics: Metrics) -> Result {
        guard let value = metrics.value(expectation.metric) else {
            return .unusable("there is no metric called '\(expectation.metric.joined(separator: "."))'")
        }
        if case .neverExercised(let why) = value { return .neverExercised(why) }
        let (comparison, bound): (Comparison, ParameterValue) =
            switch expectation.condition {
            case .compare(let comparison, let bound): (comparison, bound)
            case .within(let interval): (.atMost, .interval(interval))
            }
        guard let order = compare(value, bound) else {
            return .unusable("\(value.wording) cannot be compared with a value in another unit")
        }
        return comparison.accepts(order) ? .holds(found: value.wording) : .fails(found: value.wording)
    }

    /// -1, 0 or 1; exact.
    private static func compare(_ value: Metrics.Value, _ bound: ParameterValue) -> Int? {
        switch (value, bound) {
        // Nothing is nothing in every unit.
        case (.bytes(let count), .integer(0)): return sign(count, 0)
        case (.share(let part, _), .integer(0)): return sign(part, 0)
        case (.rate(let rate), .integer(0)): return sign(rate, 0)
        case (.time(let time), .integer(0)): return sign(time, .zero)
        case (.packets(let count), .packets(let most)), (.packets(let count), .integer(let most)):
            return most < 0 ? 1 : sign(count, UInt64(most))
        case (.count(let count), .integer(let most)), (.bytes(let count), .bytes(let most)):
            return most < 0 ? 1 : sign(count, UInt64(most))
        case (.share(let part, let whole), .probability(let chance)):
            let left = part.multipliedFullWidth(by: 1_000_000_000)
            let right = whole.multipliedFullWidth(by: UInt64(chance.partsPerBillion))
            return left.high == right.high ? sign(left.low, right.low) : sign(left.high, right.high)
        case (.rate(let rate), .rate(let most)): return sign(UInt64(max(0, rate)), most.bitsPerSecond)
        case (.time(let time), .interval(let most)): return sign(time, most)
        default: return nil
        }
    }

    private static func sign<Value: Comparable>(_ a: Value, _ b: Value) -> Int { a < b ? -1 : a == b ? 0 : 1 }
}

extension Comparison {
    fileprivate func accepts(_ order: Int) -> Bool {
        switch self {
        case .less: order < 0
        case .atMost: order <= 0
        case .equal: order == 0
        case .notEqual: order != 0
        case .atLeast: order >= 0
        case .greater: order > 0
        }
    }
}

extension Metrics.Value {
    /// As a person reads it.
    var wording: String {
        switch self {
        case .packets(let count): "\(count) packets"
        case .count(let count): String(count)
        case .bytes(let count): "\(count) B"
        case .share(let part, let whole): Self.percent(part, of: whole)
        case .rate(let rate): ChangedValue.rate(UInt64(max(0, rate)))
        case .time(let time): time.description
        case .neverExercised(let why): why
        }
    }

    /// With two places, rounded down.
    private static func percent(_ part: UInt64, of whole: UInt64) -> String {
        guard whole > 0 else { return "0 %" }
        let product = part.multipliedFullWidth(by: 10_000)
        let hundredths = whole.dividingFullWidth((product.high % whole, product.low)).quotient
        let places = hundredths % 100
        return "\(hundredths / 100).\(places < 10 ? "0" : "")\(places) %"
    }
}
