/// A value of TLA+, in one canonical form: equal values are equal here, whatever order TLC printed them in.
package indirect enum TLAValue: Hashable, Sendable {
    case number(Int)
    case flag(Bool)
    /// A string, `"open"`.
    case text(String)
    /// A model value, `p1`.
    case name(String)
    /// A sequence or tuple, `<<1, 2>>`.
    case tuple([TLAValue])
    /// Sorted, each member once; made by `set(of:)`.
    case set([TLAValue])
    /// Sorted by name; made by `record(of:)`.
    case record([Field])
    /// A function that is neither a sequence nor a record, sorted by argument.
    case function([Mapping])

    /// One field of a record.
    package struct Field: Hashable, Sendable {
        package let name: String
        package let value: TLAValue

        package init(_ name: String, _ value: TLAValue) {
            self.name = name
            self.value = value
        }
    }

    /// What a function makes of one argument.
    package struct Mapping: Hashable, Sendable {
        package let argument: TLAValue
        package let value: TLAValue

        package init(_ argument: TLAValue, _ value: TLAValue) {
            self.argument = argument
            self.value = value
        }
    }

    /// A set of these members, in any order and as often as one likes.
    package static func set(of members: [TLAValue]) -> TLAValue {
        var sorted: [TLAValue] = []
        for member in members.sorted() where sorted.last != member { sorted.append(member) }
        return .set(sorted)
    }

    /// A record of these fields, in any order.
    package static func record(of fields: [(String, TLAValue)]) -> TLAValue {
        .record(fields.map { Field($0.0, $0.1) }.sorted { $0.name < $1.name })
    }

    /// The field of a record; nil if this is none, or has no such field.
    package subscript(name: String) -> TLAValue? {
        guard case .record(let fields) = self else { return nil }
        return fields.first { $0.name == name }?.value
    }
}

/// An order of all values, so that sets and files have one form. It means nothing in TLA+.
extension TLAValue: Comparable {
    private var rank: Int {
        switch self {
        case .flag: 0
        case .number: 1
        case .text: 2
        case .name: 3
        case .tuple: 4
        case .set: 5
        case .record: 6
        case .function: 7
        }
    }

    package static func < (a: TLAValue, b: TLAValue) -> Bool {
        switch (a, b) {
        case (.flag(let a), .flag(let b)): !a && b
        case (.number(let a), .number(let b)): a < b
        case (.text(let a), .text(let b)), (.name(let a), .name(let b)): a < b
        case (.tuple(let a), .tuple(let b)), (.set(let a), .set(let b)): a.lexicographicallyPrecedes(b)
        case (.record(let a), .record(let b)):
            a.lexicographicallyPrecedes(b) { $0.name == $1.name ? $0.value < $1.value : $0.name < $1.name }
        case (.function(let a), .function(let b)):
            a.lexicographicallyPrecedes(b) {
                $0.argument == $1.argument ? $0.value < $1.value : $0.argument < $1.argument
            }
        default: a.rank < b.rank
        }
    }
}
