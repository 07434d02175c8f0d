----------------------------- MODULE Multipath -----------------------------
(***************************************************************************)
(* One sender with application data and one receiver, joined by several    *)
(* paths: validation, scheduling, suspicion, failure, return, standby,     *)
(* abandonment, and delivery in order.                                     *)
(*                                                                         *)
(* A unit is a run of bytes that always travels whole; units are numbered  *)
(* 0 .. N-1. A packet carries everything that waits when it is sent. That  *)
(* path p was abandoned is told as the item -p, which travels and is       *)
(* repeated like a unit. A packet without items is a PING.                 *)
(*                                                                         *)
(* | here       | in Sources/PlaitTransport                               |*)
(* |------------|---------------------------------------------------------|*)
(* | life       | PathLife.state of the sender; "unopened": no such path  |*)
(* | backup     | PathLife.isBackup                                       |*)
(* | round      | which validation of the path this is: its tokens        |*)
(* | written    | units that the application has written                  |*)
(* | queued     | SendBuffer.lost and what is behind SendBuffer.next; the |*)
(* |            | connection's own frames that wait                       |*)
(* | acked      | items of which the sender knows that they arrived       |*)
(* | next       | 1 + packets that the path carried, PINGs too            |*)
(* | items      | what a packet carries of which that is not yet known;   |*)
(* |            | {} for those that can change nothing any more           |*)
(* | flying     | SentPackets that are outstanding                        |*)
(* | handed     | those of them whose frames were handed out              |*)
(* | doubt      | Path.doubtedFrom: first packet after a probe timeout,   |*)
(* |            | until something that new is acknowledged; or 0          |*)
(* | largest    | PathRecovery.largestAcknowledged                        |*)
(* | got        | ReceivedPackets, without what the sender knows          |*)
(* | arrived    | items that the receiver has                             |*)
(* | delivered  | units that its application has read                     |*)
(* | works      | paths whose links carry anything                        |*)
(* | wire, faults | see Channel                                           |*)
(*                                                                         *)
(* | action            | code                                             |*)
(* |-------------------|--------------------------------------------------|*)
(* | Write, Read       | of the applications                              |*)
(* | Open              | openPath                                         |*)
(* | Challenge         | the path's challenge is due (again)              |*)
(* | ChallengeArrives  | PATH_CHALLENGE; the receiver answers at once     |*)
(* | ChallengeAnswered | PATH_RESPONSE: a path is validated, or returns   |*)
(* | Send              | the scheduler chooses this path                  |*)
(* | Reinject          | a copy of what is in flight on one path goes out *)
(* |                   | on another, while nothing else waits             |*)
(* | Deliver           | a packet arrives; the ACK goes back by `by`      |*)
(* | Hear              | the ACK arrives                                  |*)
(* | LossTimeout       | PathRecovery.lossTime                            |*)
(* | Probe             | probe timeout, and no other path is active       |*)
(* | Suspect, Fail     | the first and the second in a row, otherwise     |*)
(* | SocketError       | transmitFailed                                   |*)
(* | Abandon           | abandon                                          |*)
(* | Drop, Cut, Heal   | the network's alone                              |*)
(*                                                                         *)
(* Timers pass when they like. To take for lost what can still arrive, or  *)
(* whose acknowledgement can, counts as a fault; so do losing a packet,    *)
(* cutting a path, and an error of a socket.                               *)
(*                                                                         *)
(* The receiver acknowledges what arrives at once; what answers a challenge *)
(* acknowledges too. Of two ACKs for one path by one way only the later is *)
(* kept: the earlier says nothing that it does not. What can change nothing *)
(* any more is left out, and so is the receiver's own validation of a path. *)
(* Numbers are those of packets that ask for an acknowledgement.           *)
(***************************************************************************)
EXTENDS Channel, Integers, FiniteSets

CONSTANTS
    P,          \* paths; the first is the handshake's
    N,          \* units that the application may write
    K,          \* packets on one path
    Rounds,     \* validations of one path
    MaxFaults,
    AckPolicy,  \* "same": ACKs go back by the path of the data; "any": by any that the receiver may use
    Reinjects,  \* whether copies are sent at the tail
    Backups,    \* which values Open's isBackup takes
    Abandoned,  \* lives from which a path is abandoned
    Mutant      \* "none", or the mistake to make

VARIABLES
    life, backup, round, doubt, written, queued, acked, next, items, flying, handed, largest, got, arrived, delivered,
    works

vars == <<life, backup, round, doubt, written, queued, acked, next, items, flying, handed, largest, got, arrived,
          delivered, works, wire, faults>>

Paths == 1 .. P
Numbers == 1 .. K
Below(n) == 0 .. (n - 1)
Word(p) == -p
Items == Below(N) \cup {Word(p) : p \in Paths}

Data(p, n) == [kind |-> "data", path |-> p, number |-> n]
Ack(p, by, s) == [kind |-> "ack", path |-> p, by |-> by, numbers |-> s]
Challenged(p, r) == [kind |-> "challenge", path |-> p, round |-> r]
Response(p, r, s) == [kind |-> "response", path |-> p, round |-> r, numbers |-> s]

Messages ==
    {Data(p, n) : p \in Paths, n \in Numbers}
    \cup {Ack(p, by, s) : p \in Paths, by \in Paths, s \in SUBSET Numbers}
    \cup {Challenged(p, r) : p \in Paths, r \in 1 .. Rounds} 
    \cup {Response(p, r, s) : p \in Paths, r \in 1 .. Rounds, s \in SUBSET Numbers}

\* Which path a message travels on.
Way(m) == IF m.kind = "ack" THEN m.by ELSE m.path

Init ==
    /\ life = [p \in Paths |-> IF p = 1 THEN "active" ELSE "unopened"] /\ backup = {}
    /\ round = [p \in Paths |-> IF p = 1 THEN 1 ELSE 0] /\ doubt = [p \in Paths |-> 0]
    /\ written = 0 /\ queued = {} /\ acked = {}
    /\ next = [p \in Paths |-> 1] /\ items = [p \in Paths |-> [n \in Numbers |-> {}]]
    /\ flying = [p \in Paths |-> {}] /\ handed = [p \in Paths |-> {}] /\ largest = [p \in Paths |-> 0]
    /\ got = [p \in Paths |-> {}] /\ arrived = {} /\ delivered = 0
    /\ works = Paths
    /\ ChannelInit

----------------------------------------------------------------------------
(* What there is of paths and packets.                                     *)

Active == {p \in Paths : life[p] = "active"}
Suspected == {p \in Paths : life[p] = "suspected"}
\* Probed in vain while no other path was active.
Silent == {p \in Active : doubt[p] # 0}
Available == Active \ backup

\* Where data may go: a backup only while no available path is active, a suspected one only while no path is.
Usable ==
    IF Available # {} THEN Available
    ELSE IF Active # {} /\ Mutant # "StandbyNeverUsed" THEN Active
    ELSE IF Suspected \ backup # {} \/ Mutant = "StandbyNeverUsed" THEN Suspected \ backup
    ELSE Suspected

Carries == IF Mutant = "DataUnvalidated" THEN Usable \cup {p \in Paths : life[p] = "validating"}
           ELSE IF Mutant = "AbandonedUsedAgain" THEN Usable \cup {p \in Paths : life[p] = "abandoned"}
           ELSE IF Mutant = "BackupShares" THEN Usable \cup Active
           ELSE Usable

\* Neither the packet nor its acknowledgement is under way.
Tells(m) == m.kind \in {"ack", "response"}
IsGone(p, n) == Data(p, n) \notin wire /\ ~\E m \in wire : Tells(m) /\ m.path = p /\ n \in m.numbers

\* Taking these for lost is a mistake unless all of them are.
Mistake(p, ns) == IF \A n \in ns : IsGone(p, n) THEN UNCHANGED faults ELSE Fault(MaxFaults)

\* Earlier than something that was acknowledged, and waiting for the loss timer, which comes before the probe's.
Overtaken(p) == {n \in flying[p] : n < largest[p]}
ProbeIsArmed(p) == flying[p] # {} /\ Overtaken(p) = {}

Oldest(ns, count) == {n \in ns : Cardinality({m \in ns : m < n}) < count}

ItemsOf(p, ns) == UNION {items[p][n] : n \in ns}

(* What the network and both ends have in hand after a step: c, g and w are the contents of packets, what the   *)
(* receiver got and the wire, before what can change nothing any more is left out.                             *)
Carry(c, g, w) ==
    LET Rest(p, n) == c[p][n] \ acked'
        Counts(p, n) == life'[p] # "abandoned" \/ Rest(p, n) # {}
        Of(m) == {n \in m.numbers \cap g[m.path] : Counts(m.path, n)}
        Asks(p) == \/ life'[p] \in {"validating", "failed"}
                   \/ life'[p] \in {"active", "suspected"} /\ round'[p] < Rounds
        Stays(m) ==
            /\ Way(m) \in works'
            /\ CASE m.kind = "data" -> Counts(m.path, m.number)
                 [] m.kind = "ack" -> Of(m) # {}
                 [] m.kind = "challenge" -> Asks(m.path)
                 [] m.kind = "response" -> Asks(m.path) \/ Of(m) # {}
        Trimmed(m) == IF Tells(m) THEN [m EXCEPT !.numbers = Of(m)] ELSE m
    IN  /\ wire' = {Trimmed(m) : m \in {x \in w : Stays(x)}}
        /\ got' = [p \in Paths |-> {n \in g[p] : Counts(p, n)}]
        /\ items' = [p \in Paths |-> [n \in Numbers |->
                        IF n \in flying'[p] \/ n \in got'[p] \/ Data(p, n) \in wire' THEN Rest(p, n) ELSE {}]]

sending == <<flying, handed, largest, next>>
hearing == <<arrived, delivered>>
paths == <<life, backup, round, doubt>>

----------------------------------------------------------------------------
(* The applications.                                                       *)

Write ==
    /\ written < N
    /\ written' = written + 1 /\ queued' = queued \cup {written}
    /\ UNCHANGED <<paths, acked, sending, hearing, works, faults>>
    /\ Carry(items, got, wire)

Read ==
    /\ \/ delivered \in arrived
       \/ Mutant = "ReadsOverGap" /\ \E u \in arrived : u > delivered
    /\ delivered' = delivered + 1
    /\ UNCHANGED <<paths, written, queued, acked, sending, arrived, works, faults>>
    /\ Carry(items, got, wire)

----------------------------------------------------------------------------
(* Paths.                                                                  *)

Open(p, isBackup) ==
    /\ life[p] = "unopened" /\ isBackup \in Backups
    /\ life' = [life EXCEPT ![p] = "validating"]
    /\ backup' = IF isBackup THEN backup \cup {p} ELSE backup
    /\ round' = [round EXCEPT ![p] = 1]
    /\ UNCHANGED <<doubt, written, queued, acked, sending, hearing, works, faults>>
    /\ Carry(items, got, wire \cup {Challenged(p, 1)})

\* The challenge is repeated. While it is under way, another would say the same; the code remembers the last four.
Challenge(p) ==
    /\ life[p] \in {"validating", "failed"} /\ Challenged(p, round[p]) \notin wire
    /\ UNCHANGED <<paths, written, queued, acked, sending, hearing, works, faults>>
    /\ Carry(items, got, wire \cup {Challenged(p, round[p])})

\* The answer has an ACK with it. A receiver that knows of the abandonment answers nothing.
ChallengeArrives(p, r) ==
    /\ Challenged(p, r) \in wire
    /\ UNCHANGED <<paths, written, queued, acked, sending, hearing, works, faults>>
    /\ Carry(items, got, {m \in wire : ~(m.kind \in {"challenge", "response"} /\ m.path = p /\ m.round = r)} \cup
                (IF Word(p) \in arrived THEN {} ELSE {Response(p, r, got[p])}))

\* Of path p everything in flight that was not handed out waits to be sent again.
Waiting(ps) == UNION {ItemsOf(q, flying[q] \ handed[q]) : q \in ps}

(* An ACK of p's packets s, and the path's life is `alive` with what came with it. What was sent before the path was *)
(* in doubt shows nothing: another path may tell of it long after this one died. When a path becomes active, those   *)
(* that were probed in vain meanwhile are suspected at once: now there is another.                                   *)
Hears(p, s, alive, m) ==
    LET isAnswered == \E n \in s : n >= doubt[p]
        now == IF isAnswered /\ (alive = "suspected" \/ (alive = "failed" /\ Mutant = "ReturnsUnasked"))
               THEN "active" ELSE alive
        doubted == IF now = "active" /\ life[p] # "active" THEN {q \in Silent : q # p} ELSE {}
        known == ItemsOf(p, s)
    IN  /\ life' = [q \in Paths |-> IF q = p THEN now ELSE IF q \in doubted THEN "suspected" ELSE life[q]]
        /\ doubt' = IF now = "active" /\ (s # {} \/ life[p] # "active") THEN [doubt EXCEPT ![p] = 0] ELSE doubt
        /\ acked' = acked \cup known
        /\ queued' = (queued \cup Waiting(doubted)) \ known
        /\ flying' = [flying EXCEPT ![p] = @ \ s]
        /\ handed' = [q \in Paths |-> IF q \in doubted THEN flying[q] ELSE handed[q] \ (IF q = p THEN s ELSE {})]
        /\ largest' = IF life[p] = "abandoned" THEN largest
                      ELSE [largest EXCEPT ![p] = CHOOSE x \in s \cup {@} : \A y \in s \cup {@} : y <= x]
        /\ UNCHANGED <<backup, round, written, hearing, works, faults>>
        /\ Carry(items, [got EXCEPT ![p] = @ \ s], wire \ {m})

\* An answer to another validation than the present one changes nothing, but for the ACK with it.
ChallengeAnswered(p, r) ==
    \E m \in wire :
        /\ m.kind = "response" /\ m.path = p /\ m.round = r
        /\ LET isGood == life[p] \in {"validating", "failed"} /\ (r = round[p] \/ Mutant = "WrongToken")
           IN  /\ next' = IF Mutant = "NumbersReused" /\ isGood /\ life[p] = "failed"
                          THEN [next EXCEPT ![p] = 1] ELSE next
               /\ Hears(p, m.numbers, IF isGood THEN "active" ELSE life[p], m)

\* Nothing of it is expected any more.
Forget(p) ==
    /\ flying' = [flying EXCEPT ![p] = {}] /\ handed' = [handed EXCEPT ![p] = {}]
    /\ largest' = IF life'[p] = "abandoned" THEN [largest EXCEPT ![p] = 0] ELSE largest
    /\ UNCHANGED next

OtherIsActive(p) == Active \ {p} # {}

Doubted(p) == IF doubt[p] = 0 THEN [doubt EXCEPT ![p] = next[p]] ELSE doubt

\* The first probe timeout: a PING goes out, and everything in flight goes to the other paths.
Suspect(p) ==
    /\ life[p] = "active" /\ OtherIsActive(p) /\ ProbeIsArmed(p) /\ next[p] <= K
    /\ Mistake(p, flying[p])
    /\ life' = [life EXCEPT ![p] = "suspected"] /\ doubt' = Doubted(p)
    /\ handed' = [handed EXCEPT ![p] = flying[p]]
    /\ queued' = IF Mutant = "RequeueForgotten" THEN queued ELSE queued \cup Waiting({p})
    /\ LET n == next[p]
       IN  /\ next' = [next EXCEPT ![p] = n + 1]
           /\ flying' = [flying EXCEPT ![p] = @ \cup {n}]
           /\ UNCHANGED <<backup, round, written, acked, largest, hearing, works>>
           /\ Carry(items, got, wire \cup {Data(p, n)})

\* Whatever is in flight waits to be sent again, and the path is asked whether it lives.
Demote(p) ==
    /\ life' = [life EXCEPT ![p] = "failed"]
    /\ round' = [round EXCEPT ![p] = @ + 1] /\ doubt' = [doubt EXCEPT ![p] = 0]
    /\ queued' = queued \cup Waiting({p})
    /\ Forget(p)
    /\ UNCHANGED <<backup, written, acked, hearing, works>>
    /\ Carry(items, got, wire \cup {Challenged(p, round[p] + 1)})

\* The second in a row.
Fail(p) ==
    /\ life[p] = "suspected" /\ OtherIsActive(p) /\ ProbeIsArmed(p) /\ round[p] < Rounds
    /\ Mistake(p, flying[p])
    /\ Demote(p)

SocketError(p) ==
    /\ life[p] \in {"active", "suspected"} /\ round[p] < Rounds
    /\ Fault(MaxFaults)
    /\ Demote(p)

Abandon(p) ==
    /\ life[p] \in Abandoned
    /\ \E q \in Paths \ {p} : life[q] \in {"active", "suspected"}
    /\ life' = [life EXCEPT ![p] = "abandoned"] /\ doubt' = [doubt EXCEPT ![p] = 0]
    /\ queued' = queued \cup Waiting({p}) \cup {Word(p)}
    /\ Forget(p)
    /\ UNCHANGED <<backup, round, written, acked, hearing, works, faults>>
    /\ Carry(items, got, wire)

----------------------------------------------------------------------------
(* The sender's packets.                                                   *)

\* A packet with these items leaves on p.
Leaves(p, content) ==
    LET n == next[p]
    IN  /\ n <= K
        /\ next' = [next EXCEPT ![p] = n + 1]
        /\ flying' = [flying EXCEPT ![p] = @ \cup {n}]
        /\ Carry([items EXCEPT ![p][n] = content], got, wire \cup {Data(p, n)})

Send(p) ==
    /\ queued # {} /\ p \in Carries
    /\ queued' = {}
    /\ UNCHANGED <<paths, written, acked, handed, largest, hearing, works, faults>>
    /\ Leaves(p, queued)

\* The oldest packet of p whose frames were not handed out yet, on q.
Reinject(p, q) ==
    /\ Reinjects /\ queued = {} /\ p # q /\ q \in Usable
    /\ \E n \in flying[p] \ handed[p] :
         /\ items[p][n] # {} /\ n \in Oldest(flying[p] \ handed[p], 1)
         /\ handed' = [handed EXCEPT ![p] = @ \cup {n}]
         /\ UNCHANGED <<paths, written, queued, acked, largest, hearing, works, faults>>
         /\ Leaves(q, items[p][n])

\* As with one path: the two oldest packets are sent again on the same one, with all that waits, whatever the window says.
\* A dead path is probed for ever; the numbers of the model are for the others.
Probe(p) ==
    /\ life[p] \in {"active", "suspected"} /\ ~OtherIsActive(p) /\ ProbeIsArmed(p)
    /\ p \in works \/ next[p] <= 2
    /\ Mistake(p, flying[p])
    /\ doubt' = Doubted(p)
    /\ LET oldest == Oldest(flying[p] \ handed[p], 2)
       IN  /\ handed' = [handed EXCEPT ![p] = @ \cup oldest]
           /\ queued' = {}
           /\ UNCHANGED <<life, backup, round, written, acked, largest, hearing, works>>
           /\ Leaves(p, queued \cup ItemsOf(p, oldest))

LossTimeout(p) ==
    /\ Overtaken(p) # {}
    /\ Mistake(p, Overtaken(p))
    /\ queued' = IF Mutant = "LossForgotten" THEN queued ELSE queued \cup ItemsOf(p, Overtaken(p) \ handed[p])
    /\ flying' = [flying EXCEPT ![p] = @ \ Overtaken(p)]
    /\ handed' = [handed EXCEPT ![p] = @ \ Overtaken(p)]
    /\ UNCHANGED <<paths, written, acked, largest, next, hearing, works>>
    /\ Carry(items, got, wire)

----------------------------------------------------------------------------
(* The network, and the receiver.                                          *)

\* By which paths the receiver may acknowledge what came by p.
AckPaths(p) ==
    LET others == {q \in Paths \ {p} : Word(q) \notin arrived /\ life[q] \in {"active", "suspected", "failed"}}
    IN  IF Word(p) \in arrived THEN others ELSE IF AckPolicy = "same" THEN {p} ELSE {p} \cup others

Deliver(p, n, by) ==
    /\ Data(p, n) \in wire /\ by \in AckPaths(p)
    /\ arrived' = arrived \cup items[p][n]
    /\ UNCHANGED <<paths, written, queued, acked, sending, delivered, works, faults>>
    /\ LET all == got[p] \cup {n}
           of == IF Mutant = "AckOfOtherPath" THEN CHOOSE q \in Paths : q # p ELSE p
           rest == {m \in wire \ {Data(p, n)} : ~(m.kind = "ack" /\ m.path = of /\ m.by = by)}
       IN  Carry(items, [got EXCEPT ![of] = @ \cup all], rest \cup {Ack(of, by, all)})

Hear(p, by) ==
    \E m \in wire :
        /\ m.kind = "ack" /\ m.path = p /\ m.by = by
        /\ UNCHANGED next
        /\ Hears(p, m.numbers, life[p], m)

\* A challenge whose answer is under way is as good as dropped.
Drop(m) ==
    /\ m \in wire
    /\ m.kind = "challenge" => ~\E x \in wire : x.kind = "response" /\ x.path = m.path /\ x.round = m.round
    /\ Fault(MaxFaults)
    /\ UNCHANGED <<paths, written, queued, acked, sending, hearing, works>>
    /\ Carry(items, got, wire \ {m})

\* Nothing gets through any more, in either direction.
Cut(p) ==
    /\ p \in works /\ life[p] \notin {"unopened", "abandoned"}
    /\ Fault(MaxFaults)
    /\ works' = works \ {p}
    /\ UNCHANGED <<paths, written, queued, acked, sending, hearing>>
    /\ Carry(items, got, wire)

Heal(p) ==
    /\ p \notin works
    /\ works' = works \cup {p}
    /\ UNCHANGED <<paths, written, queued, acked, sending, hearing, faults>>
    /\ Carry(items, got, wire)

----------------------------------------------------------------------------

Next ==
    \/ Write \/ Read
    \/ \E p \in Paths, isBackup \in BOOLEAN : Open(p, isBackup)
    \/ \E p \in Paths : \/ Challenge(p) \/ Suspect(p) \/ Fail(p) \/ SocketError(p) \/ Abandon(p)
                        \/ Send(p) \/ Probe(p) \/ LossTimeout(p) \/ Cut(p) \/ Heal(p)
    \/ \E p, q \in Paths : Reinject(p, q) \/ Hear(p, q)
    \/ \E p \in Paths, r \in 1 .. Rounds : ChallengeArrives(p, r) \/ ChallengeAnswered(p, r)
    \/ \E p, q \in Paths, n \in Numbers : Deliver(p, n, q)
    \/ \E m \in wire : Drop(m)

Spec == Init /\ [][Next]_vars

(***************************************************************************)
(* Fairness. Nobody has to write, open or abandon a path, send copies, or  *)
(* do harm; a path that was cut need not come back.                        *)
(*                                                                         *)
(* | here                       | when a run is settled                    |*)
(* |----------------------------|------------------------------------------|*)
(* | Send                       | some usable path is chosen               |*)
(* | Deliver, Hear, Challenge.. | every held packet is delivered           |*)
(* | LossTimeout, Probe,        | a path's timer is fired when all that it |*)
(* | Suspect, Fail              | waits for is gone                        |*)
(* | Read                       | the reader reads whatever is there       |*)
(***************************************************************************)
AllGone(p) == \A n \in flying[p] : IsGone(p, n)
Fairness ==
    /\ WF_vars(Read)
    /\ WF_vars(\E p \in Paths : Send(p))
    /\ WF_vars(\E p, q \in Paths, n \in Numbers : Deliver(p, n, q))
    /\ WF_vars(\E p, q \in Paths : Hear(p, q))
    /\ WF_vars(\E p \in Paths : (\A n \in Overtaken(p) : IsGone(p, n)) /\ LossTimeout(p))
    /\ WF_vars(\E p \in Paths : AllGone(p) /\ (Probe(p) \/ Suspect(p) \/ Fail(p)))
    /\ \A p \in Paths :
         /\ SF_vars(Challenge(p) /\ wire' # wire)
         /\ SF_vars(\E r \in 1 .. Rounds : ChallengeArrives(p, r))
         /\ SF_vars(\E r \in 1 .. Rounds : ChallengeAnswered(p, r))

FairSpec == Spec /\ Fairness

----------------------------------------------------------------------------
(* MP-S1 *)
TypeOK ==
    /\ doubt \in [Paths -> 0 .. (K + 1)]
    /\ \A p \in Paths : /\ doubt[p] # 0 => life[p] \in {"active", "suspected"} /\ doubt[p] <= next[p]
                        /\ life[p] = "suspected" => doubt[p] # 0
    /\ life \in [Paths -> {"unopened", "validating", "active", "suspected", "failed", "abandoned"}]
    /\ backup \subseteq Paths /\ works \subseteq Paths /\ round \in [Paths -> 0 .. Rounds]
    /\ written \in 0 .. N /\ delivered \in 0 .. written
    /\ acked \subseteq Items /\ queued \subseteq Items \ acked /\ arrived \subseteq Items
    /\ next \in [Paths -> 1 .. (K + 1)] /\ largest \in [Paths -> 0 .. K]
    /\ \A p \in Paths :
         /\ \A n \in Numbers : items[p][n] \subseteq Items \ acked /\ (items[p][n] # {} => n < next[p])
         /\ flying[p] \subseteq 1 .. (next[p] - 1) /\ handed[p] \subseteq flying[p] /\ got[p] \subseteq 1 .. (next[p] - 1)
    /\ wire \subseteq Messages /\ faults \in 0 .. MaxFaults

(* MP-S2: what was read was written, and nothing before it is missing. *)
InOrder == delivered <= written /\ Below(delivered) \subseteq arrived

(* MP-S3: whatever was written, or has to be told, is known to have arrived, or waits, or is in flight and was not handed *)
(* out. So nothing is lost while some path works.                                                                       *)
NothingForgotten ==
    Below(written) \cup {Word(p) : p \in {q \in Paths : life[q] = "abandoned"}} \subseteq
        acked \cup queued \cup UNION {items[p][n] : <<p, n>> \in {x \in Paths \X Numbers : x[2] \in flying[x[1]]}}

(* MP-S4: what the sender takes for arrived has arrived. *)
AckedArrived == acked \subseteq arrived

(* MP-S5: an acknowledgement names only packets of its path that arrived. *)
AcksTrue ==
    \A p \in Paths : \A n \in got[p] : n < next[p] /\ items[p][n] \subseteq arrived /\ Data(p, n) \notin wire

Carried(p) == next'[p] # next[p] /\ items'[p][next[p]] # {}
(* MP-S6: no number is used twice on a path, also after it failed. *)
NumbersOnceStep == \A p \in Paths : next'[p] \in {next[p], next[p] + 1}
NumbersOnce == [][NumbersOnceStep]_vars

(* MP-S7: no data on a path that was not validated, or failed. *)
ValidatedOnlyStep == \A p \in Paths : next'[p] # next[p] => life[p] \in {"active", "suspected", "abandoned"}
ValidatedOnly == [][ValidatedOnlyStep]_vars

(* MP-S8: nothing is sent on an abandoned path. *)
AbandonedIsSilentStep == \A p \in Paths : life[p] = "abandoned" => next'[p] = next[p]
AbandonedIsSilent == [][AbandonedIsSilentStep]_vars

(* MP-S9: abandoned is final. *)
AbandonedIsFinalStep == \A p \in Paths : life[p] = "abandoned" => life'[p] = "abandoned"
AbandonedIsFinal == [][AbandonedIsFinalStep]_vars

(* MP-S10: a backup carries data only while no available path is active. *)
BackupWaitsStep == \A p \in backup : Carried(p) => Available = {}
BackupWaits == [][BackupWaitsStep]_vars

(* MP-S11: a path becomes active after validating or failing only when its present challenge is answered. *)
ReturnAnsweredStep ==
    \A p \in Paths : life[p] \in {"validating", "failed"} /\ life'[p] = "active" =>
        \E m \in wire : m.kind = "response" /\ m.path = p /\ m.round = round[p]
ReturnAnswered == [][ReturnAnsweredStep]_vars

(* MP-S12: whoever is suspected has handed out everything at once. *)
HandedAtOnceStep ==
    \A p \in Paths : life[p] = "active" /\ life'[p] = "suspected" =>
        ItemsOf(p, flying[p] \ handed[p]) \subseteq queued' \cup acked' /\ \A n \in flying'[p] \ handed'[p] : items'[p][n] = {}
HandedAtOnce == [][HandedAtOnceStep]_vars

(* MP-S13: nothing is waited for on a path that carries nothing. *)
SilentIsEmpty == \A p \in Paths : life[p] \notin {"active", "suspected"} => flying[p] = {}

(* MP-L1: everything is delivered if one path works for ever. *)
Serves(p) == p \in works /\ life[p] \notin {"unopened", "abandoned"}
Delivered == (\E p \in Paths : <>[]Serves(p)) => \A u \in Below(N) : (u < written) ~> (u < delivered)

(* MP-L2: a failed path that works again returns. *)
Returns == \A p \in Paths : (<>[]Serves(p)) => (life[p] = "failed" ~> life[p] # "failed")

(* MP-L3: what waits is not kept waiting for a standby: a path that is active takes it. *)
NeedsStandby == queued # {} /\ Available = {} /\ Active # {}
StandbyTakesOver == NeedsStandby ~> ~NeedsStandby

(* MP-L4: a path that works is validated. *)
Validated == \A p \in Paths : (<>[]Serves(p)) => (life[p] = "validating" ~> life[p] # "validating")

(* MP-L5: all that is in flight comes to an end, one way or another, if one path works for ever. *)
Resolved == (\E p \in Paths : <>[]Serves(p)) => ([]<>(queued = {}))
----------------------------------------------------------------------------
(* Odd but legal: each is the negation of a state that must be reachable.  *)

\* All is known to have arrived while the first path is dead.
NeverAroundDeadPath == ~(written = N /\ Below(N) \subseteq acked /\ 1 \notin works /\ life[1] = "failed")
NeverStandbyCarries == ~(\E p \in backup : items[p][1] # {} /\ p \in Active)
\* What was handed out is acknowledged after all, before it went out again.
NeverLateAcknowledgement == [][~(\E p \in Paths : life[p] = "suspected" /\ life'[p] = "active"
                                   /\ (queued \ queued') \cap acked' # {})]_vars
NeverAllFailed == ~(\A p \in Paths : life[p] = "failed")
NeverStaleAnswer == ~(\E p \in Paths : life[p] = "failed" /\ \E m \in wire : m.kind = "response" /\ m.path = p
                          /\ m.round < round[p])
\* Two copies of a unit arrived on two paths.
NeverTwice == ~(\E n, m \in Numbers : n \in got[1] /\ m \in got[2] /\ items[1][n] \cap items[2][m] # {})
NeverReturned == ~(\E p \in Paths : life[p] = "active" /\ round[p] >= 1 /\ round[p] >= 2 /\ flying[p] # {})
NeverOvertakes == ~(\E p \in Paths : 0 \notin arrived /\ 1 \in arrived /\ p \in works)
\* Suspected paths carry data when nothing else is left.
NeverSuspectedCarries == [][~(\E p \in Paths : life[p] = "suspected" /\ Active = {} /\ Carried(p))]_vars
=============================================================================
