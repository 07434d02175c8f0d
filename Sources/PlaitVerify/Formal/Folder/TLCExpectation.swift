import PlaitReport

/// What must come out of a configuration: an entry of expect.json.
package struct TLCExpectation: Hashable, Sendable {
    package var exitStatus: Int
    package var code: Int
    package var distinct: Int?
    package var generated: Int?
    /// Only known where one worker ran.
    package var depth: Int?
    package var workers = 1
    /// The property that must be violated.
    package var violates: String?
    /// States of the counterexample; compared only when given.
    package var length: Int?
    /// Read instead of the module that this kind of configuration usually is about.
    package var module: String?
    package var checksDeadlock = false

    package init(exitStatus: Int, code: Int) {
        self.exitStatus = exitStatus
        self.code = code
    }

    /// In one or two words: `holds`, `violates InOrder`, `deadlock`.
    package var words: String {
        switch code {
        case 2193: "holds"
        case 2114: "deadlock"
        default: "violates \(violates ?? "?")"
        }
    }

    /// How a result differs from this; empty when it is as expected. What was not run differs from everything.
    package func differences(from result: TLCResult) -> [String] {
        var differences: [String] = []
        switch (result.verdict, code) {
        case (.holds, 2193), (.deadlock, 2114): break
        case (.violated(let property), 2107...2116):
            if violates == nil || property != violates {
                differences.append("it violates \(property ?? "a property"), not \(violates ?? "what is expected")")
            }
        case (let verdict, _): differences.append("\(verdict.words), not '\(words)'")
        }
        func compare(_ name: String, _ expected: Int?, _ got: Int?) {
            guard let expected, expected != got else { return }
            differences.append("\(name) \(got.map(String.init) ?? "unknown") instead of \(expected)")
        }
        compare("exit status", exitStatus, result.exitStatus.map(Int.init))
        compare("code", code, result.code)
        compare("distinct", distinct, result.distinct)
        compare("generated", generated, result.generated)
        if workers == 1 { compare("depth", depth, result.depth) }
        compare("length", length, result.trace.count)
        return differences
    }
}

extension TLCResult.Verdict {
    /// For tables: `holds`, `violates InOrder`, `NOT-RUN`.
    package var words: String {
        switch self {
        case .holds: "holds"
        case .violated(let property): "violates \(property ?? "a property")"
        case .deadlock: "deadlock"
        case .error: "error"
        case .stopped: "stopped"
        case .notRun: "NOT-RUN"
        }
    }

    /// What is behind an error or a run that did not take place.
    package var reason: String? {
        switch self {
        case .error(let words), .stopped(let words), .notRun(let words): words
        case .holds, .violated, .deadlock: nil
        }
    }
}

extension ModelFolder {
    /// The entries of expect.json in its order.
    static func expectations(in path: String) throws(FormalFileError) -> [(String, TLCExpectation)] {
        guard let bytes = FolderListing.bytes(of: path) else { throw FormalFileError(path, "it cannot be read") }
        let value: JSONValue
        do throws(JSONValue.SyntaxError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw FormalFileError(path, line: error.line, error.message)
        }
        guard let members = value.members else {
            throw FormalFileError(path, "this is no JSON object", remedy: "its keys are the configurations' names")
        }
        var expectations: [(String, TLCExpectation)] = []
        for member in members {
            guard !expectations.contains(where: { $0.0 == member.key }) else {
                throw FormalFileError(path, "\(member.key) is there twice", remedy: "remove one")
            }
            expectations.append((member.key, try expectation(member, path)))
        }
        return expectations
    }

    private static func expectation(_ member: JSONValue.Member, _ path: String) throws(FormalFileError)
        -> TLCExpectation
    {
        func number(_ key: String) throws(FormalFileError) -> Int? {
            guard let value = member.value[key], value != .null else { return nil }
            guard case .number(let digits) = value, let number = Int(digits), number >= 0 else {
                throw FormalFileError(path, "\(key) of \(member.key) is no number")
            }
            return number
        }
        let keys = [
            "rc", "code", "distinct", "generated", "depth", "workers", "violates", "length", "module", "deadlock",
        ]
        if let unknown = member.value.members?.first(where: { !keys.contains($0.key) }) {
            throw FormalFileError(
                path,
                "\(member.key) has a key \(unknown.key), which means nothing",
                remedy: "write one of \(keys.joined(separator: ", "))"
            )
        }
        guard let status = try number("rc"), let code = try number("code") else {
            throw FormalFileError(
                path,
                "\(member.key) lacks rc or code",
                remedy: "a configuration that holds has 0 and 2193"
            )
        }
        var expectation = TLCExpectation(exitStatus: status, code: code)
        expectation.distinct = try number("distinct")
        expectation.generated = try number("generated")
        expectation.depth = try number("depth")
        expectation.workers = max(1, try number("workers") ?? 1)
        expectation.violates = member.value["violates"]?.text
        expectation.length = try number("length")
        expectation.module = member.value["module"]?.text
        expectation.checksDeadlock = member.value["deadlock"] == .flag(true)
        return expectation
    }
}
