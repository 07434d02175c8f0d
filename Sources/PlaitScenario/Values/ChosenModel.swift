public import PlaitCore

/// A model and its arguments, with the places they were written at: a registry's `ModelError` can point there.
public struct ChosenModel: Hashable, Sendable {
    public let choice: ModelChoice
    public let origin: Origin
    /// One for each of `choice.arguments`.
    public let argumentOrigins: [Origin]

    public init(_ choice: ModelChoice, origin: Origin = .none, argumentOrigins: [Origin] = []) {
        precondition(
            argumentOrigins.isEmpty || argumentOrigins.count == choice.arguments.count,
            "an origin for each argument or for none"
        )
        self.choice = choice
        self.origin = origin
        self.argumentOrigins =
            argumentOrigins.isEmpty ? choice.arguments.map { _ in .none } : argumentOrigins
    }

    /// Where an error about one argument, or about the whole model, is to be shown.
    public func origin(of parameter: String?) -> Origin {
        guard let index = choice.arguments.firstIndex(where: { $0.name == parameter }) else { return origin }
        return argumentOrigins[index]
    }

    /// A registry's objection, shown at the argument it is about.
    public func diagnostic(for error: ModelError) -> Diagnostic {
        let place = origin(of: error.parameter).place ?? Place(file: "scenario", line: 0, column: 0)
        return Diagnostic(at: place, "'\(choice.name)': \(error.message)")
    }
}
