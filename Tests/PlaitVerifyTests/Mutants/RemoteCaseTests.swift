import PlaitVerify
import Testing

/// The other end is a shell that answers as a planted bug would make it answer.
@Suite("Cases in other processes")
struct RemoteCaseTests {
    private static let property = Property("toy.remote", "Answers come from elsewhere.") { choices, record in
        record.fail("toy.remote", "this process tries nothing itself: \(choices.number(0...9))")
    }

    /// A program that reads questions and answers by `cases`, the branches of a shell's `case`.
    private func remote(_ cases: String, silenceMax: Int32 = 20_000) -> RemoteCases {
        let script = "while read -r line; do case \"$line\" in \(cases) esac; done"
        return RemoteCases(program: "/bin/sh", arguments: ["-c", script], silenceMax: silenceMax)
    }

    private static let holds = #"printf 'done -\t-\t0\t4\t1,2\t-\n' ;;"#

    @Test("a case that ends its process fails, with the numbers that it drew until then")
    func ended() throws {
        let remote = remote(
            "*quiet*\"seed 3\") kill -ILL $$ ;; "
                + "*loud*\"seed 3\") echo n 5; echo s; echo n 7; kill -ILL $$ ;; *) \(Self.holds)"
        )
        var campaign = PropertyCampaign(remote.property(Self.property), cases: 40)
        campaign.shrinkTries = 20
        let report = campaign.run()
        let found = try #require(report.failures.first)
        #expect(found.cases == 3 && found.origin == .seed(3))
        #expect(found.failure.property == RemoteCases.lives)
        #expect(found.failure.words == "a check of its own ended the process")
        #expect(found.choices == [5, 7])
        #expect(remote.failures.isEmpty, "the process after it tried the next cases")
        #expect(report.steps == 9, "two that hold, of four steps each, and the step of the one that ended")
    }

    @Test("it is shrunk by asking other processes, and the smallest that still ends one is kept")
    func shrunk() throws {
        let remote = remote("*seed*|*numbers*9*) echo n 3; echo n 9; kill -TRAP $$ ;; *) \(Self.holds)")
        let report = PropertyCampaign.run(remote.property(Self.property), cases: 1)
        let found = try #require(report.failures.first)
        #expect(found.choices == [3, 9] && found.tries > 0)
        #expect(found.shrunk.failure?.property == RemoteCases.lives)
    }

    @Test("a case that begins and has no answer fails, and its process is ended; one that says nothing is a trouble")
    func silent() throws {
        let begun = remote("*loud*) echo n 3 ;;", silenceMax: 400)
        let report = PropertyCampaign.run(begun.property(Self.property), cases: 1)
        #expect(try #require(report.failures.first).failure.property == RemoteCases.answers)
        let mute = remote("*) ;;", silenceMax: 50)
        #expect(PropertyCampaign.run(mute.property(Self.property), cases: 1).failures.isEmpty)
        #expect(mute.failures == ["toy.remote: it said nothing for 50 ms"])
    }

    @Test("a process that somebody else ended, or that left by itself, fails the hunt, not the case")
    func endedByOthers() {
        for (end, words) in [
            ("kill -KILL $$", "signal 9 ended the process"),
            ("exit 1", "it exited with status 1"), ("exit 127", "it exited with status 127"),
        ] {
            let remote = remote("*) \(end) ;;")
            #expect(PropertyCampaign.run(remote.property(Self.property), cases: 1).failures.isEmpty)
            #expect(remote.failures == ["toy.remote: \(words)"])
        }
    }

    @Test("a catch counts only if the case holds where no bug is planted, and nothing fails there anyway")
    func control() throws {
        let failing = #"printf 'done toy.x\tw\t1\t1\t7\t0\n'"#
        var hunt = MutantHunt([Self.property])
        (hunt.cases, hunt.shrinkTries) = (40, 20)
        func row(planted: String, sound: String) -> MutantRow {
            let control = HuntControl(hunt, remote(sound))
            return control.row(name: "a", words: "b", place: "c", hunt, remote(planted))
        }
        let good = row(planted: #"*"seed 5"|*numbers*) "# + failing + " ;; *) " + Self.holds, sound: "*) " + Self.holds)
        #expect(good.verdict == .found && good.troubles.isEmpty)
        // The shrunk case fails of itself: no random case of the control has these numbers.
        let anyway = row(
            planted: #"*"seed 5"|*numbers*) "# + failing + " ;; *) " + Self.holds,
            sound: "*numbers*) " + failing + " ;; *) " + Self.holds
        )
        #expect(anyway.verdict == .broken)
        #expect(anyway.troubles == ["the case fails without the bug too, in toy.x: w"])
        // A control that finds something, and one that cannot be run: nobody hunts at all.
        for sound in [#"*"seed 9") "# + failing + " ;; *) " + Self.holds, "*) kill -SEGV $$ ;;", "*) exit 127 ;;"] {
            let broken = row(planted: #"*"seed 5"|*numbers*) "# + failing + " ;; *) " + Self.holds, sound: sound)
            #expect(broken.verdict == .broken && broken.found == nil)
            #expect(broken.troubles.first?.hasPrefix("no bug planted") == true)
        }
    }

    @Test(
        "answers that nobody understands fail the hunt, not the case",
        arguments: ["echo nonsense", "echo 'done x'", #"printf 'done -\t-\t9\t4\t1\t-\n'"#]
    )
    func nonsense(answer: String) {
        let remote = remote("*) \(answer) ;;")
        #expect(PropertyCampaign.run(remote.property(Self.property), cases: 3).failures.isEmpty)
        #expect(remote.failures.count == 3)
        let row = MutantRow(name: "a", words: "b", place: "c", found: nil, troubles: remote.failures, nanoseconds: 0)
        #expect(row.verdict == .broken)
    }

    @Test("a program that cannot be started fails the hunt")
    func absent() {
        let remote = RemoteCases(program: "/nowhere/at-all", arguments: [])
        #expect(PropertyCampaign.run(remote.property(Self.property), cases: 1).failures.isEmpty)
        #expect(remote.failures.count == 1)
    }

    @Test("a failing answer is the case's failure, with its words, steps and numbers", arguments: [1, 3])
    func failing(workers: Int) throws {
        let remote = remote(
            #"*"seed 5"|*numbers*) printf 'done toy.inner\tone \t2\t6\t8,1\t0,1\n' ;; *) "# + Self.holds
        )
        var campaign = PropertyCampaign(remote.property(Self.property), cases: 64, workers: workers)
        campaign.shrinkTries = 0
        let found = try #require(campaign.run().failures.first)
        #expect(found.failure.property == "toy.inner" && found.failure.words == "one " && found.failure.step == 2)
        #expect(found.choices == [8, 1] && found.cases == 5)
    }

    @Test("what is asked of a process is answered by the same verdict as here")
    func served() throws {
        let property = try #require(Properties.all.first { $0.name == "transfer.intact" })
        for seed in UInt64(1)...3 {
            let verdict = property.run(property.choices(seed: seed))
            let numbers = verdict.choices.map(String.init).joined(separator: ",")
            let bySeed = CaseServer.answer(to: "try quiet transfer.intact seed \(seed)")
            #expect(bySeed?.contains("\t\(numbers)\t") == true)
            #expect(bySeed == CaseServer.answer(to: "try quiet transfer.intact numbers \(numbers)"))
        }
        for question in ["", "try", "try quiet nothing seed 1", "try quiet transfer.intact seed x", "judge :", "eat 1"]
        {
            #expect(CaseServer.answer(to: question) == nil, "\(question)")
        }
    }

    @Test("a hunt tries each property a little before any of them for long, and counts what it tried")
    func hunt() throws {
        let remote = remote(
            #"*first*"seed 40"|*second*"seed 35") printf 'done toy.x\tw\t1\t1\t1\t-\n' ;; *) "# + Self.holds
        )
        let properties = ["first", "second"].map { name in Property(name, "-") { _, _ in } }
        var hunt = MutantHunt(properties)
        hunt.shrinkTries = 0
        let found = try #require(hunt.run(remote))
        #expect(found.property.name == "first" && found.cases == 40 && found.seed == 40)
        #expect(found.casesOfAll == 32 + 32 + 8)
        hunt.cases = 34
        #expect(hunt.run(remote) == nil)
    }
}
