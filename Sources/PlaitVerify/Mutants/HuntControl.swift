/// The same hunt where nothing is planted: what it finds there is no planted bug's doing.
///
/// Without it a program that cannot run, a machine without memory, or a bug of the code itself would make a catch of
/// every planted bug.
package struct HuntControl: Sendable {
    private let sound: RemoteCases
    /// What makes every catch worthless; empty when all is well.
    package let troubles: [String]

    /// Of each property.
    static let cases = 320

    /// Tries the hunt's properties in processes without a planted bug.
    package init(_ hunt: MutantHunt, _ sound: RemoteCases) {
        self.sound = sound
        var control = hunt
        control.cases = min(Self.cases, hunt.cases)
        // What fails without a bug is not worth being made small here: `plait verify` does that.
        control.shrinkTries = 0
        var troubles: [String] = []
        if let found = control.run(sound) {
            let failure = found.found.failure
            troubles.append("no bug planted, and \(found.property.name) fails in \(failure.property): \(failure.words)")
        }
        self.troubles = troubles + sound.failures.map { "no bug planted: " + $0 }
    }

    /// Looks for a bug, and tries what was found once more where the bug is not.
    package func row(name: String, words: String, place: String, _ hunt: MutantHunt, _ planted: RemoteCases)
        -> MutantRow
    {
        let found = troubles.isEmpty ? hunt.run(planted) : nil
        return MutantRow(
            name: name,
            words: words,
            place: place,
            found: found,
            troubles: troubles + planted.failures + (found.map(objections) ?? [])
        )
    }

    /// What is wrong with a catch: it must hold without the bug, whole and shrunk and as a scenario.
    private func objections(to found: MutantHunt.Catch) -> [String] {
        let before = sound.failures.count
        let property = sound.property(found.property)
        var objections: [String] = []
        for choices in [found.found.choices, found.found.shrunk.choices] where objections.isEmpty {
            guard let failure = property.run(Choices(choices)).failure else { continue }
            objections.append("the case fails without the bug too, in \(failure.property): \(failure.words)")
        }
        if objections.isEmpty, let scenario = found.found.document?.scenario, let name = sound.failure(of: scenario) {
            objections.append("the scenario fails without the bug too, in \(name)")
        }
        return objections + sound.failures.dropFirst(before).map { "no bug planted: " + $0 }
    }
}
