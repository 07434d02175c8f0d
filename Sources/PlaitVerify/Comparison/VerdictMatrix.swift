/// Comparison D: each property, judged by TLC on the model and by runs of the code.
struct VerdictMatrix<M: Model> {
    let lines: [PropertyLine]

    init(
        _ ground: ModelGround<M>,
        _ campaigns: [ModelCampaign<M>],
        _ shrunk: [ModelFailure<M>],
        _ checked: CheckedModule,
        folder: ModelFolder?
    ) {
        lines = M.properties.enumerated().map { place, property in
            var line = PropertyLine()
            line.id = property.id
            line.name = property.name
            line.words = property.words
            line.kind = Self.kind(property)
            Self.check(&line, checked, folder)
            Self.count(&line, place, ground, campaigns)
            if let failure = shrunk.first(where: { $0.reason.isLike(.property(place)) }) {
                line.shrunkLength = failure.actions.count
            }
            line.agreement = Self.agreement(of: line)
            return line
        }
    }

    private static func kind(_ property: ModelProperty<M.State>) -> String {
        switch property.statement {
        case .always: "invariant"
        case .step: "action"
        case .eventually: "liveness"
        }
    }

    // MARK: TLC's side

    /// Safety properties are judged in `Safety`, liveness ones each in a configuration of their own.
    private static func check(_ line: inout PropertyLine, _ checked: CheckedModule, _ folder: ModelFolder?) {
        let name = line.kind == "liveness" ? "Live_" + line.id : "Safety"
        guard let run = checked.run(name) else { return }
        let result = run.result
        line.messageCode = result.code
        line.checkedStates = result.distinct
        line.checkedDepth = result.workers == 1 ? result.depth : nil
        switch result.verdict {
        case .holds:
            line.checked = run.judged.contains(line.name) ? "holds" : "not judged"
        case .violated(let property):
            // A temporal violation names nothing, and the configuration has one property only.
            if property == nil || property == line.name {
                line.checked = "violated"
                line.traceLength = result.trace.count
            } else {
                line.checked = "not judged"
            }
        case .deadlock, .error, .stopped: line.checked = "error"
        case .notRun: line.checked = "not run"
        }
    }

    // MARK: The code's side

    private static func count(
        _ line: inout PropertyLine,
        _ place: Int,
        _ ground: ModelGround<M>,
        _ campaigns: [ModelCampaign<M>]
    ) {
        let bit: UInt64 = 1 << UInt64(place)
        let judge = ground.judge
        let isOfSteps = line.kind == "action"
        let count = isOfSteps ? ground.graph.edges.count : ground.graph.states.count
        let exercising = (0..<count).filter { number in
            let isFeasible = isOfSteps ? ground.feasible.allows(number) : !ground.feasible.unreachable.contains(number)
            return isFeasible && (isOfSteps ? judge.judge(edge: number) : judge.judge(state: number)).hits & bit != 0
        }
        line.exercising = exercising.count
        // A goal that does not hold yet is no failure.
        if line.kind != "liveness" {
            line.failsInTwin = (0..<count).contains { number in
                (isOfSteps ? judge.judge(edge: number) : judge.judge(state: number)).fails & bit != 0
            }
        }
        for campaign in campaigns {
            line.runs += campaign.runs
            line.steps += campaign.counts.all
            let coverage = campaign.coverage
            line.covered.append(
                exercising.count { isOfSteps ? coverage.edges.contains($0) : coverage.states.contains($0) }
            )
            if line.kind == "liveness" {
                line.exercised += campaign.reached[place]
            } else {
                line.exercised += campaign.hitsBeyond[place]
                for number in exercising {
                    line.exercised += isOfSteps ? UInt64(coverage.visits[number]) : coverage.stateVisits[number]
                }
            }
            if campaign.failed(place) { line.tested = "fails" }
        }
    }

    private static func agreement(of line: PropertyLine) -> PropertyLine.Agreement {
        let fails = line.tested == "fails"
        switch line.checked {
        case "holds":
            if fails { return .testsOnly }
            if line.exercised == 0 || line.exercising == 0 { return .vacuous }
            return line.kind == "liveness" ? .bounded(CaseRunner<M>.settleMax) : .agreeHolds
        case "violated": return fails ? .agreeFails : .tlcOnly
        default: return .notRun
        }
    }
}
