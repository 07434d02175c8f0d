import Glibc

/// Work on several threads at once, for as long as one call lasts.
package enum Threads {
    /// Calls `body` on `count` threads and returns when all are done. The caller's own thread is one of them, so that
    /// there is always at least one.
    package static func run(_ count: Int, _ body: @escaping @Sendable () -> Void) {
        var others: [pthread_t] = []
        for _ in 1..<max(1, count) {
            var thread = pthread_t()
            let work = unsafe Unmanaged.passRetained(Work(body))
            let code = unsafe pthread_create(&thread, nil, start, work.toOpaque())
            guard code == 0 else {
                // No more threads to be had: those that run do the work.
                unsafe work.release()
                break
            }
            others.append(thread)
        }
        body()
        for thread in others { pthread_join(thread, nil) }
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private static let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
        return nil
    }
}
