package import PlaitCore
package import PlaitTransport

/// What a frame says, wherever it stands: its runs as bytes, and an ACK's ranges as ranges.
package struct FrameMeaning: Hashable, Sendable {
    /// With every run moved to the start, so that only its length is left.
    package var frame: Frame
    package var bytes: [UInt8] = []
    package var ranges: [AckRange] = []

    package init(_ frame: Frame, bytes: [UInt8], ranges: [AckRange]) {
        self.frame = frame
        self.bytes = bytes
        self.ranges = ranges
    }

    package init(_ frame: Frame, in payload: RawSpan) {
        self.frame = frame
        var run = 0..<0
        switch frame {
        case .handshake(let place): (run, self.frame) = (place, .handshake(0..<place.count))
        case .cookie(let place): (run, self.frame) = (place, .cookie(0..<place.count))
        case .ticket(let place): (run, self.frame) = (place, .ticket(0..<place.count))
        case .offer(let place): (run, self.frame) = (place, .offer(0..<place.count))
        case .datagram(let place): (run, self.frame) = (place, .datagram(0..<place.count))
        case .stream(var stream):
            run = stream.data
            stream.data = 0..<run.count
            self.frame = .stream(stream)
        case .close(var close):
            run = close.reason
            close.reason = 0..<run.count
            self.frame = .close(close)
        case .refusal(var refusal):
            run = refusal.details
            refusal.details = 0..<run.count
            self.frame = .refusal(refusal)
        case .ack(var ack):
            var reader = AckRanges(ack, in: payload)
            while let range = reader.nextRange() { ranges.append(range) }
            ack.ranges = 0..<0
            self.frame = .ack(ack)
        default: break
        }
        bytes = Array(copying: payload.extracting(run))
    }

    /// Writes the frame anew, in the form that Plait's writers choose. An extension's frame has no writer.
    ///
    /// - Returns: Whether it was written, or nil if there is no writer.
    @_lifetime(writer: copy writer)
    package func write(into writer: inout ByteWriter) -> Bool? {
        let run = bytes.span.raw
        switch frame {
        case .padding(let count): return writer.writePadding(count)
        case .ping: return writer.writePing()
        case .ack(let ack):
            let written = writer.writeAck(
                path: ack.path,
                delay: ack.delay,
                ranges: ranges.span,
                ecn: ack.ecn,
                rangesMax: AckFrame.rangesMax
            )
            return written == ranges.count
        case .resetStream(let frame): return writer.writeResetStream(frame)
        case .stopSending(let frame): return writer.writeStopSending(frame)
        case .handshake: return writer.writeHandshake(run)
        case .cookie: return writer.writeCookie(run)
        case .stream(let frame):
            return writer.writeStream(frame.id, offset: frame.offset, bytes: run, isLast: frame.isLast)
        case .maxData(let limit): return writer.writeMaxData(limit)
        case .maxStreamData(let id, let limit): return writer.writeMaxStreamData(id, limit)
        case .maxStreams(let direction, let count): return writer.writeMaxStreams(direction, count)
        case .dataBlocked(let limit): return writer.writeDataBlocked(limit)
        case .streamDataBlocked(let id, let limit): return writer.writeStreamDataBlocked(id, limit)
        case .streamsBlocked(let direction, let count): return writer.writeStreamsBlocked(direction, count)
        default: return writeConnectionFrame(into: &writer)
        }
    }

    @_lifetime(writer: copy writer)
    private func writeConnectionFrame(into writer: inout ByteWriter) -> Bool? {
        let run = bytes.span.raw
        switch frame {
        case .newConnectionID(let frame): return writer.writeNewConnectionID(frame)
        case .retireConnectionID(let path, let sequence):
            return writer.writeRetireConnectionID(path: path, sequence: sequence)
        case .pathChallenge(let data): return writer.writePathChallenge(data)
        case .pathResponse(let data): return writer.writePathResponse(data)
        case .close(let close):
            if close.isApplication { return writer.writeApplicationClose(close.code, reason: run) }
            return writer.writeClose(CloseCode(close.code), frameType: close.frameType, reason: run)
        case .pathStatus(let frame): return writer.writePathStatus(frame)
        case .pathAbandon(let frame): return writer.writePathAbandon(frame)
        case .keyUpdate(let generation): return writer.writeKeyUpdate(generation: generation)
        case .ticket: return writer.writeTicket(run)
        case .offer: return writer.writeOffer(run)
        case .refusal(let refusal): return writer.writeRefusal(code: refusal.code, details: run)
        case .handshakeConfirmed: return writer.writeHandshakeConfirmed()
        case .datagram: return writer.writeDatagram(run)
        case .skipped: return nil
        default: preconditionFailure("a frame that write(into:) should have written")
        }
    }
}
