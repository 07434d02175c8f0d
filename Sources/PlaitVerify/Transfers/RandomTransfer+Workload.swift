import PlaitCore
import PlaitScenario

/// What the applications of a random transfer do.
extension RandomTransfer {
    mutating func workload() -> [WorkloadItem] {
        let total = choices.magnitude(1_000...bytesMax)
        let count = choices.number(1...6)
        let connections = choices.happens(percent: 30) ? 2 : 1
        return (0..<count).map { index in
            var item = WorkloadItem(
                name: "work-\(index + 1)",
                client: Self.client,
                server: Self.server,
                work: .get(.fixed(1))
            )
            if choices.happens(percent: 50) { item.at = .milliseconds(choices.number(0...5_000)) }
            if connections > 1, choices.happens(percent: 50) { item.connection = "other" }
            give(&item, bytes: max(1, total / count))
            return item
        }
    }

    /// What the slowest link carries in 20 s, a small window a thousand times over, and no more than a desk can wait
    /// for.
    var bytesMax: Int64 {
        let link = Int64(slowest.bitsPerSecond) / 8 * 20
        let window = min(transport.windows.stream, transport.windows.connection, transport.sendBuffer)
        return max(1_000, min(4_000_000, link, 1_000 * window))
    }

    private mutating func give(_ item: inout WorkloadItem, bytes: Int64) {
        switch choices.number(0...9) {
        case 0...2: item.work = .get(size(bytes, &item))
        case 3...5: item.work = .put(size(bytes, &item))
        case 6...7: item.work = .requests(requests(bytes, &item))
        default: item.work = .datagrams(datagrams())
        }
        guard case .datagrams = item.work else {
            if choices.happens(percent: 50) { item.priority = choices.number(0...255) }
            return
        }
    }

    /// Shares the bytes among streams.
    private mutating func size(_ bytes: Int64, _ item: inout WorkloadItem) -> Amount {
        if choices.happens(percent: 40) { item.streams = choices.magnitude(1...60) }
        return amount(max(1, bytes / item.streams))
    }

    private mutating func amount(_ mean: Int64) -> Amount {
        switch choices.number(0...3) {
        case 0, 1: .fixed(mean)
        case 2: .uniform(max(1, mean / 2), mean + mean / 2)
        default: .exponential(mean: mean)
        }
    }

    private mutating func requests(_ bytes: Int64, _ item: inout WorkloadItem) -> RequestWork {
        if choices.happens(percent: 50) { item.streams = choices.magnitude(1...10) }
        let count = choices.magnitude(1...30)
        var work = RequestWork(response: amount(max(1, bytes / count / item.streams)))
        work.request = amount(choices.magnitude(1...2_000))
        work.count = count
        if choices.happens(percent: 40) { work.think = .uniform(0, 1_000_000 * choices.magnitude(1...1_000)) }
        return work
    }

    /// At most a quarter of what the slowest link carries.
    private mutating func datagrams() -> DatagramWork {
        let size = choices.number(16...1_000)
        let most = Int64(slowest.bitsPerSecond) / 4 / (8 * 1_100)
        var work = DatagramWork(rate: .messages(perThousandSeconds: 1_000 * choices.number(1...max(1, min(200, most)))))
        work.size = .fixed(size)
        work.duration = .milliseconds(choices.number(100...5_000))
        if choices.happens(percent: 50) { work.deadline = .milliseconds(choices.number(20...500)) }
        work.fromServer = choices.happens(percent: 50)
        return work
    }
}
