import Glibc
import Synchronization

/// Where text goes: one of the process's streams, or memory in tests. Workers may write at the same time.
package final class Output: Sendable {
    private let descriptor: Int32?
    private let state = Mutex(State())

    private struct State {
        var text = ""
        var failure: Int32?
    }

    /// - Parameter descriptor: `nil` for memory.
    package init(descriptor: Int32? = nil) { self.descriptor = descriptor }

    /// What went to memory.
    package var text: String { state.withLock { $0.text } }

    /// The first failure, as an error number. Everything after it is dropped, and the exit status tells.
    package var failure: Int32? { state.withLock { $0.failure } }

    package func write(_ more: String) {
        state.withLock { state in
            guard let descriptor else {
                state.text += more
                return
            }
            if state.failure == nil { state.failure = Self.write(more, to: descriptor) }
        }
    }

    private static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while unsafe !rest.isEmpty {
                let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count > 0 {
                    unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                } else if errno != EINTR {
                    return errno
                }
            }
            return nil
        }
    }
}

/// The terminal, or what stands for it: the two streams and what is known about them.
package struct Console: Sendable {
    package let output: Output
    package let errors: Output
    /// Whether standard error is a terminal, so that a progress bar makes sense.
    package let errorsAreTerminal: Bool
    package let usesColor: Bool
    /// In columns.
    package let width: Int
    package let variable: @Sendable (String) -> String?

    /// For tests: everything goes to memory.
    package init(
        output: Output = Output(),
        errors: Output = Output(),
        errorsAreTerminal: Bool = false,
        usesColor: Bool = false,
        width: Int = 80,
        variable: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        self.output = output
        self.errors = errors
        self.errorsAreTerminal = errorsAreTerminal
        self.usesColor = usesColor
        self.width = width
        self.variable = variable
    }

    /// The process's own.
    package static func system() -> Console {
        let isTerminal = isatty(STDERR_FILENO) == 1
        return Console(
            output: Output(descriptor: STDOUT_FILENO),
            errors: Output(descriptor: STDERR_FILENO),
            errorsAreTerminal: isTerminal,
            usesColor: isTerminal && colorIsWelcome(environment),
            width: columns(of: STDERR_FILENO, environment),
            variable: environment
        )
    }

    /// As https://no-color.org asks: any value that is not empty forbids it.
    package static func colorIsWelcome(_ variable: (String) -> String?) -> Bool {
        (variable("NO_COLOR") ?? "").isEmpty && variable("TERM") != "dumb"
    }

    private static func columns(of descriptor: Int32, _ variable: (String) -> String?) -> Int {
        var size = winsize()
        if unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        return variable("COLUMNS").flatMap { Int($0) }.map { min(max($0, 20), 1_000) } ?? 80
    }

    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
