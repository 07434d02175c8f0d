package import PlaitScenario

extension ModuleReport {
    /// Everything but the times.
    package var json: JSONText {
        .map([
            ("module", .text(module)), ("constants", .text(constants)), ("seed", .text(String(seed))),
            ("holds", .flag(holds)), ("problems", .list(problems.map { .text($0) })),
            ("checker", checkerJSON), ("twin", twinJSON), ("graph", graphJSON), ("replay", replayJSON),
            ("campaigns", .list(campaigns.map(\.json))), ("harness", harnessJSON),
            ("properties", .list(properties.map { $0.json(campaigns) })),
            ("actions", .list(actions.map { $0.json(campaigns) })),
            ("configurations", .list(configurations.map(\.json))),
            ("infeasible", .list(infeasible.map(\.json))),
            ("unvisited", unvisitedJSON), ("failures", .list(failures.map(\.json))),
        ])
    }

    /// The document for several modules.
    package static func json(_ reports: [ModuleReport]) -> JSONText {
        .map([
            ("format", .text("plait-comparison/\(ReportTable.formatVersion)")),
            ("holds", .flag(!reports.isEmpty && reports.allSatisfy { $0.holds })),
            ("modules", .list(reports.map(\.json))),
        ])
    }

    private var checkerJSON: JSONText {
        if let reason = checker.notRun { return .map([("verdict", .text("NOT-RUN")), ("reason", .text(reason))]) }
        return .map([("version", .text(checker.version)), ("jar_sha256", .text(checker.jarHash))])
    }

    private var twinJSON: JSONText {
        .map([
            ("initial", number(twin.initial)), ("states", number(twin.states)), ("transitions", number(twin.edges)),
            ("depth", number(twin.depth)), ("feasible_states", number(twin.feasibleStates)),
            ("feasible_transitions", number(twin.feasibleEdges)),
        ])
    }

    private var graphJSON: JSONText {
        guard let graph else { return .map([("verdict", .text("NOT-RUN"))]) }
        return .map([
            ("verdict", .text(graph.isExact ? "exact" : "different")), ("initial", number(graph.initial)),
            ("states", number(graph.states)), ("transitions", number(graph.edges)),
            ("difference_count", number(graph.differenceCount)),
            (
                "differences",
                .list(
                    graph.differences.map {
                        .map([
                            ("only_in", .text($0.isInTwin ? "twin" : "tlc")), ("what", .text($0.kind)),
                            ("text", .text($0.text)),
                        ])
                    }
                )
            ),
        ])
    }

    private var replayJSON: JSONText {
        guard let replay else { return .map([("verdict", .text("NOT-RUN"))]) }
        return .map([
            ("verdict", .text(replay.isComplete ? "complete" : "incomplete")), ("transitions", number(replay.edges)),
            ("behaviours", number(replay.behaviours)), ("seeds", number(replay.seeds)), ("steps", number(replay.steps)),
            ("refusals", number(replay.refusals)), ("untried", number(replay.untried)),
            ("refused_in_states", number(replay.refusedIn)),
            ("infeasible_refused", number(replay.infeasibleRefused)), ("failed", number(replay.failureCount)),
            ("failures", .list(replay.failures.map { .text($0) })), ("not_in_corpus", number(replay.missingInCorpus)),
            ("not_replayed", number(replay.unreplayed)),
        ])
    }

    private var harnessJSON: JSONText {
        var entries: [(String, JSONText)] = [("proven", .flag(isProven))]
        if let traces {
            entries += [
                ("traces_accepted", number(traces.accepted)), ("traces_shown", number(traces.sampled)),
                ("traces_larger", number(traces.larger)),
                ("bad_trace_step", number(traces.badStep)), ("bad_trace_rejected_at", number(traces.rejectedAt ?? -1)),
                ("complaints", .list(traces.complaints.map { .text($0) })),
            ]
        }
        if let selfTest {
            entries += [
                ("twin_bad_step", number(selfTest.badStep)), ("twin_rejected_at", number(selfTest.rejectedAt ?? -1)),
                ("removed_transitions", number(selfTest.removedEdges)),
                ("noticed_transitions", number(selfTest.noticedEdges)), ("lies", number(selfTest.lies)),
                ("noticed_lies", number(selfTest.noticedLies)),
            ]
        }
        return .map(entries)
    }

    private var unvisitedJSON: JSONText {
        .map([
            ("count", number(unvisited.count)), ("only_guided", number(unvisited.onlyGuided)),
            (
                "nearest",
                .list(
                    unvisited.nearest.map {
                        .map([
                            ("action", .text($0.action)), ("from", .text($0.from)),
                            ("way", .list($0.way.map { .text($0) })),
                        ])
                    }
                )
            ),
        ])
    }
}

extension CampaignLine {
    fileprivate var json: JSONText {
        .map([
            ("kind", .text(kind.rawValue)), ("runs", number(runs)), ("steps", number(counts.all)),
            ("transition_steps", number(counts.edges)), ("refused", number(counts.refused)),
            ("untried", number(counts.untried)),
            ("stutters", number(counts.stutters)), ("out_of_bounds", number(counts.outOfBounds)),
            ("unjudged", number(counts.unjudged)),
            ("infeasible", number(counts.infeasible)), ("non_conforming", number(counts.nonConforming)),
            ("failed", number(failed)),
            ("settling_steps", number(settling.all)), ("states", number(states)), ("transitions", number(edges)),
            ("unseen_millionths", .number(unseenMillionths)), ("settled", number(settled)),
            ("settled_steps_max", number(settledMax)),
        ])
    }
}

extension PropertyLine {
    fileprivate func json(_ campaigns: [CampaignLine]) -> JSONText {
        .map([
            ("id", .text(id)), ("kind", .text(kind)), ("name", .text(name)), ("words", .text(words)),
            ("tlc", .text(checked)), ("tlc_states", number(checkedStates ?? -1)),
            ("tlc_depth", number(checkedDepth ?? -1)),
            ("tests", .text(tested)), ("runs", number(runs)), ("steps", number(steps)),
            ("exercised", number(exercised)),
            ("exercising", number(exercising)),
            ("covered", .map(zip(campaigns, covered).map { ($0.0.kind.rawValue, number($0.1)) })),
            ("agreement", .text(agreement.word)),
        ])
    }
}

extension ActionLine {
    fileprivate func json(_ campaigns: [CampaignLine]) -> JSONText {
        .map([
            ("name", .text(name)), ("transitions", number(edges)), ("infeasible", number(infeasible)),
            ("replayed", number(replayed)),
            ("covered", .map(zip(campaigns, covered).map { ($0.0.kind.rawValue, number($0.1)) })),
        ])
    }
}

extension ConfigurationLine {
    fileprivate var json: JSONText {
        .map([
            ("name", .text(name)), ("as_expected", .flag(isAsExpected)), ("complaint", .text(complaint)),
            ("rc", number(exitCode ?? -1)), ("message", number(message ?? -1)), ("violates", .text(violates ?? "")),
            ("distinct", number(distinct ?? -1)), ("generated", number(generated ?? -1)),
            ("depth", number(depth ?? -1)),
        ])
    }
}

extension InfeasibleLine {
    fileprivate var json: JSONText {
        .map([
            ("action", .text(action)), ("from", .text(from)), ("reason", .text(reason)), ("transitions", number(edges)),
        ])
    }
}

extension FailureLine {
    fileprivate var json: JSONText {
        .map([
            ("what", .text(what)), ("kind", .text(kind.rawValue)), ("seed", .text(String(seed))),
            ("driver_seed", .text(String(driverSeed))), ("words", .text(words)), ("model", .text(opinion)),
            ("actions", .list(actions.map { .text($0) })), ("file", .text(file ?? "")),
        ])
    }
}

private func number(_ value: some BinaryInteger) -> JSONText { .number(Int64(clamping: value)) }
