#if Mutants
    import Glibc
    import PlaitCore
    public import PlaitRun
    import PlaitVerify

    extension PlaitCommand {
        /// The command line of `plait-mutants`: that of `plait`, behind `--planted NAME` with one of the planted bugs.
        public static func mutants(registry: Registry = .standard) -> Never {
            let words = CommandLine.arguments
            guard words.count > 1, words[1] == Mutant.option else {
                if words.dropFirst().elementsEqual([CaseServer.word]) { serve() }
                main(registry: registry)
            }
            guard Mutant.planted != nil else {
                let console = Console.system()
                console.errors.write("plait: \(Mutant.option) needs the name of one of the planted bugs\n")
                console.errors.write("       \(Mutant.allCases.map(\.rawValue).joined(separator: ", "))\n")
                exit(ExitStatus.usage.rawValue)
            }
            if words.dropFirst(3).elementsEqual([CaseServer.word]) { serve() }
            exit(run(arguments: Array(words.dropFirst(3)), registry: registry))
        }

        private static func serve() -> Never {
            CaseServer.run()
            exit(ExitStatus.success.rawValue)
        }
    }
#endif
