// The rows of formal/Handshake/properties.csv, in its order.
extension HandshakeModel {
    package static let properties: [ModelProperty<HandshakeState>] = graph.judgedProperties

    package var judgedProperties: [ModelProperty<HandshakeState>] {
        [
            hasFields, Self.stagesFit, Self.agreement, Self.oneSession, Self.confirmedByServer, Self.noDowngrade,
            placesBounded, Self.finishFirst, cookieFirst, Self.onlyTimeFails, Self.keysOnce, Self.outcome,
            Self.placesFreed, Self.askingEnds,
        ]
    }

    /// Stages, clocks, flags and cookies are of their kinds by what holds them.
    private var hasFields: ModelProperty<HandshakeState> {
        let (model, messages) = (self, messages)
        return ModelProperty(
            "HS-S1",
            "TypeOK",
            "every variable has a value of its kind",
            .always(antecedent: { $0.mode != .none }, holds: { model.fits($0) && $0.wire & ~messages == 0 })
        )
    }

    private func fits(_ state: HandshakeState) -> Bool {
        let generations: UInt64 = 1 << UInt64(generationMax + 1) - 1
        return (state.mode == .none || modes.contains(state.mode)) && (!state.hasSecondAttempt || attemptsMax > 1)
            && state.clientKeys <= generationMax && state.generation <= generationMax
            && state.forged <= 2 && state.changed <= 2 && state.faults <= faultsMax
            && state.sessions & ~generations == 0 && state.ended & ~state.sessions == 0
            && state.weak & ~(generations & ~1) == 0
    }

    /// The module's `Messages`.
    private var messages: UInt64 {
        var messages = HandshakeMessage.cookie.bit
        for cookie in HandshakeMessage.CookieState.allCases { messages |= HandshakeMessage.initiation(cookie).bit }
        for generation in 1...generationMax {
            messages |= HandshakeMessage.reply(generation).bit | HandshakeMessage.finish(generation).bit
        }
        return messages
    }

    static let stagesFit = ModelProperty<HandshakeState>(
        "HS-S2",
        "StagesFit",
        "the stages of both ends fit the pattern and the keys",
        .always(
            antecedent: { $0.mode != .none },
            holds: { state in
                let hasKeys = [.finishing, .confirmed, .closed].contains(state.clientStage)
                return hasKeys == (state.clientKeys != 0)
                    && (state.clientStage == .none) == (state.mode == .none)
                    && (state.clientStage != .finishing || state.mode == .xx)
                    && (state.half != .awaitingFinish || state.mode == .xx)
                    && (state.half != .keyed || state.mode == .ik)
            }
        )
    )

    static let agreement = ModelProperty<HandshakeState>(
        "HS-S3",
        "Agreement",
        "the server has a session only with the client that took this very reply",
        .always(
            antecedent: { $0.sessions != 0 },
            holds: { state in
                state.sessions == 0 || state.clientKeys != 0 && state.sessions == 1 << UInt64(state.clientKeys)
            }
        )
    )

    static let oneSession = ModelProperty<HandshakeState>(
        "HS-S4",
        "OneSession",
        "one handshake of a client makes one connection whatever is replayed",
        .always(antecedent: { $0.sessions != 0 }, holds: { $0.sessions.nonzeroBitCount <= 1 })
    )

    static let confirmedByServer = ModelProperty<HandshakeState>(
        "HS-S5",
        "ConfirmedByServer",
        "once a packet opened at the client the server has the keys",
        .always(
            antecedent: { $0.opened },
            holds: { !$0.opened || $0.clientKeys != 0 && $0.hasSession($0.clientKeys) }
        )
    )

    static let noDowngrade = ModelProperty<HandshakeState>(
        "HS-S6",
        "NoDowngrade",
        "whoever has keys agreed on the best suite that both ends have",
        .always(
            antecedent: { $0.hasSecondAttempt },
            holds: { state in
                (state.clientKeys == 0 || state.weak & 1 << UInt64(state.clientKeys) == 0)
                    && state.sessions & state.weak == 0
            }
        )
    )

    private var placesBounded: ModelProperty<HandshakeState> {
        ModelProperty(
            "HS-S7",
            "PlacesBounded",
            "places at the gate without proof of an address are bounded",
            .always(antecedent: { $0.unproven > 0 }, holds: { [halfOpenMax] in $0.unproven <= halfOpenMax })
        )
    }

    static let finishFirst = ModelProperty<HandshakeState>(
        "HS-S8",
        "FinishFirst",
        "in XX a session begins with the client's finish and never with data",
        .step(
            antecedent: { $0.mode == .xx && $1.sessions != $0.sessions },
            holds: { before, after in
                let new = after.sessions & ~before.sessions
                return before.mode == .ik
                    || (0...HandshakeMessage.generationsMax).allSatisfy { generation in
                        new & 1 << UInt64(generation) == 0
                            || generation > 0 && before.isOnWire(.finish(generation))
                    }
            }
        )
    )

    private var cookieFirst: ModelProperty<HandshakeState> {
        ModelProperty(
            "HS-S9",
            "CookieFirst",
            "a crowded gate computes nothing for whoever shows no cookie of its own",
            .step(
                antecedent: { [halfOpenMax] before, _ in before.places >= halfOpenMax },
                holds: { [halfOpenMax] before, after in
                    before.places < halfOpenMax
                        || (after.generation <= before.generation || after.proven)
                            && (after.forged != 1 || before.forged == 1)
                            && (after.changed != 1 || before.changed == 1)
                }
            )
        )
    }

    static let onlyTimeFails = ModelProperty<HandshakeState>(
        "HS-S10",
        "OnlyTimeFails",
        "only time ends the asking in failure and never what anybody can send",
        .step(
            antecedent: { $1.clientStage == .failed && $0.clientStage != .failed },
            holds: { before, after in
                after.clientStage != .failed || before.clientStage == .failed
                    || before.clientStage == .asking && before.clientClock
            }
        )
    )

    static let keysOnce = ModelProperty<HandshakeState>(
        "HS-S11",
        "KeysOnce",
        "a client takes keys once",
        .step(
            antecedent: { before, _ in before.clientKeys != 0 },
            holds: { $0.clientKeys == 0 || $1.clientKeys == $0.clientKeys }
        )
    )

    static let outcome = ModelProperty<HandshakeState>(
        "HS-L1",
        "Outcome",
        "both are connected with each other or both know that they are not",
        .eventually(trigger: { $0.clientStage == .asking }, goal: { $0.bothEstablished || $0.bothOver })
    )

    static let placesFreed = ModelProperty<HandshakeState>(
        "HS-L2",
        "PlacesFreed",
        "whatever waits at the gate is freed",
        .eventually(trigger: { $0.places > 0 }, goal: { $0.places == 0 })
    )

    static let askingEnds = ModelProperty<HandshakeState>(
        "HS-L3",
        "AskingEnds",
        "the client does not ask for ever",
        .eventually(trigger: { $0.clientStage == .asking }, goal: { $0.clientStage != .asking })
    )
}
