import Glibc

/// What the operating system said when a call failed.
package struct SystemError: Error, Hashable, Sendable {
    package let code: Int32

    package init(_ code: Int32) { self.code = code }

    /// Of the call just made.
    package static var last: SystemError { SystemError(errno) }

    /// `Permission denied (errno 13)`
    package var message: String { unsafe String(cString: strerror(code)) + " (errno \(code))" }
}
