/// What came of a symbol that was given to a decoder.
package enum Reception: Hashable, Sendable {
    /// It is needed, or may be.
    case kept
    /// A duplicate, or nothing is missing any more.
    case useless
    /// With it, all that was missing could be computed: see `recovered`.
    case recovered
    /// It contradicts the code's shape or what came before. Only a peer that breaks the rules sends such.
    case refused
    /// What was computed from it cannot have been encoded: some symbol of the block is not what was sent. Nothing more
    /// will come of this block.
    case broken
}
