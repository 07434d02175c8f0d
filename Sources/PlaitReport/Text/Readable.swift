/// Numbers as a person likes to read them: three significant digits and a unit. Result files never use these.
package enum Readable {
    /// `12,345`.
    package static func count(_ number: UInt64) -> String {
        let digits = Array(String(number).utf8)
        var text = Text()
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { text.append(byte: UInt8(ascii: ",")) }
            text.append(byte: digit)
        }
        return text.string
    }

    /// `19.9 Mbps`.
    package static func rate(_ bitsPerSecond: UInt64) -> String {
        scaled(bitsPerSecond, [(1, "bps"), (1_000, "kbps"), (1_000_000, "Mbps"), (1_000_000_000, "Gbps")])
    }

    /// `60.2 kB`.
    package static func bytes(_ count: UInt64) -> String {
        scaled(count, [(1, "B"), (1_000, "kB"), (1_000_000, "MB"), (1_000_000_000, "GB")])
    }

    /// `21.3 ms`.
    package static func duration(_ nanoseconds: Int64) -> String {
        let text = scaled(nanoseconds.magnitude, [(1, "ns"), (1_000, "us"), (1_000_000, "ms"), (1_000_000_000, "s")])
        return nanoseconds < 0 ? "-" + text : text
    }

    /// `0.36 %`; a share that is not zero never reads as zero.
    package static func percent(_ part: UInt64, of whole: UInt64) -> String {
        guard part > 0, whole > 0 else { return "0 %" }
        let hundredths = ratio(part, 10_000, over: whole)
        guard hundredths > 0 else { return "<0.01 %" }
        return Text.make { $0.append(hundredths, places: 2) } + " %"
    }

    private static func scaled(_ value: UInt64, _ units: [(size: UInt64, name: String)]) -> String {
        guard value > 0 else { return "0 " + units[0].name }
        for (place, unit) in units.enumerated() {
            let isLast = place == units.count - 1
            if unit.size == 1 {
                if value < 1_000 { return "\(value) \(unit.name)" }
                continue
            }
            for (limit, places, scale) in [(UInt64(10), 2, UInt64(100)), (100, 1, 10), (1_000, 0, 1)] {
                let rounded = ratio(value, scale, over: unit.size)
                if UInt64(rounded) < limit * scale {
                    let number = places == 0 ? String(rounded) : Text.make { $0.append(rounded, places: places) }
                    return number + " " + unit.name
                }
            }
            if isLast { return count(UInt64(ratio(value, 1, over: unit.size))) + " " + unit.name }
        }
        return String(value)
    }
}
