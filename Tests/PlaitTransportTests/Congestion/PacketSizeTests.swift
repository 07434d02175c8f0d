import PlaitCore
import PlaitTransport
import Testing

/// What counts in packets when these become larger or smaller.
@Suite("Packets that change their size")
struct PacketSizeTests {
    private static let now = Instant.start + .seconds(1)

    /// How much the window grows while one window of bytes arrives, in congestion avoidance.
    private func growth(_ controller: some CongestionController, packetSize: Int) -> Int {
        var controller = controller
        controller.lose(at: Self.now)
        controller.packetSizeChanged(to: packetSize)
        let before = controller.window
        for _ in 0..<before / 500 { controller.acknowledged(.full(at: Self.now, bytes: 500), among: Span()) }
        return controller.window - before
    }

    @Test("congestion avoidance adds one packet of the new size a round trip", arguments: [500, 1_000, 4_000])
    func avoidance(size: Int) {
        let context = CongestionContext(packetSize: 1_000, initialWindow: 200_000)
        for grown in [growth(NewReno(context), packetSize: size), growth(LIA(context), packetSize: size)] {
            #expect(grown <= size && grown > size * 9 / 10, "\(grown) of \(size)")
        }
    }

    @Test("CUBIC's curve is one of packets of the new size", arguments: [1_000, 4_000])
    func curve(size: Int) {
        var cubic = Cubic(CongestionContext(packetSize: 1_000, initialWindow: 1_000_000))
        cubic.lose(at: Self.now)
        cubic.acknowledged(.full(at: Self.now, bytes: size))
        cubic.packetSizeChanged(to: size)
        var time = Self.now
        for _ in 0..<10_000 {
            time = time + .milliseconds(1)
            cubic.acknowledged(.full(at: time, bytes: 10_000))
        }
        // Ten seconds after the loss: on the plateau, or beyond that of the steeper curve.
        let curve = CubicCurve(from: 700_000, origin: 1_000_000, packetSize: size)
        let expected = curve.window(after: .milliseconds(10_100))
        #expect(abs(cubic.window - expected) < expected / 40, "\(cubic.window) and not \(expected)")
    }

    @Test("every window has room for two packets of the new size")
    func least() {
        var controllers: [any CongestionController] = [
            NewReno(CongestionContext(packetSize: 1_000)), Cubic(CongestionContext(packetSize: 1_000)),
            LIA(CongestionContext(packetSize: 1_000)),
        ]
        for index in controllers.indices {
            controllers[index].persistentCongestion(now: Self.now)
            #expect(controllers[index].window == 2_000)
            controllers[index].packetSizeChanged(to: 9_000)
            #expect(controllers[index].window == 18_000)
            controllers[index].persistentCongestion(now: Self.now)
            #expect(controllers[index].window == 18_000)
            controllers[index].packetSizeChanged(to: 1_000)
            #expect(controllers[index].window == 18_000)
        }
    }

    @Test("a burst is as many packets as before")
    func burst() {
        let pace = Pacer.Pace(window: 100_000, isSlowStart: false, smoothed: .milliseconds(100))
        var pacer = Pacer(burst: 10_000)
        pacer.resize(burst: 40_000)
        // What was saved up is not more for that; a pause fills the new burst.
        let later = Self.now + .seconds(10)
        pacer.packetSent(4_000, at: pace, now: later)
        for _ in 0..<9 {
            #expect(pacer.earliestSend(4_000, at: pace) <= later)
            pacer.packetSent(4_000, at: pace, now: later)
        }
        #expect(pacer.earliestSend(4_000, at: pace) > later)
        pacer.resize(burst: 10_000)
        let last = later + .seconds(10)
        pacer.packetSent(10_000, at: pace, now: last)
        #expect(pacer.earliestSend(1_000, at: pace) > last)
    }
}
