import PlaitCore
import PlaitReport
import PlaitRun
import PlaitScenario

// What the report says of a workload: rows over seeds for people, an object a run for programs.
extension RunReport {
    /// A row an item; delays are those of messages, or the medians of how long exchanges took.
    func workRows() -> [[String]] {
        let head = ["item", "complete %", "goodput Mbps", "median ms", "p95 ms"]
        return [head]
            + request.scenario.workload.indices.map { item in
                let works = campaign.runs.compactMap(\.summary.work)
                let name = request.scenario.workload[item].name
                return request.scenario.workload[item].work.kind == "datagrams"
                    ? datagramRow(name, item, works) : exchangeRow(name, item, works)
            }
    }

    private func exchangeRow(_ name: String, _ item: Int, _ works: [WorkReport]) -> [String] {
        let durations = works.map { $0.durations(of: [item]) }
        let shares = works.compactMap { work -> Double? in
            let own = work.exchanges.filter { $0.item == item }
            return own.isEmpty ? nil : 100 * Double(own.count { $0.outcome == .complete }) / Double(own.count)
        }
        return [
            name, Self.interval(shares),
            Self.interval(works.compactMap { $0.goodput(of: [item]).map { Double($0) / 1e6 } }),
            Self.interval(durations.compactMap { nearestRank(50, of: $0).map { Double($0) / 1e6 } }),
            Self.interval(durations.compactMap { nearestRank(95, of: $0).map { Double($0) / 1e6 } }),
        ]
    }

    private func datagramRow(_ name: String, _ item: Int, _ works: [WorkReport]) -> [String] {
        let records = works.compactMap { work in work.datagrams.first { $0.item == item } }
        let shares = records.compactMap { record in
            record.sent.packets == 0 ? nil : 100 * Double(record.received.packets) / Double(record.sent.packets)
        }
        return [
            name, Self.interval(shares), "-",
            Self.interval(records.compactMap { $0.quantiles.map { Double($0[0]) / 1e6 } }),
            Self.interval(records.compactMap { $0.quantiles.map { Double($0[1]) / 1e6 } }),
        ]
    }

    func write(_ work: WorkReport, _ json: inout JSONWriter) {
        json.object { json in
            json.key("exchanges")
            json.value(UInt64(work.exchanges.count))
            json.key("complete_exchanges")
            json.value(UInt64(work.exchanges.count { $0.outcome == .complete }))
            json.key("bytes")
            json.value(work.goodBytes)
            if let goodput = work.goodput(of: nil) {
                json.key("goodput_mbps")
                json.value(goodput, places: 6)
            }
            if let handshake = work.handshakes.max() {
                json.key("handshake_ms")
                json.value(handshake.nanoseconds, places: 6)
            }
            if let bound = work.bound {
                json.key("oracle_ms")
                json.value(bound.nanoseconds, places: 6)
            }
            let durations = work.durations(of: nil)
            for (name, percent) in [("completion_p50_ms", 50), ("completion_p95_ms", 95), ("completion_max_ms", 100)] {
                guard let value = nearestRank(percent, of: durations) else { continue }
                json.key(name)
                json.value(value, places: 6)
            }
            json.key("lost_packets")
            json.value(work.sum(\.lostPackets))
            json.key("retransmitted_bytes")
            json.value(work.sum(\.retransmittedBytes))
        }
    }
}
