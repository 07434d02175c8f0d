import Glibc

/// The most memory that this process had resident at any time, in bytes: what the kernel shows as VmHWM.
package func peakMemory() -> UInt64 {
    var usage = rusage()
    let answer = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    precondition(answer == 0, "getrusage knows this process")
    return UInt64(usage.ru_maxrss) * 1_024
}
