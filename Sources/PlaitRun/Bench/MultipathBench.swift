import PlaitCore
import PlaitCrypto
import PlaitReport

/// Times a transfer over two paths as a whole process (start, reading, building, running, writing the run's folder)
/// beside libsodium's own seal of the packets that it sends, and open of those that arrive.
///
/// Process and cipher take turns, and the median of each counts. Processor time is told besides: it is the same thing
/// where nothing else runs, and says something also where something does.
package struct MultipathBench: Sendable {
    /// An odd number.
    package var runs = 21

    package init() {}

    /// What the bench reads time from.
    package struct Clocks {
        /// A monotonic one.
        package let wall: BenchClock
        /// The processor time that this process took so far.
        package let own: BenchClock
        /// The processor time of the processes that it started and that have ended.
        package let others: BenchClock

        package init(wall: BenchClock, own: BenchClock, others: BenchClock) {
            (self.wall, self.own, self.others) = (wall, own, others)
        }
    }

    /// What is needed to seal the same packets again.
    struct Traffic {
        let lengths: PacketLengths
        let summary: RunSummary
    }

    /// All that is to be printed. `process` begins the run of the same scenario in a process of its own and waits for
    /// its end.
    ///
    /// - Throws: `BenchError`, or what building the run or the process throw.
    package func figures(_ clocks: Clocks, blueprint: Blueprint, process: () throws -> Void) throws -> [BenchFigure] {
        precondition(runs % 2 == 1, "an odd number of runs has a median")
        let traffic = try Self.traffic(of: blueprint)
        let floor = CipherRound(.chaChaPoly)
        var ours = (wall: [UInt64](), processor: [UInt64]())
        var cipher = (wall: [UInt64](), processor: [UInt64]())
        var counts = (sealed: 0, opened: 0)
        for _ in 0..<runs {
            var start = (clocks.wall.now, clocks.others.now)
            try process()
            ours.wall.append(clocks.wall.now - start.0)
            ours.processor.append(clocks.others.now - start.1)
            start = (clocks.wall.now, clocks.own.now)
            counts = floor.run(traffic.lengths)
            cipher.wall.append(clocks.wall.now - start.0)
            cipher.processor.append(clocks.own.now - start.1)
        }
        return [
            BenchFigure("hash", traffic.summary.hash),
            BenchFigure("packets_sealed", counts.sealed),
            BenchFigure("packets_opened", counts.opened),
            BenchFigure("bytes_sealed", traffic.lengths.bytes),
            BenchFigure("runs", runs),
            BenchFigure("process_s", seconds(median(ours.wall))),
            BenchFigure("process_processor_s", seconds(median(ours.processor))),
            BenchFigure("libsodium_s", seconds(median(cipher.wall))),
            BenchFigure("libsodium_processor_s", seconds(median(cipher.processor))),
            BenchFigure("times_libsodium", ratio(ours.wall, cipher.wall)),
            BenchFigure("processor_times_libsodium", ratio(ours.processor, cipher.processor)),
        ]
    }

    /// Runs it here once, and looks what it sends.
    static func traffic(of blueprint: Blueprint) throws(BenchError) -> Traffic {
        let meter = PacketLengthMeter()
        let outcome = Execution(blueprint, checksLaws: false, observers: [meter]).run()
        guard let work = outcome.summary.work, outcome.workFailureCount == 0, work.lostBytes == 0 else {
            throw .transport("the bytes that arrived are not those that were sent")
        }
        guard outcome.verdicts.allSatisfy(\.holds) else { throw .transport("the run did not show what it should") }
        return Traffic(lengths: meter.lengths, summary: outcome.summary)
    }

    private func median(_ times: [UInt64]) -> UInt64 { times.sorted()[times.count / 2] }

    private func ratio(_ ours: [UInt64], _ cipher: [UInt64]) -> String {
        decimal(median(ours), per: max(median(cipher), 1), digits: 2)
    }
}
