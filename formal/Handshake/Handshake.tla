----------------------------- MODULE Handshake -----------------------------
(***************************************************************************)
(* How one client and one server come to common keys over a network that   *)
(* belongs to an attacker, who drops, repeats, reorders and injects.       *)
(*                                                                         *)
(* Cryptography is symbolic: what only its owner can write is written by   *)
(* the owner only, and what does not verify is told apart from what does.  *)
(* Secrecy is not stated here: that is the business of ProVerif or Tamarin.*)
(* The attacker is an outsider. One with a key pair of its own who opens a *)
(* connection under its own name is a client like any other.               *)
(*                                                                         *)
(* | here              | in Sources/PlaitTransport                        |*)
(* |-------------------|--------------------------------------------------|*)
(* | clientStage       | Initiator.Stage; "none": nobody has connected;   |*)
(* |                   | "closed": the connection that came of it has     |*)
(* |                   | ended, and the application knows                 |*)
(* | clientClock       | timers that fired since the beginning, while     |*)
(* |                   | Initiator.deadline is set: one repetition, then  |*)
(* |                   | giveUpAt                                         |*)
(* | attempts          | Initiator.attempts.count; the second one is for  |*)
(* |                   | the second suite, and a forged refusal began it  |*)
(* | cookie            | Attempt.cookie of the first attempt              |*)
(* | answersCookies    | Initiator.answersCookies                         |*)
(* | heard             | Initiator.hint is there                          |*)
(* | clientKeys        | whose reply it took: HandshakeResult.peerID      |*)
(* | opened            | Connection.initiator is gone: a packet opened    |*)
(* | half, halfAge     | Responder.Stage of the client's own initiation,  |*)
(* |                   | and timers since startedAt                       |*)
(* | generation        | how many responders the client's own initiation  |*)
(* |                   | has opened; each has an ephemeral of its own     |*)
(* | proven            | its AmplificationBudget is validated: a cookie   |*)
(* | forged, changed   | 0, or 1 + age of the place that the attacker's   |*)
(* |                   | initiation takes, and of the client's with a bit |*)
(* |                   | changed: a responder, or (IK) Gate.spent         |*)
(* | sessions, ended   | connections at the server, by generation; 0 is   |*)
(* |                   | one with anybody else; ended: no longer there    |*)
(* | weak              | generations that agreed on the second suite      |*)
(* | Deliver(m)        | TransportEndpoint.receive                        |*)
(* | DeliverData(end)  | the same, of a packet under the new keys         |*)
(* | ...Timeout        | deadlineReached at the handshake's deadline      |*)
(* | ...Idle           | deadlineReached, until silence ended the         |*)
(* |                   | connection                                       |*)
(*                                                                         *)
(* Not on the wire, though sent: data packets, which an end with keys      *)
(* repeats (recovery's probes) as long as it lives, so that one can always *)
(* arrive; initiations of the second attempt, which the timer repeats; and *)
(* the server's answers to others than the client (replies to strangers,   *)
(* their cookies, refusals): to the client they are what the attacker can  *)
(* inject at any time, and mean the same.                                  *)
(*                                                                         *)
(* Each end has a clock of its own, which only its own timers move: the    *)
(* weakest assumption about two hosts. On it the order is the code's: one  *)
(* repetition, then giving up; a place that nobody repeats (spent) has no  *)
(* timer between.                                                          *)
(***************************************************************************)
EXTENDS Channel, FiniteSets

CONSTANTS
    Modes,          \* which patterns: a subset of {"XX", "IK"}
    HalfOpenMax,    \* places at the gate before a cookie is asked for
    GenerationMax,  \* responders that the client's own initiation may open
    AttemptsMax,    \* 1, or 2: suites that the client tries
    FaultsMax,      \* how often the network loses something
    Droppable,      \* which kinds of packets it loses
    Silence,        \* "any": an end may hear nothing for too long at any time; "lonely": only if its peer is not there
    Strangers,      \* which initiations the attacker sends: a subset of {"forged", "changed"}
    Mutant          \* "none", or the name of what is broken

VARIABLES
    mode, clientStage, clientClock, attempts, cookie, answersCookies, heard, clientKeys, opened,
    half, halfAge, generation, proven, forged, changed, sessions, ended, weak

client == <<clientStage, clientClock, attempts, cookie, answersCookies, heard, clientKeys, opened>>
places == <<half, halfAge, generation, proven, forged, changed, weak>>
connections == <<sessions, ended>>
vars == <<mode, clientStage, clientClock, attempts, cookie, answersCookies, heard, clientKeys, opened,
          half, halfAge, generation, proven, forged, changed, sessions, ended, weak, wire, faults>>

Generations == 1..GenerationMax
Cookies == {"none", "right", "wrong"}

(* What can be on the wire: the client's first message with a cookie, the  *)
(* server's reply and the client's finish of one generation, and the right *)
(* cookie for the client's first message.                                  *)
Initiation(c) == [kind |-> "initiation", cookie |-> c]
Reply(g)      == [kind |-> "reply", of |-> g]
Finish(g)     == [kind |-> "finish", of |-> g]
CookieReply   == [kind |-> "cookie"]
Messages == {Initiation(c) : c \in Cookies} \cup {Reply(g) : g \in Generations}
            \cup {Finish(g) : g \in Generations} \cup {CookieReply}

Places == (IF half = "none" THEN 0 ELSE 1) + (IF forged = 0 THEN 0 ELSE 1) + (IF changed = 0 THEN 0 ELSE 1)
Unproven == Places - (IF half # "none" /\ proven THEN 1 ELSE 0)
Crowded == Places >= HalfOpenMax

Init ==
    /\ mode = "none" /\ clientStage = "none" /\ clientClock = 0 /\ attempts = 1
    /\ cookie = "none" /\ answersCookies = TRUE /\ heard = FALSE
    /\ clientKeys = 0 /\ opened = FALSE
    /\ half = "none" /\ halfAge = 0 /\ generation = 0 /\ proven = FALSE
    /\ forged = 0 /\ changed = 0
    /\ sessions = {} /\ ended = {} /\ weak = {}
    /\ ChannelInit

-----------------------------------------------------------------------------
(* The client.                                                             *)

\* The application wants a connection.
Connect(pattern) ==
    /\ mode = "none" /\ mode' = pattern
    /\ clientStage' = "asking"
    /\ Put(Initiation("none"))
    /\ UNCHANGED <<clientClock, attempts, cookie, answersCookies, heard, clientKeys, opened>>
    /\ UNCHANGED places /\ UNCHANGED connections /\ UNCHANGED faults

\* A reply verified: the keys are there.
Accept(g) ==
    /\ clientKeys' = g
    /\ clientStage' = IF mode = "XX" /\ Mutant # "ConfirmedEarly" THEN "finishing" ELSE "confirmed"
    /\ opened' = (Mutant = "ConfirmedEarly")
    /\ clientClock' = IF clientStage' = "finishing" THEN clientClock ELSE 0
    /\ attempts' = 1 /\ cookie' = "none" /\ answersCookies' = TRUE /\ heard' = FALSE
    /\ IF mode = "XX" THEN Put(Finish(g)) ELSE UNCHANGED wire

\* A cookie came; the attempt that was sent last takes it. One a timer is answered at once.
TakeCookie(c) ==
    IF clientStage # "asking" THEN UNCHANGED client /\ UNCHANGED wire
    ELSE /\ heard' = TRUE
         /\ cookie' = IF attempts = 1 THEN c ELSE cookie
         /\ IF answersCookies
            THEN answersCookies' = FALSE /\ IF attempts = 1 THEN Put(Initiation(c)) ELSE UNCHANGED wire
            ELSE UNCHANGED <<answersCookies, wire>>
         /\ UNCHANGED <<clientStage, clientClock, attempts, clientKeys, opened>>

\* Something that does not verify, or a refusal: remembered, in case nothing better comes.
Remember ==
    /\ heard' = (heard \/ clientStage = "asking")
    /\ UNCHANGED <<clientStage, clientClock, attempts, cookie, answersCookies, clientKeys, opened, wire>>

DeliverReply(m) ==
    /\ CASE clientStage = "asking" -> Accept(m.of)
         [] clientStage = "finishing" /\ m.of = clientKeys -> UNCHANGED client /\ Put(Finish(m.of))
         [] OTHER -> UNCHANGED client /\ UNCHANGED wire
    /\ UNCHANGED places /\ UNCHANGED connections

DeliverCookie(m) == TakeCookie("right") /\ UNCHANGED places /\ UNCHANGED connections

\* The timer for repeating. An older attempt is repeated as well: a forged refusal must not silence it.
ClientTimeout ==
    /\ clientStage \in {"asking", "finishing"} /\ clientClock = 0
    /\ clientClock' = 1
    /\ answersCookies' = TRUE
    /\ IF clientStage = "asking" THEN Put(Initiation(cookie)) ELSE Put(Finish(clientKeys))
    /\ UNCHANGED <<mode, clientStage, attempts, cookie, heard, clientKeys, opened, places, connections, faults>>

\* The time is over. While finishing the keys are good; whether the server has them the connection will see.
ClientGiveUp ==
    /\ clientStage \in {"asking", "finishing"} /\ clientClock = 1
    /\ Mutant # "NoGiveUp"
    /\ clientClock' = 0
    /\ clientStage' = IF clientStage = "asking" THEN "failed" ELSE "confirmed"
    /\ attempts' = 1 /\ cookie' = "none" /\ answersCookies' = TRUE
    /\ UNCHANGED <<mode, heard, clientKeys, opened, places, connections, wire, faults>>

\* Nothing came under the new keys for too long: the connection ends, and the application is told.
ClientIdle ==
    /\ clientStage = "confirmed"
    /\ IF Silence = "any" THEN TRUE ELSE clientKeys \notin sessions \ ended
    /\ clientStage' = "closed" /\ opened' = FALSE
    /\ UNCHANGED <<mode, clientClock, attempts, cookie, answersCookies, heard, clientKeys, places, connections, wire,
                   faults>>

-----------------------------------------------------------------------------
(* The server.                                                             *)

\* A responder for the client's own initiation.
Open(isProven) ==
    /\ generation < GenerationMax
    /\ half' = IF mode = "XX" THEN "awaitingFinish" ELSE "keyed"
    /\ halfAge' = 0 /\ proven' = isProven /\ generation' = generation + 1
    /\ Put(Reply(generation + 1))
    /\ IF Mutant = "ReplayOpensSession" /\ mode = "IK"
       THEN sessions' = sessions \cup {generation + 1} /\ UNCHANGED ended
       ELSE UNCHANGED connections
    /\ UNCHANGED <<forged, changed, weak>>

DeliverInitiation(m) ==
    /\ UNCHANGED client
    /\ IF half # "none"
       THEN Put(Reply(generation)) /\ UNCHANGED places /\ UNCHANGED connections
       ELSE IF m.cookie = "right" THEN Open(TRUE)
       ELSE IF Crowded THEN Put(CookieReply) /\ UNCHANGED places /\ UNCHANGED connections
       ELSE Open(FALSE)

\* The keys of the client's handshake are taken, and its place is free.
Establish ==
    /\ sessions' = sessions \cup {generation}
    /\ half' = "none" /\ halfAge' = 0 /\ proven' = FALSE
    /\ UNCHANGED <<ended, generation, forged, changed, weak>>

DeliverFinish(m) ==
    /\ UNCHANGED client /\ UNCHANGED wire
    /\ IF half = "awaitingFinish" /\ m.of = generation
       THEN Establish
       ELSE UNCHANGED places /\ UNCHANGED connections

Deliver(m) ==
    /\ m \in wire
    /\ CASE m.kind = "initiation" -> DeliverInitiation(m)
         [] m.kind = "reply" -> DeliverReply(m)
         [] m.kind = "finish" -> DeliverFinish(m)
         [] m.kind = "cookie" -> DeliverCookie(m)
    /\ UNCHANGED <<mode, faults>>

Drop(m) == m.kind \in Droppable /\ Lost(m) /\ Fault(FaultsMax) /\ UNCHANGED <<mode, client, places, connections>>

\* A packet under the client's keys: the first that opens begins the connection at a server that has the keys.
DeliverDataToServer ==
    /\ clientKeys # 0
    /\ UNCHANGED client /\ UNCHANGED wire
    /\ IF half = "keyed" /\ generation = clientKeys
       THEN Establish
       ELSE UNCHANGED places /\ UNCHANGED connections

\* A packet under the server's keys: the server has them, and nothing is repeated any more.
DeliverDataToClient ==
    /\ sessions # {}
    /\ IF clientKeys \in sessions /\ clientStage \in {"finishing", "confirmed"}
       THEN /\ clientStage' = "confirmed" /\ opened' = TRUE /\ clientClock' = 0 /\ answersCookies' = TRUE
            /\ UNCHANGED <<attempts, cookie, heard, clientKeys>>
       ELSE UNCHANGED client
    /\ UNCHANGED places /\ UNCHANGED connections /\ UNCHANGED wire

DeliverData(to) ==
    /\ IF to = "server" THEN DeliverDataToServer ELSE DeliverDataToClient
    /\ UNCHANGED <<mode, faults>>

\* The initiation for the second suite: the server sees in its list that both could do better.
DeliverSecondAttempt ==
    /\ attempts = 2
    /\ IF Mutant = "Downgrade" /\ half = "none" /\ ~Crowded /\ generation < GenerationMax
       THEN /\ half' = IF mode = "XX" THEN "awaitingFinish" ELSE "keyed"
            /\ generation' = generation + 1 /\ weak' = weak \cup {generation + 1}
            /\ Put(Reply(generation + 1))
            /\ UNCHANGED <<halfAge, proven, forged, changed>>
       ELSE UNCHANGED places /\ UNCHANGED wire
    /\ UNCHANGED <<mode, client, connections, faults>>

\* A place grows older: 1 becomes 2, and 2 is free.
Older(place) == IF place = 1 THEN 2 ELSE 0

\* The gate's timer: what is fresh repeats its reply, what is old goes. Where no reply is to be repeated there is no
\* timer before the end.
ServerTimeout ==
    /\ Places > 0
    /\ IF half = "none" /\ forged = 0 /\ mode = "IK"
       THEN /\ changed' = 0
            /\ UNCHANGED <<half, halfAge, generation, proven, forged, weak, wire>>
       ELSE /\ forged' = Older(forged) /\ changed' = Older(changed)
            /\ IF half # "none" /\ halfAge = 0
               THEN halfAge' = 1 /\ Put(Reply(generation)) /\ UNCHANGED <<half, proven>>
               ELSE half' = "none" /\ halfAge' = 0 /\ proven' = FALSE /\ UNCHANGED wire
            /\ UNCHANGED <<generation, weak>>
    /\ UNCHANGED <<mode, client, connections, faults>>

\* Nothing came for too long. The gate's timers are shorter, so nobody waits there any more.
ServerIdle ==
    /\ sessions # ended /\ Places = 0
    /\ IF Silence = "any" THEN TRUE ELSE clientStage \in {"failed", "closed"}
    /\ ended' = sessions
    /\ UNCHANGED <<mode, client, places, sessions, wire, faults>>

-----------------------------------------------------------------------------
(* The attacker, from when the client began. What it injects arrives at    *)
(* once: waiting on the wire would be the same as being injected later.    *)

\* An initiation with an ephemeral of its own and the client's id; "stolen": with the client's cookie.
ForgeInitiation(c) ==
    /\ mode # "none" /\ "forged" \in Strangers
    /\ IF c = "stolen" THEN CookieReply \in wire ELSE TRUE
    /\ IF forged = 0 /\ (~Crowded \/ (Mutant = "CookieNotBound" /\ c = "stolen"))
       THEN forged' = 1
       ELSE UNCHANGED forged
    /\ UNCHANGED <<mode, client, half, halfAge, generation, proven, changed, weak, connections, wire, faults>>

\* The client's initiation with a bit changed. In IK it cannot be read; a second one would take a second place.
ChangeInitiation ==
    /\ mode # "none" /\ "changed" \in Strangers
    /\ IF mode = "XX" THEN TRUE ELSE changed = 0
    /\ changed' = IF changed = 0 /\ ~Crowded THEN 1 ELSE changed
    /\ UNCHANGED <<mode, client, half, halfAge, generation, proven, forged, weak, connections, wire, faults>>

\* What the client cannot verify: a reply under another key or to somebody else's initiation, a refusal that names no
\* choice.
ForgeReply ==
    /\ mode # "none"
    /\ IF Mutant = "ForgedReplyFails" /\ clientStage = "asking"
       THEN clientStage' = "failed" /\ clientClock' = 0
            /\ UNCHANGED <<attempts, cookie, answersCookies, heard, clientKeys, opened, wire>>
       ELSE Remember
    /\ UNCHANGED <<mode, places, connections, faults>>

\* A finish for the handshake that waits, by somebody without its keys.
ForgeFinish ==
    /\ half = "awaitingFinish"
    /\ IF Mutant = "FinishUnverified" THEN Establish ELSE UNCHANGED places /\ UNCHANGED connections
    /\ UNCHANGED <<mode, client, wire, faults>>

\* A cookie that is not for the client's packet.
ForgeCookie == mode # "none" /\ TakeCookie("wrong") /\ UNCHANGED <<mode, places, connections, faults>>

\* A refusal that names the second suite: the client tries it besides.
ForgeRefusal ==
    /\ mode # "none"
    /\ IF clientStage = "asking" /\ attempts < AttemptsMax
       THEN /\ attempts' = attempts + 1 /\ answersCookies' = TRUE /\ heard' = TRUE
            /\ UNCHANGED <<clientStage, clientClock, cookie, clientKeys, opened, wire>>
       ELSE Remember
    /\ UNCHANGED <<mode, places, connections, faults>>

\* Bytes that are no packet of this protocol, to both ends.
Junk == mode # "none" /\ UNCHANGED vars

-----------------------------------------------------------------------------
Attack ==
    \/ \E c \in {"none", "stolen"} : ForgeInitiation(c)
    \/ ChangeInitiation \/ ForgeReply \/ ForgeFinish \/ ForgeCookie \/ ForgeRefusal \/ Junk

Next ==
    \/ \E pattern \in Modes : Connect(pattern)
    \/ \E m \in Messages : Deliver(m) \/ Drop(m)
    \/ \E end \in {"client", "server"} : DeliverData(end)
    \/ DeliverSecondAttempt
    \/ ClientTimeout \/ ClientGiveUp \/ ClientIdle
    \/ ServerTimeout \/ ServerIdle
    \/ Attack

Spec == Init /\ [][Next]_vars

(* Fairness, and what stands for it in the simulator: a settling driver    *)
(* delivers every packet that waits, fires every handshake timer, and lets *)
(* an end whose peer is not there fall silent; strongly fair for the       *)
(* server, since whoever waits at the gate has shorter timers. The attacker *)
(* owes nothing, and need not stop.                                        *)
Lonely == clientKeys \notin (sessions \ ended)
Fair ==
    /\ \A m \in Messages : WF_vars(Deliver(m))
    /\ \A end \in {"client", "server"} : WF_vars(DeliverData(end))
    /\ WF_vars(ClientTimeout) /\ WF_vars(ClientGiveUp)
    /\ WF_vars(Lonely /\ ClientIdle)
    /\ WF_vars(ServerTimeout)
    /\ SF_vars(clientStage \in {"failed", "closed"} /\ ServerIdle)
FairSpec == Spec /\ Fair

-----------------------------------------------------------------------------
(* Safety.                                                                 *)

TypeOK ==
    /\ mode \in Modes \cup {"none"}
    /\ clientStage \in {"none", "asking", "finishing", "confirmed", "failed", "closed"}
    /\ clientClock \in 0..1 /\ attempts \in 1..AttemptsMax
    /\ cookie \in Cookies /\ answersCookies \in BOOLEAN /\ heard \in BOOLEAN
    /\ clientKeys \in 0..GenerationMax /\ opened \in BOOLEAN
    /\ half \in {"none", "awaitingFinish", "keyed"} /\ halfAge \in 0..1
    /\ generation \in 0..GenerationMax /\ proven \in BOOLEAN
    /\ forged \in 0..2 /\ changed \in 0..2
    /\ sessions \subseteq 0..GenerationMax /\ ended \subseteq sessions /\ weak \subseteq Generations
    /\ wire \subseteq Messages /\ faults \in 0..FaultsMax

\* The server has a session only with the client that took this very reply: same transcript, other role.
Agreement == \A g \in sessions : g # 0 /\ clientKeys = g

\* One handshake of a client makes one connection, whatever is replayed.
OneSession == Cardinality(sessions) <= 1

\* Once a packet opened at the client, the server has the keys.
ConfirmedByServer == opened => clientKeys \in sessions

\* Whoever has keys at either end agreed on the best suite that both have.
NoDowngrade == clientKeys \notin weak /\ sessions \cap weak = {}

\* Places at the gate without proof of an address are bounded.
PlacesBounded == Unproven <= HalfOpenMax

\* The stages fit the pattern and the keys.
StagesFit ==
    /\ clientStage = "none" <=> mode = "none"
    /\ clientStage = "finishing" => mode = "XX"
    /\ clientStage \in {"finishing", "confirmed", "closed"} <=> clientKeys # 0
    /\ half = "awaitingFinish" => mode = "XX"
    /\ half = "keyed" => mode = "IK"

\* A server takes no data before the keys: in XX a session begins with the client's finish only.
FinishFirst == [][\A g \in sessions' \ sessions : mode = "XX" => Finish(g) \in wire]_vars

\* A crowded gate computes nothing for whoever shows no cookie of its own.
CookieFirst ==
    [][/\ Crowded /\ generation' > generation => proven'
       /\ Crowded /\ forged' = 1 => forged = 1
       /\ Crowded /\ changed' = 1 => changed = 1]_vars

\* Only time ends the asking in failure, never what anybody can send.
OnlyTimeFails == [][clientStage' = "failed" /\ clientStage # "failed" => clientStage = "asking" /\ clientClock = 1]_vars

\* Keys are taken once.
KeysOnce == [][clientKeys # 0 => clientKeys' = clientKeys]_vars

-----------------------------------------------------------------------------
(* Liveness, under FairSpec.                                               *)

BothEstablished == clientStage = "confirmed" /\ opened /\ clientKeys \in sessions \ ended
BothOver == clientStage \in {"failed", "closed"} /\ sessions = ended
\* Both are connected with each other, or both know that they are not.
Outcome == clientStage = "asking" ~> (BothEstablished \/ BothOver)
\* Whatever waits at the gate is freed.
PlacesFreed ==
    /\ \A g \in Generations : (half # "none" /\ generation = g) ~> (half = "none" \/ generation # g)
    /\ forged # 0 ~> forged = 0
    /\ changed # 0 ~> changed = 0
\* The client does not ask for ever.
AskingEnds == clientStage = "asking" ~> clientStage # "asking"

-----------------------------------------------------------------------------
(* Odd, and allowed: each must be reachable.                               *)

ServerGaveUpFirst == ~(clientStage = "finishing" /\ generation > 0 /\ half = "none" /\ sessions = {})
CookieRound       == ~(half # "none" /\ proven /\ forged # 0)
ForgedThenTrue    == [][~(clientStage = "asking" /\ heard /\ clientKeys' # 0)]_vars
ReplayOpensPlace  == ~(sessions # {} /\ half # "none")
OldReplyTaken     == ~(clientKeys = 1 /\ half # "none" /\ generation = 2 /\ sessions = {})
SecondAttemptHeld == [][~(attempts = 2 /\ clientKeys' # 0)]_vars
ClientAlone       == ~(clientStage = "closed" /\ sessions = {})
ServerAlone       == ~(clientStage = "closed" /\ sessions # ended)
CookieLost        == ~(attempts = 2 /\ Crowded /\ half = "none" /\ CookieReply \in wire /\ cookie = "none")
=============================================================================
