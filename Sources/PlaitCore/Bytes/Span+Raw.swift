// A byte has no padding, so seeing bytes as raw memory is safe, which the standard library cannot say for every
// element.

extension Span<UInt8> {
    /// The same bytes as raw memory.
    @inlinable public var raw: RawSpan {
        @_lifetime(copy self)
        get { unsafe bytes }
    }
}

extension MutableSpan<UInt8> {
    /// The same bytes as raw memory, to be filled.
    @inlinable public var mutableRaw: MutableRawSpan {
        @_lifetime(&self)
        mutating get { unsafe mutableBytes }
    }
}
