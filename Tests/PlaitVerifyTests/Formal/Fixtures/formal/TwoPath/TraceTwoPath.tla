---- MODULE TraceTwoPath ----
EXTENDS Integers, Sequences, FiniteSets, TLC, TraceData
CONSTANTS Paths, N, MaxInFlight, MaxRetry, MaxLoss, Mutant
VARIABLES pathUp, net, nextSeq, need, acked, rcvd, delivered, conn, retry, losses, i
sv == <<pathUp, net, nextSeq, need, acked, rcvd, delivered, conn, retry, losses>>
M == INSTANCE TwoPath
At(k) == /\ pathUp = Tr[k].pathUp /\ net = Tr[k].net /\ nextSeq = Tr[k].nextSeq /\ need = Tr[k].need
         /\ acked = Tr[k].acked /\ rcvd = Tr[k].rcvd /\ delivered = Tr[k].delivered
         /\ conn = Tr[k].conn /\ retry = Tr[k].retry /\ losses = Tr[k].losses
Init == i = 1 /\ At(1)
Next == /\ i < Len(Tr) /\ i' = i + 1
        /\ pathUp' = Tr[i+1].pathUp /\ net' = Tr[i+1].net /\ nextSeq' = Tr[i+1].nextSeq /\ need' = Tr[i+1].need
        /\ acked' = Tr[i+1].acked /\ rcvd' = Tr[i+1].rcvd /\ delivered' = Tr[i+1].delivered
        /\ conn' = Tr[i+1].conn /\ retry' = Tr[i+1].retry /\ losses' = Tr[i+1].losses
Spec == Init /\ [][Next]_<<sv, i>>
Conforms == [][M!Next]_sv
InitOK == M!Init
InOrder == M!InOrder
====
