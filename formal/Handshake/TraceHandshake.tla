--------------------------- MODULE TraceHandshake ---------------------------
(* Leads Handshake's variables through recorded states: `Tr`, in TraceData,  *)
(* a sequence of records with a field for each variable. The constants are   *)
(* those of the runs that go beyond the graph.                               *)
EXTENDS Integers, Sequences, FiniteSets, TLC, TraceData

VARIABLES
    mode, clientStage, clientClock, attempts, cookie, answersCookies, heard, clientKeys, opened,
    half, halfAge, generation, proven, forged, changed, sessions, ended, weak, wire, faults, i

sv == <<mode, clientStage, clientClock, attempts, cookie, answersCookies, heard, clientKeys, opened,
        half, halfAge, generation, proven, forged, changed, sessions, ended, weak, wire, faults>>

M == INSTANCE Handshake WITH
        Modes <- {"XX", "IK"}, HalfOpenMax <- 1, GenerationMax <- 4, AttemptsMax <- 2, FaultsMax <- 31,
        Droppable <- {"initiation", "reply", "finish", "cookie"}, Silence <- "any",
        Strangers <- {"forged", "changed"}, Mutant <- "none"

At(k) ==
    /\ mode = Tr[k].mode /\ clientStage = Tr[k].clientStage /\ clientClock = Tr[k].clientClock
    /\ attempts = Tr[k].attempts /\ cookie = Tr[k].cookie /\ answersCookies = Tr[k].answersCookies
    /\ heard = Tr[k].heard /\ clientKeys = Tr[k].clientKeys /\ opened = Tr[k].opened
    /\ half = Tr[k].half /\ halfAge = Tr[k].halfAge /\ generation = Tr[k].generation /\ proven = Tr[k].proven
    /\ forged = Tr[k].forged /\ changed = Tr[k].changed
    /\ sessions = Tr[k].sessions /\ ended = Tr[k].ended /\ weak = Tr[k].weak
    /\ wire = Tr[k].wire /\ faults = Tr[k].faults

Init == i = 1 /\ At(1)

Next ==
    /\ i < Len(Tr) /\ i' = i + 1
    /\ mode' = Tr[i'].mode /\ clientStage' = Tr[i'].clientStage /\ clientClock' = Tr[i'].clientClock
    /\ attempts' = Tr[i'].attempts /\ cookie' = Tr[i'].cookie /\ answersCookies' = Tr[i'].answersCookies
    /\ heard' = Tr[i'].heard /\ clientKeys' = Tr[i'].clientKeys /\ opened' = Tr[i'].opened
    /\ half' = Tr[i'].half /\ halfAge' = Tr[i'].halfAge /\ generation' = Tr[i'].generation
    /\ proven' = Tr[i'].proven /\ forged' = Tr[i'].forged /\ changed' = Tr[i'].changed
    /\ sessions' = Tr[i'].sessions /\ ended' = Tr[i'].ended /\ weak' = Tr[i'].weak
    /\ wire' = Tr[i'].wire /\ faults' = Tr[i'].faults

Spec == Init /\ [][Next]_<<sv, i>>

Conforms == [][M!Next]_sv
InitOK == M!Init

Agreement == M!Agreement
OneSession == M!OneSession
ConfirmedByServer == M!ConfirmedByServer
NoDowngrade == M!NoDowngrade
PlacesBounded == M!PlacesBounded
StagesFit == M!StagesFit
=============================================================================
