import PlaitCore
import PlaitRun
import Testing

@Suite("The oracle's time of a scenario")
struct TransferBoundTests {
    private func bound(
        _ work: String = "{get: 2 MB}",
        _ rest: String = "",
        second: String = "rate: 10 Mbps, delay: 10 ms"
    ) throws -> Interval? {
        let text = """
            stop: 9 s
            hosts: {client: {}, server: {}}
            links:
              one: {between: [client, server], rate: 10 Mbps, delay: 10 ms}
              two: {between: [client, server], \(second)}
            workload: [{client: \(work)}]
            \(rest)
            """
        return try Trial(text).blueprint().transferBound()
    }

    @Test("a second path helps from the time on at which the server may use it")
    func paths() throws {
        // 2 MB at 10 Mbps take 1.6 s, at 20 Mbps 0.8 s; the rest is slow start and the ways there.
        let one = try #require(try bound("{get: 2 MB, over: one}"))
        let both = try #require(try bound())
        let standby = try #require(
            try bound("{get: 2 MB}", "transport: {paths: [{over: one}, {over: two, status: backup}]}")
        )
        #expect(one > .seconds(1) + .milliseconds(620) && one < .seconds(1) + .milliseconds(660))
        #expect(both > .milliseconds(830) && both < .milliseconds(870))
        #expect(standby == one)
    }

    @Test("what it cannot know it does not say")
    func unknown() throws {
        #expect(try bound("{put: 2 MB}") == nil)
        #expect(try bound("{get: {exponential: 2 MB}}") == nil)
        #expect(try bound(second: "delay: 10 ms") == nil)
        #expect(try bound("{get: 2 MB}", "transport: {handshake: XX}") == nil)
        #expect(try bound("{get: 2 MB}", "timeline: [{at: 1 s, link: two, set: {rate: 50 Mbps}}]") == nil)
        #expect(try bound("{get: 2 MB}", "timeline: [{at: 1 s, link: two, down: true}]") != nil)
        #expect(try bound(second: "rate: 10 Mbps, delay: 1_000_000 h") == nil)
    }
}
