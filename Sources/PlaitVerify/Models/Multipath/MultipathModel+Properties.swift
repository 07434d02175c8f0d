// The predicates of `formal/Multipath/properties.csv`, in its order.
extension MultipathModel {
    package static let properties: [ModelProperty<MultipathState>] = [
        hasFields, inOrder, nothingForgotten, ackedArrived, acksTrue, numbersOnce, validatedOnly, abandonedIsSilent,
        abandonedIsFinal, backupWaits, returnAnswered, handedAtOnce, silentIsEmpty, delivered, returns,
        standbyTakesOver, validated, resolved,
    ]

    static let hasFields = ModelProperty<MultipathState>(
        "MP-S1",
        "TypeOK",
        "every variable has a value of its kind",
        .always(antecedent: { $0.written > 0 }) { state in
            state.delivered <= state.written && state.queued & state.acked == 0
                && paths.allSatisfy { path in
                    let of = state[path]
                    let sent = MultipathState.below(of.next)
                    let all = of.items(of: MultipathState.below(state.packetsMax + 1))
                    let carries = of.life == .active || of.life == .suspected
                    return of.flying & ~sent == 0 && of.handed & ~of.flying == 0 && of.got & ~sent == 0
                        && all & state.acked == 0 && (of.doubt == 0 || carries)
                        && (of.doubt != 0 || of.life != .suspected) && of.doubt <= of.next
                }
        }
    )

    static let inOrder = ModelProperty<MultipathState>(
        "MP-S2",
        "InOrder",
        "what was read was written, and nothing before it is missing",
        .always(antecedent: { $0.delivered > 0 }) { state in
            state.delivered <= state.written && MultipathState.units(below: state.delivered) & ~state.arrived == 0
        }
    )

    static let nothingForgotten = ModelProperty<MultipathState>(
        "MP-S3",
        "NothingForgotten",
        "whatever has to be told is known to have arrived, or waits, or is in flight",
        .always(antecedent: { $0.owed & ~($0.acked | $0.queued) != 0 }) { state in
            let flying = paths.reduce(0) { $0 | state[$1].items(of: state[$1].flying) }
            return state.owed & ~(state.acked | state.queued | flying) == 0
        }
    )

    static let ackedArrived = ModelProperty<MultipathState>(
        "MP-S4",
        "AckedArrived",
        "what the sender takes for arrived has arrived",
        .always(antecedent: { $0.acked != 0 }) { $0.acked & ~$0.arrived == 0 }
    )

    static let acksTrue = ModelProperty<MultipathState>(
        "MP-S5",
        "AcksTrue",
        "an acknowledgement names only packets of its path that arrived",
        .always(antecedent: { state in paths.contains { state[$0].told != 0 } }) { state in
            paths.allSatisfy { path in
                let of = state[path]
                return of.got & ~MultipathState.below(of.next) == 0 && of.got & of.data == 0
                    && of.items(of: of.got) & ~state.arrived == 0
            }
        }
    )

    static let numbersOnce = ModelProperty<MultipathState>(
        "MP-S6",
        "NumbersOnce",
        "no number is used twice on a path, also after it failed",
        .step(antecedent: { old, new in paths.contains { old[$0].next != new[$0].next } }) { old, new in
            paths.allSatisfy { new[$0].next == old[$0].next || new[$0].next == old[$0].next + 1 }
        }
    )

    static let validatedOnly = ModelProperty<MultipathState>(
        "MP-S7",
        "ValidatedOnly",
        "nothing is sent on a path that was not validated, or failed",
        .step(antecedent: { old, new in paths.contains { old[$0].next != new[$0].next } }) { old, new in
            paths.allSatisfy { path in
                switch old[path].life {
                case .unopened, .validating, .failed: new[path].next == old[path].next
                case .active, .suspected, .abandoned: true
                }
            }
        }
    )

    static let abandonedIsSilent = ModelProperty<MultipathState>(
        "MP-S8",
        "AbandonedIsSilent",
        "nothing is sent on an abandoned path",
        .step(antecedent: { old, _ in paths.contains { old[$0].life == .abandoned } }) { old, new in
            paths.allSatisfy { old[$0].life != .abandoned || new[$0].next == old[$0].next }
        }
    )

    static let abandonedIsFinal = ModelProperty<MultipathState>(
        "MP-S9",
        "AbandonedIsFinal",
        "abandoned is final",
        .step(antecedent: { old, _ in paths.contains { old[$0].life == .abandoned } }) { old, new in
            paths.allSatisfy { old[$0].life != .abandoned || new[$0].life == .abandoned }
        }
    )

    static let backupWaits = ModelProperty<MultipathState>(
        "MP-S10",
        "BackupWaits",
        "a backup carries data only while no available path is active",
        .step(antecedent: { old, new in paths.contains { old.isBackup($0) && new.carried($0, after: old) } }) {
            old,
            new in
            !paths.contains { old.isBackup($0) && new.carried($0, after: old) }
                || !paths.contains { old[$0].life == .active && !old.isBackup($0) }
        }
    )

    static let returnAnswered = ModelProperty<MultipathState>(
        "MP-S11",
        "ReturnAnswered",
        "a path is validated, and returns, only when its present challenge is answered",
        .step(antecedent: { old, new in paths.contains { old.awaitsAnswer($0) && new[$0].life == .active } }) {
            old,
            new in
            paths.allSatisfy { path in
                !old.awaitsAnswer(path) || new[path].life != .active
                    || old[path].responses & MultipathState.bit(number: old[path].round) != 0
            }
        }
    )

    static let handedAtOnce = ModelProperty<MultipathState>(
        "MP-S12",
        "HandedAtOnce",
        "whoever is suspected hands out everything at once",
        .step(antecedent: { old, new in paths.contains { new.isSuspected($0, after: old) } }) { old, new in
            paths.allSatisfy { path in
                guard new.isSuspected(path, after: old) else { return true }
                let held = new[path].flying & ~new[path].handed
                return old[path].waiting & ~(new.queued | new.acked) == 0 && new[path].items(of: held) == 0
            }
        }
    )

    static let silentIsEmpty = ModelProperty<MultipathState>(
        "MP-S13",
        "SilentIsEmpty",
        "nothing is waited for on a path that carries nothing",
        .always(antecedent: { state in paths.contains { state[$0].life == .failed && state[$0].next > 1 } }) { state in
            paths.allSatisfy {
                state[$0].life == .active || state[$0].life == .suspected || state[$0].flying == 0
            }
        }
    )

    static let delivered = ModelProperty<MultipathState>(
        "MP-L1",
        "Delivered",
        "everything is delivered if one path works for ever",
        .eventually(trigger: { $0.written > 0 }) { $0.delivered == $0.written || $0.isSpent }
    )

    static let returns = ModelProperty<MultipathState>(
        "MP-L2",
        "Returns",
        "a failed path that works again returns",
        .eventually(trigger: { state in paths.contains { state[$0].life == .failed } }) { state in
            paths.allSatisfy { state[$0].life != .failed || !state.works($0) }
        }
    )

    static let standbyTakesOver = ModelProperty<MultipathState>(
        "MP-L3",
        "StandbyTakesOver",
        "what waits is taken by an active standby when no available path is active",
        .eventually(trigger: \.needsStandby) { !$0.needsStandby || $0.isSpent }
    )

    static let validated = ModelProperty<MultipathState>(
        "MP-L4",
        "Validated",
        "a path that works is validated",
        .eventually(trigger: { state in paths.contains { state[$0].life == .validating } }) { state in
            paths.allSatisfy { state[$0].life != .validating || !state.works($0) }
        }
    )

    static let resolved = ModelProperty<MultipathState>(
        "MP-L5",
        "Resolved",
        "nothing waits for ever if one path works for ever",
        .eventually(trigger: { $0.queued != 0 }) { $0.queued == 0 || $0.isSpent }
    )
}

extension MultipathState {
    /// Units that were written, and the words of abandoned paths.
    fileprivate var owed: UInt64 {
        MultipathModel.paths.reduce(Self.units(below: written)) { owed, path in
            self[path].life == .abandoned ? owed | Self.word(path) : owed
        }
    }

    fileprivate func isBackup(_ path: Int) -> Bool { backup & Self.bit(path: path) != 0 }

    fileprivate func awaitsAnswer(_ path: Int) -> Bool { self[path].life == .validating || self[path].life == .failed }

    /// Whether a packet with items left on this path in the step from `old`.
    fileprivate func carried(_ path: Int, after old: MultipathState) -> Bool {
        let number = old[path].next
        return self[path].next != number && number <= packetsMax && self[path][items: number] != 0
    }

    fileprivate func isSuspected(_ path: Int, after old: MultipathState) -> Bool {
        old[path].life == .active && self[path].life == .suspected
    }

    /// A path has used up the numbers of the model, or may not fail again: its bounds, not the code, keep something
    /// from being sent.
    fileprivate var isSpent: Bool {
        MultipathModel.paths.contains { path in
            self[path].next > packetsMax
                || (self[path].life == .suspected && self[path].flying != 0 && works(path))
        }
    }

    /// Something waits, and no available path is active but a standby is.
    package var needsStandby: Bool {
        let active = MultipathModel.paths.filter { self[$0].life == .active }
        return queued != 0 && !active.isEmpty && active.allSatisfy(isBackup)
    }
}
