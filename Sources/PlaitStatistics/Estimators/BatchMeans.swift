/// The mean of a stationary series whose values depend on each other: a queue's waits, a link's delays.
///
/// The series is cut into equal batches that follow each other. When a batch is long beside the time over which values
/// remember each other, the batches' means are nearly independent, and Student's t holds for them (Law and Kelton 2000,
/// section 9.5.3). What does not fill a batch is left out at the start, where a simulation is warming up anyway.
public struct BatchMeans: Hashable, Sendable {
    /// In the order of the series.
    public let means: [Double]
    /// How many values each mean is of.
    public let batchLength: Int

    /// Cuts `series` into `batches` batches; nil if it is shorter than that.
    public init?(_ series: [Double], batches: Int = 20) {
        precondition(batches >= 2, "one batch has no variance")
        let length = series.count / batches
        guard length > 0 else { return nil }
        let start = series.count - length * batches
        batchLength = length
        means = (0..<batches).map { batch in
            RunningMoments(series[(start + batch * length)..<(start + (batch + 1) * length)]).mean
        }
    }

    /// The mean of the batches' means with its interval.
    public func interval(level: Double = 0.95) -> ConfidenceInterval? { .ofMean(means, level: level) }

    /// The correlation of each batch's mean with the next one's: near zero when batches are long enough.
    ///
    /// Nil when all means are equal. With b batches, independence keeps it within about 2 / sqrt(b) of zero.
    public var correlation: Double? {
        let mean = RunningMoments(means).mean
        let squares = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        guard squares > 0 else { return nil }
        return zip(means, means.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) } / squares
    }
}

extension ConfidenceInterval {
    /// The mean of a series whose values depend on each other, by batch means; nil for a series shorter than `batches`.
    public static func ofMean(correlated series: [Double], batches: Int = 20, level: Double = 0.95)
        -> ConfidenceInterval?
    {
        BatchMeans(series, batches: batches)?.interval(level: level)
    }
}
