import Glibc

/// The most memory that this process had resident at any time, in bytes: what the kernel shows as VmHWM.
package func peakMemory() -> UInt64 {
    var usage = rusage()
    let answer = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    precondition(answer == 0, "getrusage knows this process")
    return UInt64(usage.ru_maxrss) * 1_024
}

/// The memory that this process has resident now, in bytes: what the kernel shows as VmRSS.
package func residentMemory() -> UInt64 {
    let file = unsafe open("/proc/self/statm", O_RDONLY)
    precondition(file >= 0, "Linux tells a process its memory")
    defer { _ = close(file) }
    var text = [UInt8](repeating: 0, count: 128)
    let count = unsafe text.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
    precondition(count > 0, "Linux tells a process its memory")
    // Pages: all, resident, ...
    let fields = text[..<count].split(separator: UInt8(ascii: " "))
    let pages = fields.count > 1 ? UInt64(String(decoding: fields[1], as: UTF8.self)) : nil
    return (pages ?? 0) * UInt64(getpagesize())
}
