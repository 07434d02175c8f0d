package import PlaitCore
package import PlaitRun
import PlaitScenario

/// Many handshakes under each of several conditions, held against the targets.
package struct HandshakeCampaign: Sendable {
    package let seeds: ClosedRange<UInt64>
    package let results: [Result]

    /// All handshakes under one condition.
    package struct Result: Sendable {
        package let conditions: HandshakeCase
        /// In the order of the seeds.
        package let outcomes: [HandshakeOutcome]

        init(_ conditions: HandshakeCase, _ outcomes: [HandshakeOutcome]) {
            self.conditions = conditions
            self.outcomes = outcomes
        }

        /// Both ends had keys in time, in seeds.
        package var inTime: Int { outcomes.count { $0.both.map { $0 <= HandshakeCampaign.patience } ?? false } }

        /// The shortest time that so many of a thousand do not exceed; nil when more than the rest never came.
        package func quantile(perMille: Int, _ time: (HandshakeOutcome) -> Interval?) -> Interval? {
            let sorted = outcomes.map { time($0)?.nanoseconds ?? .max }.sorted()
            let rank = max(1, (sorted.count * perMille + 999) / 1_000)
            let value = sorted[rank - 1]
            return value == .max ? nil : Interval(nanoseconds: value)
        }
    }

    /// Something that a condition must show, and whether it does.
    package struct Target: Sendable {
        package let text: String
        package let measured: String
        package let isMet: Bool
    }

    package static let patience = Interval.seconds(10)

    package var failures: [(HandshakeCase, HandshakeOutcome)] {
        results.flatMap { result in result.outcomes.filter { $0.failure != nil }.map { (result.conditions, $0) } }
    }

    package var holds: Bool { failures.isEmpty && results.allSatisfy { $0.targets.allSatisfy(\.isMet) } }

    /// The conditions that the targets speak of.
    package static let conditions: [HandshakeCase] = [0, 10, 30].flatMap { loss in
        [HandshakeCase(.ik, lossPercent: loss), HandshakeCase(.xx, lossPercent: loss)]
    }

    /// Runs all conditions over all seeds; those without loss once, since nothing there is random. Nil when `progress`
    /// said no.
    package static func run(
        _ seeds: ClosedRange<UInt64>,
        workers: Int,
        registry: Registry,
        distributions: Distributions,
        progress: @escaping @Sendable (_ condition: Int, _ done: Int) -> Bool = { _, _ in true }
    ) -> HandshakeCampaign? {
        var results: [Result] = []
        for (index, conditions) in conditions.enumerated() {
            let own = conditions.lossPercent == 0 ? seeds.lowerBound...seeds.lowerBound : seeds
            let outcomes = SeedPool.map(own, workers: workers, progress: { progress(index, $0) }) { seed in
                HandshakeOutcome.perform(conditions, seed: seed, registry, distributions)
            }
            guard let outcomes else { return nil }
            results.append(Result(conditions, outcomes))
        }
        return HandshakeCampaign(seeds: seeds, results: results)
    }
}

extension HandshakeCampaign.Result {
    /// What is asked of this condition.
    package var targets: [HandshakeCampaign.Target] {
        conditions.lossPercent == 0 ? targetsWithoutLoss : targetsUnderLoss
    }

    /// After one round trip the client has keys and sends; the server's answer comes back after the next.
    private var targetsWithoutLoss: [HandshakeCampaign.Target] {
        let (one, slack) = (HandshakeCase.roundTrip, Interval.milliseconds(1))
        let (first, answer) = (outcomes[0].client, outcomes[0].answer)
        return [
            HandshakeCampaign.Target(
                text: "the client may send after one round trip (\(one) + \(slack))",
                measured: Self.words(first),
                isMet: first.map { $0 <= one + slack } ?? false
            ),
            HandshakeCampaign.Target(
                text: "and reads the first answer after two (\(2 * one) + \(slack))",
                measured: Self.words(answer),
                isMet: answer.map { $0 <= 2 * one + slack } ?? false
            ),
        ]
    }

    private var targetsUnderLoss: [HandshakeCampaign.Target] {
        let leastPerMille = conditions.lossPercent <= 10 ? 999 : 980
        var targets = [
            HandshakeCampaign.Target(
                text: "both ends hold keys within \(HandshakeCampaign.patience) in >= \(leastPerMille) of 1,000",
                measured: "\(inTime) of \(outcomes.count)",
                isMet: inTime * 1_000 >= leastPerMille * outcomes.count
            )
        ]
        if conditions.lossPercent <= 10 {
            let slow = quantile(perMille: 990, \.both)
            targets.append(
                HandshakeCampaign.Target(
                    text: "99 of 100 within 3.3 s",
                    measured: Self.words(slow),
                    isMet: slow.map { $0 <= .milliseconds(3_300) } ?? false
                )
            )
        }
        return targets
    }

    private static func words(_ time: Interval?) -> String { time?.description ?? "never" }
}
