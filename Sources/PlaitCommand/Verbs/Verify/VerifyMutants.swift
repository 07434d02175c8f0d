import PlaitCore
import PlaitReport
import PlaitScenario
import PlaitVerify

#if Mutants
    extension VerifyAction {
        /// Plants each known bug in processes of its own, and looks who finds it; TLC looks for those of the models.
        func mutants() throws(CommandError) -> ExitStatus {
            for option in ["seeds", "packets", "replay", "time", "trace"] where arguments.value(option) != nil {
                throw CommandError(.usage, "--\(option) means nothing to mutants", remedy: "leave it out")
            }
            let planted = try chosenMutants()
            let hunt = try hunt()
            let folders = try chosenModelMutants()
            Interruption.arm()
            let tell = progress(planted.count + folders.reduce(0) { $0 + $1.configurations.count })
            var rows: [MutantRow] = []
            let control = HuntControl(hunt, RemoteCases(arguments: [CaseServer.word]))
            if Interruption.isRequested { throw Self.interrupted }
            for mutant in planted {
                rows.append(Self.row(of: mutant, hunt, control))
                if !tell(rows.count) { throw Self.interrupted }
            }
            let count = rows.count
            var checks: ModelChecks?
            if !folders.isEmpty {
                checks = modelChecks(of: folders, atOnce: min(2, try workers())) { event in
                    if case .ended(let job, _) = event { _ = tell(count + job + 1) }
                }
            }
            if Interruption.isRequested { throw Self.interrupted }
            let text = MutantText(rows: rows, checks: checks)
            try write(text)
            print(arguments.flag("json") ? text.json.pretty : text.table)
            if checks?.isIncomplete ?? false { return .unavailable }
            return text.holds ? .success : .failed
        }

        private static func row(of mutant: Mutant, _ hunt: MutantHunt, _ control: HuntControl) -> MutantRow {
            let watch = Stopwatch()
            let remote = RemoteCases(arguments: [Mutant.option, mutant.rawValue, CaseServer.word])
            var row = control.row(
                name: mutant.rawValue,
                words: mutant.words,
                place: mutant.place,
                hunt,
                remote
            )
            row.nanoseconds = watch.nanoseconds
            return row
        }

        private func hunt() throws(CommandError) -> MutantHunt {
            var hunt = MutantHunt(try chosenProperties())
            hunt.workers = try workers()
            if let seed = arguments.value("seed") { hunt.firstSeed = try RunOptions.number(seed, "--seed") }
            if let cases = arguments.value("cases") { hunt.cases = try PropertyPlan.cases(cases) }
            hunt.goesOn = { !Interruption.isRequested }
            return hunt
        }

        /// Those whose name begins with the operand; all without one.
        private func chosenMutants() throws(CommandError) -> [Mutant] {
            guard let name = arguments.operands.first else { return Mutant.allCases }
            let named = Mutant.allCases.filter { $0.rawValue.hasPrefix(name) }
            guard !named.isEmpty else {
                throw CommandError(
                    .usage,
                    "no planted bug is called \(Printable.quoted(name))",
                    remedy: Suggestion.remedy(for: name, among: Mutant.allCases.map(\.rawValue))
                )
            }
            return named
        }

        /// The models' configurations with a mistake in them, unless single bugs or properties were asked for.
        private func chosenModelMutants() throws(CommandError) -> [ModelFolder] {
            guard arguments.operands.isEmpty, arguments.value("property") == nil else { return [] }
            return try modelFolders().map { $0.only(.mutant) }
        }

        private func write(_ text: MutantText) throws(CommandError) {
            let shrunk = folder + "/mutants"
            do throws(FileError) {
                try makeFolder(shrunk)
                for (name, contents) in text.files { try Self.write(contents, to: "\(folder)/\(name)") }
                for row in text.rows {
                    guard let found = row.found else { continue }
                    let regression = RegressionCase(found.found, of: found.property, name: row.name)
                    try Self.write(regression.text, to: "\(shrunk)/\(row.name)\(RegressionCase.suffix)")
                    if let document = found.found.document {
                        try Self.write(document.scenario.briefText, to: "\(shrunk)/\(row.name).yaml")
                    }
                }
            } catch {
                throw CommandError(.cannotCreate, error.description)
            }
        }

        private static func write(_ text: String, to path: String) throws(FileError) {
            var bytes = Text()
            bytes.append(text)
            try FileSink.write(bytes, to: path)
        }
    }
#else
    extension VerifyAction {
        /// This program has none, and says who does.
        func mutants() throws(CommandError) -> ExitStatus {
            throw CommandError(
                .unavailable,
                "this program was built without planted bugs",
                remedy: "'scripts/plait verify --mutants' builds the one that has them, and runs it"
            )
        }
    }
#endif
