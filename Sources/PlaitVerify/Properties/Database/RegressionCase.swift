/// A failing case in a text file: what was found once is tried first ever after.
///
///     plait case 1
///     property stream.model
///     fails ST-S2: a byte beyond the final size was taken
///     choices 0 3 17 2 0 0 1
package struct RegressionCase: Hashable, Sendable {
    /// Of its file, without the ending.
    package let name: String
    package let property: String
    /// What failed, in which words, when it was found. For people.
    package let fails: String
    package let choices: [UInt64]

    package init(name: String, property: String, fails: String, choices: [UInt64]) {
        self.name = name
        self.property = property
        self.fails = fails
        self.choices = choices
    }
}
