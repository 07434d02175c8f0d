----------------------------- MODULE MCStream ------------------------------
(* What the graph needs besides Stream: the action's name and parameters in *)
(* `act`, and every edge as one line.                                       *)
EXTENDS Stream, Sequences, TLC

VARIABLE act

L(record) == act' = record

MCInit == Init /\ act = [name |-> "Init"]

MCNext ==
    \/ \E units \in 0 .. 1, isLast \in BOOLEAN :
         Write(units, isLast) /\ L([name |-> "Write", units |-> units, isLast |-> isLast])
    \/ \E units \in 0 .. Chunk : Send(units) /\ L([name |-> "Send", units |-> units])
    \/ Reset /\ L([name |-> "Reset"])
    \/ SendReset /\ L([name |-> "SendReset"])
    \/ Read /\ L([name |-> "Read"])
    \/ TellReset /\ L([name |-> "TellReset"])
    \/ Stop /\ L([name |-> "Stop"])
    \/ SendStop /\ L([name |-> "SendStop"])
    \/ SendLimit /\ L([name |-> "SendLimit"])
    \/ \E f \in wire : Deliver(f) /\ L([name |-> "Deliver", frame |-> f])
    \/ \E f \in wire : Drop(f) /\ L([name |-> "Drop", frame |-> f])
    \/ \E f \in acks : Acknowledge(f) /\ L([name |-> "Acknowledge", frame |-> f])
    \/ \E f \in inflight : Lose(f) /\ L([name |-> "Lose", frame |-> f])

MCSpec == MCInit /\ [][MCNext]_<<vars, act>>

View == vars
Export == PrintT("EDGE\t" \o ToString(vars) \o "\t" \o ToString(act') \o "\t" \o ToString(vars'))
ExportInit == TLCGet("level") = 0 => PrintT("INIT\t" \o ToString(vars))
=============================================================================
