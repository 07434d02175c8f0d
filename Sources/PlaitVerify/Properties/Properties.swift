/// All properties that `plait verify` knows.
package enum Properties {
    /// In the order in which they are listed.
    package static let all: [Property] =
        [CallProperty.property, GateProperty.property, TransferProperty.property] + Models.all.map { $0.property }
}
