import PlaitCore
import PlaitScenario
import PlaitVerify

extension VerifyAction {
    /// Plants each known bug in a process of its own, and looks who finds it.
    func mutants() throws(CommandError) -> ExitStatus {
        #if Mutants
            for mutant in Mutant.allCases {
                let watch = Stopwatch()
                let remote = RemoteCases(arguments: [Mutant.option, mutant.rawValue, CaseServer.word])
                var hunt = MutantHunt(try chosenProperties())
                hunt.workers = try workers()
                if let found = hunt.run(remote) {
                    print(
                        "\(mutant.rawValue) \(found.property.name) \(found.found.failure) \(found.cases) \(found.size) \(found.unit) \(found.found.tries) \(watch.nanoseconds / 1_000_000)\n"
                    )
                    print(found.found.document?.scenario.briefText ?? "")
                } else {
                    print("\(mutant.rawValue) survives \(watch.nanoseconds / 1_000_000)\n")
                }
                for failure in remote.failures { print("  \(failure)\n") }
            }
            return .success
        #else
            throw CommandError(
                .unavailable,
                "this program was built without planted bugs",
                remedy: "'scripts/plait verify --mutants' builds the one that has them, and runs it"
            )
        #endif
    }
}
