import PlaitCore
import PlaitCrypto
import PlaitScenario
import PlaitTransport

/// What `transport:` of a scenario says, as the endpoints are configured with it.
struct TransportSetup: Sendable {
    let endpoint: EndpointConfiguration
    let mode: HandshakeMode
    let closesWhenDone: Bool

    /// `nil` when something is wrong, which is then told. `paths` is the most that a connection opens.
    init?(
        _ transport: TransportDescription,
        paths: Int,
        _ registry: Registry,
        _ errors: inout [BlueprintError]
    ) {
        let suite = Suite(transport.suite)
        guard suite.isAvailable else {
            errors.append(
                BlueprintError(.none, "this processor cannot compute \(transport.suite.rawValue): choose another suite")
            )
            return nil
        }
        let chosen = transport.congestion ?? ChosenModel(ModelChoice("cubic"))
        var configuration = EndpointConfiguration()
        do throws(BlueprintError) {
            configuration.connection.congestion = try Self.congestion(chosen, transport, registry)
            configuration.connection.scheduler = try Self.scheduler(transport, paths, registry)
        } catch {
            errors.append(error)
            return nil
        }
        configuration.accepts = true
        configuration.handshake = Self.handshake(transport, suite)
        if paths > 1 { configuration.handshake.parameters.pathsMax = UInt64(paths) }
        configuration.connection.pathsMax = paths
        configuration.connection.reinjection = ReinjectionPolicy(transport.reinjection)
        configuration.connection.acknowledgements = transport.acks == .same ? .same : .fastest
        configuration.connection.pathKeepAlive = transport.pathKeepAlive ?? .zero
        configuration.connection.keepAlive = transport.keepAlive ?? .zero
        configuration.connection.packetSize = Int(transport.packetSize)
        configuration.connection.packetMax = Int(transport.packetMax ?? 0)
        configuration.connection.padsPackets = transport.constantSize
        configuration.connection.keyLimits.bytes = UInt64(transport.keyUpdate.bytes)
        configuration.connection.keyLimits.packets = UInt64(transport.keyUpdate.packets)
        configuration.connection.keyAgeMax = transport.keyUpdate.time
        configuration.connection.recovery.packetSize = Int(transport.packetSize)
        configuration.connection.recovery.initialRoundTrip = transport.initialRoundTrip
        configuration.connection.recovery.ackDelayMax = configuration.handshake.parameters.ackDelayMax
        let late = Interval(nanoseconds: transport.idleTimeout.nanoseconds / 6)
        configuration.connection.recovery.probeIntervalLateMax = late
        configuration.connection.buffers.sendMax = Int(transport.sendBuffer)
        configuration.connection.buffers.windowMax = UInt64(transport.windows.streamMax)
        configuration.connection.buffers.dataWindowMax = UInt64(transport.windows.connectionMax)
        endpoint = configuration
        mode = transport.handshake == .ik ? .ik : .xx
        closesWhenDone = transport.closesWhenDone
    }

    /// Made once here, so that what is wrong with its arguments is known before anything runs.
    private static func congestion(
        _ chosen: ChosenModel,
        _ transport: TransportDescription,
        _ registry: Registry
    ) throws(BlueprintError) -> @Sendable (CongestionContext) -> any CongestionController {
        let choice = chosen.choice
        guard let registration = registry.congestion[choice.name] else {
            throw BlueprintError(chosen.origin, "there is no congestion controller called '\(choice.name)'")
        }
        do throws(ModelError) {
            let first = try registration.make(choice, CongestionContext(packetSize: Int(transport.packetSize)))
            return { context in
                // What could be made once can be made again: the arguments are the same. Were a plug-in's not, the one
                // that was made is as good as new.
                (try? registration.make(choice, context)) ?? first
            }
        } catch {
            throw BlueprintError(chosen.origin(of: error.parameter), error.message)
        }
    }

    /// As with congestion controllers, one is made here to see that it can be.
    private static func scheduler(
        _ transport: TransportDescription,
        _ paths: Int,
        _ registry: Registry
    ) throws(BlueprintError) -> @Sendable (SchedulerContext) -> any Scheduler {
        let chosen = transport.scheduler ?? ChosenModel(ModelChoice("earliest"))
        guard let registration = registry.schedulers[chosen.choice.name] else {
            throw BlueprintError(chosen.origin, "there is no scheduler called '\(chosen.choice.name)'")
        }
        let choice = chosen.choice
        do throws(ModelError) {
            let first = try registration.make(choice, SchedulerContext(pathsMax: paths))
            return { context in (try? registration.make(choice, context)) ?? first }
        } catch {
            throw BlueprintError(chosen.origin(of: error.parameter), error.message)
        }
    }

    private static func handshake(_ transport: TransportDescription, _ suite: Suite) -> HandshakeConfiguration {
        var timing = HandshakeTiming(firstTimeout: transport.handshakeTimeout.first)
        timing.giveUpAfter = transport.handshakeTimeout.giveUp
        var parameters = TransportParameters.usual
        parameters.idleTimeout = wholeMicroseconds(transport.idleTimeout)
        parameters.ackDelayMax = wholeMicroseconds(transport.ackDelay)
        parameters.dataMax = UInt64(transport.windows.connection)
        parameters.streamDataMaxLocal = UInt64(transport.windows.stream)
        parameters.streamDataMaxRemote = UInt64(transport.windows.stream)
        parameters.streamDataMaxUnidirectional = UInt64(transport.windows.stream)
        parameters.streamsMaxBidirectional = UInt64(transport.streams.bidirectional)
        parameters.streamsMaxUnidirectional = UInt64(transport.streams.unidirectional)
        return HandshakeConfiguration(
            suites: [suite],
            timing: timing,
            halfOpenMax: Int(transport.halfOpen),
            parameters: parameters
        )
    }

    /// As the wire has them, rounded down.
    private static func wholeMicroseconds(_ time: Interval) -> Interval {
        Interval(nanoseconds: time.nanoseconds / 1_000 * 1_000)
    }
}

extension Suite {
    fileprivate init(_ name: SuiteName) {
        self =
            switch name {
            case .chaChaPolySHA256: .chaChaPolySHA256
            case .chaChaPolyBLAKE2b: .chaChaPolyBLAKE2b
            case .aesGCMSHA256: .aesGCMSHA256
            }
    }
}

extension ReinjectionPolicy {
    fileprivate init(_ kind: ReinjectionKind) {
        self =
            switch kind {
            case .none: .none
            case .suspicion: .onSuspicion
            case .tail: .atTail
            }
    }
}
