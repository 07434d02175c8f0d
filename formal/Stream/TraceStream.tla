---------------------------- MODULE TraceStream ----------------------------
(* Leads Stream's variables through recorded states: `Tr`, in TraceData, a  *)
(* sequence of records with a field for each variable. The first state says *)
(* how large the window is; nothing else bounds a recorded run.             *)
EXTENDS Integers, Sequences, FiniteSets, TLC, TraceData

VARIABLES
    sendState, word, end, next, acked, lost, limit,
    receiveState, stopWord, highest, arrived, recvLimit, window, owesLimit,
    delivered, wire, inflight, acks, faults, i

sv == <<sendState, word, end, next, acked, lost, limit,
        receiveState, stopWord, highest, arrived, recvLimit, window, owesLimit,
        delivered, wire, inflight, acks, faults>>

M == INSTANCE Stream WITH N <- 16, W <- Tr[1].window, Chunk <- 4, MaxFaults <- 1000000, Mutant <- "none"

At(k) ==
    /\ sendState = Tr[k].sendState /\ word = Tr[k].word /\ end = Tr[k].end /\ next = Tr[k].next
    /\ acked = Tr[k].acked /\ lost = Tr[k].lost /\ limit = Tr[k].limit
    /\ receiveState = Tr[k].receiveState /\ stopWord = Tr[k].stopWord /\ highest = Tr[k].highest
    /\ arrived = Tr[k].arrived /\ recvLimit = Tr[k].recvLimit /\ owesLimit = Tr[k].owesLimit
    /\ window = Tr[k].window /\ delivered = Tr[k].delivered
    /\ wire = Tr[k].wire /\ inflight = Tr[k].inflight /\ acks = Tr[k].acks /\ faults = Tr[k].faults

Init == i = 1 /\ At(1)

Next ==
    /\ i < Len(Tr) /\ i' = i + 1
    /\ sendState' = Tr[i'].sendState /\ word' = Tr[i'].word /\ end' = Tr[i'].end /\ next' = Tr[i'].next
    /\ acked' = Tr[i'].acked /\ lost' = Tr[i'].lost /\ limit' = Tr[i'].limit
    /\ receiveState' = Tr[i'].receiveState /\ stopWord' = Tr[i'].stopWord /\ highest' = Tr[i'].highest
    /\ arrived' = Tr[i'].arrived /\ recvLimit' = Tr[i'].recvLimit /\ owesLimit' = Tr[i'].owesLimit
    /\ window' = Tr[i'].window /\ delivered' = Tr[i'].delivered
    /\ wire' = Tr[i'].wire /\ inflight' = Tr[i'].inflight /\ acks' = Tr[i'].acks /\ faults' = Tr[i'].faults

Spec == Init /\ [][Next]_<<sv, i>>

Conforms == [][M!Next]_sv
InitOK == M!Init

InOrder == M!InOrder
WithinLimit == M!WithinLimit
WithinWindow == M!WithinWindow
FinalSizeAgreed == M!FinalSizeAgreed
AckedArrived == M!AckedArrived
NothingForgotten == M!NothingForgotten
NothingAfterEnd == M!NothingAfterEnd
FinishedArrived == M!FinishedArrived
=============================================================================
