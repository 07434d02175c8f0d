/// A planted bug, as `Mutant.swift` lists it.
struct PlantedBug: Hashable {
    let name: String
    /// The file that it says it is planted in.
    let place: String
}

/// What `Mutant.swift` lists: its cases, each with the place that the property of this name gives it.
func plantedBugs(in text: String) -> [PlantedBug] {
    let lines = text.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
    var names: [Substring] = []
    var places: [Substring: Substring] = [:]
    var pending: [Substring] = []
    for line in lines {
        let words = line.split { " ,:".contains($0) }
        guard words.first == "case" else {
            // A place that has a line of its own.
            if line.hasPrefix("\"Sources/"), !pending.isEmpty {
                for name in pending { places[name] = line.dropFirst().dropLast() }
            }
            pending = []
            continue
        }
        if words.count == 4, words[2] == "=" { names.append(words[1]) }
        pending = words.dropFirst().filter { $0.hasPrefix(".") }.map { $0.dropFirst() }
        if let start = line.firstRange(of: "\"Sources/") {
            for name in pending { places[name] = line[line.index(after: start.lowerBound)...].dropLast() }
        }
    }
    return names.map { PlantedBug(name: String($0), place: String(places[$0] ?? "nowhere")) }
}

/// Bugs planted elsewhere than listed, or outside of `#if Mutants`; and whoever else asks which bug there is.
func plantingBreaches(in file: SourceFile, _ bugs: [PlantedBug]) -> [Breach] {
    guard file.isSwift, file.module != nil, file.path != mutantList else { return [] }
    var found: [Breach] = []
    var conditions: [(isMutants: Bool, isElse: Bool)] = []
    func breach(_ number: Int, _ message: String) {
        found.append(Breach(path: file.path, line: number + 1, message: message))
    }
    for (number, line) in file.codeLines.enumerated() {
        let word = line.trimmingPrefix { $0 == " " }
        if word.hasPrefix("#if") { conditions.append((word.hasPrefix("#if Mutants"), false)) }
        if word.hasPrefix("#else"), !conditions.isEmpty { conditions[conditions.count - 1].isElse = true }
        if word.hasPrefix("#endif") { _ = conditions.popLast() }
        guard contains("Mutant", in: line) else { continue }
        if !conditions.contains(where: { $0.isMutants && !$0.isElse }) {
            breach(number, "`Mutant` outside of `#if Mutants`: plait would hold it")
        }
        guard let asked = line.firstRange(of: "Mutant.isPlanted(.") else {
            // Who plants, and who says what there is to be planted.
            if file.module != "PlaitCommand" {
                breach(number, "only planted bugs ask, and only whether they are planted")
            }
            continue
        }
        let name = line[asked.upperBound...].prefix { $0.isLetter }
        if !bugs.contains(where: { $0.name == name && $0.place == file.path }) {
            breach(number, "`\(name)` is not planted here, says \(mutantList)")
        }
    }
    return found
}

/// Where the planted bugs are listed.
let mutantList = "Sources/PlaitCore/Mutants/Mutant.swift"
