/// The twin of the module `Handshake`: how one client and one server come to keys on a network that an attacker owns.
///
/// `formal/Handshake/Handshake.tla` says what each variable and action stands for in the code. Each action here has the
/// name that it has there; what the module breaks on purpose (`Mutant`) is left out.
package struct HandshakeModel: Model {
    package typealias State = HandshakeState
    package typealias Action = HandshakeAction
    package typealias Driver = HandshakeDriver

    /// Patterns that a client may begin with.
    var modes: [HandshakeState.Mode] = [.xx, .ik]
    var halfOpenMax = 1
    /// At most `HandshakeMessage.generationsMax`.
    var generationMax = 1
    /// One or two.
    var attemptsMax = 2
    var faultsMax = 1
    var droppable: [HandshakeMessage.Kind] = [.finish]
    /// Whether an end may hear nothing for too long although its peer is there.
    var hasAnySilence = false
    var forges = true
    var changes = true

    package init() {}

    package static let name = "Handshake"
    package static let graph = HandshakeModel()

    /// For runs beyond the graph: whatever may be lost, several generations, and silence at any time.
    package static var larger: HandshakeModel? {
        var model = HandshakeModel()
        (model.generationMax, model.faultsMax) = (HandshakeMessage.generationsMax, 4)
        (model.droppable, model.hasAnySilence) = (HandshakeMessage.Kind.allCases, true)
        return model
    }

    package var constants: [(name: String, value: TLAValue)] {
        [
            ("Modes", .set(of: modes.map { .text($0.word) })),
            ("HalfOpenMax", .number(halfOpenMax)),
            ("GenerationMax", .number(generationMax)),
            ("AttemptsMax", .number(attemptsMax)),
            ("FaultsMax", .number(faultsMax)),
            ("Droppable", .set(of: droppable.map { .text($0.word) })),
            ("Silence", .text(hasAnySilence ? "any" : "lonely")),
            ("Strangers", .set(of: (forges ? [.text("forged")] : []) + (changes ? [.text("changed")] : []))),
            ("Mutant", .text("none")),
        ]
    }

    package var initialStates: [HandshakeState] { [HandshakeState()] }

    package func enabled(in state: HandshakeState) -> [HandshakeAction] {
        actions.filter { step($0, from: state) != nil }
    }

    /// All but those that only `GenerationMax` disables: the code would open one more.
    package func candidates(in state: HandshakeState) -> [HandshakeAction] {
        actions.filter { action in
            guard case .deliver(let message) = action, message.kind == .initiation, state.isOnWire(message) else {
                return true
            }
            return step(action, from: state) != nil
        }
    }

    package func isInBounds(_ state: HandshakeState) -> Bool {
        state.generation <= generationMax && state.faults <= faultsMax
    }

    /// With messages of the generations that there can be.
    private var actions: [HandshakeAction] {
        HandshakeAction.all.filter { action in
            switch action {
            case .deliver(let message), .drop(let message):
                message.kind != .reply && message.kind != .finish || message.generation <= generationMax
            default: true
            }
        }
    }
}
