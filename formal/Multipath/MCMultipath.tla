---------------------------- MODULE MCMultipath ----------------------------
(* What the graph needs besides Multipath: the action's name and parameters *)
(* in `act`, and every edge as one line.                                    *)
EXTENDS Multipath, Sequences, TLC

VARIABLE act

L(record) == act' = record

MCInit == Init /\ act = [name |-> "Init"]

MCNext ==
    \/ Write /\ L([name |-> "Write"])
    \/ Read /\ L([name |-> "Read"])
    \/ \E p \in Paths, isBackup \in BOOLEAN :
         Open(p, isBackup) /\ L([name |-> "Open", path |-> p, isBackup |-> isBackup])
    \/ \E p \in Paths :
         \/ Challenge(p) /\ L([name |-> "Challenge", path |-> p])
         \/ Suspect(p) /\ L([name |-> "Suspect", path |-> p])
         \/ Fail(p) /\ L([name |-> "Fail", path |-> p])
         \/ SocketError(p) /\ L([name |-> "SocketError", path |-> p])
         \/ Abandon(p) /\ L([name |-> "Abandon", path |-> p])
         \/ Send(p) /\ L([name |-> "Send", path |-> p])
         \/ Probe(p) /\ L([name |-> "Probe", path |-> p])
         \/ LossTimeout(p) /\ L([name |-> "LossTimeout", path |-> p])
         \/ Cut(p) /\ L([name |-> "Cut", path |-> p])
         \/ Heal(p) /\ L([name |-> "Heal", path |-> p])
    \/ \E p, q \in Paths :
         \/ Reinject(p, q) /\ L([name |-> "Reinject", path |-> p, by |-> q])
         \/ Hear(p, q) /\ L([name |-> "Hear", path |-> p, by |-> q])
    \/ \E p \in Paths, r \in 1 .. Rounds :
         \/ ChallengeArrives(p, r) /\ L([name |-> "ChallengeArrives", path |-> p, round |-> r])
         \/ ChallengeAnswered(p, r) /\ L([name |-> "ChallengeAnswered", path |-> p, round |-> r])
    \/ \E p, q \in Paths, n \in Numbers : Deliver(p, n, q) /\ L([name |-> "Deliver", path |-> p, number |-> n, by |-> q])
    \/ \E m \in wire : Drop(m) /\ L([name |-> "Drop", message |-> m])

MCSpec == MCInit /\ [][MCNext]_<<vars, act>>

View == vars
Export == PrintT("EDGE\t" \o ToString(vars) \o "\t" \o ToString(act') \o "\t" \o ToString(vars'))
ExportInit == TLCGet("level") = 0 => PrintT("INIT\t" \o ToString(vars))
=============================================================================
