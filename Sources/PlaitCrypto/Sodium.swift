import CSodium

/// libsodium, ready for use.
enum Sodium {
    /// Picks the fastest code for this processor, once in a process. Everything that calls libsodium touches this
    /// first.
    static let ready: Void = {
        let status = sodium_init()
        precondition(status >= 0, "libsodium could not be set up")
    }()
}
