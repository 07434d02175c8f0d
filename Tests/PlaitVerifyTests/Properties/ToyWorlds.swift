import PlaitVerify

/// A counter with a planted bug: it is wrong once it was raised, in at least two steps, to 10 or more.
struct ToyCounter: StatefulWorld, ~Copyable {
    static let rules = ["raise", "clear", "nothing"]
    private var value: Int64 = 0
    private var raises = 0

    init(_ choices: inout Choices, swarm: Swarm) { _ = choices.number(0...99) }

    mutating func attempt(_ rule: Int, _ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        switch rule {
        case 0:
            let more = choices.number(0...9)
            _ = choices.number(0...1_000)
            value += more
            raises += 1
            record.event("raised by \(more)")
        case 1:
            guard raises > 0 else { return .notAllowed }
            value = 0
            raises = 0
        default: _ = choices.number(0...50)
        }
        return .accepted
    }

    mutating func check(_ record: inout RunRecord) {
        if value >= 10, raises >= 2 { record.fail("toy.bound", "the counter is at \(value)") }
        record.score("value", value)
    }

    mutating func heal(_ record: inout RunRecord) -> Bool {
        record.bounded(by: 7)
        return true
    }
}

/// Two bugs: one that nearly every run shows, and one that needs three rules in order.
struct ToyTwoBugs: StatefulWorld, ~Copyable {
    static let rules = ["a", "b", "c", "easy"]
    private var order: [Int] = []
    private let isArmed: Bool

    init(_ choices: inout Choices, swarm: Swarm) { isArmed = choices.happens(percent: 50) }

    mutating func attempt(_ rule: Int, _ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        if rule == 3 {
            if choices.number(0...9) == 0 { record.fail("toy.easy", "the easy one") }
        } else {
            order.append(rule)
        }
        return .accepted
    }

    mutating func check(_ record: inout RunRecord) {
        if isArmed, order.suffix(3) == [2, 0, 1] { record.fail("toy.order", "c, a, b") }
    }

    mutating func heal(_ record: inout RunRecord) -> Bool { true }
}

/// Steps of seven numbers each, which mean nothing when only a part of one is left out.
struct ToyFrames: StatefulWorld, ~Copyable {
    static let rules = ["broken", "torn", "cut", "frame"]
    private var isWhole = true
    private var marked = 0

    init(_ choices: inout Choices, swarm: Swarm) {}

    mutating func attempt(_ rule: Int, _ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        let numbers = (0..<6).map { _ in choices.number(0...2) }
        if rule != 3 { isWhole = false }
        if numbers[0] == 2 { marked += 1 }
        return .accepted
    }

    mutating func check(_ record: inout RunRecord) {
        if isWhole, marked == 2 { record.fail("toy.frames", "two marked frames") }
    }

    mutating func heal(_ record: inout RunRecord) -> Bool { true }
}

/// A world whose rules can be watched: what each run was allowed to use, and what became of it.
struct ToyWatched: StatefulWorld, ~Copyable {
    static let rules = ["often", "never", "refused", "kept"]
    private let swarm: Swarm
    private var offs = 0

    init(_ choices: inout Choices, swarm: Swarm) { self.swarm = swarm }

    mutating func attempt(_ rule: Int, _ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        if !swarm.isOn(rule) { record.count("off but tried") }
        switch rule {
        case 1: return .notAllowed
        case 2: return .rejected
        default: return .accepted
        }
    }

    mutating func check(_ record: inout RunRecord) {}

    mutating func heal(_ record: inout RunRecord) -> Bool { true }

    mutating func finish(_ record: inout RunRecord) {
        for (rule, name) in Self.rules.enumerated() where !swarm.isOn(rule) { record.label("without \(name)") }
        if swarm.weights.allSatisfy({ $0 == 1 }) { record.label("with everything") }
    }
}

/// A world that may refuse to come to its end.
struct ToyStuck: StatefulWorld, ~Copyable {
    static let rules = ["jam", "free"]
    private var isJammed = false

    init(_ choices: inout Choices, swarm: Swarm) {}

    mutating func attempt(_ rule: Int, _ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        isJammed = rule == 0
        return .accepted
    }

    mutating func check(_ record: inout RunRecord) {}

    mutating func heal(_ record: inout RunRecord) -> Bool {
        record.bounded(by: 12)
        return !isJammed
    }
}

/// A walk up and down, which scores how high it came: chance alone stays near the ground.
struct ToyWalk: StatefulWorld, ~Copyable {
    static let rules = ["up", "down"]
    private var height: Int64 = 0

    init(_ choices: inout Choices, swarm: Swarm) {}

    mutating func attempt(_ rule: Int, _ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        height += rule == 0 ? 1 : -1
        record.score("height", height)
        return .accepted
    }

    mutating func check(_ record: inout RunRecord) {}

    mutating func heal(_ record: inout RunRecord) -> Bool { true }
}

enum Toys {
    static var counter: Property {
        var property = StatefulProperty<ToyCounter>("toy.counter", "It stays below ten.", steps: 1...60)
        property.health.silentRules = ["nothing"]
        return property.property
    }

    static var twoBugs: Property {
        StatefulProperty<ToyTwoBugs>("toy.bugs", "It has none.", steps: 5...60).property
    }

    static func watched(_ change: (inout StatefulProperty<ToyWatched>) -> Void = { _ in }) -> Property {
        var property = StatefulProperty<ToyWatched>("toy.watched", "It does nothing.", steps: 5...20)
        change(&property)
        return property.property
    }

    static var frames: Property {
        var property = StatefulProperty<ToyFrames>("toy.frames", "At most one is marked.", steps: 20...20)
        property.swarms = false
        property.weights = [0, 0, 0, 1]
        return property.property
    }

    static var stuck: Property { StatefulProperty<ToyStuck>("toy.stuck", "It ends.", steps: 1...5).property }

    static var walk: Property {
        var property = StatefulProperty<ToyWalk>("toy.walk", "It is walked.", steps: 100...100)
        property.swarms = false
        property.targets = ["height"]
        return property.property
    }
}
