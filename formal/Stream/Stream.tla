------------------------------ MODULE Stream -------------------------------
(***************************************************************************)
(* One unidirectional stream: reassembly, flow control, its end, giving it *)
(* up from either side (RFC 9000, sections 2 to 4).                        *)
(*                                                                         *)
(* A unit is a run of bytes that always travels whole; units are numbered  *)
(* 0 .. N-1. How many bytes one has, and which, the model leaves open.     *)
(*                                                                         *)
(* | here         | in Sources/PlaitTransport/Streams                      |*)
(* |--------------|--------------------------------------------------------|*)
(* | sendState    | SendSide.State; "over" or "finished": forgotten        |*)
(* | word         | SendSide.Word, of the end or of the reset              |*)
(* | end          | SendBuffer.end (behind the last unit ever written)     |*)
(* | next         | SendBuffer.next                                        |*)
(* | acked        | below SendBuffer.start, and .acknowledged              |*)
(* | lost         | SendBuffer.lost                                        |*)
(* | limit        | SendSide.limit                                         |*)
(* | receiveState | ReceiveSide.State; "unknown": no frame came yet        |*)
(* | stopWord     | the word in ReceiveSide.State.stopped                  |*)
(* | highest      | ReceiveSide.highest                                    |*)
(* | arrived      | below Reassembly.complete, and .beyond                 |*)
(* | recvLimit    | ReceiveWindow.limit                                    |*)
(* | window       | ReceiveWindow.window; without a round trip constant    |*)
(* | owesLimit    | ReceiveSide.owesLimit                                  |*)
(* | delivered    | units that the application has read                    |*)
(* | inflight     | frames that matter to their sender, which knows them   |*)
(* |              | neither acknowledged nor lost                          |*)
(* | acks         | frames that matter to their sender, and arrived        |*)
(* | wire, faults | see Channel                                            |*)
(*                                                                         *)
(* | action       | StreamSet                                              |*)
(* |--------------|--------------------------------------------------------|*)
(* | Write        | write(_:_:isLast:)                                     |*)
(* | Reset, Stop  | reset(_:code:), stop(_:code:)                          |*)
(* | Read         | read(_:into:now:roundTrip:), room for one unit         |*)
(* | TellReset    | nextEvent() answers .reset                             |*)
(* | Send         | nextFrame(into:now:) with room for just these units    |*)
(* | SendReset, SendStop, SendLimit | nextFrame(into:now:)                 |*)
(* | Deliver      | receive(...), of the other end                         |*)
(* | Acknowledge, Lose | acknowledged(_:), lost(_:)                        |*)
(* | Drop         | the network's alone                                    |*)
(*                                                                         *)
(* Where a frame is believed lost, or its acknowledgement comes, is not    *)
(* this machine's doing: recovery is another machine, and here whoever     *)
(* drives decides in its place. Losing what is neither on the wire nor     *)
(* arrived costs nothing; losing anything else is a mistake of recovery,   *)
(* and counts as a fault. An acknowledgement may also come after the loss. *)
(*                                                                         *)
(* Every event but the reset is told at once. An end that is over forgets  *)
(* the stream; its variables are then empty.                               *)
(*                                                                         *)
(* Frames that can change nothing any more are left out: of bytes when all *)
(* has arrived or was given up, to an end that has forgotten the stream,   *)
(* and so on. The driver keeps them, and delivers, acknowledges and loses  *)
(* them now and then beside its actions, which must not show in the state. *)
(***************************************************************************)
EXTENDS Channel, Integers, FiniteSets

CONSTANTS
    N,          \* units that the application may write
    W,          \* the receiver's window, in units
    Chunk,      \* most units in one frame
    MaxFaults,  \* drops and mistaken losses
    Mutant      \* "none", or the mistake to make

VARIABLES
    sendState, word, end, next, acked, lost, limit,
    receiveState, stopWord, highest, arrived, recvLimit, window, owesLimit,
    delivered, inflight, acks

sender == <<sendState, word, end, next, acked, lost, limit>>
receiver == <<receiveState, stopWord, highest, arrived, recvLimit, window, owesLimit, delivered>>
vars == <<sendState, word, end, next, acked, lost, limit,
          receiveState, stopWord, highest, arrived, recvLimit, window, owesLimit,
          delivered, wire, inflight, acks, faults>>

Min(a, b) == IF a < b THEN a ELSE b
Max(a, b) == IF a > b THEN a ELSE b
Below(n) == 0 .. (n - 1)

Data(start, count, isLast) == [kind |-> "data", start |-> start, count |-> count, isLast |-> isLast]
ResetFrame(size) == [kind |-> "reset", size |-> size]
LimitFrame(most) == [kind |-> "limit", limit |-> most]
StopFrame == [kind |-> "stop"]

DataFrames == {f \in [kind : {"data"}, start : 0 .. N, count : 0 .. Chunk, isLast : BOOLEAN] :
                 f.start + f.count <= N /\ (f.count > 0 \/ f.isLast)}
Frames == DataFrames \cup {ResetFrame(s) : s \in 0 .. N}
                     \cup {LimitFrame(l) : l \in (W + 1) .. (N + W)} \cup {StopFrame}

Units(f) == f.start .. (f.start + f.count - 1)
EndOf(f) == f.start + f.count

Init ==
    /\ sendState = "open" /\ word = "unsent" /\ end = 0 /\ next = 0 /\ acked = {} /\ lost = {} /\ limit = W
    /\ receiveState = "unknown" /\ stopWord = "unsent" /\ highest = 0 /\ arrived = {} /\ recvLimit = W /\ window = W
    /\ owesLimit = FALSE /\ delivered = 0
    /\ inflight = {} /\ acks = {}
    /\ ChannelInit

----------------------------------------------------------------------------
(* The sender's application and its frames.                                *)

HasBuffer == sendState \in {"open", "ending"}

\* Whether the frame's sender would still learn anything from its acknowledgement or loss.
Matters(f) ==
    CASE f.kind = "data" -> HasBuffer /\ (~(Units(f) \subseteq acked)
                                          \/ (sendState = "ending" /\ f.isLast /\ word # "acknowledged"))
      [] f.kind = "reset" -> sendState = "resetting"
      [] f.kind = "stop" -> receiveState = "stopped" /\ stopWord # "acknowledged"
      [] f.kind = "limit" -> receiveState = "open"

IsComplete == receiveState = "ending" /\ Below(highest) \subseteq arrived

\* Whether it could still change anything where it arrives.
IsHeard(f) ==
    CASE f.kind \in {"data", "reset"} -> receiveState \notin {"reset", "over"} /\ ~IsComplete
      [] f.kind = "stop" -> HasBuffer
      [] f.kind = "limit" -> sendState \notin {"finished", "over"} /\ f.limit > limit

\* What the network and recovery have in hand after a step.
Carry(onWire, flying, come) ==
    /\ inflight' = {f \in flying : Matters(f)'}
    /\ acks' = {f \in come : Matters(f)'}
    /\ wire' = {f \in onWire : (IsHeard(f) \/ (Matters(f) /\ f \notin acks))'}

Write(units, isLast) ==
    /\ sendState = "open" /\ end + units <= N /\ ~(units = 0 /\ ~isLast)
    /\ end' = end + units
    /\ sendState' = IF isLast THEN "ending" ELSE "open"
    /\ UNCHANGED <<word, next, acked, lost, limit, receiver, faults>>
    /\ Carry(wire, inflight, acks)

\* SendSide.reset: nothing of the stream will be sent any more.
GiveUp ==
    /\ sendState' = "resetting" /\ word' = "unsent" /\ acked' = {} /\ lost' = {}
    /\ UNCHANGED <<end, next, limit>>

Reset ==
    /\ HasBuffer
    /\ GiveUp
    /\ UNCHANGED <<receiver, faults>>
    /\ Carry(wire, inflight, acks)

First(s) == CHOOSE x \in s : \A y \in s : x <= y

\* What goes next: the first run of lost units, or new ones as far as the limit lets them.
Pending ==
    IF lost # {}
    THEN LET from == First(lost)
         IN  [start |-> from, count |-> Cardinality({u \in lost : \A v \in from .. u : v \in lost})]
    ELSE [start |-> next, count |-> (IF Mutant = "LimitIgnored" THEN end ELSE Min(end, limit)) - next]

IsEndAlone == sendState = "ending" /\ word = "unsent" /\ lost = {} /\ next = end

Send(units) ==
    /\ HasBuffer
    /\ IF units = 0 THEN IsEndAlone ELSE units <= Pending.count
    /\ LET from == Pending.start
           f == Data(from, units, sendState = "ending" /\ from + units = end)
       IN  /\ next' = Max(next, from + units)
           /\ lost' = lost \ Units(f)
           /\ word' = IF f.isLast /\ word = "unsent" THEN "inFlight" ELSE word
           /\ UNCHANGED <<sendState, end, acked, limit, receiver, faults>>
           /\ Carry(wire \cup {f}, inflight \cup {f}, acks)

SendReset ==
    /\ sendState = "resetting" /\ word = "unsent"
    /\ LET f == ResetFrame(IF Mutant = "SizeOfArrived" THEN Cardinality(UNION {Units(g) : g \in acks \cap DataFrames})
                           ELSE next)
       IN  /\ word' = "inFlight"
           /\ UNCHANGED <<sendState, end, next, acked, lost, limit, receiver, faults>>
           /\ Carry(wire \cup {f}, inflight \cup {f}, acks)

\* The sender needs the stream no more.
ForgetSending(how) ==
    /\ sendState' = how /\ word' = "unsent" /\ next' = 0 /\ acked' = {} /\ lost' = {} /\ limit' = 0
    /\ UNCHANGED end

----------------------------------------------------------------------------
(* The receiver's application and its frames.                              *)

\* ReceiveWindow.move, with `consumed` units read or thrown away: a quarter of the window must have been consumed.
Moved(most, consumed) ==
    IF 4 * (most - consumed) <= 3 * window /\ consumed + window > most THEN consumed + window ELSE most

\* The receiver needs the stream no more.
ForgetReceiving ==
    /\ receiveState' = "over" /\ stopWord' = "unsent" /\ highest' = 0 /\ arrived' = {} /\ recvLimit' = 0 /\ window' = 0
    /\ owesLimit' = FALSE

CanRead == \/ delivered \in arrived
           \/ Mutant = "ReadsOverGap" /\ \E u \in arrived : u > delivered

Reads ==
    \/ /\ receiveState \in {"open", "ending"} /\ CanRead
       /\ delivered' = delivered + 1
       /\ IF receiveState = "ending" /\ delivered' = highest
          THEN ForgetReceiving
          ELSE /\ recvLimit' = Moved(recvLimit, delivered')
               /\ owesLimit' = (owesLimit \/ (receiveState = "open" /\ recvLimit' # recvLimit))
               /\ UNCHANGED <<receiveState, stopWord, highest, arrived, window>>
       /\ UNCHANGED <<sender, faults>>
    \/ \* The end alone, or the word that there will be no more.
       /\ (receiveState = "ending" /\ delivered = highest) \/ receiveState = "reset"
       /\ ForgetReceiving
       /\ UNCHANGED <<sender, delivered, faults>>

Read == Reads /\ Carry(wire, inflight, acks)

TellReset ==
    /\ receiveState = "reset"
    /\ ForgetReceiving
    /\ UNCHANGED <<sender, delivered, faults>>
    /\ Carry(wire, inflight, acks)

Stop ==
    /\ \/ /\ receiveState = "open"
          /\ receiveState' = "stopped" /\ arrived' = {} /\ owesLimit' = FALSE
          /\ recvLimit' = Moved(recvLimit, highest)
          /\ UNCHANGED <<stopWord, highest, window>>
       \/ receiveState = "ending" /\ ForgetReceiving
    /\ UNCHANGED <<sender, delivered, faults>>
    /\ Carry(wire, inflight, acks)

SendStop ==
    /\ receiveState = "stopped" /\ stopWord = "unsent"
    /\ stopWord' = "inFlight"
    /\ UNCHANGED <<sender, receiveState, highest, arrived, recvLimit, window, owesLimit, delivered, faults>>
    /\ Carry(wire \cup {StopFrame}, inflight \cup {StopFrame}, acks)

SendLimit ==
    /\ owesLimit
    /\ owesLimit' = FALSE
    /\ UNCHANGED <<sender, receiveState, stopWord, highest, arrived, recvLimit, window, delivered, faults>>
    /\ Carry(wire \cup {LimitFrame(recvLimit)}, inflight \cup {LimitFrame(recvLimit)}, acks)

----------------------------------------------------------------------------
(* The network.                                                            *)

DataArrives(f) ==
    /\ CASE receiveState \in {"unknown", "open", "ending"} ->
              /\ receiveState' = IF f.isLast \/ receiveState = "ending" THEN "ending" ELSE "open"
              /\ arrived' = arrived \cup Units(f)
              /\ highest' = Max(highest, EndOf(f))
              /\ owesLimit' = (owesLimit /\ receiveState' = "open")
              /\ UNCHANGED <<stopWord, recvLimit, window>>
         [] receiveState = "stopped" /\ f.isLast -> ForgetReceiving
         [] receiveState = "stopped" /\ ~f.isLast ->
              /\ highest' = Max(highest, EndOf(f))
              /\ recvLimit' = Moved(recvLimit, highest')
              /\ UNCHANGED <<receiveState, stopWord, arrived, window, owesLimit>>
         [] OTHER -> UNCHANGED <<receiveState, stopWord, highest, arrived, recvLimit, window, owesLimit>>
    /\ UNCHANGED <<sender, delivered>>

ResetArrives(f) ==
    /\ CASE receiveState \in {"unknown", "open", "ending"} /\ ~IsComplete ->
              /\ receiveState' = "reset" /\ arrived' = {} /\ owesLimit' = FALSE
              /\ highest' = IF Mutant = "SizeOfArrived" THEN f.size ELSE Max(highest, f.size)
              /\ recvLimit' = Moved(recvLimit, highest')
              /\ UNCHANGED <<stopWord, window>>
         [] receiveState = "stopped" -> ForgetReceiving
         [] OTHER -> UNCHANGED <<receiveState, stopWord, highest, arrived, recvLimit, window, owesLimit>>
    /\ UNCHANGED <<sender, delivered>>

StopArrives == (IF HasBuffer THEN GiveUp ELSE UNCHANGED sender) /\ UNCHANGED receiver

LimitArrives(f) ==
    /\ limit' = IF sendState \in {"finished", "over"} THEN 0
                ELSE IF Mutant = "CreditShrinks" THEN f.limit ELSE Max(limit, f.limit)
    /\ UNCHANGED <<sendState, word, end, next, acked, lost, receiver>>

Deliver(f) ==
    /\ f \in wire
    /\ CASE f.kind = "data" -> DataArrives(f)
         [] f.kind = "reset" -> ResetArrives(f)
         [] f.kind = "stop" -> StopArrives
         [] f.kind = "limit" -> LimitArrives(f)
    /\ UNCHANGED faults
    /\ Carry(wire, inflight, acks \cup {f})

\* Only what is in flight and did not arrive: to drop anything else is the same as not to deliver it any more.
Drop(f) ==
    /\ f \in (wire \cap inflight) \ acks
    /\ Fault(MaxFaults)
    /\ UNCHANGED <<sender, receiver>>
    /\ Carry(wire \ {f}, inflight, acks)

----------------------------------------------------------------------------
(* What recovery tells of a frame.                                         *)

DataAcknowledged(f) ==
    LET has == acked \cup Units(f)
        said == IF sendState = "ending" /\ f.isLast THEN "acknowledged" ELSE word
    IN  IF ~HasBuffer THEN UNCHANGED sender
        ELSE IF sendState = "ending" /\ said = "acknowledged" /\ has = Below(end) THEN ForgetSending("finished")
        ELSE /\ acked' = has /\ lost' = lost \ Units(f) /\ word' = said
             /\ UNCHANGED <<sendState, end, next, limit>>

Acknowledge(f) ==
    /\ f \in acks /\ (f \in inflight \/ f.kind # "limit")
    /\ CASE f.kind = "data" -> DataAcknowledged(f) /\ UNCHANGED receiver
         [] f.kind = "reset" -> /\ IF sendState = "resetting" THEN ForgetSending("over") ELSE UNCHANGED sender
                                /\ UNCHANGED receiver
         [] f.kind = "stop" -> /\ stopWord' = IF receiveState = "stopped" THEN "acknowledged" ELSE stopWord
                               /\ UNCHANGED <<sender, receiveState, highest, arrived, recvLimit, window, owesLimit, delivered>>
         [] f.kind = "limit" -> UNCHANGED <<sender, receiver>>
    /\ UNCHANGED faults
    /\ Carry(wire, inflight \ {f}, acks)

DataLost(f) ==
    IF ~HasBuffer THEN UNCHANGED sender
    ELSE /\ lost' = IF Mutant = "LossForgotten" THEN lost ELSE lost \cup (Units(f) \ acked)
         /\ word' = IF sendState = "ending" /\ f.isLast /\ word = "inFlight" /\ Mutant # "EndForgotten"
                    THEN "unsent" ELSE word
         /\ UNCHANGED <<sendState, end, next, acked, limit>>

IsGone(f) == f \notin wire /\ f \notin acks

Lose(f) ==
    /\ f \in inflight
    /\ IF IsGone(f) THEN UNCHANGED faults ELSE Fault(MaxFaults)
    /\ CASE f.kind = "data" -> DataLost(f) /\ UNCHANGED receiver
         [] f.kind = "reset" -> /\ word' = IF word = "inFlight" THEN "unsent" ELSE word
                                /\ UNCHANGED <<sendState, end, next, acked, lost, limit, receiver>>
         [] f.kind = "stop" -> /\ stopWord' = IF stopWord = "inFlight" THEN "unsent" ELSE stopWord
                               /\ UNCHANGED <<sender, receiveState, highest, arrived, recvLimit, window, owesLimit, delivered>>
         [] f.kind = "limit" -> /\ owesLimit' = (owesLimit \/ (receiveState = "open" /\ Mutant # "LimitForgotten"))
                                /\ UNCHANGED <<sender, receiveState, stopWord, highest, arrived, recvLimit, window, delivered>>
    /\ Carry(wire, inflight \ {f}, acks)

----------------------------------------------------------------------------

Next ==
    \/ \E units \in 0 .. 1, isLast \in BOOLEAN : Write(units, isLast)
    \/ \E units \in 0 .. Chunk : Send(units)
    \/ Reset \/ SendReset
    \/ Read \/ TellReset \/ Stop \/ SendStop \/ SendLimit
    \/ \E f \in wire : Deliver(f) \/ Drop(f)
    \/ \E f \in acks : Acknowledge(f)
    \/ \E f \in inflight : Lose(f)

Spec == Init /\ [][Next]_vars

(***************************************************************************)
(* Fairness. Nobody has to write, reset, stop or do harm.                  *)
(*                                                                         *)
(* | here                  | when a run is settled (StreamDriver.settle)   |*)
(* |-----------------------|-----------------------------------------------|*)
(* | Send..., the frames   | each end is asked for frames until it has none|*)
(* | Deliver               | every held packet is delivered                |*)
(* | Acknowledge           | every frame in flight that arrived            |*)
(* | Lose, of what is gone | every frame in flight that was dropped        |*)
(* | Read, TellReset       | the reader reads whatever is there            |*)
(***************************************************************************)
Fairness ==
    /\ WF_vars(\E units \in 0 .. Chunk : Send(units))
    /\ WF_vars(SendReset) /\ WF_vars(SendStop) /\ WF_vars(SendLimit)
    /\ WF_vars(\E f \in wire : Deliver(f))
    /\ WF_vars(\E f \in acks : Acknowledge(f))
    /\ WF_vars(\E f \in inflight : IsGone(f) /\ Lose(f))
    /\ WF_vars(Read) /\ WF_vars(TellReset)

FairSpec == Spec /\ Fairness

----------------------------------------------------------------------------
(* ST-S1 *)
TypeOK ==
    /\ sendState \in {"open", "ending", "resetting", "finished", "over"}
    /\ word \in {"unsent", "inFlight", "acknowledged"} /\ stopWord \in {"unsent", "inFlight", "acknowledged"}
    /\ receiveState \in {"unknown", "open", "ending", "stopped", "reset", "over"}
    /\ end \in 0 .. N /\ next \in 0 .. end /\ highest \in 0 .. N /\ delivered \in 0 .. N
    /\ limit \in 0 .. (N + W) /\ recvLimit \in 0 .. (N + W) /\ window \in {0, W} /\ owesLimit \in BOOLEAN
    /\ acked \subseteq Below(next) /\ lost \subseteq Below(next) \ acked /\ arrived \subseteq Below(N)
    /\ wire \subseteq Frames /\ inflight \subseteq Frames /\ acks \subseteq Frames /\ faults \in 0 .. MaxFaults

(* ST-S2: what was read was written, and nothing before it is missing. *)
InOrder ==
    /\ delivered <= end
    /\ receiveState \in {"open", "ending"} => Below(delivered) \subseteq arrived

(* ST-S3: nothing is sent beyond what the receiver allows. *)
WithinLimit ==
    /\ sendState \notin {"finished", "over"} => next <= limit
    /\ (sendState \notin {"finished", "over"} /\ receiveState # "over") => limit <= recvLimit
    /\ receiveState # "over" => highest <= recvLimit

(* ST-S4: no more than a window waits for the reader. *)
WithinWindow == receiveState \in {"open", "ending"} =>
    /\ Cardinality(arrived \ Below(delivered)) <= window
    /\ recvLimit <= delivered + window

(* ST-S5: limits rise. *)
LimitsRiseStep ==
    /\ sendState' \notin {"finished", "over"} => limit' >= limit
    /\ receiveState' # "over" => recvLimit' >= recvLimit
LimitsRise == [][LimitsRiseStep]_vars

(* ST-S6: every word of where the stream ends says the same, and the receiver keeps to the first. *)
Ends == {EndOf(f) : f \in {g \in (wire \cup acks) \cap DataFrames : g.isLast}}
Sizes == {f.size : f \in {g \in wire \cup acks : g.kind = "reset"}}
FinalSizeAgreed ==
    /\ Cardinality(Ends) <= 1 /\ Cardinality(Sizes) <= 1
    /\ \A e \in Ends, s \in Sizes : s <= e
    /\ \A f \in (wire \cup acks) \cap DataFrames : \A e \in Ends \cup Sizes : EndOf(f) <= e
(* ST-S7 *)
FinalSizeFixedStep ==
    /\ (receiveState \in {"ending", "reset"} /\ receiveState' # "over") => highest' = highest
    /\ (receiveState = "open" /\ receiveState' # "over") => highest' >= highest
FinalSizeFixed == [][FinalSizeFixedStep]_vars

(* ST-S8: what is acknowledged has arrived. *)
AckedArrived ==
    /\ receiveState \in {"open", "ending"} => acked \subseteq arrived
    /\ (sendState = "ending" /\ word = "acknowledged") => receiveState \in {"ending", "over"}

(* ST-S9: whatever was sent is acknowledged, in flight, or to be sent again; words too. *)
NothingForgotten ==
    /\ HasBuffer => Below(next) \subseteq acked \cup lost \cup UNION {Units(f) : f \in inflight \cap DataFrames}
    /\ (sendState = "ending" /\ word = "inFlight") => \E f \in inflight \cap DataFrames : f.isLast
    /\ (sendState = "resetting" /\ word = "inFlight") => ResetFrame(next) \in inflight
    /\ (receiveState = "stopped" /\ stopWord = "inFlight") => StopFrame \in inflight
    /\ (receiveState = "open" /\ HasBuffer /\ limit < recvLimit) => owesLimit \/ LimitFrame(recvLimit) \in inflight

(* ST-S10: nothing comes behind the end. *)
NothingAfterEnd == (sendState = "ending" /\ word # "unsent") => next = end

(* ST-S11: the sender believes in the end only when all is there. *)
FinishedArrived == sendState = "finished" =>
    receiveState = "over" \/ (receiveState = "ending" /\ arrived = Below(end) /\ highest = end)

(* ST-S12: a reader that stopped, or was told of the reset, reads nothing more, and what is over stays so. *)
NothingAfterResetStep ==
    /\ receiveState \in {"stopped", "reset", "over"} => delivered' = delivered
    /\ receiveState = "over" => receiveState' = "over"
    /\ receiveState = "stopped" => receiveState' \in {"stopped", "over"}
NothingAfterReset == [][NothingAfterResetStep]_vars

(* ST-S13: a sender that gave up sends no more bytes, and does not come back. *)
GivenUpIsSilentStep ==
    sendState \in {"resetting", "over", "finished"} =>
        (wire' \ wire) \cap DataFrames = {} /\ sendState' \in {"over", sendState}
GivenUpIsSilent == [][GivenUpIsSilentStep]_vars

(* ST-L1: a stream that was ended is read to its end, or given up, and both ends know. *)
Completes == (sendState = "ending") ~> (sendState \in {"finished", "over"} /\ receiveState = "over")

(* ST-L2: a writer without credit gets some, or is told to give up: a lost limit is no deadlock. *)
IsBlocked == HasBuffer /\ next = limit /\ next < end
Credited == IsBlocked ~> ~IsBlocked

(* ST-L3: both learn of a reset. *)
ResetKnown == (sendState = "resetting") ~> (sendState = "over" /\ receiveState = "over")

(* ST-L4: a reader that wants no more hears the last of it, once the stream is used at all. *)
StopHeard == (receiveState = "stopped") ~> (receiveState = "over" /\ sendState \in {"finished", "over"})

----------------------------------------------------------------------------
(* Odd but legal: each is the negation of a state that must be reachable.  *)

NeverFinished == ~(sendState = "finished" /\ receiveState = "over" /\ delivered = N)
\* The reset overtakes the acknowledgements: all has arrived, nothing is lost by it.
NeverResetTooLate == ~(receiveState = "ending" /\ IsComplete /\ delivered < highest /\ sendState = "over")
NeverEndBeforeData == ~(receiveState = "ending" /\ arrived = {} /\ highest > 0)
\* A limit was taken for lost and goes out once more while the writer waits for it.
NeverLimitAgain == ~(owesLimit /\ LimitFrame(recvLimit) \notin wire /\ IsBlocked /\ faults > 0)
\* Bytes came twice in frames that overlap.
NeverOverlap == ~(\E f, g \in acks \cap DataFrames : f # g /\ Units(f) \cap Units(g) # {})
NeverStopCrossesEnd == ~(receiveState = "stopped" /\ sendState = "ending" /\ word = "inFlight" /\ StopFrame \in wire)
\* The stop came too late for the sender, to whom all went well.
NeverFinishedUnread == ~(sendState = "finished" /\ receiveState = "over" /\ delivered = 0 /\ end > 0)
NeverLateAcknowledgement == ~(\E f \in acks \cap DataFrames : HasBuffer /\ f \notin inflight /\ Units(f) \cap lost # {})
=============================================================================
