/// What came of one planted bug.
package struct MutantRow: Sendable {
    /// `fin-forgotten`
    package let name: String
    package let words: String
    /// The file that it is planted in.
    package let place: String
    /// Nil: it survived.
    package let found: MutantHunt.Catch?
    /// What kept cases from being tried, or makes what was found no catch; the row says nothing then.
    package let troubles: [String]
    package var nanoseconds: Int64

    package init(
        name: String,
        words: String,
        place: String,
        found: MutantHunt.Catch?,
        troubles: [String] = [],
        nanoseconds: Int64 = 0
    ) {
        self.name = name
        self.words = words
        self.place = place
        self.found = found
        self.troubles = troubles
        self.nanoseconds = nanoseconds
    }

    /// A shrunk case longer than this is not read.
    package static let sizeMax = 24

    package var verdict: Verdict {
        if !troubles.isEmpty { return .broken }
        guard let found else { return .survived }
        return found.size <= Self.sizeMax ? .found : .tooLong
    }

    /// Only `found` is as it should be.
    package enum Verdict: String, Sendable {
        case found
        case survived = "SURVIVED"
        /// Found, in a case that could not be made short enough.
        case tooLong = "TOO LONG"
        /// Cases could not be tried, or fail without the bug too.
        case broken = "BROKEN"
    }

    /// Shows the failure again, in the program that has the bugs.
    package var command: String? {
        guard let found, let seed = found.seed else { return nil }
        return "plait --planted \(name) verify --property \(found.property.name) --seed \(seed) --cases 1"
    }
}
