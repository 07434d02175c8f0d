/// A scale from zero with a few round ticks, in integers.
struct Axis {
    /// The end of the scale, at or above what it was made for.
    let limit: UInt64
    let step: UInt64
    let unit: String
    private let unitSize: UInt64

    /// `units` are in rising order; the largest that fits the limit is used. `exactLimit` ends the scale at the value.
    init(covering value: UInt64, ticks: UInt64, units: [(size: UInt64, name: String)], exactLimit: Bool = false) {
        let wanted = max(value, 1)
        var magnitude: UInt64 = 1
        while wanted / ticks >= magnitude * 10 { magnitude *= 10 }
        let choices = [1, 2, 5, 10].map { $0 * magnitude }
        let step = choices.first { $0 * ticks >= wanted } ?? magnitude * 10
        let fitting = units.last { $0.size <= max(step, wanted / 2) } ?? units[0]
        self.step = step
        limit = exactLimit ? wanted : (wanted + step - 1) / step * step
        (unitSize, unit) = fitting
    }

    var ticks: [UInt64] { Array(stride(from: 0, through: limit, by: UInt64.Stride(step))) }

    /// The tick's number in the axis's unit, without trailing zeros.
    func label(_ tick: UInt64) -> String {
        var text = String(tick / unitSize)
        var rest = tick % unitSize
        var place = unitSize / 10
        if rest > 0 { text += "." }
        while rest > 0, place > 0 {
            text += String(rest / place)
            rest %= place
            place /= 10
        }
        return text
    }

    /// Where `value` lies on a line of `length`, both in the same fine steps.
    func position(_ value: UInt64, along length: Int) -> Int {
        Int(ratio(min(value, limit), UInt64(length), over: limit))
    }

    static let rates: [(size: UInt64, name: String)] = [
        (1, "bps"), (1_000, "kbps"), (1_000_000, "Mbps"), (1_000_000_000, "Gbps"),
    ]
    static let bytes: [(size: UInt64, name: String)] = [
        (1, "B"), (1_000, "kB"), (1_000_000, "MB"), (1_000_000_000, "GB"),
    ]
    static let times: [(size: UInt64, name: String)] = [
        (1, "ns"), (1_000, "us"), (1_000_000, "ms"), (1_000_000_000, "s"),
    ]
    static let packets: [(size: UInt64, name: String)] = [(1, "packets")]
}
