/// The twin of `formal/Multipath/Multipath.tla`: a sender and a receiver with two paths between them.
package struct MultipathModel: Model {
    /// N: how many units may be written.
    package let units: Int
    /// K: packets on one path.
    package let packets: Int
    /// Validations of one path.
    package let rounds: Int
    package let maxFaults: Int
    /// AckPolicy "any".
    package let acknowledgesAnywhere: Bool
    package let reinjects: Bool
    /// Lives from which a path is abandoned.
    let abandoned: [MultipathState.Life]

    package static let pathsMax = 2
    package static let unitsMax = 6
    package static let numbersMax = 8
    package static let roundsMax = 3

    package init(
        units: Int,
        packets: Int,
        rounds: Int,
        maxFaults: Int,
        acknowledgesAnywhere: Bool = false,
        reinjects: Bool = false,
        abandoned: [MultipathState.Life] = [.validating, .active, .suspected, .failed]
    ) {
        precondition(1...Self.unitsMax ~= units && 1...Self.numbersMax ~= packets, "a state has room for a few units")
        precondition(1...Self.roundsMax ~= rounds && 0...0xFFFF ~= maxFaults, "a state has room for a few rounds")
        (self.units, self.packets, self.rounds, self.maxFaults) = (units, packets, rounds, maxFaults)
        (self.acknowledgesAnywhere, self.reinjects) = (acknowledgesAnywhere, reinjects)
        self.abandoned = abandoned
    }

    package typealias State = MultipathState
    package typealias Action = MultipathAction
    package typealias Driver = MultipathDriver

    package static let name = "Multipath"
    package static let graph = MultipathModel(units: 1, packets: 3, rounds: 2, maxFaults: 1, abandoned: [.failed])
    /// Gaps, many packets on each path, and many faults.
    package static let larger: MultipathModel? = MultipathModel(units: 5, packets: 8, rounds: 2, maxFaults: 1_000)

    /// Two units, so that they can be in different packets and on different paths. The driver copies nothing by itself;
    /// whatever it does without copies the model with them allows as well.
    package static var large: (checked: MultipathModel, led: MultipathModel)? {
        (
            MultipathModel(units: 2, packets: 3, rounds: 2, maxFaults: 1, reinjects: true),
            MultipathModel(units: 2, packets: 3, rounds: 2, maxFaults: 1)
        )
    }

    package var constants: [(name: String, value: TLAValue)] {
        [
            ("P", .number(Self.pathsMax)), ("N", .number(units)), ("K", .number(packets)), ("Rounds", .number(rounds)),
            ("MaxFaults", .number(maxFaults)), ("AckPolicy", .text(acknowledgesAnywhere ? "any" : "same")),
            ("Reinjects", .flag(reinjects)), ("Backups", .set(of: [.flag(false), .flag(true)])),
            ("Abandoned", .set(of: abandoned.map { .text("\($0)") })),
            ("Mutant", .text("none")),
        ]
    }

    package var initialStates: [MultipathState] {
        var state = MultipathState()
        state.packetsMax = packets
        state.works = 0b11
        for path in Self.paths { state[path].next = 1 }
        state[1].life = .active
        state[1].round = 1
        return [state]
    }

    package func isInBounds(_ state: MultipathState) -> Bool {
        state.written <= units && state.faults <= maxFaults && Self.paths.allSatisfy { state[$0].next <= packets + 1 }
    }

    static let paths = 1...pathsMax

    package func enabled(in state: MultipathState) -> [MultipathAction] {
        candidates(in: state).filter { step($0, from: state) != nil }
    }

    package func candidates(in state: MultipathState) -> [MultipathAction] {
        var actions: [MultipathAction] = [.write, .read]
        for path in Self.paths {
            actions += [
                .open(path: path, isBackup: false), .open(path: path, isBackup: true), .challenge(path: path),
                .suspect(path: path), .fail(path: path), .socketError(path: path), .abandon(path: path),
                .send(path: path), .probe(path: path), .lossTimeout(path: path), .cut(path: path), .heal(path: path),
            ]
            for by in Self.paths {
                actions.append(.hear(path: path, by: by))
                if reinjects { actions.append(.reinject(path: path, by: by)) }
                for number in MultipathState.members(state[path].data) {
                    actions.append(.deliver(path: path, number: number, by: by))
                }
            }
            for round in 1...rounds {
                actions += [.challengeArrives(path: path, round: round), .challengeAnswered(path: path, round: round)]
            }
        }
        return actions + state.messages.map { .drop($0) }
    }

    package func step(_ action: MultipathAction, from old: MultipathState) -> MultipathState? {
        var state = old
        let isAllowed =
            switch action {
            case .write: write(&state)
            case .read: read(&state)
            case .open(let path, let isBackup): open(path, isBackup: isBackup, &state)
            case .challenge(let path): challenge(path, &state)
            case .challengeArrives(let path, let round): challengeArrives(path, round: round, &state)
            case .challengeAnswered(let path, let round): challengeAnswered(path, round: round, &state)
            case .send(let path): send(path, &state)
            case .reinject(let path, let by): reinject(path, by: by, &state)
            case .deliver(let path, let number, let by): deliver(path, number: number, by: by, &state)
            case .hear(let path, let by): hear(path, by: by, &state)
            case .lossTimeout(let path): lossTimeout(path, &state)
            case .probe(let path): probe(path, &state)
            case .suspect(let path): suspect(path, &state)
            case .fail(let path): fail(path, &state)
            case .socketError(let path): socketError(path, &state)
            case .abandon(let path): abandon(path, &state)
            case .drop(let message): drop(message, &state)
            case .cut(let path): cut(path, &state)
            case .heal(let path): heal(path, &state)
            }
        guard isAllowed else { return nil }
        state.carry(rounds: rounds)
        return state
    }
}

extension MultipathState {
    /// The module's `Carry`: leaves out what can change nothing any more.
    mutating func carry(rounds: Int) {
        for path in MultipathModel.paths {
            var of = self[path]
            var counting: UInt64 = 0
            for number in 1...max(1, packetsMax) {
                of[items: number] &= ~acked
                if of.life != .abandoned || of[items: number] != 0 { counting |= Self.bit(number: number) }
            }
            of.got &= counting
            of.data = works(path) ? of.data & counting : 0
            for by in MultipathModel.paths { of[acksBy: by] = works(by) ? of[acksBy: by] & of.got : 0 }
            let asks =
                switch of.life {
                case .validating, .failed: true
                case .active, .suspected: of.round < rounds
                case .unopened, .abandoned: false
                }
            if !asks || !works(path) { of.challenges = 0 }
            for round in 1...MultipathModel.roundsMax {
                of[answer: round] &= works(path) ? of.got : 0
                if !works(path) || (!asks && of[answer: round] == 0) { of.responses &= ~Self.bit(number: round) }
            }
            for number in 1...max(1, packetsMax)
            where (of.flying | of.got | of.data) & Self.bit(number: number) == 0 { of[items: number] = 0 }
            self[path] = of
        }
    }
}
