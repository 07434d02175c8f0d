import PlaitCore
import PlaitReport
import PlaitRun
import PlaitScenario
import PlaitSimulator
import PlaitTransport
import Testing

@Suite("The paths that a connection opens")
struct PathPlanTests {
    /// Each path as `client's link>server's link`, with a `b` behind a backup.
    private func paths(_ text: String, connection: Int = 0) throws -> [String] {
        let trial = try Trial(text)
        let plan = try #require(try trial.blueprint().workload)
        return plan.connections[connection].paths.map { path in
            let names = [path.local, path.remote].map { address in
                trial.scenario.links[Int(DirectionID(Int(address.interface)).link.index)].name
            }
            #expect(trial.scenario.links[Int(path.link.index)].name == names[0])
            return names.joined(separator: ">") + (path.isBackup ? " b" : "")
        }
    }

    private func direct(_ rest: String, work: String = "{get: 1 MB}") -> String {
        """
        stop: 1 s
        hosts: {client: {}, server: {}}
        links:
          wifi: {between: [client, server], delay: 20 ms}
          lte: {between: [server, client], delay: 5 ms}
          dsl: {between: [client, server], delay: 9 ms}
        workload: [{client: \(work)}]
        \(rest)
        """
    }

    private func routed(server links: Int, _ rest: String = "") -> String {
        """
        stop: 1 s
        hosts: {client: {}, server: {}}
        routers: {r: {}}
        links:
          wifi: {between: [client, r], delay: 5 ms}
          lte: {between: [client, r], delay: 20 ms}
          \((0..<links).map { "core\($0): {between: [r, server]}" }.joined(separator: "\n  "))
        workload: [{client: {get: 1 MB}}]
        \(rest)
        """
    }

    @Test("a link between the hosts is one path, between its own ends, and the fastest carries the handshake")
    func links() throws {
        #expect(try paths(direct("")) == ["lte>lte", "wifi>wifi", "dsl>dsl"])
    }

    @Test("behind a router each of the client's links leads to each of the server's")
    func router() throws {
        #expect(try paths(routed(server: 1)) == ["wifi>core0", "lte>core0"])
        #expect(try paths(routed(server: 2)) == ["wifi>core0", "wifi>core1", "lte>core0", "lte>core1"])
    }

    @Test("a way through the client itself or through a host that does not forward is none")
    func noWay() throws {
        let text = """
            stop: 1 s
            hosts: {client: {forward: true}, other: {}, server: {}}
            routers: {r: {}}
            links:
              direct: {between: [client, server]}
              access: {between: [client, r]}
              stray: {between: [client, other]}
              blind: {between: [other, server]}
            workload: [{client: {get: 1 MB, from: server}}]
            """
        #expect(try paths(text) == ["direct>direct"])
    }

    @Test("paths that are listed are opened in that order, and no others")
    func listed() throws {
        #expect(
            try paths(direct("transport: {paths: [{over: wifi}, {over: dsl, status: backup}]}"))
                == ["wifi>wifi", "dsl>dsl b"]
        )
        #expect(
            try paths(routed(server: 2, "transport: {paths: [{over: lte, to: core1}, {over: wifi, to: core0}]}"))
                == ["lte>core1", "wifi>core0"]
        )
        #expect(try paths(routed(server: 2, "transport: {paths: [{over: lte}]}")) == ["lte>core0", "lte>core1"])
        #expect(try paths(direct("transport: {paths: one}")) == ["lte>lte"])
    }

    @Test("work over a link has its connection there, whatever other paths there are")
    func over() throws {
        #expect(try paths(direct("", work: "{get: 1 MB, over: dsl}")) == ["dsl>dsl"])
        let listed = direct("transport: {paths: [{over: lte}, {over: dsl}]}", work: "{get: 1 MB, over: dsl}")
        #expect(try paths(listed) == ["dsl>dsl"])
    }

    @Test("an item keeps to the path that its client opens in the place of its link")
    func pins() throws {
        let text = direct("", work: "{get: 1 MB, path: dsl}")
        let plan = try #require(try Trial(text).blueprint().workload)
        #expect(plan.pin(ofItem: 0) == PathID(2))
        let free = try #require(try Trial(direct("")).blueprint().workload)
        #expect(free.pin(ofItem: 0) == nil)
    }

    @Test("what cannot be a path is told with its reason")
    func objections() throws {
        let crossed = try Trial(direct("transport: {paths: [{over: wifi, to: lte}]}")).objections()
        #expect(crossed.count == 1 && crossed.allSatisfy { $0.contains("no path leads over 'wifi' to 'lte'") })
        let pinned = try Trial(direct("transport: {paths: [{over: wifi}]}", work: "{get: 1 MB, path: lte}"))
            .objections()
        #expect(pinned.allSatisfy { $0.contains("its paths leave by 'wifi'") } && pinned.count == 1)
        let single = try Trial(direct("transport: {paths: one}", work: "{get: 1 MB, path: wifi}")).objections()
        #expect(single.count == 1 && single.allSatisfy { $0.contains("leave by 'lte'; name one of these") })
        let narrow = direct("").replacing("delay: 9 ms", with: "mtu: 1200, overhead: 28 B").replacing(
            "1200,",
            with: "1_200 B,"
        )
        let small = try Trial(narrow).objections()
        #expect(small.count == 1 && small.allSatisfy { $0.contains("do not pass over 'dsl'") })
        let many = try Trial(routed(server: 9)).objections()
        #expect(many.count == 1 && many.allSatisfy { $0.contains("18 paths lead from 'client'") })
    }

    @Test("what leaves the client by its second link arrives, and the answer comes back over that link")
    func sourceAddress() throws {
        let text = routed(server: 1, "transport: {paths: [{over: lte}]}") + "\nexpect: [links.wifi.offered == 0]"
        let outcome = try Trial(text).run()
        #expect(outcome.summary.work?.goodBytes == 1_000_000)
        let (wifi, lte) = (outcome.summary.totals.directions[0...1], outcome.summary.totals.directions[2...3])
        #expect(wifi.allSatisfy { $0.counts.offered.packets == 0 })
        #expect(lte.allSatisfy { $0.counts.arrived.packets > 0 })
    }
}
