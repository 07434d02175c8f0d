---- MODULE MCTwoPath ----
(* Adds an explicit action label (name + parameters) and an edge exporter,
   without touching the protocol module. *)
EXTENDS TwoPath
VARIABLE act
MCInit == Init /\ act = [name |-> "Init"]
L(r) == act' = r
MCNext == \/ Connect     /\ L([name |-> "Connect"])
          \/ ConnectFail /\ L([name |-> "ConnectFail"])
          \/ Backoff     /\ L([name |-> "Backoff"])
          \/ HalfOpen    /\ L([name |-> "HalfOpen"])
          \/ Deliver     /\ L([name |-> "Deliver"])
          \/ Done        /\ L([name |-> "Done"])
          \/ \E p \in Paths :
               \/ SendNew(p)  /\ L([name |-> "SendNew", p |-> p])
               \/ PathDown(p) /\ L([name |-> "PathDown", p |-> p])
               \/ PathUp(p)   /\ L([name |-> "PathUp", p |-> p])
               \/ \E s \in 1..N : \/ Resend(p, s) /\ L([name |-> "Resend", p |-> p, s |-> s])
                                  \/ Recv(p, s)   /\ L([name |-> "Recv", p |-> p, s |-> s])
                                  \/ Lose(p, s)   /\ L([name |-> "Lose", p |-> p, s |-> s])
MCSpec == MCInit /\ [][MCNext]_<<vars, act>>
View == <<pathUp, net, nextSeq, need, acked, rcvd, delivered, conn, retry, losses>>
InitExport == TLCGet("level") = 0 => PrintT("INIT\t" \o ToString(vars))
Export == PrintT("EDGE\t" \o ToString(vars) \o "\t" \o ToString(act') \o "\t" \o ToString(vars'))
====
