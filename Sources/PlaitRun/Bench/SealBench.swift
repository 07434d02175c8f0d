import PlaitCore
import PlaitCrypto

/// Sealing and opening packets with header mask, beside libsodium's own seal and open of the same bytes.
///
/// Both take turns in rounds of the same length, and the fastest round of each counts: what else the machine does can
/// only slow a round down. A ratio of 100 % is the floor's own speed.
package struct SealBench: Sendable {
    /// Bytes on the wire of every packet, header and tag included.
    package var packetSize = 1_200
    /// Packets in a round.
    package var packets = 2_000
    package var rounds = 200

    package init() {}

    /// Flags, connection id, path id and packet number, as data packets carry them.
    private static var headerLength: Int { 17 }

    /// The fastest round of each of the four, in nanoseconds.
    private struct Fastest {
        var floorSeal = UInt64.max
        var seal = UInt64.max
        var floorOpen = UInt64.max
        var open = UInt64.max
    }

    /// All that is to be printed: nanoseconds per packet, and ratios in percent.
    package func figures(_ clock: BenchClock) -> [BenchFigure] {
        var figures = [BenchFigure("packet_size_B", packetSize), BenchFigure("packets", packets * rounds)]
        for suite in [Suite.chaChaPolySHA256, .aesGCMSHA256] {
            let name = suite.noise.cipher == .chaChaPoly ? "chacha20" : "aes256"
            guard suite.isAvailable else {
                figures.append(BenchFigure("\(name)_available", 0))
                continue
            }
            let fastest = measure(suite, clock)
            figures += [
                BenchFigure("\(name)_libsodium_seal_ns", perPacket(fastest.floorSeal)),
                BenchFigure("\(name)_seal_ns", perPacket(fastest.seal)),
                BenchFigure("\(name)_seal_percent", percent(fastest.floorSeal, fastest.seal)),
                BenchFigure("\(name)_libsodium_open_ns", perPacket(fastest.floorOpen)),
                BenchFigure("\(name)_open_ns", perPacket(fastest.open)),
                BenchFigure("\(name)_open_percent", percent(fastest.floorOpen, fastest.open)),
            ]
        }
        return figures
    }

    private func perPacket(_ wall: UInt64) -> String { decimal(wall, per: UInt64(packets), digits: 1) }

    private func percent(_ floor: UInt64, _ ours: UInt64) -> String {
        decimal(100 * floor, per: max(ours, 1), digits: 1)
    }

    private func measure(_ suite: Suite, _ clock: BenchClock) -> Fastest {
        let slab = KeySlab()
        let secret = [UInt8](repeating: 7, count: 32)
        var sealing = SealingKey(secret: secret.span.raw, suite: suite, slab: slab)
        var opening = OpeningKey(secret: secret.span.raw, suite: suite, slab: slab)
        let headers = HeaderKey(secret: secret.span.raw, suite: suite, slab: slab)
        let floor = CipherFloor(suite.noise.cipher, key: secret.span.raw)
        var fastest = Fastest()
        var packet = [UInt8](repeating: 1, count: packetSize)
        var output = [UInt8](repeating: 0, count: packetSize)
        var number: UInt64 = 1
        for _ in 0..<rounds {
            let start = clock.now
            for _ in 0..<packets {
                number += 1
                sealOnFloor(&packet, floor, number)
            }
            let sealedOnFloor = clock.now
            for _ in 0..<packets { openOnFloor(packet, floor, number, &output) }
            let openedOnFloor = clock.now
            for _ in 0..<packets {
                number += 1
                seal(&packet, &sealing, headers, number)
            }
            let sealed = clock.now
            for _ in 0..<packets { open(packet, &opening, headers, number, &output) }
            let opened = clock.now
            fastest.floorSeal = min(fastest.floorSeal, sealedOnFloor - start)
            fastest.floorOpen = min(fastest.floorOpen, openedOnFloor - sealedOnFloor)
            fastest.seal = min(fastest.seal, sealed - openedOnFloor)
            fastest.open = min(fastest.open, opened - sealed)
        }
        return fastest
    }

    @inline(never)
    private func sealOnFloor(_ packet: inout [UInt8], _ floor: borrowing CipherFloor, _ number: UInt64) {
        var span = packet.mutableSpan
        var target = span.mutableRaw
        floor.seal(&target, headerLength: Self.headerLength, number: number)
    }

    @inline(never)
    private func openOnFloor(
        _ packet: [UInt8],
        _ floor: borrowing CipherFloor,
        _ number: UInt64,
        _ output: inout [UInt8]
    ) {
        var span = output.mutableSpan
        var target = span.mutableRaw
        let isGenuine = floor.open(packet.span.raw, headerLength: Self.headerLength, number: number, into: &target)
        precondition(isGenuine, "a packet just sealed does not open")
    }

    /// Sealed, then its header masked: eight bytes of path id and packet number, five bits of flags.
    @inline(never)
    private func seal(
        _ packet: inout [UInt8],
        _ key: inout SealingKey,
        _ headers: borrowing HeaderKey,
        _ number: UInt64
    ) {
        var span = packet.mutableSpan
        var target = span.mutableRaw
        target.storeBytes(of: 0x40, toByteOffset: 0, as: UInt8.self)
        target.storeBytes(of: 0, toByteOffset: 9, as: UInt64.self)
        let payloadLength = packetSize - Self.headerLength - Cipher.tagLength
        _ = key.seal(
            &target,
            headerLength: Self.headerLength,
            payloadLength: payloadLength,
            path: 0,
            slot: 0,
            number: number
        )
        let mask = headers.mask(sample: target.bytes.extracting(Self.headerLength..<Self.headerLength + 16))
        Self.apply(mask, to: &target)
    }

    @inline(never)
    private func open(
        _ packet: [UInt8],
        _ key: inout OpeningKey,
        _ headers: borrowing HeaderKey,
        _ number: UInt64,
        _ output: inout [UInt8]
    ) {
        let bytes = packet.span.raw
        let mask = headers.mask(sample: bytes.extracting(Self.headerLength..<Self.headerLength + 16))
        var header = InlineArray<32, UInt8>(repeating: 0)
        var headerSpan = header.mutableSpan
        var plain = headerSpan.mutableRaw
        plain.copy(bytes.extracting(0..<Self.headerLength), at: 0)
        Self.apply(mask, to: &plain)
        var span = output.mutableSpan
        var target = span.mutableRaw
        let count = key.open(
            bytes,
            headerLength: Self.headerLength,
            path: 0,
            number: number,
            header: plain.bytes.extracting(0..<Self.headerLength),
            into: &target
        )
        precondition(count != nil, "a packet just sealed does not open")
    }

    @inline(__always) @_lifetime(target: copy target)
    private static func apply(_ mask: (UInt64, UInt64), to target: inout MutableRawSpan) {
        let flags = unsafe target.unsafeLoad(fromByteOffset: 0, as: UInt8.self)
        target.storeBytes(of: flags ^ UInt8(mask.0 >> 56) & 0x1f, toByteOffset: 0, as: UInt8.self)
        let word = UInt64(bigEndian: unsafe target.unsafeLoadUnaligned(fromByteOffset: 9, as: UInt64.self))
        let rest = mask.0 << 8 | mask.1 >> 56
        target.storeBytes(of: (word ^ rest).bigEndian, toByteOffset: 9, as: UInt64.self)
    }
}
