package import PlaitCore

/// `manifest.json`: what a run was, so that another person can repeat it and another program can read its tables.
///
/// Everything but `timing` is reproducible: the same on every machine of the platform, whenever it runs.
package struct Manifest: Sendable {
    package var plaitVersion: String
    package var scenario: String
    /// The scenario with includes, presets and overrides applied.
    package var resolvedScenario: String
    package var seeds: [UInt64]
    /// Name (`run`, `host/client`, `link/wifi/client>server`) and 32 hexadecimal digits, in a fixed order.
    package var hashes: [(name: String, digits: String)]
    /// Such as `linux-x86_64`.
    package var platform: String
    /// The command that makes this folder again.
    package var reproduce: String
    package var samplingInterval: Interval
    package var labels: RunLabels
    /// The other files of the folder.
    package var files: [String]
    /// Wall-clock durations in nanoseconds, by what took them.
    package var timing: [(name: String, nanoseconds: Int64)]

    package init(
        plaitVersion: String,
        scenario: String,
        resolvedScenario: String,
        seeds: [UInt64],
        hashes: [(name: String, digits: String)],
        platform: String,
        reproduce: String,
        samplingInterval: Interval,
        labels: RunLabels,
        files: [String],
        timing: [(name: String, nanoseconds: Int64)]
    ) {
        self.plaitVersion = plaitVersion
        self.scenario = scenario
        self.resolvedScenario = resolvedScenario
        self.seeds = seeds
        self.hashes = hashes
        self.platform = platform
        self.reproduce = reproduce
        self.samplingInterval = samplingInterval
        self.labels = labels
        self.files = files
        self.timing = timing
    }

    package func write(in folder: String) throws(FileError) {
        try FileSink.write(document, to: folder + "/manifest.json")
    }

    /// The file's content.
    package var document: Text {
        var json = JSONWriter(pretty: true)
        json.object { json in
            json.key("format_version")
            json.value(ResultTable.formatVersion)
            json.key("plait_version")
            json.value(plaitVersion)
            json.key("scenario")
            json.value(scenario)
            json.key("seeds")
            json.array { json in for seed in seeds { json.value(seed) } }
            json.key("platform")
            json.value(platform)
            json.key("reproduce")
            json.value(reproduce)
            json.key("hashes")
            json.object { json in
                for hash in hashes {
                    json.key(hash.name)
                    json.value(hash.digits)
                }
            }
            json.key("sampling_interval_ns")
            json.value(samplingInterval.nanoseconds)
            names(&json)
            json.key("files")
            json.array { json in for file in files { json.value(file) } }
            json.key("resolved_scenario")
            json.value(resolvedScenario)
            json.key("timing")
            json.object { json in
                for entry in timing {
                    json.key(entry.name + "_ms")
                    json.value(entry.nanoseconds, places: 6)
                }
            }
        }
        return json.document
    }

    private func names(_ json: inout JSONWriter) {
        json.key("hosts")
        json.array { json in for host in labels.hosts { json.value(host) } }
        json.key("directions")
        json.array { json in
            for direction in labels.directions {
                json.object { json in
                    json.key("link")
                    json.value(direction.link)
                    json.key("from")
                    json.value(direction.from)
                    json.key("to")
                    json.value(direction.to)
                    json.key("rate_bps")
                    json.value(direction.rate.bitsPerSecond)
                }
            }
        }
        json.key("flows")
        json.array { json in for flow in labels.flows { json.value(flow) } }
        guard !labels.items.isEmpty else { return }
        json.key("items")
        json.array { json in for item in labels.items { json.value(item.name) } }
        json.key("connections")
        json.array { json in for connection in labels.connections { json.value(connection) } }
    }
}
