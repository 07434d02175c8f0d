------------------------------ MODULE Channel ------------------------------
(***************************************************************************)
(* The network between two ends, for any module that EXTENDS it: it may    *)
(* lose, repeat and reorder what it carries, and it invents nothing.       *)
(*                                                                         *)
(* `wire` is the set of contents that can still arrive. Arriving leaves a  *)
(* content on the wire, so it can come twice, and late, and in any order;  *)
(* it leaves the wire only when it is dropped. Two packets of equal        *)
(* content are one member.                                                 *)
(*                                                                         *)
(* | here        | simulator in the step-controlled mode                  |*)
(* |-------------|---------------------------------------------------------|*)
(* | Put(m)      | an endpoint sends; the packet is held                   |*)
(* | Arrives(m)  | `duplicate` the held packet, `deliver` the copy         |*)
(* | Lost(m)     | `drop` every held packet of this content                |*)
(*                                                                         *)
(* `faults` counts what went wrong so far. A module bounds it with a       *)
(* constant inside its actions, so that nothing is cut off by a CONSTRAINT *)
(* and fairness can be stated: a network that only harms finitely often    *)
(* carries, under weak fairness of arriving, whatever is sent often enough.*)
(***************************************************************************)
EXTENDS Naturals

VARIABLES
    wire,    \* contents that can still arrive
    faults   \* losses so far, real or believed

ChannelInit == wire = {} /\ faults = 0

\* m is sent.
Put(m) == wire' = wire \cup {m}

\* m comes out at the other end, perhaps not for the last time.
Arrives(m) == m \in wire /\ UNCHANGED wire

\* m, and every copy of it, is gone.
Lost(m) == m \in wire /\ wire' = wire \ {m}

\* One more thing went wrong, if `most` allows it.
Fault(most) == faults < most /\ faults' = faults + 1
=============================================================================
