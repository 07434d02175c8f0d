package import PlaitCore
import PlaitNetwork
package import PlaitScenario
import PlaitSimulator

/// Finds the arguments of models that each fit their kind but do not fit together, or not the link they are on.
///
/// Only a model's own maker knows these rules, so every model of a scenario is made once and thrown away.
package struct ModelCheck {
    private let registry: Registry
    private let distributions: Distributions

    package init(registry: Registry, distributions: Distributions) {
        self.registry = registry
        self.distributions = distributions
    }

    /// Each objection once, in the order of the scenario.
    package func objections(to scenario: Scenario) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for link in scenario.links {
            for direction in [link.forward, link.backward] {
                found += check(
                    [(.loss, direction.loss), (.jitter, direction.jitter), (.queue, direction.queue)],
                    direction
                )
            }
        }
        for flow in scenario.flows { found += check(flow) }
        for item in scenario.timeline {
            guard case .link(let directions, .set(let changes)) = item.action else { continue }
            for id in directions {
                let link = scenario.links[Int(id.link.index)]
                found += check(changes.compactMap(Self.model), id.isForward ? link.forward : link.backward)
            }
        }
        // A preset's mistake shows on both directions of every link that uses it.
        var seen: Set<Diagnostic> = []
        return found.filter { seen.insert($0).inserted }
    }

    private enum Category: String { case loss, jitter, queue, traffic }

    private static func model(of change: PropertyChange) -> (Category, ChosenModel?)? {
        switch change {
        case .jitter(let model): (.jitter, model)
        case .loss(let model): (.loss, model)
        case .queue(let model): (.queue, model)
        case .rate, .delay, .overhead, .mtu, .duplicate, .reorder, .corrupt, .truncate: nil
        }
    }

    private func check(_ models: [(Category, ChosenModel?)], _ direction: DirectionDescription) -> [Diagnostic] {
        let context = ModelContext(
            stream: Self.stream,
            rate: direction.rate,
            mtu: Int(direction.mtu),
            distributions: distributions
        )
        return models.compactMap { category, model in
            guard let model else { return nil }
            do throws(ModelError) {
                try make(category, model.choice, context)
                return nil
            } catch {
                return Self.diagnostic(model, error)
            }
        }
    }

    private func make(_ category: Category, _ choice: ModelChoice, _ context: ModelContext) throws(ModelError) {
        switch category {
        case .loss:
            if let one = registry.links.loss.first(where: { $0.signature.name == choice.name }) {
                _ = try one.make(choice, context)
                return
            }
        case .jitter:
            if let one = registry.links.jitter.first(where: { $0.signature.name == choice.name }) {
                _ = try one.make(choice, context)
                return
            }
        case .queue:
            if let one = registry.links.queue.first(where: { $0.signature.name == choice.name }) {
                _ = try one.make(choice, context)
                return
            }
        case .traffic: break
        }
        throw ModelError("there is no such \(category.rawValue) model in the registry")
    }

    private func check(_ flow: FlowDescription) -> [Diagnostic] {
        let sizes: PacketSizes =
            switch flow.size {
            case .fixed(let bytes): .fixed(Int(bytes))
            case .exponential(let mean): .exponential(mean: Int(mean), most: max(Int(mean), PacketSizes.least))
            }
        let context = TrafficContext(
            flow: FlowID(0),
            local: SocketAddress(interface: 0, port: 1),
            remote: SocketAddress(interface: 1, port: 1),
            sizes: sizes,
            start: .start + flow.start,
            stop: flow.stop.map { .start + $0 } ?? .never,
            ecn: flow.ecn ? .capable0 : .notCapable,
            stream: Self.stream,
            distributions: distributions
        )
        let name = flow.model.choice.name
        do throws(ModelError) {
            guard let one = registry.traffic.traffic.first(where: { $0.signature.name == name }) else {
                throw ModelError("there is no such traffic model in the registry")
            }
            _ = try one.make(flow.model.choice, context)
            return []
        } catch {
            return [Self.diagnostic(flow.model, error)]
        }
    }

    /// No number is drawn from it: models draw when packets come.
    private static let stream = RandomStream(seed: 0, name: "check")

    private static func diagnostic(_ model: ChosenModel, _ error: ModelError) -> Diagnostic {
        let place = model.origin(of: error.parameter).place ?? Place(file: "scenario", line: 0, column: 0)
        return Diagnostic(at: place, "'\(model.choice.name)': \(error.message)")
    }
}
