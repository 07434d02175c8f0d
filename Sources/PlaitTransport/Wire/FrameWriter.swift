package import PlaitCore

// Frames into a packet under construction. Each function answers whether the frame fitted; if not, nothing was written.
// Numbers that have no form on the wire, and fields that a reader would refuse, are bugs of the caller.

extension ByteWriter {
    /// Fills up: `count` bytes that a reader passes over.
    @_lifetime(self: copy self)
    package mutating func writePadding(_ count: Int) -> Bool {
        do throws(ByteError) { try write(repeating: UInt8(FrameType.padding), count: count) } catch { return false }
        return true
    }

    @_lifetime(self: copy self)
    package mutating func writePing() -> Bool { writeFields([FrameType.ping]) }

    @_lifetime(self: copy self)
    package mutating func writeResetStream(_ frame: ResetStreamFrame) -> Bool {
        writeFields([FrameType.resetStream, frame.id.value, frame.code, frame.finalSize])
    }

    @_lifetime(self: copy self)
    package mutating func writeStopSending(_ frame: StopSendingFrame) -> Bool {
        writeFields([FrameType.stopSending, frame.id.value, frame.code])
    }

    @_lifetime(self: copy self)
    package mutating func writeMaxData(_ limit: UInt64) -> Bool { writeFields([FrameType.maxData, limit]) }

    @_lifetime(self: copy self)
    package mutating func writeMaxStreamData(_ id: StreamID, _ limit: UInt64) -> Bool {
        writeFields([FrameType.maxStreamData, id.value, limit])
    }

    /// How many streams of a direction the peer may open over the connection's life.
    @_lifetime(self: copy self)
    package mutating func writeMaxStreams(_ direction: StreamDirection, _ count: UInt64) -> Bool {
        precondition(count <= StreamID.countMax, "more streams than there are stream ids")
        let type = FrameType.maxStreamsBidirectional + (direction == .unidirectional ? 1 : 0)
        return writeFields([type, count])
    }

    @_lifetime(self: copy self)
    package mutating func writeDataBlocked(_ limit: UInt64) -> Bool { writeFields([FrameType.dataBlocked, limit]) }

    @_lifetime(self: copy self)
    package mutating func writeStreamDataBlocked(_ id: StreamID, _ limit: UInt64) -> Bool {
        writeFields([FrameType.streamDataBlocked, id.value, limit])
    }

    @_lifetime(self: copy self)
    package mutating func writeStreamsBlocked(_ direction: StreamDirection, _ count: UInt64) -> Bool {
        precondition(count <= StreamID.countMax, "more streams than there are stream ids")
        let type = FrameType.streamsBlockedBidirectional + (direction == .unidirectional ? 1 : 0)
        return writeFields([type, count])
    }

    @_lifetime(self: copy self)
    package mutating func writeNewConnectionID(_ frame: NewConnectionIDFrame) -> Bool {
        precondition(frame.retirePrior <= frame.sequence, "a connection id does not retire itself")
        precondition(frame.id != .unknown, "connection id zero is never given out")
        return writeFields(
            [FrameType.newConnectionID, UInt64(frame.path.value), frame.sequence, frame.retirePrior],
            word: frame.id.value
        )
    }

    @_lifetime(self: copy self)
    package mutating func writeRetireConnectionID(path: PathID, sequence: UInt64) -> Bool {
        writeFields([FrameType.retireConnectionID, UInt64(path.value), sequence])
    }

    /// Asks for a `writePathResponse` with the same data, over the path that this packet takes.
    @_lifetime(self: copy self)
    package mutating func writePathChallenge(_ data: UInt64) -> Bool {
        writeFields([FrameType.pathChallenge], word: data)
    }

    @_lifetime(self: copy self)
    package mutating func writePathResponse(_ data: UInt64) -> Bool {
        writeFields([FrameType.pathResponse], word: data)
    }

    @_lifetime(self: copy self)
    package mutating func writePathStatus(_ frame: PathStatusFrame) -> Bool {
        writeFields([FrameType.pathStatus, UInt64(frame.path.value), frame.sequence, frame.isBackup ? 1 : 0])
    }

    @_lifetime(self: copy self)
    package mutating func writePathAbandon(_ frame: PathAbandonFrame) -> Bool {
        writeFields([FrameType.pathAbandon, UInt64(frame.path.value), frame.code])
    }

    @_lifetime(self: copy self)
    package mutating func writeKeyUpdate(generation: UInt64) -> Bool {
        writeFields([FrameType.keyUpdate, generation])
    }

    @_lifetime(self: copy self)
    package mutating func writeHandshakeConfirmed() -> Bool { writeFields([FrameType.handshakeConfirmed]) }

    /// Closes for the protocol's own reason; `frameType` is where the violation was found, or 0.
    @_lifetime(self: copy self)
    package mutating func writeClose(_ code: CloseCode, frameType: UInt64, reason: RawSpan) -> Bool {
        writeFields([FrameType.close, code.value, frameType], run: reason)
    }

    /// Closes for the application's reason.
    @_lifetime(self: copy self)
    package mutating func writeApplicationClose(_ code: UInt64, reason: RawSpan) -> Bool {
        writeFields([FrameType.applicationClose, code], run: reason)
    }

    /// A Noise message, which has at least one byte.
    @_lifetime(self: copy self)
    package mutating func writeHandshake(_ message: RawSpan) -> Bool {
        precondition(!message.isEmpty, "a Noise message has bytes")
        return writeFields([FrameType.handshake], run: message)
    }

    @_lifetime(self: copy self)
    package mutating func writeCookie(_ cookie: RawSpan) -> Bool {
        precondition(!cookie.isEmpty, "a cookie has bytes")
        return writeFields([FrameType.cookie], run: cookie)
    }

    @_lifetime(self: copy self)
    package mutating func writeOffer(_ offer: RawSpan) -> Bool {
        precondition(!offer.isEmpty, "an offer has bytes")
        return writeFields([FrameType.offer], run: offer)
    }

    @_lifetime(self: copy self)
    package mutating func writeRefusal(code: UInt64, details: RawSpan) -> Bool {
        writeFields([FrameType.refusal, code], run: details)
    }

    @_lifetime(self: copy self)
    package mutating func writeTicket(_ ticket: RawSpan) -> Bool {
        precondition(!ticket.isEmpty, "a ticket has bytes")
        return writeFields([FrameType.ticket], run: ticket)
    }

    /// An unreliable datagram, with its length, so that anything may follow it.
    @_lifetime(self: copy self)
    package mutating func writeDatagram(_ bytes: RawSpan) -> Bool {
        writeFields([FrameType.datagramWithLength], run: bytes)
    }
}

// The forms that frames are made of.
extension ByteWriter {
    /// Numbers in a row.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func writeFields<let count: Int>(_ fields: [count of UInt64]) -> Bool {
        guard Self.length(fields) <= remaining else { return false }
        put(fields)
        return true
    }

    /// Numbers in a row, then eight bytes.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func writeFields<let count: Int>(_ fields: [count of UInt64], word: UInt64) -> Bool {
        guard Self.length(fields) + 8 <= remaining else { return false }
        put(fields)
        do throws(ByteError) { try write(word) } catch { roomWasMeasured() }
        return true
    }

    /// Numbers in a row, then a length and as many bytes.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func writeFields<let count: Int>(_ fields: [count of UInt64], run: RawSpan) -> Bool {
        let length = UInt64(run.byteCount)
        guard Self.length(fields) + Varint.length(length) + run.byteCount <= remaining else { return false }
        put(fields)
        put([length])
        do throws(ByteError) { try write(run) } catch { roomWasMeasured() }
        return true
    }

    @inline(__always)
    static func length<let count: Int>(_ fields: [count of UInt64]) -> Int {
        var length = 0
        for index in fields.indices { length += Varint.length(fields[index]) }
        return length
    }

    /// - Precondition: There is room for all of them.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func put<let count: Int>(_ fields: [count of UInt64]) {
        for index in fields.indices {
            do throws(ByteError) { try write(varint: fields[index]) } catch { roomWasMeasured() }
        }
    }
}

private func roomWasMeasured() -> Never {
    preconditionFailure("a frame is measured before its first byte is written")
}
