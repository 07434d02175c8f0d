package import PlaitCore

/// CUBIC's window between two losses: RFC 9438, section 4.2.
///
///     W(t) = C (t - K)^3 + W_max,    K = cube root of ((W_max - W(0)) / C),    C = 0.4 packets per second cubed
///
/// In whole bytes and microseconds, rounded towards `origin`: at most a byte, and what the window grows in a
/// microsecond, from the real curve.
package struct CubicCurve: Sendable {
    /// W_max: the height of the plateau.
    package let origin: Int
    /// K: microseconds from the start to the plateau.
    package let plateau: Int64
    private let packetSize: Int

    /// The curve that leads from `window` back to `origin`, or on from `window` if that is already higher.
    package init(from window: Int, origin: Int, packetSize: Int) {
        self.packetSize = packetSize
        self.origin = max(origin, window)
        let distance = UInt128(self.origin - window) * Self.inverse / UInt128(2 * packetSize)
        plateau = Int64(cubeRoot(distance))
    }

    /// The window in bytes, a time after the start.
    package func window(after time: Interval) -> Int {
        let microseconds = time.nanoseconds / 1_000 - plateau
        // Nineteen hours from the plateau any window is at its limit.
        let distance = UInt128(min(microseconds.magnitude, 1 << 36))
        let change = UInt128(2 * packetSize) * distance * distance * distance / Self.inverse
        let bounded = Int(min(change, UInt128(NewReno.windowMax)))
        return microseconds < 0 ? max(origin - bounded, 0) : min(origin + bounded, NewReno.windowMax)
    }

    /// 5 * 10^18: with the 2 above it, C is 2/5 and a second has 10^6 microseconds.
    private static let inverse: UInt128 = 5_000_000_000_000_000_000
}

/// The largest integer whose cube is at most `value`, a bit at a time.
package func cubeRoot(_ value: UInt128) -> UInt64 {
    var rest = value
    var root: UInt128 = 0
    var shift = 126
    while shift >= 0 {
        root *= 2
        let step = (3 * root * (root + 1) + 1) << UInt128(shift)
        if rest >= step {
            rest -= step
            root += 1
        }
        shift -= 3
    }
    return UInt64(root)
}
