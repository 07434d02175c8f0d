import Glibc
import Synchronization

/// Ctrl-C: the first asks the work to stop cleanly, the second ends the process.
package enum Interruption {
    /// The only state a signal handler may touch: a lock-free word.
    private static let requested = Atomic<Bool>(false)

    /// Whether Ctrl-C was pressed since `arm`. Long work asks now and then.
    package static var isRequested: Bool { requested.load(ordering: .relaxed) }

    /// From here on the first Ctrl-C is a request. A second one ends the process, because the system forgets the
    /// handler as it calls it.
    package static func arm() {
        // Also makes the word before a handler can run.
        requested.store(false, ordering: .relaxed)
        var action = sigaction()
        unsafe action.__sigaction_handler.sa_handler = { _ in Interruption.requested.store(true, ordering: .relaxed) }
        // Without SA_RESTART, so that a blocked write gives up; every loop here knows EINTR.
        action.sa_flags = Int32(truncatingIfNeeded: UInt(SA_RESETHAND))
        unsafe sigaction(SIGINT, &action, nil)
    }
}
