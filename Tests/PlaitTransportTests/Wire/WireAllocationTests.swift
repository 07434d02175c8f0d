import FuzzChecks
import PlaitCore
import PlaitTransport
import TestSupport
import Testing

@Suite("The wire format and the heap")
struct WireAllocationTests {
    @Test("a million packets are written, protected and read without an allocation", .enabled(if: isOptimized))
    func millionPackets() throws {
        var packet = [UInt8](repeating: 0, count: 1_200)
        let data = [UInt8](repeating: 7, count: 400)
        let ranges = (0..<10 as Range<UInt64>).map { AckRange(first: 100_000 - 10 * $0, last: 100_005 - 10 * $0) }
        var sum: UInt64 = 0
        let count = try TestSupport.allocations { () throws(PeerViolation) in
            for number in 1...1_000_000 as ClosedRange<UInt64> {
                Self.write(&packet, number, data.span.raw, ranges.span)
                sum &+= try Self.read(packet.span.raw)
            }
        }
        // The ping, 400 bytes, 6 numbers in each of 10 ranges, and the padding.
        #expect(sum > 1_000_000 * (400 + 60))
        if let count { #expect(count == 0) }
    }

    @Test("refusing a packet allocates nothing of its own", .enabled(if: isOptimized))
    func refusals() {
        let packets = [hex("41"), hex("02 00 05 00 00 06"), hex("4081 00"), hex("12 d000000000000001")]
        var failures = 0
        let plain = TestSupport.allocations {
            for _ in 0..<4_000 { do throws(Plain) { try Self.fail() } catch { failures += 1 } }
        }
        let count = TestSupport.allocations {
            for _ in 0..<1_000 {
                for index in packets.indices {
                    let packet = packets[index]
                    var reader = FrameReader(packet.span.raw)
                    do throws(PeerViolation) { _ = try reader.next() } catch { failures += 1 }
                }
            }
        }
        #expect(failures == 8_000)
        // The testing library's own hook into throws may allocate; a refusal adds nothing to it.
        if let count, let plain { #expect(count <= 3 * plain) }
    }

    private enum Plain: Error { case thrown }

    @inline(never)
    private static func fail() throws(Plain) { throw .thrown }

    private static let mask: (UInt64, UInt64) = (0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210)

    private static func write(_ packet: inout [UInt8], _ number: UInt64, _ data: RawSpan, _ ranges: Span<AckRange>) {
        var span = packet.mutableSpan
        var raw = span.mutableRaw
        let header = DataHeader.write(
            into: &raw,
            destination: ConnectionID(77),
            path: PathID(3),
            number: number,
            largestAcknowledged: number - 1,
            phase: false
        )
        var writer = ByteWriter(raw._mutatingExtracting(header...))
        var fits = writer.writeAck(path: PathID(3), delay: 9, ranges: ranges) != nil
        fits = writer.writePing() && fits
        fits = writer.writeStream(StreamID(4), offset: number, bytes: data, isLast: false) && fits
        fits = writer.writeDatagram(data) && fits
        fits = writer.writePadding(writer.remaining) && fits
        precondition(fits, "1,200 bytes hold these frames")
        DataHeader.protect(&raw, headerLength: header, mask: mask)
    }

    private static func read(_ packet: RawSpan) throws(PeerViolation) -> UInt64 {
        guard let opened = ProtectedHeader(packet)?.unprotected(packet, mask: mask) else { return 0 }
        let payload = packet.extracting(opened.length..<packet.byteCount)
        var sum = opened.fullNumber(largestReceived: nil) ?? 0
        var reader = FrameReader(payload)
        while let frame = try reader.next() {
            switch frame {
            case .ack(let ack):
                var ranges = AckRanges(ack, in: payload)
                while let range = ranges.nextRange() { sum &+= range.last - range.first + 1 }
            case .stream(let stream): sum &+= UInt64(stream.data.count)
            case .padding(let count): sum &+= UInt64(count)
            default: sum &+= 1
            }
        }
        return sum
    }
}
