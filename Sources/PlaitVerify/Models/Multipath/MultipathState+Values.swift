// As TLA+ has it.
extension MultipathState {
    package static let variables = [
        "life", "backup", "round", "doubt", "written", "queued", "acked", "next", "items", "flying", "handed",
        "largest", "got", "arrived", "delivered", "works", "wire", "faults",
    ]

    package var values: [TLAValue] {
        [
            each { .text("\($0.life)") }, Self.numbers(backup), each { .number($0.round) }, each { .number($0.doubt) },
            .number(written), Self.items(queued), Self.items(acked), each { .number($0.next) },
            each { path in .tuple((1...max(1, packetsMax)).map { Self.items(path[items: $0]) }) },
            each { Self.numbers($0.flying) }, each { Self.numbers($0.handed) }, each { .number($0.largest) },
            each { Self.numbers($0.got) }, Self.items(arrived), .number(delivered), Self.numbers(works),
            .set(of: messages.map(\.value)), .number(faults),
        ]
    }

    package init?(_ values: [TLAValue]) {
        guard values.count == Self.variables.count, let sets = Self.shared(values) else { return nil }
        self = sets
        guard case .set(let wire) = values[16] else { return nil }
        guard let lives = Self.tuple(values[0]), let rounds = Self.tuple(values[2]),
            let doubts = Self.tuple(values[3]), let nexts = Self.tuple(values[7]),
            let items = Self.tuple(values[8]), let flying = Self.tuple(values[9]), let handed = Self.tuple(values[10]),
            let largest = Self.tuple(values[11]), let got = Self.tuple(values[12])
        else { return nil }
        for path in 1...MultipathModel.pathsMax {
            let place = path - 1
            guard case .text(let name) = lives[place], let life = Life.allCases.first(where: { "\($0)" == name }),
                let round = Self.small(rounds[place]), let next = Self.small(nexts[place]),
                let high = Self.small(largest[place]), let doubt = Self.small(doubts[place]),
                let flying = Self.numbers(flying[place]),
                let handed = Self.numbers(handed[place]), let got = Self.numbers(got[place]),
                case .tuple(let carried) = items[place], 1...MultipathModel.numbersMax ~= carried.count
            else { return nil }
            packetsMax = carried.count
            self[path].life = life
            (self[path].round, self[path].next) = (round, next)
            (self[path].largest, self[path].doubt) = (high, doubt)
            (self[path].flying, self[path].handed, self[path].got) = (flying, handed, got)
            for (index, value) in carried.enumerated() {
                guard let items = Self.items(value) else { return nil }
                self[path][items: index + 1] = items
            }
        }
        for value in wire {
            guard let message = MultipathMessage(value) else { return nil }
            put(message)
        }
    }

    /// What is not of one path.
    private static func shared(_ values: [TLAValue]) -> MultipathState? {
        guard let backup = numbers(values[1]), let works = numbers(values[15]),
            max(backup, works) < 4, let written = small(values[4]), let queued = items(values[5]),
            let acked = items(values[6]), let arrived = items(values[13]), let delivered = small(values[14]),
            case .number(let faults) = values[17], 0...0xFFFF ~= faults
        else { return nil }
        var state = MultipathState()
        (state.backup, state.works) = (backup, works)
        (state.written, state.delivered, state.faults) = (written, delivered, faults)
        (state.queued, state.acked, state.arrived) = (queued, acked, arrived)
        return state
    }

    private func each(_ value: (Path) -> TLAValue) -> TLAValue {
        .tuple((1...MultipathModel.pathsMax).map { value(self[$0]) })
    }

    private static func tuple(_ value: TLAValue) -> [TLAValue]? {
        guard case .tuple(let values) = value, values.count == MultipathModel.pathsMax else { return nil }
        return values
    }

    private static func small(_ value: TLAValue) -> Int? {
        guard case .number(let number) = value, 0..<16 ~= number else { return nil }
        return number
    }

    /// Sets of numbers, and of paths, counted from one.
    static func numbers(_ bits: UInt64) -> TLAValue { .set(of: members(bits).map { .number($0) }) }

    static func numbers(_ value: TLAValue) -> UInt64? {
        guard case .set(let members) = value else { return nil }
        var bits: UInt64 = 0
        for member in members {
            guard case .number(let number) = member, 1...8 ~= number else { return nil }
            bits |= bit(number: number)
        }
        return bits
    }

    /// Units, and the words of abandoned paths, which are their negative numbers.
    private static func items(_ bits: UInt64) -> TLAValue {
        let units = (0..<MultipathModel.unitsMax).filter { bits >> UInt64($0) & 1 != 0 }
        let paths = (1...MultipathModel.pathsMax).filter { bits & word($0) != 0 }
        return .set(of: (units + paths.map { -$0 }).map { .number($0) })
    }

    private static func items(_ value: TLAValue) -> UInt64? {
        guard case .set(let members) = value else { return nil }
        var bits: UInt64 = 0
        for member in members {
            guard case .number(let item) = member, -MultipathModel.pathsMax..<MultipathModel.unitsMax ~= item else {
                return nil
            }
            bits |= item < 0 ? word(-item) : 1 << UInt64(item)
        }
        return bits
    }
}
