import PlaitCore
import PlaitScenario
import Testing

@Suite("Paths of a workload's connections")
struct PathTests {
    private let head = """
        stop: 10 s
        hosts: {client: {}, server: {}}
        links: {wifi: {between: [client, server]}, lte: {between: [client, server]}}

        """

    private func transport(_ text: String) throws -> TransportDescription {
        try read(head + "workload: [{client: {get: 1 MB}}]\ntransport: \(text)\n").transport
    }

    private func complaint(_ text: String) -> String {
        complaints(head + "workload: [{client: {get: 1 MB}}]\ntransport: \(text)\n")
    }

    @Test("unless told otherwise, every path is opened, and data at risk or at the end is sent on another one, too")
    func defaults() throws {
        let transport = try transport("{handshake: IK}")
        #expect(transport.paths == .all && transport.scheduler == nil)
        #expect(transport.reinjection == .tail && transport.acks == .fastest)
        #expect(transport.pathKeepAlive == .seconds(2))
    }

    @Test("paths are listed by the client's link, and may lead to one of the server's and stand by")
    func list() throws {
        let listed = try transport("{paths: [{over: lte}, {over: wifi, to: lte, status: backup}]}").paths
        #expect(
            listed
                == .listed([
                    PathDescription(over: LinkID(1)), PathDescription(over: LinkID(0), to: LinkID(1), isBackup: true),
                ])
        )
        #expect(try transport("{paths: one}").paths == .one)
        #expect(try transport("{paths: all}").paths == .all)
    }

    @Test("scheduler, re-injection, the acknowledgements' path and the sign of life are settings")
    func settings() throws {
        let transport = try transport(
            "{scheduler: {min-rtt: {margin: 2 ms}}, reinjection: none, acks: same, path-keep-alive: off}"
        )
        let margin = ModelChoice.Argument("margin", .interval(.milliseconds(2)))
        #expect(transport.scheduler?.choice == ModelChoice("min-rtt", [margin]))
        #expect(transport.reinjection == .none && transport.acks == .same && transport.pathKeepAlive == nil)
    }

    @Test("packets are as long as every path must carry, unless there is something to search for")
    func sizes() throws {
        let usual = try transport("{handshake: IK}")
        #expect(usual.packetMax == nil && usual.packetLongest == 1_200)
        let searching = try transport("{packet-size: 1_250 B, packet-max: 9 kB}")
        #expect(searching.packetMax == 9_000 && searching.packetLongest == 9_000)
        #expect(complaint("{packet-max: 17 kB}").contains("at most 16 kB"))
    }

    @Test("a list that opens nothing, only backups, one path twice or a stranger's link is refused")
    func refusals() {
        #expect(complaint("{paths: []}").contains("a connection needs a path"))
        #expect(complaint("{paths: [{over: wifi, status: backup}]}").contains("a path that is no backup"))
        #expect(complaint("{paths: [{over: lte}, {over: lte}]}").contains("over 'lte' is in the list already"))
        #expect(complaint("{paths: some}").contains("does not say which paths"))
        #expect(complaint("{paths: [{over: wfi}]}").contains("did you mean 'wifi'?"))
        #expect(complaint("{paths: [{to: wifi}]}").contains("a path needs 'over'"))
        #expect(complaint("{scheduler: min-rt}").contains("there is no scheduler model 'min-rt'"))
        let routed = """
            stop: 1 s
            hosts: {client: {}, server: {}}
            routers: {r: {}}
            links: {wifi: {between: [client, r]}, core: {between: [r, server]}}
            workload: [{client: {get: 1 MB}}]
            transport: {paths: [{over: wifi}, {over: core}]}
            """
        #expect(complaints(routed).contains("no client of the workload is at the link 'core'"))
    }

    @Test("an item's streams keep to one path, or its connection to one link, and datagrams have no stream to keep")
    func pins() throws {
        let item = try read(head + "workload: [{client: {get: 1 MB, path: lte}}]").workload[0]
        #expect(item.path == LinkID(1) && item.over == nil)
        let both = complaints(head + "workload: [{client: {get: 1 MB, path: lte, over: wifi}}]")
        #expect(both.contains("'path' and 'over' cannot stand together"))
        let datagrams = complaints(head + "workload: [{client: {datagrams: 10 pps, path: lte}}]")
        #expect(datagrams.contains("datagrams are on no stream"))
    }
}
