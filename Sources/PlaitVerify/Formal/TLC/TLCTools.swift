import Glibc
import PlaitCrypto

/// What TLC needs: a Java, and the jar.
package struct TLCTools: Hashable, Sendable {
    /// Full path of `java`.
    package let java: String
    package let jar: String
    /// SHA-256 of the jar, in hexadecimal.
    package let jarHash: String

    /// The start of the pinned jar's SHA-256, by which the scripts name its folder.
    package static let pinned = "58c6df9a1045beb3"

    package init(java: String, jar: String, jarHash: String) {
        self.java = java
        self.jar = jar
        self.jarHash = jarHash
    }

    /// Why there is no TLC, for the verdict NOT-RUN.
    package struct Missing: Error, Hashable, Sendable {
        package let reason: String
    }

    /// What the environment names: `TLC_JAR`, else `PLAIT_TLC_JAR` (scripts/plait sets it), else the scripts' cache.
    package static func find(_ variable: (String) -> String?) throws(Missing) -> TLCTools {
        let folders = (variable("PATH") ?? "").split(separator: ":")
        guard let java = folders.map({ "\($0)/java" }).first(where: Self.isProgram) else {
            throw Missing(reason: "there is no java on PATH; install default-jre-headless")
        }
        var places = ["TLC_JAR", "PLAIT_TLC_JAR"].compactMap(variable).filter { !$0.isEmpty }
        let cache = variable("XDG_CACHE_HOME") ?? variable("HOME").map { $0 + "/.cache" }
        if places.isEmpty, let cache { places = ["\(cache)/plait/tlc-\(pinned)/tla2tools.jar"] }
        guard let jar = places.first else { throw Missing(reason: "nothing says where TLC's jar is; set TLC_JAR") }
        guard let bytes = FolderListing.bytes(of: jar), !bytes.isEmpty else {
            let why = variable("PLAIT_TLC_MISSING").map { ": " + $0 } ?? "; scripts/plait fetches it"
            throw Missing(reason: "TLC's jar is not at \(jar)\(why)")
        }
        return TLCTools(java: java, jar: jar, jarHash: hash(of: bytes))
    }

    private static func isProgram(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }

    private static func hash(of bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: HashFunction.sha256.length)
        do {
            var output = digest.mutableSpan
            var raw = unsafe output.mutableBytes
            unsafe HashFunction.sha256.hash(bytes.span.bytes, into: &raw)
        }
        return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
