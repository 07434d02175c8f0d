import Foundation

/// Lines of code that contain one of `words`; `instead` says what to write.
func wordBreaches(_ words: [(word: String, instead: String)], in file: SourceFile) -> [Breach] {
    // Most files hold none of the words: one look at the whole is much cheaper than one at each line.
    let present = words.filter { file.code.contains($0.word) }
    guard !present.isEmpty else { return [] }
    var found: [Breach] = []
    for (number, line) in file.codeLines.enumerated() {
        for (word, instead) in present where contains(word, in: line) {
            found.append(
                Breach(path: file.path, line: number + 1, message: "`\(word)` is not allowed here; use \(instead)")
            )
        }
    }
    return found
}

/// Words that code under Sources does without, each with what to write instead.
func bannedWordBreaches(in file: SourceFile) -> [Breach] {
    guard file.isSwift, let module = file.module else { return [] }
    var words: [(word: String, instead: String)] = [
        ("SystemRandomNumberGenerator", "a named random stream"),
        ("@unchecked Sendable", "a value type"),
        ("nonisolated(unsafe)", "a value that is passed in"),
        ("try!", "typed throws"),
        ("as!", "a type that says so"),
        ("fatalError", "a typed error, or `preconditionFailure` with a sentence for a bug of our own"),
        ("@testable", "`package` access"),
        ("DispatchQueue", "a worker that the driver owns"),
    ]
    if !ModuleTable.mayUseThreads.contains(module) {
        words += ["Task {", "Task.detached", "async", "await", "actor"].map {
            ($0, "nothing: this module is synchronous")
        }
    }
    return wordBreaches(words, in: file) + randomBreaches(in: file)
}

/// Draws from the process's own generator, in code and in tests: nobody could repeat them.
func randomBreaches(in file: SourceFile) -> [Breach] {
    guard file.isSwift else { return [] }
    let draws = [".random(in:", ".random()", ".randomElement()", ".shuffled()", ".shuffle()"]
    var found: [Breach] = []
    for (number, line) in file.codeLines.enumerated() where !line.contains("using:") {
        for draw in draws where line.contains(draw) {
            let message = "`\(draw)` draws from the process; pass a generator with `using:`"
            found.append(Breach(path: file.path, line: number + 1, message: message))
        }
    }
    return found
}

/// What no Swift file may hold: testable imports, and marks of unfinished work, in comments too.
func unfinishedBreaches(in file: SourceFile) -> [Breach] {
    guard file.isSwift else { return [] }
    var found = wordBreaches([("@testable", "`package` access")], in: file)
    for (number, line) in file.lines.enumerated() {
        // In two parts, so that this rule does not find itself.
        for mark in ["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"] where contains(mark, in: line) {
            let message = "`\(mark)`: finish it, or describe it in an issue and name that"
            found.append(Breach(path: file.path, line: number + 1, message: message))
        }
    }
    return found
}

/// Build settings that change what a check means.
func settingBreaches(in file: SourceFile) -> [Breach] {
    let judged = file.isSwift || file.path.hasPrefix("scripts/") || file.path.hasPrefix(".ci/")
    guard judged else { return [] }
    let setting = "-Oun" + "checked"
    return file.lines.enumerated().filter { $0.element.contains(setting) }.map {
        let message = "`\(setting)` leaves preconditions unevaluated, side effects included, and buys nothing"
        return Breach(path: file.path, line: $0.offset + 1, message: message)
    }
}

/// File names that say what a file is not about.
func nameBreaches(in file: SourceFile) -> [Breach] {
    guard file.isSwift, let name = file.path.split(separator: "/").last else { return [] }
    return ["Utils", "Utilities", "Util.", "Helper", "Manager"].filter { name.contains($0) }.map {
        Breach(path: file.path, line: 1, message: "`\($0)` in a file's name: name what it does")
    }
}

/// Paths of somebody's own machine.
func machinePathBreaches(in file: SourceFile) -> [Breach] {
    // In two parts, so that this rule does not find itself.
    let folders = ["home", "work", "root", "Users"].map { "/" + $0 + "/" }
    var found: [Breach] = []
    for (number, line) in file.lines.enumerated() {
        for folder in folders {
            var rest = line
            while let place = rest.firstRange(of: folder) {
                let before = place.lowerBound > line.startIndex ? line[line.index(before: place.lowerBound)] : " "
                // `Sources/root/x`, `$HOME/work/x` and a site's `example.org/home/` go on from something.
                if !(before.isLetter || before.isNumber || "._-}/*~)$".contains(before)) {
                    let message = "`\(folder)...` is a path of one machine"
                    found.append(Breach(path: file.path, line: number + 1, message: message))
                    break
                }
                rest = rest[place.upperBound...]
            }
        }
    }
    return found
}

/// Links of a Markdown file to files that are not there. `exists` takes a path from the repository's root.
func linkBreaches(in file: SourceFile, exists: (String) -> Bool) -> [Breach] {
    guard file.path.hasSuffix(".md") else { return [] }
    let folder = file.path.split(separator: "/").dropLast()
    var found: [Breach] = []
    var isFenced = false
    for (number, line) in file.lines.enumerated() {
        if line.trimmingPrefix(while: { $0 == " " }).hasPrefix("```") { isFenced.toggle() }
        guard !isFenced else { continue }
        for target in linkTargets(in: line) {
            guard let path = target.split(separator: "#", omittingEmptySubsequences: false).first, !path.isEmpty,
                !path.contains("://"), !path.hasPrefix("mailto:")
            else { continue }
            var parts = folder
            for part in path.split(separator: "/") where part != "." {
                if part == ".." { _ = parts.popLast() } else { parts.append(part) }
            }
            let resolved = parts.joined(separator: "/").removingPercentEncoding ?? ""
            if !exists(resolved) {
                found.append(
                    Breach(path: file.path, line: number + 1, message: "the link to `\(target)` leads nowhere")
                )
            }
        }
    }
    return found
}

/// The targets of `[text](target)` and `![text](target "title")` in one line, code spans left out.
private func linkTargets(in line: Substring) -> [Substring] {
    // Every second piece between back-ticks is code.
    let prose = line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .map { $0.offset.isMultiple(of: 2) ? $0.element : "" }
        .joined(separator: "`")
    var targets: [Substring] = []
    var rest = prose[...]
    while let open = rest.firstRange(of: "](") {
        rest = rest[open.upperBound...]
        guard let close = rest.firstIndex(of: ")") else { break }
        if let target = rest[..<close].split(separator: " ").first { targets.append(target) }
        rest = rest[close...]
    }
    return targets
}

/// A script that cannot be run as it stands: its first line and its permission must agree.
func scriptBreaches(in file: SourceFile) -> [Breach] {
    let isScript = file.text.hasPrefix("#!")
    if isScript && !file.isExecutable {
        return [Breach(path: file.path, line: 1, message: "begins with `#!` but is not executable")]
    }
    if file.isExecutable && !isScript {
        return [Breach(path: file.path, line: 1, message: "is executable but does not say by what: no `#!`")]
    }
    return []
}
