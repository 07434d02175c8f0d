import PlaitCore

extension Checker {
    /// Whether every ramp has a number to start from: an unlimited rate is none, nor is bursty loss.
    ///
    /// Follows the timeline in order of time; a ramp counts as done when it has begun.
    func checkRamps(_ timeline: [TimelineItem]) {
        var directions = links.flatMap { [$0.forward, $0.backward] }
        for item in timeline {
            guard case .link(let ids, let action) = item.action, let place = item.origin.place else { continue }
            for id in ids {
                switch action {
                case .set(let changes): changes.forEach { directions[Int(id.index)].apply($0) }
                case .ramp(let ramp):
                    for target in ramp.targets { check(target, from: &directions[Int(id.index)], at: place, id) }
                case .up, .down, .clog, .release: break
                }
            }
        }
    }

    private func check(
        _ target: Ramp.Target,
        from direction: inout DirectionDescription,
        at place: Place,
        _ id: DirectionID
    ) {
        let link = links[Int(id.link.index)].name
        switch target {
        case .rate(let rate):
            if direction.rate.isUnlimited {
                log.error(
                    place,
                    "the rate of '\(link)' is unlimited here and cannot be ramped",
                    remedy: "set a rate first"
                )
            }
            direction.rate = rate
        case .loss(let probability):
            guard let (signature, parameter) = independentLoss else {
                log.error(place, "no loss model takes a bare probability, so loss cannot be ramped")
                return
            }
            if let loss = direction.loss, loss.choice.name != signature.name {
                log.error(
                    place,
                    "the loss of '\(link)' is '\(loss.choice.name)' here, and only '\(signature.name)' can be ramped",
                    remedy: "set: {loss: 0 %} first"
                )
            }
            let argument = ModelChoice.Argument(parameter.name, .probability(probability))
            direction.loss = ChosenModel(ModelChoice(signature.name, [argument]))
        case .delay, .overhead, .duplicate, .truncate: break
        }
    }

    /// The model that `loss: 2 %` stands for.
    private var independentLoss: (ModelSignature, ModelSignature.Parameter)? {
        for signature in vocabulary.loss {
            for name in signature.shorthands {
                guard let parameter = signature.parameters.first(where: { $0.name == name }) else { continue }
                if parameter.kind == .probability { return (signature, parameter) }
            }
        }
        return nil
    }
}
