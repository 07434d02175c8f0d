import PlaitCore
import PlaitCrypto
import PlaitNetwork
import PlaitScenario
import PlaitSimulator
import PlaitTransport

/// Two real transport endpoints whose applications call whatever they may, while somebody decides what becomes of each
/// packet and which timer fires.
struct CallWorld: ~Copyable, StatefulWorld {
    static let rules = [
        "open", "write", "finish", "read", "reset", "stop", "prioritize", "send datagram", "read datagram",
        "rotate id", "close", "connect", "deliver", "deliver later one", "drop", "duplicate", "damage", "fire timer",
    ]

    var simulator: Simulator
    let seats: [CallSeat]
    let laws: PacketLaws
    let story: PacketStory
    let windowMin: Int64
    /// What each stream may have sent and not seen read.
    let streamWindow: Int64
    let mode: HandshakeMode
    /// By end; nil while there is no connection.
    var handles: [ConnectionHandle?] = [nil, nil]
    /// By end.
    var isUp = [false, false]
    var streams: [CallStream] = []
    /// An application closed the connection: nothing more is promised of it.
    var isClosing = false
    var fates = PacketFates()
    /// Bytes that applications wrote on the connections so far.
    var written: UInt64 = 0
    var problem: (property: String, words: String)?

    static let addresses = [SocketAddress(interface: 0, port: 4_433), SocketAddress(interface: 1, port: 4_433)]
    static let names = ["client", "server"]

    init(_ choices: inout Choices, swarm: Swarm) {
        let isSetUp = choices.one(of: [true, true, true, false])
        mode = choices.one(of: [.ik, .xx])
        let seed = UInt64(choices.number(0...999_999))
        let settings = CallSettings(&choices)
        streamWindow = settings.windows.stream
        windowMin = min(settings.windows.stream, settings.windows.connection)
        let story = PacketStory(Self.names, isWanted: false)
        let laws = PacketLaws(windows: settings.windows, story: story)
        self.laws = laws
        self.story = story
        let configuration = settings.configuration
        seats = Self.names.enumerated().map { index, name in
            CallSeat(configuration, name: name, seed: seed, observer: laws.observer(of: HostID(index)))
        }
        var plan = NetworkPlan()
        plan.hosts = Self.names.map { HostPlan(name: $0) }
        plan.links = [
            LinkPlan(
                name: "link",
                from: HostID(0),
                to: HostID(1),
                forward: LinkConfiguration(queue: UnlimitedQueue()),
                backward: LinkConfiguration(queue: UnlimitedQueue())
            )
        ]
        simulator = Simulator(plan)
        for (index, seat) in seats.enumerated() {
            simulator.seat(
                seat,
                on: HostID(index),
                port: Self.addresses[index].port,
                flow: FlowID(-1),
                name: Self.names[index]
            )
        }
        simulator.takeControl()
        _ = connect()
        if isSetUp { setUp() }
    }

    /// Delivers until both ends may write.
    private mutating func setUp() {
        var patience = 40
        while !(isUp[0] && isUp[1]), patience > 0, let packet = simulator.held(at: 0) {
            deliver(packet)
            takeEvents()
            patience -= 1
        }
    }

    // MARK: Rules

    mutating func attempt(_ rule: Int, _ choices: inout Choices, _ record: inout RunRecord) -> RuleOutcome {
        let outcome: RuleOutcome
        switch Self.rules[rule] {
        case "open": outcome = open(&choices, &record)
        case "write": outcome = write(&choices, &record, isLast: false)
        case "finish": outcome = write(&choices, &record, isLast: true)
        case "read": outcome = read(&choices, &record)
        case "reset": outcome = giveUp(&choices, &record)
        case "stop": outcome = stop(&choices, &record)
        case "prioritize": outcome = prioritize(&choices, &record)
        case "send datagram": outcome = sendDatagram(&choices, &record)
        case "read datagram": outcome = readDatagram(&choices, &record)
        case "rotate id": outcome = rotate(&choices, &record)
        case "close": outcome = close(&choices, &record)
        case "connect": outcome = connectAgain(&record)
        default: outcome = decide(Self.rules[rule], &choices, &record)
        }
        takeEvents()
        tell(&record)
        return outcome
    }

    /// An application's call was made at this end: what it leads to goes out.
    mutating func called(_ end: Int) { simulator.attend(seat: end) }

    // MARK: What happened

    mutating func takeEvents() {
        for end in 0...1 {
            while let event = seats[end].endpoint.nextEvent() { take(event, at: end) }
        }
    }

    private mutating func take(_ event: EndpointEvent, at end: Int) {
        if end == 1, handles[1] == nil, case .established = event.event { handles[1] = event.connection }
        guard event.connection == handles[end] else { return }
        switch event.event {
        case .established: isUp[end] = true
        case .stream(let event): take(event, at: end)
        case .datagramReceived, .keysUpdated, .path: break
        case .closed(let reason):
            isUp[end] = false
            handles[end] = nil
            let isWanted: Bool
            switch reason {
            case .local, .peer: isWanted = isClosing
            default: isWanted = false
            }
            if !isWanted { fail("calls.survives", "the \(Self.names[end])'s connection ended: \(reason)") }
        }
    }

    private mutating func take(_ event: StreamEvent, at end: Int) {
        switch event {
        case .opened(let id):
            let opener = id.opener == .client ? 0 : 1
            for index in streams.indices {
                let stream = streams[index].id
                guard stream.direction == id.direction, stream.opener == id.opener, stream.index <= id.index,
                    opener != end
                else { continue }
                streams[index].isKnown[end] = true
            }
        case .reset(let id, let code): wasReset(id, code, at: end)
        case .stopped(let id, let code): wasStopped(id, code, at: end)
        case .readable, .writable, .finished, .creditRaised: break
        }
    }

    /// The reader at `end` hears that the other end gave up.
    mutating func wasReset(_ id: StreamID, _ code: UInt64, at end: Int) {
        guard let index = streams.firstIndex(where: { $0.id == id }), let way = streams[index].ways[1 - end] else {
            return fail("calls.events", "a reset of stream \(id.value), which was not opened")
        }
        streams[index].ways[1 - end]?.isResetSeen = true
        // Whoever stopped a stream is answered with a reset of the same code.
        guard way.resetCode == code || way.stopCode == code else {
            return fail("calls.events", "stream \(id.value) was reset with \(code), which nobody wrote")
        }
    }

    private mutating func wasStopped(_ id: StreamID, _ code: UInt64, at end: Int) {
        guard let index = streams.firstIndex(where: { $0.id == id }), let way = streams[index].ways[end],
            way.stopCode == code
        else { return fail("calls.events", "stream \(id.value) was stopped with \(code), which nobody asked for") }
        streams[index].ways[end]?.isStopSeen = true
    }

    mutating func fail(_ property: String, _ words: String) {
        if problem == nil { problem = (property, words) }
    }

    // MARK: Judging

    mutating func check(_ record: inout RunRecord) {
        story.isWanted = record.keepsEvents
        for seat in seats { seat.endpoint.checkInvariants() }
        if let problem { record.fail(problem.property, problem.words) }
        if let law = laws.failures.first { record.fail("calls.packets", law) }
    }

    /// Moves what was told meanwhile into the record.
    mutating func tell(_ record: inout RunRecord) {
        guard record.keepsEvents else { return }
        for line in story.take() { record.event(line) }
    }

    mutating func finish(_ record: inout RunRecord) {
        tell(&record)
        record.score("held back", Int64(heldMost))
        for end in 0...1 {
            guard let handle = handles[end], let statistics = seats[end].endpoint.statistics(of: handle) else {
                continue
            }
            if statistics.keyGeneration > 0 { record.mark("key update") }
            if statistics.path.packetsLost > 0 { record.mark("packet lost") }
            if statistics.path.packetsSpurious > 0 { record.mark("spurious loss") }
            if statistics.path.probeTimeouts > 0 { record.mark("probe timeout") }
            if statistics.duplicates > 0 { record.mark("packet twice") }
            if statistics.datagramsDropped > 0 { record.mark("damaged packet ignored") }
            record.score("sent again", Int64(clamping: statistics.streams.bytesSentAgain))
        }
        if streams.contains(where: { $0.ways.contains { $0?.isResetSeen == true } }) { record.mark("reset seen") }
        if streams.contains(where: { $0.ways.contains { $0?.isStopSeen == true } }) { record.mark("stop seen") }
        record.label(mode == .ik ? "IK" : "XX")
        record.count("bytes", Int64(clamping: written))
    }

    /// The most packets that waited at a time.
    var heldMost = 0
}

/// Which packets were copied and damaged, and which came whole.
struct PacketFates {
    // Only looked up, never walked through.
    private var origins: [UInt64: UInt64] = [:]
    private var damages: [UInt64: Int] = [:]
    private var arrived: Set<UInt64> = []

    mutating func copied(_ serial: UInt64, as copy: UInt64) {
        origins[copy] = origins[serial] ?? serial
        damages[copy] = damages[serial]
    }

    mutating func damaged(_ serial: UInt64) { damages[serial, default: 0] += 1 }

    /// Whether the packet, about to be delivered, is whole, and no other with its bytes was delivered before.
    mutating func isNew(_ serial: UInt64) -> Bool {
        let origin = origins[serial] ?? serial
        switch damages[serial] ?? 0 {
        case 0: return arrived.insert(origin).inserted
        case 1: break
        // Damaged twice, it may be whole again.
        default: arrived.insert(origin)
        }
        return false
    }
}

/// What the endpoints of a world are configured with.
struct CallSettings {
    var windows = FlowWindows()
    private var streams: UInt64 = 128
    private var keyPackets: UInt64 = 1 << 20
    private var sendMax = 16 << 20
    private var pads = false

    /// The simplest are the usual ones.
    init(_ choices: inout Choices) {
        if choices.happens(percent: 50) {
            windows.stream = choices.magnitude(300...100_000)
            windows.connection = choices.magnitude(300...150_000)
            windows.streamMax = windows.stream
            windows.connectionMax = windows.connection
        }
        if choices.happens(percent: 30) { streams = UInt64(choices.magnitude(1...8)) }
        if choices.happens(percent: 40) { keyPackets = UInt64(choices.magnitude(1...50)) }
        if choices.happens(percent: 30) { sendMax = Int(choices.magnitude(500...50_000)) }
        pads = choices.happens(percent: 10)
    }

    var configuration: EndpointConfiguration {
        var configuration = EndpointConfiguration()
        configuration.accepts = true
        var parameters = TransportParameters.usual
        // Time passes only when a timer is fired, and whoever fires has no mercy: silence ends nothing here.
        parameters.idleTimeout = .zero
        parameters.dataMax = UInt64(windows.connection)
        parameters.streamDataMaxLocal = UInt64(windows.stream)
        parameters.streamDataMaxRemote = UInt64(windows.stream)
        parameters.streamDataMaxUnidirectional = UInt64(windows.stream)
        parameters.streamsMaxBidirectional = streams
        parameters.streamsMaxUnidirectional = streams
        var timing = HandshakeTiming.usual
        timing.giveUpAfter = .seconds(1_000_000)
        configuration.handshake = HandshakeConfiguration(
            suites: [.chaChaPolySHA256],
            timing: timing,
            parameters: parameters
        )
        configuration.connection.buffers = StreamBuffers(
            sendMax: sendMax,
            windowMax: UInt64(windows.streamMax),
            dataWindowMax: UInt64(windows.connectionMax)
        )
        configuration.connection.keyLimits.packets = keyPackets
        configuration.connection.padsPackets = pads
        return configuration
    }
}
