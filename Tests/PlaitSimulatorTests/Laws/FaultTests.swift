import PlaitCore
import PlaitSimulator
import TestSupport
import Testing

extension WorldFault {
    /// The law that a world with this fault breaks first.
    var law: Law {
        switch self {
        case .roundsEachPacketDown: .rate
        case .roundsEachPacketUp, .idlesBetweenPackets, .ignoresRateChange, .forgetsRelease: .workConservation
        case .servesTwice: .oneAtATime
        case .startsLast: .queueOrder
        case .ignoresMTU, .exaggeratesMTU: .length
        case .ignoresQueueBound: .queueBound
        case .refusesTooEarly: .refusal
        case .managesUnasked: .management
        case .keepsQueueWhenDown, .keepsWireWhenDown: .flush
        case .acceptsWhileDown: .deadLink
        case .startsWhileClogged, .arrivesWhileClogged, .servesWhileClogged: .clog
        case .ignoresDelayChange: .tooFast
        case .overtakes: .arrivalOrder
        case .dallies: .tooLate
        case .losesUnasked: .loss
        case .copiesUnasked: .duplication
        case .corruptsUnasked: .corruption
        case .changesBytesSilently: .integrity
        case .marksIncapable: .ecn
        case .deliversToCrashed, .survivesCrash, .sendsWhilePaused: .host
        case .deliversAcrossPartition: .partition
        case .forwardsAtEndHost: .forwarding
        }
    }

    /// Other laws that the same fault breaks, depending on the world.
    var others: Set<Law> {
        switch self {
        case .ignoresRateChange: [.rate]
        case .servesTwice: [.queueBound]
        // Served meanwhile and released before it leaves.
        case .servesWhileClogged: [.rate]
        case .forgetsRelease: [.tooLate, .refusal, .queueBound]
        case .ignoresDelayChange: [.tooLate]
        default: []
        }
    }
}

@Suite("Faulty links and hosts")
struct FaultTests {
    @Test(
        "each fault is caught, and first by the law it breaks",
        .enabled(if: isOptimized),
        arguments: WorldFault.allCases
    )
    func caught(fault: WorldFault) {
        var caught = 0
        for seed in 0..<300 as Range<UInt64> {
            let checker = IdealWorld.random(seed: seed, fault: fault).judge()
            guard let first = checker.violations.first else { continue }
            if first.law == fault.law { caught += 1 }
            #expect(
                first.law == fault.law || fault.others.contains(first.law),
                "\(fault), seed \(seed): \(first)"
            )
        }
        #expect(caught >= 3, "\(fault) was caught in \(caught) of 300 worlds only")
    }
}
