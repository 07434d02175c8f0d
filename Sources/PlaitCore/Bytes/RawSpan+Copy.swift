// The bulk copies that the standard library's spans lack. The only file that copies through unsafe pointers: the bounds
// are checked here, once per run of bytes, and a run is one `memcpy`.

extension MutableRawSpan {
    /// Copies all of `source` to `place`. A copy that does not fit is a bug of the caller.
    @_lifetime(self: copy self)
    public mutating func copy(_ source: RawSpan, at place: Int) {
        precondition(place >= 0 && place <= byteCount, "a copy that starts outside")
        precondition(source.byteCount <= byteCount &- place, "a copy that ends outside")
        // Both are exclusive here, so they cannot overlap.
        unsafe withUnsafeMutableBytes { target in
            unsafe source.withUnsafeBytes { from in
                guard let to = target.baseAddress, let start = from.baseAddress else { return }
                unsafe (to + place).copyMemory(from: start, byteCount: from.count)
            }
        }
    }
}

extension Array<UInt8> {
    /// A copy of `bytes` that can be kept.
    public init(copying bytes: RawSpan) {
        self = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    }
}
