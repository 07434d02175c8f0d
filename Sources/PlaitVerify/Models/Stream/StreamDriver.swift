import PlaitCore
import PlaitNetwork
import PlaitSimulator
import PlaitTransport

/// Two real stream sets on a link that somebody controls, led through the actions of the model.
///
/// It plays the applications, which write and read units; the carrier, which gives each packet room for the units that
/// an action names, and for one more where the code itself has to stop; and recovery, which says of a frame that it is
/// acknowledged or lost. What a frame is, it reads from the bytes of its packet. A class, because a simulator cannot be
/// copied.
package final class StreamDriver: ModelDriver {
    let model: StreamModel
    let reading: StreamReading
    private let random: RandomStream
    private var draws: UInt64 = 0
    var simulator: Simulator
    let sender: StreamSeat
    let receiver: StreamSeat

    /// Packets that wait, and what they carry.
    var held: [(serial: UInt64, frame: StreamModel.Frame)] = []
    /// Frames that were sent and not acknowledged or lost since, also those that mean nothing any more.
    var flying: UInt64 = 0
    /// Frames that arrived.
    var come: UInt64 = 0
    var faults = 0
    /// Units that were written and read.
    var written = 0
    var read = 0
    var isFinishedTold = false
    var isStoppedTold = false
    var failures: [String] = []
    private var known: StreamState?
    /// What each end was last seen in, in the variables that are its own; and whether it was touched since.
    var sending = StreamState()
    var receiving = StreamState()
    var touched = (sender: true, receiver: true)
    /// Frames of the packets that wait.
    private(set) var waiting: UInt64 = 0
    /// The model was believed about the last action.
    private(set) var isBelieving = false
    package private(set) var hasAsked = false
    private var buffer: [UInt8]

    /// Where each end sits: its own interface on the one link.
    private static let port: UInt16 = 4_433
    private static let senderAddress = SocketAddress(interface: UInt32(LinkID(0).forward.index), port: port)
    private static let receiverAddress = SocketAddress(interface: UInt32(LinkID(0).backward.index), port: port)

    package init(_ model: StreamModel, seed: UInt64) {
        self.model = model
        let id = StreamID(index: 0, opener: .client, direction: .unidirectional)
        let reading = StreamReading(id, seed: seed)
        self.reading = reading
        random = RandomStream(seed: seed, name: "model/stream/beside")
        var limits = StreamLimits()
        limits.dataMax = 1 << 40
        limits.streamDataMaxUnidirectional = UInt64(model.window * reading.unit)
        sender = StreamSeat(
            StreamSet(role: .client, local: limits, remote: limits),
            local: Self.senderAddress,
            remote: Self.receiverAddress,
            reading: reading
        )
        receiver = StreamSeat(
            StreamSet(role: .server, local: limits, remote: limits),
            local: Self.receiverAddress,
            remote: Self.senderAddress,
            reading: reading
        )
        do throws(StreamError) {
            let opened = try sender.streams.open(.unidirectional, priority: 0)
            precondition(opened == id, "the first stream has the first number")
        } catch { preconditionFailure("the peer allows streams: \(error)") }
        simulator = Simulator(Self.plan)
        simulator.seat(sender, on: HostID(0), port: Self.port, flow: FlowID(-1), name: "the sender")
        simulator.seat(receiver, on: HostID(1), port: Self.port, flow: FlowID(-1), name: "the receiver")
        simulator.takeControl()
        buffer = [UInt8](repeating: 0, count: reading.unit)
    }

    private static var plan: NetworkPlan {
        var plan = NetworkPlan()
        plan.hosts = [HostPlan(name: "sender"), HostPlan(name: "receiver")]
        let direction = LinkConfiguration(queue: UnlimitedQueue())
        plan.links = [
            LinkPlan(name: "wire", from: HostID(0), to: HostID(1), forward: direction, backward: direction)
        ]
        return plan
    }

    package var state: StreamState {
        if let known { return known }
        let state = abstraction()
        known = state
        return state
    }

    package func perform(_ action: StreamAction) -> Bool {
        let before = state
        hasAsked = false
        isBelieving = false
        let isDone = take(action, in: before)
        // What the code refuses it may change nevertheless.
        guard isDone || hasAsked else { return false }
        tellEvents()
        known = nil
        guard isDone else { return false }
        let after = state
        stirWhatIsStale(in: after)
        if state != after { failures.append("a frame that means nothing any more changed the state") }
        return true
    }

    package func perform(_ action: StreamAction, believing states: (before: StreamState, after: StreamState)) -> Bool {
        isBelieving = true
        let isDone = take(action, in: states.before)
        tellEvents()
        if isDone { stirWhatIsStale(in: states.after) }
        known = isDone ? states.after : states.before
        return isDone
    }

    private func take(_ action: StreamAction, in state: StreamState) -> Bool {
        switch action {
        case .write(let units, let isLast): write(units, isLast: isLast)
        case .send(let units): send(units)
        case .reset: reset()
        case .sendReset: control(of: 0, .resetStream(reading.id))
        case .read: readUnit()
        case .tellReset: tellReset()
        case .stop: stop()
        case .sendStop: control(of: 1, .stopSending(reading.id))
        case .sendLimit: control(of: 1, .maxStreamData(reading.id))
        case .deliver(let frame): deliver(frame, in: state)
        case .drop(let frame): drop(frame, in: state)
        case .acknowledge(let frame): acknowledge(frame, in: state)
        case .lose(let frame): lose(frame, in: state)
        }
    }

    // MARK: Beside the model

    /// Frames that can change nothing any more come again, are acknowledged, are lost: the state must not show it.
    private func stirWhatIsStale(in state: StreamState) {
        draws += 1
        let draw = random.draw(draws)
        guard draw & 3 == 0 else { return }
        switch draw >> 2 & 3 {
        case 0, 1:
            guard let frame = pick(from: waiting & ~state.wire, draw) else { return }
            _ = deliverCopy(of: frame)
        case 2:
            guard let frame = pick(from: come & ~state.acks, draw) else { return }
            tellAcknowledged(frame)
        default:
            guard let frame = pick(from: stale(in: state), draw) else { return }
            tellLost(frame)
        }
        tellEvents()
        known = nil
    }

    /// Frames whose loss means nothing any more, also after they were acknowledged: of two copies one arrives and the
    /// other does not.
    private func stale(in state: StreamState) -> UInt64 { flying & ~state.inflight | come & ~state.acks }

    private func pick(from frames: UInt64, _ draw: UInt64) -> StreamModel.Frame? {
        guard frames != 0 else { return nil }
        var rest = frames
        for _ in 0..<Int(draw >> 32 % UInt64(frames.nonzeroBitCount)) { rest &= rest - 1 }
        return StreamModel.Frame(number: rest.trailingZeroBitCount)
    }

    // MARK: The writer

    /// What an application gives with a reset, and with a stop.
    private static let (resetCode, stopCode): (UInt64, UInt64) = (71, 72)

    private func write(_ units: Int, isLast: Bool) -> Bool {
        // A writer of this model has no more than so many.
        guard written + units <= model.units, units > 0 || isLast else { return false }
        hasAsked = true
        touched.sender = true
        for place in 0..<units * reading.unit { buffer[place] = reading.byte(at: written * reading.unit + place) }
        do throws(StreamError) {
            // A span of a property of an object could not be had.
            let bytes = buffer
            let count = try sender.streams.write(
                reading.id,
                bytes.span.raw.extracting(0..<units * reading.unit),
                isLast: isLast
            )
            expect(count == units * reading.unit, "there is room for every unit")
        } catch { return false }
        written += units
        return true
    }

    private func reset() -> Bool {
        hasAsked = true
        touched.sender = true
        do throws(StreamError) { try sender.streams.reset(reading.id, code: Self.resetCode) } catch { return false }
        return true
    }

    /// How much may be sent is for the code to say: whoever sends all that there is to send gets room for a unit more.
    private func send(_ units: Int) -> Bool {
        let view = sender.streams.view(of: reading.id, piece: UInt64(reading.unit))
        let pending = view?.sending.pending
        var room = units
        if let view {
            // What it has to say first is another action's.
            if case .resetting(.unsent) = view.sending.state { return false }
            let most = Int(pending?.count ?? 0) / reading.unit
            // In a packet that has room for more units than there are it sends fewer, which is another action.
            if units > most, most > 0 || view.sending.isEndAlone { return false }
            if units == most { room += 1 }
        }
        let offset = pending?.start ?? view?.sending.next ?? 0
        let length = room * reading.unit
        return attend(0, room: StreamFrameHeader.length(reading.id, offset: offset, dataLength: length) + length)
    }

    // MARK: The reader

    private func readUnit() -> Bool {
        hasAsked = true
        touched.receiver = true
        do throws(StreamError) {
            let (count, isEnd) = try readBytes()
            guard count > 0 || isEnd else { return false }
            expect(count == reading.unit || (count == 0 && isEnd), "units are read whole")
            for place in 0..<count where buffer[place] != reading.byte(at: read * reading.unit + place) {
                failures.append("unit \(read) was read with another byte at \(place) than was written")
                break
            }
            if count > 0 { read += 1 }
            return true
        } catch {
            guard case .reset(let code) = error else { return false }
            expect(code == Self.resetCode || code == Self.stopCode, "a reset comes with its code")
            return true
        }
    }

    private func readBytes() throws(StreamError) -> (count: Int, isEnd: Bool) {
        var bytes: [UInt8] = []
        swap(&bytes, &buffer)
        defer { swap(&bytes, &buffer) }
        var span = bytes.mutableSpan
        var target = span.mutableRaw
        return try receiver.streams.read(reading.id, into: &target, now: simulator.now, roundTrip: .zero)
    }

    private func tellReset() -> Bool {
        hasAsked = true
        touched.receiver = true
        // All other events were taken when they came.
        guard let event = receiver.streams.nextEvent() else { return false }
        if case .reset(reading.id, let code) = event {
            expect(code == Self.resetCode || code == Self.stopCode, "a reset comes with its code")
        } else {
            failures.append("\(event) was told instead of a reset")
        }
        return true
    }

    private func stop() -> Bool {
        hasAsked = true
        touched.receiver = true
        do throws(StreamError) { try receiver.streams.stop(reading.id, code: Self.stopCode) } catch { return false }
        return true
    }

    // MARK: Frames

    /// Lets an end send a word about a limit or an ending, if that is what it has to say.
    private func control(of seat: Int, _ wanted: SentFrame) -> Bool {
        let streams = seat == 0 ? sender : receiver
        if let view = streams.streams.view(of: reading.id, piece: UInt64(reading.unit)) {
            let word: SentFrame? =
                if case .resetting(.unsent) = view.sending.state {
                    .resetStream(reading.id)
                } else if case .stopped(.unsent) = view.receiving.state {
                    .stopSending(reading.id)
                } else if view.receiving.owesLimit {
                    .maxStreamData(reading.id)
                } else {
                    nil
                }
            // Another word is another action's, and so is the end alone.
            guard word == wanted || (word == nil && !view.sending.isEndAlone) else { return false }
        }
        return attend(seat, room: Self.wordRoom)
    }

    /// Room for every word about a limit or an ending, and for fewer bytes of a stream than start a frame.
    private static let wordRoom = 28

    /// Asks an end for one packet. Answers whether there was one.
    private func attend(_ seat: Int, room: Int) -> Bool {
        let end = seat == 0 ? sender : receiver
        hasAsked = true
        if seat == 0 { touched.sender = true } else { touched.receiver = true }
        let before = simulator.heldCount
        end.room = room
        simulator.attend(seat: seat)
        end.room = 0
        guard simulator.heldCount > before, let serial = simulator.serial(ofHeld: before) else { return false }
        guard let frame = end.written, let sent = end.sent else {
            failures.append("a packet that is not one frame of whole units, with the bytes that were written")
            return true
        }
        expect(sent == reading.sentFrame(frame), "a frame is what the streams call it")
        held.append((serial, frame))
        waiting |= frame.bit
        flying |= frame.bit
        return true
    }

    /// One that can change nothing any more is delivered too: the code refuses it by taking no notice.
    private func deliver(_ frame: StreamModel.Frame, in state: StreamState) -> Bool {
        guard state.wire & frame.bit == 0 else { return deliverCopy(of: frame) }
        hasAsked = deliverCopy(of: frame)
        return false
    }

    private func deliverCopy(of frame: StreamModel.Frame) -> Bool {
        // The latest of equal packets; which one makes no difference.
        guard let packet = held.last(where: { $0.frame == frame }),
            let copy = simulator.duplicate(packet.serial)
        else { return false }
        if frame.isSenders { touched.receiver = true } else { touched.sender = true }
        expect(simulator.deliver(copy), "a copy can be delivered")
        come |= frame.bit
        return true
    }

    private func drop(_ frame: StreamModel.Frame, in state: StreamState) -> Bool {
        guard state.wire & state.inflight & ~state.acks & frame.bit != 0, harm() else { return false }
        for packet in held where packet.frame == frame {
            expect(simulator.drop(packet.serial), "what is held can be dropped")
        }
        held.removeAll { $0.frame == frame }
        waiting &= ~frame.bit
        return true
    }

    private func acknowledge(_ frame: StreamModel.Frame, in state: StreamState) -> Bool {
        let isLimit = if case .limit = frame.kind { true } else { false }
        guard state.acks & frame.bit != 0 else {
            // It arrived, and its sender has nothing more to learn of it.
            guard come & frame.bit != 0 else { return false }
            hasAsked = true
            tellAcknowledged(frame)
            return false
        }
        guard !isLimit || state.inflight & frame.bit != 0 else { return false }
        tellAcknowledged(frame)
        return true
    }

    private func tellAcknowledged(_ frame: StreamModel.Frame) {
        flying &= ~frame.bit
        streams(of: frame) { $0.acknowledged(reading.sentFrame(frame)) }
    }

    private func lose(_ frame: StreamModel.Frame, in state: StreamState) -> Bool {
        guard state.inflight & frame.bit != 0 else {
            guard stale(in: state) & frame.bit != 0 else { return false }
            hasAsked = true
            tellLost(frame)
            return false
        }
        guard (state.wire | state.acks) & frame.bit == 0 || harm() else { return false }
        tellLost(frame)
        return true
    }

    private func tellLost(_ frame: StreamModel.Frame) {
        flying &= ~frame.bit
        streams(of: frame) { $0.lost(reading.sentFrame(frame)) }
    }

    private func harm() -> Bool {
        guard faults < model.maxFaults else { return false }
        faults += 1
        return true
    }

    private func streams(of frame: StreamModel.Frame, _ tell: (inout StreamSet) -> Void) {
        if frame.isSenders {
            touched.sender = true
            tell(&sender.streams)
        } else {
            touched.receiver = true
            tell(&receiver.streams)
        }
    }

    func expect(_ holds: Bool, _ words: String) {
        if !holds { failures.append("not so: \(words)") }
    }
}
