import PlaitCore
import PlaitCrypto
import Testing

/// A sealed packet as `make_crypto_vectors.py` writes it.
private struct PacketVector: Decodable {
    let suite: UInt16
    let secret: Hex
    let generation: Int
    let path: UInt32
    let number: UInt64
    let header: Hex
    let payload: Hex
    let sealed: Hex
    let mask: Hex

    struct File: Decodable {
        let vectors: [PacketVector]
    }
}

@Suite struct PacketVectorTests {
    @Test("key schedule, nonce, sealing and header mask are what independent implementations make of them")
    func packets() throws {
        var leftOut = 0
        for (index, vector) in try Vectors.own("packets.json", as: PacketVector.File.self).vectors.enumerated() {
            let suite = try #require(Suite(rawValue: vector.suite))
            guard suite.isAvailable else {
                leftOut += 1
                continue
            }
            check(vector, suite, "packets.json, vector \(index)")
        }
        if leftOut > 0 { print("packets.json: \(leftOut) vectors left out, no AES instructions here") }
    }

    private func check(_ vector: PacketVector, _ suite: Suite, _ name: String) {
        let slab = KeySlab()
        var sealing = SealingKey(secret: vector.secret.bytes.span.raw, suite: suite, slab: slab)
        var opening = OpeningKey(secret: vector.secret.bytes.span.raw, suite: suite, slab: slab)
        let headers = HeaderKey(secret: vector.secret.bytes.span.raw, suite: suite, slab: slab)
        for _ in 0..<vector.generation {
            sealing.advance()
            opening = opening.next()
        }
        let header = vector.header.bytes
        var packet = header + vector.payload.bytes + [UInt8](repeating: 0xee, count: 16)
        do {
            var span = packet.mutableSpan
            var target = span.mutableRaw
            let length = sealing.seal(
                &target,
                headerLength: header.count,
                payloadLength: vector.payload.bytes.count,
                path: vector.path,
                slot: 0,
                number: vector.number
            )
            #expect(length == target.byteCount, "\(name)")
        }
        #expect(packet == header + vector.sealed.bytes, "\(name), sealed")
        let opened = [UInt8](room: vector.payload.bytes.count) { target in
            opening.open(
                packet.span.raw,
                headerLength: header.count,
                path: vector.path,
                number: vector.number,
                header: header.span.raw,
                into: &target
            ) ?? 0
        }
        #expect(opened == vector.payload.bytes, "\(name), opened")
        let mask = headers.mask(sample: vector.sealed.bytes.span.raw.extracting(0..<16))
        let bytes = [mask.0, mask.1].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
        }
        #expect(bytes == vector.mask.bytes, "\(name), mask")
    }

    @Test("the header mask of RFC 9001, appendix A.5")
    func standardMask() throws {
        let key = try #require([UInt8](hex: "25a282b9e82f06f21f488917a4fc8f1b73573685608597d0efcb076b0ab7a7a4"))
        let sample = try #require([UInt8](hex: "5e5cd55c41f69080575d7999c25a5bfb"))
        let header = HeaderKey(key: key.span.raw, slab: KeySlab(storage: .heap))
        let mask = header.mask(sample: sample.span.raw)
        #expect(mask.0 >> 24 == 0xae_fefe_7d03)
    }

    @Test("the packet of RFC 9001, appendix A.5: nonce, additional data and ciphertext")
    func standardPacket() throws {
        let key = try #require([UInt8](hex: "c6d98ff3441c3fe1b2182094f69caa2ed4b716b65488960a7a984979fb23e1c8"))
        let iv = try #require([UInt8](hex: "e0459b3474bdd0e44a41c144"))
        let header = try #require([UInt8](hex: "4200bff4"))
        let sealed = [UInt8](room: 17) { target in
            let text: [UInt8] = [1]
            return Cipher.chaChaPoly.seal(
                text.span.raw,
                additional: header.span.raw,
                nonce: Nonce(iv: iv.span.raw, path: 0, number: 654_360_564),
                key: key.span.raw,
                into: &target
            )
        }
        #expect(sealed.hex == "655e5cd55c41f69080575d7999c25a5bfb")
    }

    private struct NonceFile: Decodable {
        struct Vector: Decodable {
            let iv: Hex
            let path_id: UInt32
            let packet_number: UInt64
            let nonce: Hex
        }

        let vectors: [Vector]
    }

    @Test(
        "the nonce of a path's packet is the one of the multipath draft",
        .enabled(if: Vectors.published != nil, "\(Vectors.absence)")
    )
    func multipathNonce() throws {
        for vector in try Vectors.read("quic_multipath/nonce_example.json", as: NonceFile.self).vectors {
            let nonce = Nonce(iv: vector.iv.bytes.span.raw, path: vector.path_id, number: vector.packet_number)
            #expect([UInt8](copying: nonce.span) == vector.nonce.bytes, "path \(vector.path_id)")
        }
    }

    @Test("Noise messages are what an independent implementation makes of them")
    func noise() throws {
        var leftOut = 0
        for vector in try Vectors.own("noise.json", as: NoiseVector.File.self).vectors {
            if vector.protocol_name.contains("AESGCM"), !Cipher.aesGCM.isAvailable {
                leftOut += 1
            } else {
                try vector.check()
            }
        }
        if leftOut > 0 { print("noise.json: \(leftOut) vectors left out, no AES instructions here") }
    }
}
