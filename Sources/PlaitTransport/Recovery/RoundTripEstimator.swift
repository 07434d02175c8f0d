package import PlaitCore

/// How long a packet and its acknowledgement take: RFC 9002, section 5.
///
///     variation = 3/4 variation + 1/4 |smoothed - adjusted|       (with the old smoothed value: A.7)
///     smoothed  = 7/8 smoothed  + 1/8 adjusted
///
/// `adjusted` is the sample less the delay that the peer admits to, unless that would go below the minimum. Every
/// sample is kept between 1 ns and `sampleMax`, so that no sum of a few of them overflows and no division meets a zero.
package struct RoundTripEstimator: Sendable {
    package private(set) var latest: Interval
    package private(set) var smoothed: Interval
    package private(set) var variation: Interval
    /// The smallest sample so far, or since persistent congestion.
    package private(set) var minimum: Interval
    /// When the first sample came. Persistent congestion is not judged on what was sent before (RFC 9002, 7.6.1).
    package private(set) var firstSampleAt = Instant.never

    /// - Parameter initial: Assumed until there is a sample; 333 ms in RFC 9002, 6.2.2.
    package init(initial: Interval) {
        smoothed = Self.bounded(initial)
        variation = Interval(nanoseconds: smoothed.nanoseconds / 2)
        latest = smoothed
        minimum = smoothed
    }

    package var hasSample: Bool { !firstSampleAt.isNever }

    /// Takes one measurement in.
    ///
    /// - Parameters:
    ///   - measured: From sending to acknowledgement.
    ///   - ackDelay: What the peer says it waited, already limited to what it may wait.
    ///   - now: The time of the measurement.
    package mutating func sample(_ measured: Interval, ackDelay: Interval, now: Instant) {
        latest = Self.bounded(measured)
        guard hasSample else {
            firstSampleAt = now
            minimum = latest
            smoothed = latest
            variation = Interval(nanoseconds: latest.nanoseconds / 2)
            return
        }
        minimum = min(minimum, latest)
        // A peer that exaggerates its delay cannot push the estimate below the smallest sample.
        let delay = max(ackDelay, .zero)
        let adjusted = latest - minimum >= delay ? latest - delay : latest
        let deviation = Interval(nanoseconds: abs(smoothed.nanoseconds - adjusted.nanoseconds))
        variation = Interval(nanoseconds: (3 * variation.nanoseconds + deviation.nanoseconds) / 4)
        smoothed = Interval(nanoseconds: max((7 * smoothed.nanoseconds + adjusted.nanoseconds) / 8, 1))
    }

    /// After persistent congestion the path may be another one: the minimum starts anew (RFC 9002, 5.2).
    package mutating func forgetMinimum() { minimum = latest }

    /// How long to wait for an acknowledgement before probing, without backoff and without the peer's delay:
    /// RFC 9002, 6.2.1.
    package var probeTimeout: Interval {
        smoothed + max(4 * variation, Self.granularity)
    }

    /// The finest time that a timer is trusted with: RFC 9002, 6.1.2.
    package static let granularity = Interval.milliseconds(1)

    /// 104 days; twice what the longest link of a scenario may need, and 1,024 of them still fit an `Interval`.
    package static let sampleMax = Interval(nanoseconds: Int64.max >> 10)

    private static func bounded(_ length: Interval) -> Interval {
        min(max(length, Interval(nanoseconds: 1)), sampleMax)
    }
}
