/// The standard distributions that models sample, as integer tables.
///
/// Each is made when a model first asks for it: a run without jitter does without the gamma distribution, which takes
/// longer to make than many a run.
public struct Distributions: Sendable {
    private let makeExponential: @Sendable () -> QuantileTable
    private let makeNormal: @Sendable () -> QuantileTable
    private let makeArcsine: @Sendable () -> QuantileTable
    private let makeGamma: @Sendable () -> QuantileTable

    /// The expressions are evaluated each time somebody asks, so they should name tables that are kept.
    public init(
        exponential: @autoclosure @escaping @Sendable () -> QuantileTable,
        normal: @autoclosure @escaping @Sendable () -> QuantileTable,
        arcsine: @autoclosure @escaping @Sendable () -> QuantileTable,
        gamma: @autoclosure @escaping @Sendable () -> QuantileTable
    ) {
        makeExponential = exponential
        makeNormal = normal
        makeArcsine = arcsine
        makeGamma = gamma
    }

    /// Mean 1.
    public var exponential: QuantileTable { makeExponential() }
    /// Mean 0, deviation 1, cut symmetrically.
    public var normal: QuantileTable { makeNormal() }
    /// On 0...1 with variance 1/8.
    public var arcsine: QuantileTable { makeArcsine() }
    /// Shape 2/3 scaled to mean 1, variance 3/2.
    public var gamma: QuantileTable { makeGamma() }
}
