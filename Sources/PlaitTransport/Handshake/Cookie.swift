import PlaitCore
import PlaitCrypto

/// What proves that a client receives at its address: a code over its first packet that only this server can compute.
struct Cookie: Hashable, BitwiseCopyable {
    /// Which of the two keys in use it was made with.
    let parity: UInt8
    let high: UInt64
    let low: UInt64

    static let length = 17

    init(parity: UInt8, high: UInt64, low: UInt64) {
        self.parity = parity
        self.high = high
        self.low = low
    }

    init(parity: UInt8, _ tag: MessageTag) {
        var bytes = InlineArray<16, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        var target = span.mutableRaw
        tag.write(into: &target, at: 0)
        let written = target.bytes
        self.init(
            parity: parity,
            high: UInt64(bigEndian: unsafe written.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            low: UInt64(bigEndian: unsafe written.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }

    init?(reading bytes: RawSpan) {
        guard bytes.byteCount == Self.length else { return nil }
        var reader = ByteReader(bytes)
        guard let parity: UInt8 = try? reader.integer(), parity <= 1 else { return nil }
        guard let high: UInt64 = try? reader.integer(), let low: UInt64 = try? reader.integer() else { return nil }
        self.init(parity: parity, high: high, low: low)
    }

    var bytes: InlineArray<17, UInt8> {
        InlineArray { index in
            switch index {
            case 0: parity
            case 1...8: UInt8(truncatingIfNeeded: high >> UInt64(64 - 8 * index))
            default: UInt8(truncatingIfNeeded: low >> UInt64(128 - 8 * index))
            }
        }
    }

    /// In a time that does not depend on where they differ.
    func equals(_ other: Cookie) -> Bool { (high ^ other.high) | (low ^ other.low) == 0 && parity == other.parity }
}

/// Makes and checks cookies without remembering any.
///
///     cookie = parity of the key || keyed BLAKE2b-128(key, address || source id || lengths || offer || first message)
///
/// The key changes with time, and the one before it is still honoured. A packet without a cookie costs one code. So
/// does one with a wrong cookie of the current key: the right one, which goes back, was just computed to compare. Only
/// a wrong cookie of the previous key costs two.
struct CookieKeys: ~Copyable {
    private let lifetime: Interval
    private let storage: SecretStorage
    /// The key of even periods, then that of odd ones; one that nothing was made with where none is due.
    private var keys: Table<SecretKey>
    /// Counts lifetimes since the start of time; its lowest bit is the current key's parity.
    private var period: Int64
    /// How many codes were computed.
    private(set) var codes: UInt64 = 0

    init(lifetime: Interval, secrets: inout SecretStream, storage: SecretStorage, now: Instant) {
        self.lifetime = lifetime
        self.storage = storage
        keys = Table(capacity: 2)
        keys.append(SecretKey(from: &secrets, storage: storage))
        keys.append(SecretKey(from: &secrets, storage: storage))
        period = now.nanoseconds / lifetime.nanoseconds
    }

    /// Brings the keys up to date. A key that nobody used in its time is not worth keeping.
    mutating func rotate(secrets: inout SecretStream, now: Instant) {
        let present = now.nanoseconds / lifetime.nanoseconds
        guard present > period else { return }
        if present > period + 1 { keys[Int(present + 1) & 1] = SecretKey(from: &secrets, storage: storage) }
        keys[Int(present) & 1] = SecretKey(from: &secrets, storage: storage)
        period = present
    }

    /// Whether the packet carries its own cookie; if not, the one that it should carry.
    mutating func check(_ initiation: borrowing Initiation) -> CookieVerdict {
        let given = Cookie(reading: initiation.cookie)
        if let given, given.parity != parity, code(initiation, parity: given.parity).equals(given) {
            return .valid
        }
        let right = code(initiation, parity: parity)
        return if let given, right.equals(given) { .valid } else { .wanted(right) }
    }

    private var parity: UInt8 { UInt8(truncatingIfNeeded: period & 1) }

    private mutating func code(_ initiation: borrowing Initiation, parity wanted: UInt8) -> Cookie {
        codes += 1
        // On the stack: a flood must not make this end allocate.
        var input = InlineArray<1_536, UInt8>(repeating: 0)
        var span = input.mutableSpan
        var writer = ByteWriter(span.mutableRaw)
        do throws(ByteError) {
            #if Mutants
                let remote = Mutant.isPlanted(.cookieUnbound) ? initiation.local : initiation.remote
            #else
                let remote = initiation.remote
            #endif
            try writer.write(remote.interface)
            try writer.write(remote.port)
            try writer.write(initiation.sourceID.value)
            try writer.write(UInt16(initiation.offer.byteCount))
            try writer.write(initiation.offer)
            try writer.write(initiation.message)
        } catch { preconditionFailure("what is checked for a cookie is measured before") }
        let tag = MessageTag(of: writer.written, key: keys[Int(wanted)])
        return Cookie(parity: wanted, tag)
    }
}

/// What a look at a packet's cookie found.
enum CookieVerdict {
    case valid
    /// Missing or wrong; this one would be right.
    case wanted(Cookie)
}
