import PlaitCore
import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitStatistics
import PlaitTransport
import PlaitVerify

extension VerifyAction {
    /// Runs the table of pairs, or continues it, and prints it.
    func pairs() throws(CommandError) -> ExitStatus {
        let seeds = try seeds(otherwise: 1...20)
        guard seeds.count > 1 else {
            throw CommandError(.usage, "one seed has no interval", remedy: "write --seeds 1..20")
        }
        let request = PairCampaign.Request(
            rows: try rows(),
            seeds: seeds,
            schedulers: try schedulers(),
            workers: try workers(),
            folder: folder,
            program: ProgramMark.digits,
            registry: context.registry,
            distributions: .standard(),
            files: context.files
        )
        let tell = progress(request.rows.count)
        let campaign: PairCampaign?
        do throws(PairError) {
            campaign = try PairCampaign.run(
                request,
                goesOn: { !Interruption.isRequested },
                progress: { _ = tell($0) }
            )
        } catch {
            throw Self.told(error)
        }
        guard let campaign else {
            throw CommandError(
                .interrupted,
                "interrupted: the rows that are done are kept in \(Printable.plain(folder))"
            )
        }
        if arguments.flag("json") {
            print(json(campaign).pretty)
        } else {
            print(campaign.tables.map(\.markdown).joined(separator: "\n"))
        }
        return campaign.holds ? .success : .failed
    }

    private static func told(_ error: PairError) -> CommandError {
        switch error {
        case .scenario(let text): CommandError(.badData, Printable.plain(text))
        case .wrong(let text): CommandError(.failed, Printable.plain(text))
        case .file(let error): CommandError(.cannotCreate, error.description)
        }
    }

    /// All rows, or those that are asked for: all of a pair, or one by its own name.
    private func rows() throws(CommandError) -> [PairRow] {
        let asked = arguments.values("pair")
        guard !asked.isEmpty else { return PairRow.all }
        for name in asked where !PairRow.all.contains(where: { $0.pair == name || $0.name == name }) {
            throw CommandError(
                .usage,
                "there is no pair \(Printable.quoted(name))",
                remedy:
                    "write two presets, the better one first, as in \(PairRow.all[0].pair), or one of its rows, as in "
                    + PairRow.all[0].name
            )
        }
        return PairRow.all.filter { asked.contains($0.pair) || asked.contains($0.name) }
    }

    /// Those that are asked for; else `earliest`, and all others that there are.
    private func schedulers() throws(CommandError) -> [String] {
        let known = context.registry.schedulers.registrations.map(\.signature.name)
        guard let text = arguments.value("schedulers") else { return ["earliest"] + known.filter { $0 != "earliest" } }
        let names = text.split(separator: ",").map(String.init)
        for name in names where !known.contains(name) {
            throw CommandError(
                .usage,
                "there is no scheduler \(Printable.quoted(name))",
                remedy: "there are \(known.joined(separator: ", "))"
            )
        }
        guard Set(names).count == names.count, !names.isEmpty else {
            throw CommandError(.usage, "--schedulers takes each name once")
        }
        return names
    }

    private func json(_ campaign: PairCampaign) -> JSONText {
        .list(
            campaign.tables.map { table in
                .map([
                    ("work", .text(table.work.rawValue)), ("buffer", .text(table.buffer.rawValue)),
                    ("pairs", .number(Int64(table.verdicts.count))), ("keeps_up", .number(Int64(table.keepsUp))),
                    ("not_worse", .number(Int64(table.notWorse))), ("better", .number(Int64(table.better))),
                    ("holds", .flag(table.holds)),
                ])
            }
        )
    }
}
