import PlaitCore
import PlaitTransport
import Testing

extension AcknowledgedPacket {
    /// One full packet that arrived while the sender was busy.
    static func full(
        at now: Instant,
        sentAt: Instant = .start,
        bytes: Int = 1_000,
        recovery: Bool = false,
        limited: Bool = false,
        sample: Interval? = nil,
        smoothed: Interval = .milliseconds(100)
    ) -> AcknowledgedPacket {
        AcknowledgedPacket(
            bytes: bytes,
            sentAt: sentAt,
            now: now,
            bytesInFlight: 10_000,
            isInRecovery: recovery,
            isApplicationLimited: limited,
            roundTripSample: sample,
            smoothedRoundTrip: smoothed,
            minimumRoundTrip: smoothed
        )
    }
}

extension CongestionController {
    /// The first loss after the last event.
    mutating func lose(at now: Instant) {
        congestionEvent(CongestionEvent(sentAt: .start, now: now, bytesInFlight: window))
    }
}

@Suite("NewReno")
struct NewRenoTests {
    private static let now = Instant.start + .seconds(1)

    @Test("slow start grows by what arrived")
    func slowStart() {
        var reno = NewReno(CongestionContext(packetSize: 1_000))
        #expect(reno.window == 10_000 && reno.slowStartThreshold == .max)
        reno.acknowledged(.full(at: Self.now, bytes: 700))
        #expect(reno.window == 10_700)
    }

    @Test(
        "congestion avoidance adds one packet for a window of arrivals, in pieces of any size",
        arguments: [1, 37, 500, 1_000]
    )
    func avoidance(bytes: Int) {
        var reno = NewReno(CongestionContext(packetSize: 1_000, initialWindow: 40_000))
        reno.lose(at: Self.now)
        #expect(reno.window == 20_000 && reno.slowStartThreshold == 20_000)
        // W dW = packet * bytes: from 20 to 30 packets take (30^2 - 20^2) / 2 = 250.
        var arrived = 0
        while reno.window < 30_000, arrived < 1_000_000 {
            reno.acknowledged(.full(at: Self.now, bytes: bytes))
            arrived += bytes
        }
        #expect(abs(arrived - 250_000) <= 1_000)
    }

    @Test("nothing grows in recovery or on what the application left unused")
    func noGrowth() {
        var reno = NewReno(CongestionContext(packetSize: 1_000))
        reno.acknowledged(.full(at: Self.now, recovery: true))
        reno.acknowledged(.full(at: Self.now, limited: true))
        #expect(reno.window == 10_000)
    }

    @Test("the window is never below two packets")
    func smallest() {
        var reno = NewReno(CongestionContext(packetSize: 1_000))
        for _ in 0..<10 { reno.lose(at: Self.now) }
        #expect(reno.window == 2_000)
    }

    @Test("persistent congestion begins again with two packets, up to the threshold of the loss")
    func persistent() {
        var reno = NewReno(CongestionContext(packetSize: 1_000))
        reno.lose(at: Self.now)
        reno.persistentCongestion(now: Self.now)
        #expect(reno.window == 2_000 && reno.slowStartThreshold == 5_000)
        reno.spuriousCongestion(now: Self.now)
        #expect(reno.window == 2_000)
    }

    @Test("a spurious event gives window and threshold back, once, and takes nothing away")
    func undo() {
        var reno = NewReno(CongestionContext(packetSize: 1_000))
        reno.lose(at: Self.now)
        reno.spuriousCongestion(now: Self.now)
        #expect(reno.window == 10_000 && reno.slowStartThreshold == .max)
        reno.acknowledged(.full(at: Self.now))
        reno.spuriousCongestion(now: Self.now)
        #expect(reno.window == 11_000)
    }

    @Test("the window has an end")
    func largest() {
        var reno = NewReno(CongestionContext(packetSize: 1_000, initialWindow: NewReno.windowMax - 10))
        reno.acknowledged(.full(at: Self.now))
        #expect(reno.window == NewReno.windowMax)
    }
}

@Suite("Registry of congestion controllers")
struct CongestionRegistryTests {
    @Test(
        "the standard controllers are found by name and begin with ten packets",
        arguments: ["newreno", "cubic", "lia"]
    )
    func standard(name: String) throws {
        let registration = try #require(CongestionControllers.standard[name])
        let controller = try registration.make(ModelChoice(name), CongestionContext(packetSize: 1_200))
        #expect(registration.signature.name == name && controller.window == 12_000)
        #expect(CongestionControllers.standard["bbr"] == nil)
    }
}
