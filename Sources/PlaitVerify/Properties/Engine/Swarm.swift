import PlaitCore

/// Which rules a run may use at all, and how likely each is: drawn once a run.
///
/// A run that uses everything seldom does one thing often enough to reach a corner; a run that leaves most things out
/// does (Groce et al., Swarm Testing, ISSTA 2012).
package struct Swarm: Hashable, Sendable {
    /// By rule; 0 is off.
    package let weights: [Int]

    /// At least one weight is above zero.
    package init(weights: [Int]) {
        precondition(weights.contains { $0 > 0 } && weights.allSatisfy { $0 >= 0 }, "a swarm without a rule")
        self.weights = weights
    }

    /// Everything is on, each as likely.
    package static func everything(_ count: Int) -> Swarm { Swarm(weights: Array(repeating: 1, count: count)) }

    /// One of `base`'s configurations: all of it in a quarter of the runs (the simplest); otherwise a third of the
    /// rules is off and the others are one, two or four times as likely. Rules in `always` stay on.
    ///
    /// It takes one choice, so that a case which needs no particular swarm shrinks to one with everything.
    package init(_ base: [Int], always: [Int] = [], _ choices: inout Choices) {
        let number = UInt64(choices.number(0...999_999))
        guard number >= 250_000 else {
            self.init(weights: base)
            return
        }
        let stream = RandomStream(seed: number, name: "swarm")
        let factors = [1, 1, 2, 4, 0, 0]
        var weights = base
        for rule in weights.indices {
            let factor = factors[Int(stream.draw(UInt64(rule)).uniform(below: UInt64(factors.count)))]
            weights[rule] *= factor == 0 && always.contains(rule) ? 1 : factor
        }
        self.init(weights: weights.contains { $0 > 0 } ? weights : base)
    }

    package func isOn(_ rule: Int) -> Bool { weights[rule] > 0 }

    /// The next rule to try. Chance takes one that is on; choices that are handed in may name any.
    package func rule(_ choices: inout Choices) -> Int { choices.weighted(weights) }
}
