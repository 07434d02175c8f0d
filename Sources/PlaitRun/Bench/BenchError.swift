package import PlaitSimulator

/// Why a bench has no figure to show.
package enum BenchError: Error, CustomStringConvertible {
    /// The run ended before its time.
    case ended(StopReason)
    /// The law checker found so many violations, this one first.
    case lawless(count: Int, first: LawViolation)
    /// Two runs of the same scenario and seed have these hashes.
    case diverged(String, String)
    /// Packets were sent that neither ended nor are on their way.
    case unaccounted(sent: UInt64, known: UInt64)
    /// The transport did not do what was to be measured.
    case transport(String)

    package var description: String {
        switch self {
        case .ended(let reason): "the run ended before its time: \(reason)"
        case .lawless(let count, let first): "\(count) violations of the laws, the first: \(first)"
        case .diverged(let one, let other): "two equal runs have the hashes \(one) and \(other)"
        case .transport(let what): "the transport failed: \(what)"
        case .unaccounted(let sent, let known): "\(sent) packets were sent, but \(known) are accounted for"
        }
    }
}
