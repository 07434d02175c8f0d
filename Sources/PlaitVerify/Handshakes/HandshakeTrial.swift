package import PlaitCore
import PlaitReport
package import PlaitRun
package import PlaitScenario

/// Under which conditions handshakes are timed.
package struct HandshakeCase: Hashable, Sendable {
    package let mode: HandshakeKind
    /// Of each direction, independently.
    package let lossPercent: UInt32

    package init(_ mode: HandshakeKind, lossPercent: UInt32) {
        self.mode = mode
        self.lossPercent = lossPercent
    }

    package static let roundTrip = Interval.milliseconds(100)

    package var name: String { "\(mode.rawValue) at \(lossPercent) %" }

    /// A client that connects once and asks for a thousand bytes, over a link that loses packets both ways.
    package func scenario(seed: UInt64) -> Scenario {
        var direction = DirectionDescription(
            rate: .megabits(100),
            delay: Interval(nanoseconds: Self.roundTrip.nanoseconds / 2)
        )
        if lossPercent > 0 {
            let chance = ParameterValue.probability(.percent(lossPercent))
            direction.loss = ChosenModel(ModelChoice("independent", [.init("probability", chance)]))
        }
        var transport = TransportDescription()
        transport.handshake = mode
        return Scenario(
            name: "handshake-\(mode.rawValue)-\(lossPercent)",
            summary: "one handshake at \(lossPercent) % loss each way and a round trip of \(Self.roundTrip)",
            seed: seed,
            stop: StopConditions(time: .seconds(60), whenQuiet: true),
            interval: .seconds(10),
            hosts: [HostDescription(name: "client"), HostDescription(name: "server")],
            links: [
                LinkDescription(
                    name: "link",
                    first: HostID(0),
                    second: HostID(1),
                    forward: direction,
                    backward: direction
                )
            ],
            transport: transport,
            workload: [
                WorkloadItem(name: "get", client: HostID(0), server: HostID(1), work: .get(.fixed(1_000)))
            ]
        )
    }
}

/// What became of one handshake.
package struct HandshakeOutcome: Sendable {
    package let seed: UInt64
    /// From the client's first packet until each end knew that both have keys; nil when that never came.
    package var client: Interval?
    package var server: Interval?
    /// Until the client read the first byte of the answer.
    package var answer: Interval?
    /// What kept the run from being a fair one, in words.
    package var failure: String?

    /// Until both ends had keys.
    package var both: Interval? {
        guard let client, let server else { return nil }
        return max(client, server)
    }

    /// Times one handshake.
    package static func perform(
        _ conditions: HandshakeCase,
        seed: UInt64,
        _ registry: Registry,
        _ distributions: Distributions
    ) -> HandshakeOutcome {
        var timing = HandshakeOutcome(seed: seed)
        let blueprint: Blueprint
        do throws(BlueprintErrors) {
            blueprint = try Blueprint(
                conditions.scenario(seed: seed),
                registry: registry,
                distributions: distributions
            )
        } catch {
            timing.failure = error.errors.map(\.message).joined(separator: "; ")
            return timing
        }
        let outcome = Execution(blueprint, checksLaws: true, checksInvariants: true).run()
        if outcome.workFailureCount + outcome.violationCount > 0 { timing.failure = "bytes or laws are wrong" }
        guard let work = outcome.summary.work, let client = work.connections.first(where: \.isClient) else {
            timing.failure = "nobody connected"
            return timing
        }
        // Only the first attempt counts: an application that tries again does not mend the handshake.
        timing.client = client.handshake
        guard timing.client != nil else { return timing }
        if let server = work.connections.first(where: { !$0.isClient }), !server.established.isNever {
            timing.server = server.established - client.began
        }
        if let answer = work.exchanges.first?.firstByte, !answer.isNever { timing.answer = answer - client.began }
        return timing
    }
}
