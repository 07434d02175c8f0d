/// One thing that is true of every network, whatever its models draw. `LAWS.md` holds each as a formula.
public enum Law: String, Sendable, CaseIterable {
    case clock
    case birth
    case existence
    case finality
    case order
    case place
    case forwarding
    case index
    case length
    case integrity
    case ecn
    case rate
    case workConservation
    case oneAtATime
    case queueOrder
    case arrivalOrder
    case tooFast
    case tooLate
    case queueBound
    case refusal
    case management
    case deadLink
    case flush
    case clog
    case loss
    case duplication
    case corruption
    case host
    case prompt
    case partition
    case conservation
    case counters

    /// What holds, in one sentence.
    public var meaning: String {
        switch self {
        case .clock: "Time never goes backwards."
        case .birth: "Serials count up from zero, and none is born twice."
        case .existence: "Only a packet that was sent or copied can have a fate."
        case .finality: "Nothing happens to a packet after its end."
        case .order: "A packet passes the stations of a direction in their order and skips none."
        case .place: "Things happen to a packet where it is, and it moves only along the links of the topology."
        case .forwarding: "Only a router passes on what it received."
        case .index: "The indices of the packets offered to a direction count 0, 1, 2, ..."
        case .length: "No packet above the MTU is accepted, and a length changes by truncation only."
        case .integrity: "What is delivered is what was sent, unless it was corrupted on the way."
        case .ecn: "Only a mark changes the ECN bits, and only those of a capable packet."
        case .rate: "A direction's rate is exceeded over no interval, but for one nanosecond of rounding."
        case .workConservation: "A direction that could serialise does, and loses less than a nanosecond a busy period."
        case .oneAtATime: "One packet is in serialisation at a time."
        case .queueOrder: "Packets start in the order in which they were accepted."
        case .arrivalOrder: "Packets arrive in the order in which they departed, unless reordering was asked for."
        case .tooFast: "Nothing is faster than the propagation delay."
        case .tooLate: "Nothing on the wire is later than the delay, the largest jitter and the reordering hold."
        case .queueBound: "The queue's bound is kept whenever a packet is accepted."
        case .refusal: "The queue refuses a packet only when it would break the bound."
        case .management: "Active management drops only packets that waited, and only where it was asked for."
        case .deadLink: "Nothing starts, departs, arrives or is accepted on a direction that is down."
        case .flush:
            "A direction that goes down loses its queue (unless held) and its wire at that instant, at no other."
        case .clog: "Nothing starts, is serialised or arrives on a clogged direction."
        case .loss: "Packets are lost only where loss was asked for."
        case .duplication: "Copies are made only where duplication was asked for, of packets on the wire."
        case .corruption: "Packets are corrupted only where corruption was asked for."
        case .host: "A crashed or paused host sends, forwards and is delivered nothing; a crashed one holds nothing."
        case .prompt: "A running host passes on or delivers at once what it has."
        case .partition: "No packet is delivered across a partition, and none is dropped for one that is not there."
        case .conservation: "What came in is what came out, was dropped, or is still inside, in packets and in bytes."
        case .counters: "The links' own counters say what the trace says."
        }
    }
}
