import PlaitCore
import PlaitScenario
import Testing

@Suite("Transport and workload")
struct WorkloadTests {
    private let head = """
        stop: 10 s
        hosts: {client: {}, server: {}}
        links: {wifi: {between: [client, server]}, lte: {between: [client, server]}}

        """

    private func workload(_ text: String) throws -> [WorkloadItem] { try read(head + "workload:\n" + text).workload }

    @Test("the one other host is the server, and a get is named after what it does")
    func smallest() throws {
        let item = WorkloadItem(name: "get", client: HostID(0), server: HostID(1), work: .get(.fixed(40_000_000)))
        #expect(try workload("  - client: {get: 40 MB}") == [item])
        #expect(try workload("  - {at: 0 s, client: {get: 40 MB, from: server}}") == [item])
    }

    @Test("items that do the same are numbered around the names that were given")
    func names() throws {
        let items = try workload(
            """
              - client: {get: 1 MB}
              - client: {get: 2 MB, name: get-1}
              - server: {get: 3 MB}
              - client: {put: 4 MB}
            """
        )
        #expect(items.map(\.name) == ["get-2", "get-1", "get-3", "put"])
        #expect(items.map(\.client.index) == [0, 0, 1, 0])
    }

    @Test("work between the same hosts shares a connection unless it names another")
    func connections() throws {
        let items = try workload(
            """
              - client: {get: 1 MB}
              - client: {put: 2 MB, connection: bulk}
              - server: {get: 3 MB}
              - client: {put: 4 MB, over: lte}
              - client: {datagrams: 10 pps, connection: bulk, over: lte}
            """
        )
        let connections = items.connections
        #expect(connections.map(\.items) == [[0, 3], [1, 4], [2]])
        #expect(connections.map(\.name) == ["", "bulk", ""])
        #expect(connections.map { $0.over.map(\.index) } == [1, 1, nil])
    }

    @Test("requests have sizes that are drawn, a count or a time, and pauses")
    func requests() throws {
        let items = try workload(
            """
              - client: {requests: 30 kB}
              - client: {requests: {response: {exponential: 30 kB}, for: 5 s, think: {uniform: {from: 0 s, to: 1 ms}}}}
              - client: {requests: {request: 1 kB, response: 2 kB, count: 9}, streams: 4, priority: 255}
            """
        )
        var drawn = RequestWork(response: .exponential(mean: 30_000))
        drawn.duration = .seconds(5)
        drawn.think = .uniform(0, 1_000_000)
        #expect(items[1].work == .requests(drawn))
        var single = RequestWork(response: .fixed(30_000))
        single.count = 1
        #expect(items[0].work == .requests(single))
        var counted = RequestWork(response: .fixed(2_000))
        counted.request = .fixed(1_000)
        counted.count = 9
        #expect(items[2].work == .requests(counted) && items[2].streams == 4 && items[2].priority == 255)
    }

    @Test("datagrams come in messages or bits a second, from whoever is named as their source")
    func datagrams() throws {
        let items = try workload(
            """
              - client: {datagrams: {rate: 50 pps, size: 160 B, deadline: 100 ms, for: 5 s}}
              - client: {datagrams: {rate: 2 Mbps, count: 100}, from: server}
            """
        )
        var voice = DatagramWork(rate: .messages(perThousandSeconds: 50_000))
        voice.size = .fixed(160)
        voice.deadline = .milliseconds(100)
        voice.duration = .seconds(5)
        #expect(items[0].work == .datagrams(voice))
        var video = DatagramWork(rate: .bits(.megabits(2)))
        video.count = 100
        video.fromServer = true
        #expect(items[1].work == .datagrams(video))
        #expect(items.map(\.server.index) == [1, 1])
    }

    @Test("what transport: says is what both ends are configured with")
    func transport() throws {
        let transport = try read(
            head + """
                transport:
                  handshake: XX
                  congestion: newreno
                  idle-timeout: 2 h
                  keep-alive: 30 s
                  handshake-timeout: {first: 40 min}
                  windows: {stream: 20 MB}
                  key-update: {packets: 1_000}
                workload: [{client: {get: 1 MB}}]
                """
        ).transport
        var expected = TransportDescription()
        expected.handshake = .xx
        expected.congestion = ChosenModel(ModelChoice("newreno"))
        expected.idleTimeout = .seconds(7_200)
        expected.keepAlive = .seconds(30)
        expected.handshakeTimeout.first = .seconds(2_400)
        expected.handshakeTimeout.giveUp = .seconds(60_000)
        expected.windows.stream = 20_000_000
        expected.windows.streamMax = 20_000_000
        expected.keyUpdate.packets = 1_000
        #expect(transport == expected)
    }

    @Test("a value of the command line reaches into the work of a client, and another kind replaces the first")
    func overrides() throws {
        let text = head + "workload: [{client: {get: 1 MB}}]\n"
        let larger = try read(text, ["workload.0.client.get=5MB", "transport.handshake=XX"])
        #expect(larger.workload[0].work == .get(.fixed(5_000_000)) && larger.transport.handshake == .xx)
        #expect(try read(text, ["workload.0.client.put=5MB"]).workload[0].work == .put(.fixed(5_000_000)))
    }

    @Test("a keep-alive that comes too late, and work after the end, are told as warnings")
    func warnings() throws {
        let text =
            head + """
                transport: {idle-timeout: 5 s, keep-alive: 5 s}
                workload: [{at: 10 s, client: {get: 1 MB}}]
                """
        let source = ScenarioTexts(["test.yaml": text])
        let read = try ScenarioReader(source: source, vocabulary: testVocabulary).read("test.yaml")
        #expect(read.warnings.entries.count == 2 && !read.warnings.hasErrors)
    }
}
