--------------------------- MODULE TraceMultipath --------------------------
(* Leads Multipath's variables through recorded states: `Tr`, in TraceData, *)
(* a sequence of records with a field for each variable. The first state    *)
(* says how many packets a path may have; nothing else bounds a recorded    *)
(* run.                                                                     *)
EXTENDS Integers, Sequences, FiniteSets, TLC, TraceData

VARIABLES
    life, backup, round, doubt, written, queued, acked, next, items, flying, handed, largest, got, arrived, delivered,
    works, wire, faults, i

sv == <<life, backup, round, doubt, written, queued, acked, next, items, flying, handed, largest, got, arrived,
        delivered, works, wire, faults>>

M == INSTANCE Multipath WITH
    P <- 2, N <- 6, K <- Len(Tr[1].items[1]), Rounds <- 2, MaxFaults <- 1000000, AckPolicy <- "same",
    Reinjects <- FALSE, Backups <- BOOLEAN,
    Abandoned <- {"validating", "active", "suspected", "failed"}, Mutant <- "none"

At(k) ==
    /\ life = Tr[k].life /\ backup = Tr[k].backup /\ round = Tr[k].round /\ doubt = Tr[k].doubt
    /\ written = Tr[k].written /\ queued = Tr[k].queued /\ acked = Tr[k].acked /\ next = Tr[k].next
    /\ items = Tr[k].items /\ flying = Tr[k].flying /\ handed = Tr[k].handed /\ largest = Tr[k].largest
    /\ got = Tr[k].got /\ arrived = Tr[k].arrived /\ delivered = Tr[k].delivered /\ works = Tr[k].works
    /\ wire = Tr[k].wire /\ faults = Tr[k].faults

Init == i = 1 /\ At(1)

Next ==
    /\ i < Len(Tr) /\ i' = i + 1
    /\ life' = Tr[i'].life /\ backup' = Tr[i'].backup /\ round' = Tr[i'].round /\ doubt' = Tr[i'].doubt
    /\ written' = Tr[i'].written /\ queued' = Tr[i'].queued /\ acked' = Tr[i'].acked /\ next' = Tr[i'].next
    /\ items' = Tr[i'].items /\ flying' = Tr[i'].flying /\ handed' = Tr[i'].handed /\ largest' = Tr[i'].largest
    /\ got' = Tr[i'].got /\ arrived' = Tr[i'].arrived /\ delivered' = Tr[i'].delivered /\ works' = Tr[i'].works
    /\ wire' = Tr[i'].wire /\ faults' = Tr[i'].faults

Spec == Init /\ [][Next]_<<sv, i>>

Conforms == [][M!Next]_sv
InitOK == M!Init

InOrder == M!InOrder
NothingForgotten == M!NothingForgotten
AckedArrived == M!AckedArrived
AcksTrue == M!AcksTrue
SilentIsEmpty == M!SilentIsEmpty
=============================================================================
