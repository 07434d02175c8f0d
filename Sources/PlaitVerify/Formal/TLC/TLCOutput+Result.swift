extension TLCResult {
    /// What a process meant that wrote all this and ended by itself. `onlyProperty` is the one that was checked, if it
    /// was one.
    package init(reading bytes: [UInt8], exitStatus: Int32, workers: Int = 1, onlyProperty: String? = nil) {
        var output = TLCOutput()
        output.take(bytes[...])
        output.finish()
        var job = TLCRunner.Job(folders: [], module: "", configuration: "")
        (job.workers, job.onlyProperty) = (workers, onlyProperty)
        self = output.result(.exited(exitStatus), standardError: "", isLate: false, job: job)
    }
}

extension TLCOutput {
    /// What the process's end and its words mean together.
    ///
    /// Exit status 0 alone proves nothing: it is also what `-continue` leaves behind after violations, and what a run
    /// leaves behind whose output was cut.
    func result(_ end: ProcessGroup.End?, standardError: String, isLate: Bool, job: TLCRunner.Job) -> TLCResult {
        var result = TLCResult(
            verdict: verdict(end, standardError: standardError, isLate: isLate, job: job),
            workers: job.workers,
            actions: actions,
            trace: trace,
            ending: ending,
            violations: violations,
            standardError: standardError,
            nanoseconds: 0
        )
        if case .exited(let status) = end { result.exitStatus = status }
        (result.code, result.collisions, result.version, result.revision) = (code, collisions, version, revision)
        (result.distinct, result.generated, result.queue) = (distinct, generated, queue)
        if job.workers == 1 { result.depth = depth }
        return result
    }

    private func verdict(
        _ end: ProcessGroup.End?,
        standardError: String,
        isLate: Bool,
        job: TLCRunner.Job
    ) -> TLCResult.Verdict {
        let status: Int32
        switch end {
        case nil:
            return .stopped(isLate ? "it took longer than \(job.timeMax / 1_000_000_000) s" : "interrupted")
        case .signalled(let signal): return .error("signal \(signal) ended it")
        case .exited(let code): status = code
        }
        switch code {
        case 2193 where status == 0 && violations == 0 && queue == 0 && isFinished: return .holds
        case 2108: return .violated(property: job.onlyProperty ?? violatedProperty)
        case 2107, 2110, 2112: return .violated(property: violatedProperty)
        // TLC does not say which temporal property it was. If there is only one, it is that.
        case 2116: return .violated(property: job.onlyProperty)
        case 2114: return .deadlock
        case 2193:
            return .error(
                "TLC found no error, yet it ended with \(status) and \(queue.map(String.init) ?? "?") states to go"
            )
        default:
            let words = errors + (code == 3002 || errors.isEmpty ? loose.suffix(12) : [])
            let last = standardError.split(separator: "\n").suffix(3).joined(separator: "\n")
            let all = (words + (last.isEmpty ? [] : [last])).joined(separator: "\n")
            return .error(all.isEmpty ? "it ended with \(status) and said nothing" : all)
        }
    }
}
