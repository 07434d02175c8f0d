import Foundation
import PlaitCore
import PlaitReport
import TestSupport
import Testing

/// What reads captures here: `PLAIT_TSHARK`, or tshark on the path.
private let tshark: String? = {
    let environment = ProcessInfo.processInfo.environment
    if let chosen = environment["PLAIT_TSHARK"] { return chosen }
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    return folders.map { "\($0)/tshark" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}()

private let isCI = ProcessInfo.processInfo.environment["CI"] == "true"

@Suite("Captures", .enabled(if: tshark != nil || isCI, "no tshark here: apt install tshark"))
struct CaptureTests {
    let folder: Folder
    let world = TinyWorld(seed: 3, packets: 1_500)

    init() throws { folder = try Folder() }

    @Test(
        "tshark finds nothing malformed and no wrong checksum",
        arguments: [AddressFamily.ipv4, .ipv6],
        [true, false]
    )
    func clean(family: AddressFamily, hasBytes: Bool) throws {
        let path = try capture(family, hasBytes: hasBytes)
        let bad =
            "_ws.malformed || udp.checksum.status == 0 || ip.checksum.status == 0 || _ws.expert.severity >= 0x600000"
            + " || udp.length.bad || ip.bogus_ip_length"
        #expect(try fields(path, ["frame.number"], filter: bad) == [])
        let verified = try fields(path, ["frame.number"], filter: "udp.checksum.status == 1").count
        let all = try fields(path, ["frame.number"]).count
        #expect(all == world.events.count { $0.kind == .arrived || $0.kind == .dropped })
        #expect(verified == (hasBytes ? all : 0))
    }

    @Test("ports, addresses, lengths, ECN, times and interfaces are those of the trace")
    func fields() throws {
        let path = try capture(.ipv4, hasBytes: true)
        let names = [
            "frame.time_epoch", "frame.interface_name", "ip.src", "ip.dst", "udp.srcport", "udp.dstport", "udp.length",
            "ip.dsfield.ecn", "ip.id", "frame.len",
        ]
        let found = try fields(path, names)
        let expected = world.events.filter { $0.kind == .arrived || $0.kind == .dropped }.map { event in
            let time = Text.make { $0.append(event.time.nanoseconds, places: 9) }
            let id = String(event.packet & 0xFFFF, radix: 16)
            let hex = "0x" + String(repeating: "0", count: 4 - id.count) + id
            return [
                time, world.labels.place(of: event), "10.0.0.0", "10.1.17.3", String(40_000 + Int(event.flow)), "443",
                String(event.length + 8), String(event.ecn.rawValue), hex, String(event.length + 28),
            ].joined(separator: "\t")
        }
        #expect(found == expected)
    }

    @Test("the fate of a packet is its comment")
    func comments() throws {
        let path = try capture(.ipv6, hasBytes: true)
        let found = try fields(path, ["frame.comment"], filter: "frame.comment")
        func count(_ text: String) -> Int { found.count { $0.contains(text) } }
        func events(_ matches: (TraceEvent) -> Bool) -> Int { world.events.count(where: matches) }
        #expect(count("dropped: queue-full at core/router>server") > 0)
        #expect(count("dropped: queue-full") == events { $0.reason == .queueFull })
        #expect(count("dropped: unreachable at server") == events { $0.reason == .unreachable })
        // What has not arrived when the run ends has no fate yet.
        let arrived = Set(
            world.events.filter { $0.kind == .arrived || $0.kind == .dropped }.map { "\($0.packet) \($0.place)" }
        )
        let isSettled = { (event: TraceEvent) in arrived.contains("\(event.packet) \(event.place)") }
        #expect(count("copy of packet") == events { $0.kind == .copied && isSettled($0) })
        #expect(count("corrupted: 10 bytes cut off") > 0)
        #expect(count("corrupted: 3 bits flipped") > 0)
    }

    @Test("a packet too long for IP is refused with a reason, and leaves no file")
    func tooLong() throws {
        let path = folder.file("long.pcapng")
        let file = try CaptureFile(at: path, labels: world.labels, family: .ipv4)
        let event = TraceEvent(time: .start, kind: .arrived, place: 0, length: 65_508)
        let address = SocketAddress(interface: 0, port: 1)
        unsafe file.capture(event, from: address, to: address, payload: [UInt8]().span.bytes)
        #expect(throws: FileError.self) { try file.commit() }
        #expect(try folder.names == [])
    }

    @Test("a captured packet allocates nothing", .enabled(if: isOptimized))
    func cost() throws {
        let file = try CaptureFile(at: folder.file("a.pcapng"), labels: world.labels, family: .ipv6)
        let bytes = [UInt8](repeating: 7, count: 1_200)
        let address = SocketAddress(interface: 1, port: 2)
        var time = Duration.zero
        let count = allocations {
            time = ContinuousClock().measure {
                for packet in 0..<20_000 as Range<UInt64> {
                    let event = TraceEvent(time: .start, kind: .arrived, place: 0, packet: packet, length: 1_200)
                    unsafe file.capture(event, from: address, to: address, payload: bytes.span.bytes)
                }
            }
        }
        #expect((count ?? 0) == 0)
        guard ProcessInfo.processInfo.environment["PLAIT_BENCH"] != nil else { return }
        print("capture: \(time / 20_000) a packet")
    }

    private func capture(_ family: AddressFamily, hasBytes: Bool) throws -> String {
        let path = folder.file("\(family)-\(hasBytes).pcapng")
        let file = try CaptureFile(at: path, labels: world.labels, family: family)
        let bytes = (0..<2_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        for event in world.events where event.kind != .changed {
            let from = SocketAddress(interface: 0, port: UInt16(40_000 + Int(event.flow)))
            let to = SocketAddress(interface: 0x1_1103, port: 443)
            let length = hasBytes ? Int(event.length) : 0
            unsafe file.capture(event, from: from, to: to, payload: bytes.span.bytes.extracting(0..<length))
        }
        file.finish(at: world.end)
        try file.commit()
        return path
    }

    private func fields(_ path: String, _ names: [String], filter: String? = nil) throws -> [String] {
        let program = try #require(tshark, "CI must have tshark")
        let options = ["udp.check_checksum:TRUE", "ip.check_checksum:TRUE"].flatMap { ["-o", $0] }
        let wanted = names.flatMap { ["-e", $0] }
        let shown = filter.map { ["-Y", $0] } ?? []
        let (status, output) = try Folder.run(
            ["sh", "-c", "\"$0\" \"$@\" 2>/dev/null", program, "-n", "-r", path, "-T", "fields"]
                + options + shown + wanted
        )
        try #require(status == 0, "\(output)")
        return output.split(separator: "\n").map(String.init)
    }
}
