import Glibc
import Synchronization

/// Ctrl-C, a closed terminal or SIGTERM: the first asks the work to stop cleanly, a second of the same kind ends the
/// process.
package enum Interruption {
    /// The only state a signal handler may touch: a lock-free word.
    private static let requested = Atomic<Bool>(false)

    /// Whether somebody asked since `arm`. Long work asks now and then.
    package static var isRequested: Bool { requested.load(ordering: .relaxed) }

    /// From here on the first of each signal is a request. A second one ends the process, because the system forgets
    /// the handler as it calls it. Whoever started the process with SIGHUP ignored, as `nohup` does, has it ignored.
    package static func arm() {
        // Also makes the word before a handler can run.
        requested.store(false, ordering: .relaxed)
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in Interruption.requested.store(true, ordering: .relaxed) }
        // Without SA_RESTART, so that a blocked write gives up; every loop here knows EINTR.
        action.sa_flags = Int32(truncatingIfNeeded: UInt(SA_RESETHAND))
        for number in [SIGINT, SIGTERM, SIGHUP] where number != SIGHUP || !isIgnored(number) {
            unsafe sigaction(number, &action, nil)
        }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        unsafe sigaction(number, nil, &action)
        // Functions cannot be compared, and the one that stands for ignoring is none.
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
