import PlaitCore
import PlaitNetwork

/// What the timeline can do to a host.
extension Simulator {
    mutating func apply(_ fault: HostFault, to host: Int) {
        switch fault {
        case .crash: crash(host)
        case .restart: restart(host)
        case .pause: pause(host)
        case .resume: resume(host)
        case .drift(let drift): setDrift(drift, of: host)
        case .stepWall(let step):
            hosts[host].clock.stepWall(by: step)
            noteChange(.wallStep, UInt64(bitPattern: step.nanoseconds), at: host)
        case .rebindPorts: rebindPorts(of: host)
        case .rebindAddress(let uplink):
            let (old, new) = topology.renumber(uplink)
            noteChange(.rebind, UInt64(old) << 32 | UInt64(new), at: host)
        }
    }

    private mutating func crash(_ host: Int) {
        guard hosts[host].state != .crashed else { return }
        noteChange(.host, 0, at: host)
        hosts[host].state = .crashed
        while let packet = hosts[host].held.popFirst() { drop(packet, .hostDown, at: host) }
        hosts[host].heldBytes = 0
        for seat in seats.indices where seats[seat].host == host { timers.set(seatTimer(seat), to: .none) }
    }

    private mutating func restart(_ host: Int) {
        guard hosts[host].state == .crashed else { return }
        noteChange(.host, 1, at: host)
        hosts[host].state = .running
        let reading = hosts[host].clock.monotonic(at: now)
        for seat in seats.indices where seats[seat].host == host {
            seats[seat].endpoint.restarted(now: reading)
            noteCompletion(seat: seat)
            pump(seat: seat)
        }
    }

    private mutating func pause(_ host: Int) {
        guard hosts[host].state == .running else { return }
        noteChange(.host, 2, at: host)
        hosts[host].state = .paused
    }

    private mutating func resume(_ host: Int) {
        guard hosts[host].state == .paused else { return }
        noteChange(.host, 1, at: host)
        hosts[host].state = .running
        releaseHeld(at: host)
        // Timers that came due meanwhile fired into the void; level-triggered deadlines make that harmless.
        let reading = hosts[host].clock.monotonic(at: now)
        for seat in seats.indices where seats[seat].host == host {
            if seats[seat].deadline <= reading { seats[seat].endpoint.deadlineReached(now: reading) }
            pump(seat: seat)
        }
    }

    private mutating func setDrift(_ drift: Int64, of host: Int) {
        hosts[host].clock.setDrift(drift, at: now)
        noteChange(.drift, UInt64(bitPattern: drift), at: host)
        for seat in seats.indices where seats[seat].host == host && hosts[host].state != .crashed {
            // The same deadline on the host's clock is another instant now, also for a paused host that resumes first.
            timers.set(seatTimer(seat), to: .none)
            arm(seat: seat)
        }
    }

    private mutating func rebindPorts(of host: Int) {
        for seat in seats.indices where seats[seat].host == host {
            let old = seats[seat].externalPort
            let new = hosts[host].nextFreePort()
            hosts[host].unbind(old)
            hosts[host].bind(new, to: seat)
            seats[seat].externalPort = new
            noteChange(.rebind, UInt64(old) << 32 | UInt64(new), at: host)
        }
    }

    private mutating func noteChange(_ property: TraceEvent.Property, _ detail: UInt64, at host: Int) {
        let event = TraceEvent(time: now, kind: .changed, place: Int32(host), property: property, detail: detail)
        hosts[host].hash.fold(event)
        fabric.trace.append(event)
    }
}
