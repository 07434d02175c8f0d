import CGSL
public import PlaitCore

extension QuantileTable {
    /// The exponential distribution of mean 1: `-ln(1 - p)`.
    ///
    /// Not cut: the last cell, of probability 2^-41, runs on to 30.4, where it has the mean of the whole tail.
    public static func exponential() -> QuantileTable {
        var draft = TableDraft { knot in
            guard knot.isUpper else { return gsl_cdf_exponential_Pinv(knot.probability, 1) }
            // No memory: beyond any point the mean excess is 1, and a line of length 2 has it.
            guard knot.probability > 0 else { return gsl_cdf_exponential_Qinv(0x1p-41, 1) + 2 }
            return gsl_cdf_exponential_Qinv(knot.probability, 1)
        }
        draft.bend(toMean: 1, variance: 1)
        return draft.table(named: "exponential")
    }

    /// The normal distribution of mean 0, restricted to `-cut...cut` and scaled back to deviation 1.
    ///
    /// - Parameter cut: In deviations before scaling. The least and largest value are a little beyond it: 3.041 for 3.
    /// - Returns: A table that is symmetric to the last bit.
    public static func normal(cut: Double = 3) -> QuantileTable {
        precondition(cut >= 1 && cut <= 6, "a normal distribution is cut at one to six deviations")
        let beyond = gsl_cdf_ugaussian_Q(cut)
        var draft = TableDraft { knot in
            guard knot.probability > 0 else { return knot.isUpper ? cut : -cut }
            guard knot.probability < 0.5 else { return 0 }
            let tail = beyond + knot.probability * (1 - 2 * beyond)
            return knot.isUpper ? gsl_cdf_ugaussian_Qinv(tail) : -gsl_cdf_ugaussian_Qinv(tail)
        }
        draft.scale(toVariance: 1)
        return draft.table(named: "normal")
    }

    /// The arcsine distribution on 0...1: mean 1/2, variance 1/8, quantile `sin^2(pi p / 2)`.
    public static func arcsine() -> QuantileTable {
        // Around the middle and in -1...1: -cos(pi p). Built from its half, so that it is symmetric to the last bit.
        var draft = TableDraft { knot in
            let sine = gsl_sf_sin(.pi * knot.probability / 2)
            let centred = knot.probability < 0.5 ? 2 * sine * sine - 1 : 0
            return knot.isUpper ? -centred : centred
        }
        draft.bendInside(toVariance: 0.5)
        draft.map { (1 + $0) / 2 }
        return draft.table(named: "arcsine")
    }

    /// The gamma distribution of shape 2/3, restricted to all but its largest values, with mean 1 and variance 3/2.
    ///
    /// Restricting takes away mean and variance. Both are given back by bending `x` to `s (x + e x^2)`, which
    /// keeps zero at zero.
    ///
    /// - Parameter beyond: The probability of the values cut off. The largest value left is 9.631 for 2^-10.
    /// - Returns: A table without negative values.
    public static func gamma(beyond: Double = 0x1p-10) -> QuantileTable {
        precondition(beyond >= 0x1p-30 && beyond <= 0x1p-6, "a gamma distribution is cut between 2^-30 and 2^-6")
        let shape = 2.0 / 3
        var draft = TableDraft { knot in
            guard knot.isUpper else {
                return knot.probability > 0 ? gsl_cdf_gamma_Pinv(knot.probability * (1 - beyond), shape, 1 / shape) : 0
            }
            return gsl_cdf_gamma_Qinv(beyond + knot.probability * (1 - beyond), shape, 1 / shape)
        }
        draft.bend(toMean: 1, variance: 1.5)
        return draft.table(named: "gamma-2/3")
    }
}

extension Distributions {
    /// The tables every simulation uses, with the cuts that the jitter models' documentation states.
    ///
    /// Jitter is drawn at knots and interpolated, which takes a third of the variance away. So the values drawn have
    /// 3/2 of what is asked for: arcsine instead of uniform, gamma of shape 2/3 instead of exponential, a wider
    /// normal.
    public static func standard() -> Distributions {
        Distributions(
            exponential: StandardTables.exponential,
            normal: StandardTables.normal,
            arcsine: StandardTables.arcsine,
            gamma: StandardTables.gamma
        )
    }
}

/// Each made once a process, by whoever asks first.
private enum StandardTables {
    static let exponential = QuantileTable.exponential()
    static let normal = QuantileTable.normal()
    static let arcsine = QuantileTable.arcsine()
    static let gamma = QuantileTable.gamma()
}
