/// What each module may import: ARCHITECTURE.md's table, as a machine reads it.
enum ModuleTable {
    /// In order from the bottom of the house to its top. `PlaitRun` and `PlaitVerify` sit above all that they seat
    /// or judge, so they may name the values of whatever lies below them; the others see exactly what their row names.
    static let imports: [(module: String, allowed: Set<String>)] = {
        var rows: [(module: String, allowed: Set<String>)] = [
            ("PlaitCore", []),
            ("PlaitCrypto", ["PlaitCore", "CSodium"]),
            ("PlaitFEC", ["PlaitCore", "CISAL"]),
            ("PlaitTransport", ["PlaitCore", "PlaitCrypto", "PlaitFEC"]),
            ("PlaitNetwork", ["PlaitCore"]),
            ("PlaitSimulator", ["PlaitCore", "PlaitNetwork"]),
            ("PlaitLive", ["PlaitCore", "PlaitTransport", "PlaitNetwork", "CPlaitSocket"]),
            ("PlaitStatistics", ["PlaitCore", "CGSL"]),
            ("PlaitReport", ["PlaitCore", "PlaitStatistics"]),
            ("PlaitScenario", ["PlaitCore", "CYAML"]),
        ]
        for top in ["PlaitRun", "PlaitVerify", "PlaitCommand"] {
            rows.append((top, Set(rows.map(\.module))))
        }
        rows += [("plait", ["PlaitCommand"]), ("plait-mutants", ["PlaitCommand"])]
        return rows
    }()

    /// Modules that talk to the operating system.
    static let mayUseGlibc: Set<String> = ["PlaitLive", "PlaitReport", "PlaitRun", "PlaitVerify", "PlaitCommand"]

    /// Modules that may lock and count across threads: they own threads or sockets. The rest is synchronous.
    static let mayUseThreads: Set<String> = ["PlaitLive", "PlaitRun", "PlaitVerify", "PlaitCommand"]

    /// Modules that may read a clock.
    static let mayReadClocks: Set<String> = ["PlaitLive", "PlaitCommand"]

    /// System-library targets and C shims: a module map and C, no Swift.
    static let cTargets: Set<String> = ["CSodium", "CISAL", "CGSL", "CYAML", "CPlaitSocket"]

    static func allowedImports(of module: String) -> Set<String>? {
        guard var allowed = imports.first(where: { $0.module == module })?.allowed else { return nil }
        if mayUseGlibc.contains(module) { allowed.insert("Glibc") }
        if mayUseThreads.contains(module) { allowed.insert("Synchronization") }
        return allowed
    }
}

/// The modules a Swift file imports, with their lines: `package import Core`, `import struct Core.Instant`.
func importedModules(of file: SourceFile) -> [(line: Int, module: String)] {
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias"]
    var found: [(line: Int, module: String)] = []
    for (number, line) in file.codeLines.enumerated() {
        for statement in line.split(separator: ";") {
            let words = statement.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import") else { continue }
            let modifiers: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
            guard words[..<keyword].allSatisfy({ modifiers.contains($0) || $0.hasPrefix("@") }) else { continue }
            let names = words[(keyword + 1)...].drop { kinds.contains($0) }
            guard let name = names.first?.split(separator: ".").first else { continue }
            found.append((number + 1, String(name)))
        }
    }
    return found
}

/// Imports that the module table does not allow, and Swift files of modules that it does not know.
func importBreaches(in file: SourceFile) -> [Breach] {
    guard file.isSwift, let module = file.module else { return [] }
    guard let allowed = ModuleTable.allowedImports(of: module) else {
        return [Breach(path: file.path, line: 1, message: "\(module) is not in the module table")]
    }
    return importedModules(of: file).filter { !allowed.contains($0.module) }.map {
        Breach(path: file.path, line: $0.line, message: "\(module) may not import \($0.module)")
    }
}

/// Clocks read where time must come in as `now`.
func clockBreaches(in file: SourceFile) -> [Breach] {
    guard file.isSwift, let module = file.module, !ModuleTable.mayReadClocks.contains(module) else { return [] }
    let clocks = [
        "ContinuousClock", "SuspendingClock", "clock_gettime", "clock_gettime_nsec_np", "gettimeofday", "timespec_get",
        "time(nil)", "time(NULL)", "Task.sleep", "usleep", "nanosleep", "DispatchTime",
    ]
    return wordBreaches(
        clocks.map { ($0, "a `now: Instant` parameter; only PlaitLive and PlaitCommand read clocks") },
        in: file
    )
}

/// Swift files under Sources that no target of Package.swift would compile.
func targetBreaches(in file: SourceFile, manifest: String) -> [Breach] {
    guard file.path.hasPrefix("Sources/"), file.isSwift else { return [] }
    guard let module = file.module else {
        return [
            Breach(path: file.path, line: 1, message: "lies in Sources itself; a file belongs to a module's folder")
        ]
    }
    // A target is declared by the manifest's `module("X")`, or by `name: "X"`; `.byName(name:)` declares nothing.
    let declared = manifest.split(separator: "\n").contains { line in
        line.contains("module(\"\(module)\"") || (line.contains("arget(") && line.contains("name: \"\(module)\""))
            || line.trimmingPrefix(while: { $0 == " " }) == "name: \"\(module)\","
    }
    return declared ? [] : [Breach(path: file.path, line: 1, message: "\(module) is not a target of Package.swift")]
}
