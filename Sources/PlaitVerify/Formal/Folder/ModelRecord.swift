package import PlaitReport

/// What scripts/formal writes of a module: expect.json and corpus.jsonl as TLC has just shown them to be.
package struct ModelRecord: Sendable {
    package let folder: ModelFolder
    /// With the counts of this run, in the order of the configurations.
    package let expectations: [(name: String, expectation: TLCExpectation)]
    /// nil if the module has no graph, or one in which actions do not determine where they lead.
    package let corpus: Corpus?

    /// - Returns: `nil` if a verdict is not the expected one: a changed count is a changed model, a changed verdict
    /// is a
    ///   mistake, and only people can say that it is not.
    package init?(_ folder: ModelFolder, _ checks: [ModelCheck]) {
        var expectations: [(name: String, expectation: TLCExpectation)] = []
        var corpus: Corpus?
        for check in checks where check.module == folder.name {
            let result = check.result
            var expectation = check.configuration.expectation
            guard result.verdict.words == expectation.words, result.code == expectation.code,
                result.exitStatus.map(Int.init) == expectation.exitStatus
            else { return nil }
            (expectation.distinct, expectation.generated) = (result.distinct, result.generated)
            expectation.depth = result.depth
            expectation.length = result.trace.isEmpty ? nil : result.trace.count
            expectations.append((check.configuration.name, expectation))
            if let graph = check.graph { corpus = Corpus(covering: graph) }
        }
        guard expectations.count == folder.checkedAtOnce.count else { return nil }
        // Not checked with the others, so it stays what it was.
        for kept in folder.only(.large).configurations where folder.checkedAtOnce.count < folder.configurations.count {
            expectations.append((kept.name, kept.expectation))
        }
        self.folder = folder
        self.expectations = expectations
        self.corpus = corpus
    }

    /// expect.json, one line a configuration.
    package var text: Text {
        var text = Text(capacity: 1 << 12)
        text.append("{\n")
        for (place, entry) in expectations.enumerated() {
            var writer = JSONWriter(pretty: false)
            writer.value(entry.name)
            text.append("    ")
            text.append(span: writer.text.span)
            text.append(": {" + Self.members(entry.expectation) + "}")
            text.append(place == expectations.count - 1 ? "\n" : ",\n")
        }
        text.append("}\n")
        return text
    }

    private static func members(_ expectation: TLCExpectation) -> String {
        var members = [("rc", String(expectation.exitStatus)), ("code", String(expectation.code))]
        for (name, number) in [
            ("distinct", expectation.distinct), ("generated", expectation.generated), ("depth", expectation.depth),
        ] {
            if let number { members.append((name, String(number))) }
        }
        members.append(("workers", String(expectation.workers)))
        if let violates = expectation.violates { members.append(("violates", quoted(violates))) }
        if let length = expectation.length { members.append(("length", String(length))) }
        if let module = expectation.module { members.append(("module", quoted(module))) }
        if expectation.checksDeadlock { members.append(("deadlock", "true")) }
        return members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ")
    }

    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter(pretty: false)
        writer.value(text)
        return writer.text.string
    }

    /// Writes both files, each whole or not at all.
    package func write() throws(FileError) {
        try FileSink.write(text, to: folder.path + "/expect.json")
        if let corpus { try FileSink.write(corpus.text, to: folder.path + "/corpus.jsonl") }
    }
}
