import PlaitCore
import PlaitCrypto
import TestSupport
import Testing

/// Both ends of one direction, on a slab of their own.
private struct Direction: ~Copyable {
    let slab = KeySlab()
    var sealing: SealingKey
    var opening: OpeningKey

    init(_ suite: Suite, secret byte: UInt8 = 1) {
        let secret = [UInt8](repeating: byte, count: 32)
        sealing = SealingKey(secret: secret.span.raw, suite: suite, slab: slab)
        opening = OpeningKey(secret: secret.span.raw, suite: suite, slab: slab)
    }

    mutating func seal(_ header: [UInt8], _ payload: [UInt8], path: UInt32 = 0, slot: Int = 0, number: UInt64)
        -> [UInt8]
    {
        var packet = header + payload + [UInt8](repeating: 0, count: 16)
        var span = packet.mutableSpan
        var target = span.mutableRaw
        let length = sealing.seal(
            &target,
            headerLength: header.count,
            payloadLength: payload.count,
            path: path,
            slot: slot,
            number: number
        )
        return Array(packet[..<length])
    }

    mutating func open(_ packet: [UInt8], headerLength: Int, path: UInt32 = 0, number: UInt64) -> [UInt8]? {
        var isGenuine = false
        let header = Array(packet.prefix(headerLength))
        let opened = [UInt8](room: packet.count) { target in
            let count = opening.open(
                packet.span.raw,
                headerLength: headerLength,
                path: path,
                number: number,
                header: header.span.raw,
                into: &target
            )
            isGenuine = count != nil
            return count ?? 0
        }
        return isGenuine ? opened : nil
    }
}

/// The suites that this machine has.
private let suites = Suite.allCases.filter(\.isAvailable)

@Suite struct PacketKeyTests {
    @Test("a packet of any length comes out as it went in", arguments: suites)
    func roundTrip(suite: Suite) {
        var direction = Direction(suite)
        let stream = RandomStream(seed: 4, name: "payload")
        for length in 0...1500 {
            let number = UInt64(length)
            let header = (0..<13 + length % 5).map { UInt8(truncatingIfNeeded: stream.draw(UInt64($0))) }
            let payload = (0..<length).map { UInt8(truncatingIfNeeded: stream.draw(UInt64($0) + number)) }
            let packet = direction.seal(header, payload, path: 3, number: number)
            #expect(packet.count == header.count + length + 16 && packet.starts(with: header), "length \(length)")
            if length > 16 { #expect(!packet.dropFirst(header.count).starts(with: payload.prefix(16))) }
            let opened = direction.open(packet, headerLength: header.count, path: 3, number: number)
            #expect(opened == payload, "length \(length)")
        }
        let counts = (direction.sealing.packetCount, direction.sealing.byteCount, direction.opening.failureCount)
        #expect(counts == (1501, 1500 * 1501 / 2, 0))
    }

    @Test("a packet with any bit flipped, another path or another number does not open", arguments: suites)
    func flips(suite: Suite) {
        var direction = Direction(suite)
        let packet = direction.seal([1, 2, 3], [4, 5, 6, 7], path: 1, number: 9)
        for bit in 0..<8 * packet.count {
            var forged = packet
            forged[bit / 8] ^= 1 << UInt8(bit % 8)
            let opened = direction.open(forged, headerLength: 3, path: 1, number: 9)
            #expect(opened == nil, "bit \(bit)")
        }
        let wrong = [
            direction.open(packet, headerLength: 3, path: 2, number: 9),
            direction.open(packet, headerLength: 3, path: 1, number: 8),
            direction.open(packet, headerLength: 3, path: 1, number: 9 + 1 << 63),
            direction.open(Array(packet.dropLast()), headerLength: 3, path: 1, number: 9),
        ]
        #expect(wrong == [nil, nil, nil, nil])
        let failures = direction.opening.failureCount
        #expect(failures == UInt64(8 * packet.count + 4))
        for length in 0..<19 {
            let opened = direction.open(Array(packet.prefix(length)), headerLength: 3, path: 1, number: 9)
            #expect(opened == nil)
        }
        let after = (direction.opening.failureCount, direction.open(packet, headerLength: 3, path: 1, number: 9))
        #expect(after == (failures, [4, 5, 6, 7]), "what is too short for a tag is no attempt on the key")
    }

    @Test("each generation opens its own packets only, and both sides agree on the next", arguments: suites)
    func generations(suite: Suite) {
        var direction = Direction(suite)
        let old = direction.seal([0], [1], number: 1)
        direction.sealing.advance()
        let new = direction.seal([0], [2], number: 2)
        var opened = direction.open(new, headerLength: 1, number: 2)
        #expect(opened == nil)
        let next = direction.opening.next()
        opened = direction.open(old, headerLength: 1, number: 1)
        #expect(opened == [1], "looking ahead does not move the key")
        direction.opening = next
        opened = direction.open(new, headerLength: 1, number: 2)
        #expect(opened == [2])
        opened = direction.open(old, headerLength: 1, number: 1)
        #expect(opened == nil)
        let state = (direction.sealing.generation, direction.opening.generation, direction.sealing.packetCount)
        #expect(state == (1, 1, 1))
        let secrets = ([UInt8](copying: direction.sealing.secret), [UInt8](copying: direction.opening.secret))
        #expect(secrets.0 == secrets.1)
    }

    @Test("a key is spent at either limit")
    func limits() {
        var direction = Direction(.chaChaPolySHA256)
        let limits = (KeyLimits(packets: 2, bytes: 100), KeyLimits(packets: 100, bytes: 20))
        _ = direction.seal([0], [UInt8](repeating: 0, count: 10), number: 1)
        var spent = (direction.sealing.isSpent(limits.0), direction.sealing.isSpent(limits.1))
        #expect(spent == (false, false))
        _ = direction.seal([0], [UInt8](repeating: 0, count: 10), number: 2)
        spent = (direction.sealing.isSpent(limits.0), direction.sealing.isSpent(limits.1))
        #expect(spent == (true, true))
        direction.sealing.advance()
        spent = (direction.sealing.isSpent(limits.0), direction.sealing.isSpent(limits.1))
        #expect(spent == (false, false))
    }

    @Test("a packet number that does not grow on its path ends the process, also after a key update")
    func numbers() async {
        await #expect(processExitsWith: .failure) {
            var direction = Direction(.chaChaPolySHA256)
            _ = direction.seal([0], [1], number: 7)
            _ = direction.seal([0], [1], number: 7)
        }
        await #expect(processExitsWith: .failure) {
            var direction = Direction(.chaChaPolySHA256)
            _ = direction.seal([0], [1], number: 7)
            _ = direction.seal([0], [1], number: 6)
        }
        await #expect(processExitsWith: .failure) {
            var direction = Direction(.chaChaPolySHA256)
            _ = direction.seal([0], [1], number: .max)
        }
    }

    @Test("a path id that was sealed for may neither come back nor sit in two slots")
    func paths() async {
        var direction = Direction(.chaChaPolySHA256)
        _ = direction.seal([0], [1], path: 5, slot: 0, number: 1)
        _ = direction.seal([0], [1], path: 6, slot: 1, number: 1)
        _ = direction.seal([0], [1], path: 5, slot: 0, number: 2)
        var accepted = (0...8).map { direction.sealing.accepts(path: $0, in: 0) }
        #expect(accepted == [false, false, false, false, false, true, false, true, true])
        accepted = (0...8).map { direction.sealing.accepts(path: $0, in: 2) }
        #expect(accepted == [true, true, true, true, true, false, false, true, true])
        _ = direction.seal([0], [1], path: 8, slot: 0, number: 1)
        accepted = (0...8).map { direction.sealing.accepts(path: $0, in: 2) }
        #expect(accepted == [false, false, false, false, false, false, false, true, false])
        await #expect(processExitsWith: .failure) {
            var direction = Direction(.chaChaPolySHA256)
            _ = direction.seal([0], [1], path: 5, slot: 0, number: 1)
            _ = direction.seal([0], [1], path: 5, slot: 1, number: 1)
        }
        await #expect(processExitsWith: .failure) {
            var direction = Direction(.chaChaPolySHA256)
            _ = direction.seal([0], [1], path: 5, slot: 0, number: 1)
            _ = direction.seal([0], [1], path: 7, slot: 0, number: 1)
            _ = direction.seal([0], [1], path: 5, slot: 0, number: 2)
        }
    }

    @Test("nothing is left of a key in the slab when its owner ends", arguments: suites)
    func wiped(suite: Suite) {
        let slab = KeySlab()
        let secret = [UInt8](repeating: 3, count: 32)
        func use() -> Bool {
            var sealing = SealingKey(secret: secret.span.raw, suite: suite, slab: slab)
            let opening = OpeningKey(secret: secret.span.raw, suite: suite, slab: slab)
            let header = HeaderKey(secret: secret.span.raw, suite: suite, slab: slab)
            sealing.advance()
            let next = opening.next()
            let mask = header.mask(sample: secret.span.raw.extracting(0..<16))
            #expect(slab.slotCount == 4 && next.generation == 1 && mask != (0, 0))
            return slab.isWiped
        }
        let wasWiped = use()
        #expect(!wasWiped)
        #expect(slab.isWiped && slab.slotCount == 0)
        // What was given back is used again: no growth.
        let size = slab.byteCount
        for _ in 0..<100 { _ = use() }
        #expect(slab.byteCount == size)
    }

    @Test("a printed or reflected slab shows no byte of a key")
    func unprintable() {
        let slab = KeySlab()
        let secret = [UInt8](repeating: 0xab, count: 32)
        let key = SealingKey(secret: secret.span.raw, suite: .chaChaPolySHA256, slab: slab)
        var dumped = ""
        dump(slab, to: &dumped)
        for text in ["\(slab)", String(reflecting: slab), dumped] {
            #expect(!text.contains("171") && !text.lowercased().contains("ab, ") && !text.contains("0x"), "\(text)")
        }
        #expect(Mirror(reflecting: slab).children.isEmpty)
        let suite = key.suite
        #expect(suite == .chaChaPolySHA256)
    }

    @Test(
        "sealing, masking and opening packets allocates nothing",
        .enabled(if: isOptimized),
        arguments: suites
    )
    func allocationsPerPacket(suite: Suite) throws {
        let slab = KeySlab()
        let secret = [UInt8](repeating: 3, count: 32)
        var sealing = SealingKey(secret: secret.span.raw, suite: suite, slab: slab)
        var opening = OpeningKey(secret: secret.span.raw, suite: suite, slab: slab)
        let header = HeaderKey(secret: secret.span.raw, suite: suite, slab: slab)
        var packet = [UInt8](repeating: 0, count: 1200)
        var output = [UInt8](repeating: 0, count: 1200)
        var window = ReplayWindow()
        var sum: UInt64 = 0
        func pass(_ number: UInt64) {
            var span = packet.mutableSpan
            var target = span.mutableRaw
            let length = sealing.seal(&target, headerLength: 17, payloadLength: 1167, path: 0, slot: 0, number: number)
            let mask = header.mask(sample: target.bytes.extracting(17..<33))
            var outputSpan = output.mutableSpan
            var room = outputSpan.mutableRaw
            let bytes = target.bytes
            let count = opening.open(
                bytes,
                headerLength: 17,
                path: 0,
                number: number,
                header: bytes.extracting(0..<17),
                into: &room
            )
            if !window.contains(number) { window.insert(number) }
            sum &+= mask.0 &+ UInt64(length) &+ UInt64(count ?? 0)
        }
        pass(0)
        let count = allocations { for number in 1...10_000 as ClosedRange<UInt64> { pass(number) } }
        #expect(count ?? 0 == 0 && sum > 0)
    }
}
