import PlaitCore
import PlaitNetwork
import PlaitScenario
import PlaitSimulator

/// Makes link models out of what a scenario chose, each with the random stream of its direction.
struct ModelBuilder {
    private let seed: UInt64
    private let registry: Registry
    private let distributions: Distributions
    /// `link/wifi/client>server`, by direction.
    private var streamNames: [String] = []
    private var descriptions: [DirectionDescription] = []
    private(set) var errors: [BlueprintError] = []

    init(seed: UInt64, registry: Registry, distributions: Distributions) {
        self.seed = seed
        self.registry = registry
        self.distributions = distributions
    }

    mutating func links(of scenario: Scenario) -> [LinkPlan] {
        for link in scenario.links {
            let (first, second) = (
                scenario.hosts[Int(link.first.index)].name, scenario.hosts[Int(link.second.index)].name
            )
            streamNames += ["link/\(link.name)/\(first)>\(second)", "link/\(link.name)/\(second)>\(first)"]
            descriptions += [link.forward, link.backward]
        }
        return scenario.links.enumerated().map { index, link in
            LinkPlan(
                name: link.name,
                from: link.first,
                to: link.second,
                forward: configuration(of: LinkID(index).forward),
                backward: configuration(of: LinkID(index).backward)
            )
        }
    }

    private mutating func configuration(of direction: DirectionID) -> LinkConfiguration {
        let description = descriptions[Int(direction.index)]
        var configuration = LinkConfiguration(queue: UnlimitedQueue())
        configuration.rate = description.rate
        configuration.delay = description.delay
        configuration.overhead = Int(description.overhead)
        configuration.mtu = Int(description.mtu)
        configuration.duplication = description.duplicate
        configuration.reordering = description.reorder.map(PlaitNetwork.Reordering.init) ?? .init()
        configuration.corruption = PlaitNetwork.Corruption(description.corrupt, truncation: description.truncate)
        do throws(BlueprintError) {
            if let chosen = description.loss { configuration.loss = try loss(chosen, of: direction) }
        } catch { errors.append(error) }
        do throws(BlueprintError) {
            if let chosen = description.jitter { configuration.jitter = try jitter(chosen, of: direction) }
        } catch { errors.append(error) }
        do throws(BlueprintError) {
            if let chosen = description.queue { configuration.queue = try queue(chosen, of: direction) }
        } catch { errors.append(error) }
        return configuration
    }

    func loss(_ chosen: ChosenModel, of direction: DirectionID) throws(BlueprintError) -> any LossModel {
        try make(chosen, from: registry.links.loss, context(direction, "loss"))
    }

    func jitter(_ chosen: ChosenModel, of direction: DirectionID) throws(BlueprintError) -> any JitterModel {
        try make(chosen, from: registry.links.jitter, context(direction, "jitter"))
    }

    func queue(_ chosen: ChosenModel, of direction: DirectionID) throws(BlueprintError) -> any QueueDiscipline {
        try make(chosen, from: registry.links.queue, context(direction, "queue"))
    }

    private func make<Model>(
        _ chosen: ChosenModel,
        from registrations: [ModelRegistration<Model>],
        _ context: ModelContext
    ) throws(BlueprintError) -> Model {
        guard let registration = registrations.first(where: { $0.signature.name == chosen.choice.name }) else {
            throw BlueprintError(chosen.origin, "there is no model called '\(chosen.choice.name)' for this")
        }
        do throws(ModelError) {
            return try registration.make(chosen.choice, context)
        } catch {
            throw BlueprintError(chosen.origin(of: error.parameter), error.message)
        }
    }

    private func context(_ direction: DirectionID, _ purpose: String) -> ModelContext {
        let index = Int(direction.index)
        return ModelContext(
            stream: RandomStream(seed: seed, name: streamNames[index] + "/" + purpose),
            rate: descriptions[index].rate,
            mtu: Int(descriptions[index].mtu),
            distributions: distributions
        )
    }
}

extension PlaitNetwork.Reordering {
    init(_ description: PlaitScenario.Reordering) {
        self.init()
        probability = description.probability
        within = description.within
        switch description.distance {
        case .packets(let count): distance = Int(count)
        case .interval(let extra): extraDelay = extra
        }
    }
}

extension PlaitNetwork.Corruption {
    init(_ description: PlaitScenario.Corruption?, truncation: Probability) {
        self.init()
        if let description {
            probability = description.probability
            bits = Int(description.bits)
        }
        self.truncation = truncation
    }
}
