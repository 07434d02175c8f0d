/// The standard distributions that models sample, as integer tables. Made once per run, before anything is decided.
public struct Distributions: Sendable {
    /// Mean 1.
    public let exponential: QuantileTable
    /// Mean 0, deviation 1, cut symmetrically.
    public let normal: QuantileTable
    /// On 0...1 with variance 1/8.
    public let arcsine: QuantileTable
    /// Shape 2/3 scaled to mean 1, variance 3/2.
    public let gamma: QuantileTable

    public init(exponential: QuantileTable, normal: QuantileTable, arcsine: QuantileTable, gamma: QuantileTable) {
        self.exponential = exponential
        self.normal = normal
        self.arcsine = arcsine
        self.gamma = gamma
    }
}
