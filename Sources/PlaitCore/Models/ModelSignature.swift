/// What a plug-in model (loss, jitter, queue, traffic, ...) is called in a scenario file and which parameters it takes.
///
/// A registry pairs a signature with a function that makes the model. The scenario reader checks a file against the
/// signatures alone, `plait schema` prints them, and an error message lists them: none of these knows a model by name.
public struct ModelSignature: Sendable {
    /// As written in scenario files: `gilbert-elliott`.
    public let name: String
    /// One line for `plait schema` and the documentation.
    public let summary: String
    public let parameters: [Parameter]
    /// The parameters that a bare value may stand for, tried in order by kind: `loss: 2 %`, `queue: 60 ms`,
    /// `queue: 50 packets`.
    public let shorthands: [String]

    public init(name: String, summary: String, parameters: [Parameter] = [], shorthands: [String] = []) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
        self.shorthands = shorthands
    }

    /// One key that the model reads, and the kind of value it must hold.
    public struct Parameter: Sendable {
        public let name: String
        public let kind: ParameterKind
        public let isRequired: Bool
        public let summary: String

        public init(_ name: String, _ kind: ParameterKind, required: Bool = false, _ summary: String) {
            self.name = name
            self.kind = kind
            self.isRequired = required
            self.summary = summary
        }
    }
}

/// The kinds of value a scenario file can hold, each with its units.
public enum ParameterKind: Sendable, Hashable {
    /// `0.1 %` or `0.001`.
    case probability
    /// `15 ms`; never negative.
    case interval
    /// `1,200 B`, `60 kB`.
    case bytes
    /// `50 Mbps`.
    case rate
    /// `10 pps`, packets per second.
    case frequency
    /// `50 packets`.
    case packets
    /// A whole number without a unit.
    case integer
    /// A decimal number without a unit, exact to a millionth.
    case decimal
    case flag
    /// A list of whole numbers; `7..9` stands for 7, 8, 9.
    case integers
    /// One of these words.
    case word([String])
}

/// A parameter's value as the scenario gave it, in the unit that its kind is kept in.
public enum ParameterValue: Sendable, Hashable {
    case probability(Probability)
    case interval(Interval)
    case bytes(Int64)
    case rate(Rate)
    /// Packets per thousand seconds, so that `0.5 pps` is exact.
    case frequency(perThousandSeconds: Int64)
    case packets(Int64)
    case integer(Int64)
    case decimal(millionths: Int64)
    case flag(Bool)
    case integers([ClosedRange<UInt64>])
    case word(String)
}

/// A model chosen in a scenario file, checked against its signature: each required parameter is there, nothing unknown
/// is.
public struct ModelChoice: Sendable, Hashable {
    public let name: String
    /// In the signature's order, so that a printed scenario never depends on the order of the file.
    public let arguments: [Argument]

    /// One parameter of the signature with its value.
    public struct Argument: Sendable, Hashable {
        public let name: String
        public let value: ParameterValue
        public init(_ name: String, _ value: ParameterValue) {
            self.name = name
            self.value = value
        }
    }

    public init(_ name: String, _ arguments: [Argument] = []) {
        self.name = name
        self.arguments = arguments
    }

    public subscript(name: String) -> ParameterValue? { arguments.first { $0.name == name }?.value }
}

/// Arguments that each fit their kind but do not fit together. The scenario reader adds the place.
public struct ModelError: Error, Hashable, Sendable {
    /// The argument to point at, or the whole model.
    public let parameter: String?
    /// What is wrong and what to write instead.
    public let message: String

    public init(parameter: String? = nil, _ message: String) {
        self.parameter = parameter
        self.message = message
    }
}
