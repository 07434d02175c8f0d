/// Why bytes could not be read or written. The cursor stands where it stood before the call.
@frozen public enum ByteError: Error, Hashable, Sendable {
    /// A read of `needed` bytes where only `remaining` are left.
    case truncated(needed: Int, remaining: Int)
    /// A write of `needed` bytes where there is room for `remaining`.
    case full(needed: Int, remaining: Int)
}
