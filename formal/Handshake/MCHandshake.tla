---------------------------- MODULE MCHandshake ----------------------------
(* Names each step with its parameters, and writes the graph out edge by   *)
(* edge; the protocol stands in Handshake.                                 *)
EXTENDS Handshake, Sequences, TLC
VARIABLE act

L(r) == act' = r
MCInit == Init /\ act = [name |-> "Init"]
MCNext ==
    \/ \E pattern \in Modes : Connect(pattern) /\ L([name |-> "Connect", pattern |-> pattern])
    \/ \E m \in Messages : \/ Deliver(m) /\ L([name |-> "Deliver", m |-> m])
                           \/ Drop(m)    /\ L([name |-> "Drop", m |-> m])
    \/ \E end \in {"client", "server"} : DeliverData(end) /\ L([name |-> "DeliverData", to |-> end])
    \/ DeliverSecondAttempt /\ L([name |-> "DeliverSecondAttempt"])
    \/ ClientTimeout        /\ L([name |-> "ClientTimeout"])
    \/ ClientGiveUp         /\ L([name |-> "ClientGiveUp"])
    \/ ClientIdle           /\ L([name |-> "ClientIdle"])
    \/ ServerTimeout        /\ L([name |-> "ServerTimeout"])
    \/ ServerIdle           /\ L([name |-> "ServerIdle"])
    \/ \E c \in {"none", "stolen"} : ForgeInitiation(c) /\ L([name |-> "ForgeInitiation", cookie |-> c])
    \/ ChangeInitiation     /\ L([name |-> "ChangeInitiation"])
    \/ ForgeReply           /\ L([name |-> "ForgeReply"])
    \/ ForgeFinish          /\ L([name |-> "ForgeFinish"])
    \/ ForgeCookie          /\ L([name |-> "ForgeCookie"])
    \/ ForgeRefusal         /\ L([name |-> "ForgeRefusal"])
    \/ Junk                 /\ L([name |-> "Junk"])
MCSpec == MCInit /\ [][MCNext]_<<vars, act>>

View == vars
\* Prints the initial states; always true.
Initial == TLCGet("level") = 0 => PrintT("INIT\t" \o ToString(vars))
Export == PrintT("EDGE\t" \o ToString(vars) \o "\t" \o ToString(act') \o "\t" \o ToString(vars'))
=============================================================================
