/// One option of a verb: how it is written, what it means, and how often it may be given.
package struct Option: Sendable {
    /// Without the dashes.
    package let name: String
    /// What stands for its value in the help text (`A..B`); `nil` for a flag.
    package let value: String?
    package let isRepeatable: Bool
    package let summary: String

    /// Something that is either given or not.
    package static func flag(_ name: String, _ summary: String) -> Option {
        Option(name: name, value: nil, isRepeatable: false, summary: summary)
    }

    /// Something with a value: `--seed 7` or `--seed=7`.
    package static func value(_ name: String, _ value: String, repeats: Bool = false, _ summary: String) -> Option {
        Option(name: name, value: value, isRepeatable: repeats, summary: summary)
    }

    /// `--seed N`
    package var usage: String { "--" + name + (value.map { " " + $0 } ?? "") }
}
