import PlaitCore
package import PlaitReport
import PlaitTransport

/// `HOST.sqlog`: what one host's connections did, packet by packet, for qlog viewers
/// (draft-ietf-quic-qlog-main-schema-05 and -quic-events-05: qlog 0.3 as JSON text sequences, RFC 7464).
///
/// Plait is not QUIC: data packets are called `1RTT`, paths stand in the header as `path_id`, and frames that QUIC does
/// not have are `unknown` with their type and a name. Each event's `group_id` tells the connections apart. A
/// handshake's packets are not in it: they come before there is a connection, and `packets.csv` and captures have them.
package final class QlogFile {
    private var sink: FileSink
    private let times: HostTimes

    package init(host: String, isClient: Bool, scenario: String, times: HostTimes, in folder: String) throws(FileError)
    {
        sink = try FileSink(path: folder + "/" + Self.name(of: host))
        self.times = times
        record { json in
            json.key("qlog_format")
            json.value("JSON-SEQ")
            json.key("qlog_version")
            json.value("0.3")
            json.key("title")
            json.value("\(scenario): \(host)")
            json.key("trace")
            json.object { json in
                json.key("common_fields")
                json.object { json in
                    json.key("time_format")
                    json.value("relative")
                    json.key("reference_time")
                    json.value(0 as UInt64)
                    json.key("protocol_type")
                    json.array { $0.value("QUIC") }
                }
                json.key("vantage_point")
                json.object { json in
                    json.key("name")
                    json.value(host)
                    json.key("type")
                    json.value(isClient ? "client" : "server")
                }
            }
        }
    }

    /// The file of a host.
    package static func name(of host: String) -> String { host + ".sqlog" }

    package func commit() throws(FileError) { try sink.commit() }

    // MARK: Events

    func packet(_ name: String, _ packet: ObservedPacket, _ payload: RawSpan, _ reading: Instant) {
        event(name, packet.connection, reading) { json in
            json.key("header")
            json.object { json in
                json.key("packet_type")
                json.value("1RTT")
                json.key("packet_number")
                json.value(packet.number)
                json.key("path_id")
                json.value(UInt64(packet.path.value))
                json.key("key_phase")
                json.value(packet.generation & 1)
            }
            json.key("raw")
            json.object { json in
                json.key("length")
                json.value(UInt64(packet.length))
                json.key("payload_length")
                json.value(UInt64(payload.byteCount))
            }
            json.key("frames")
            QlogFrames.write(payload, to: &json)
        }
    }

    func lost(_ number: UInt64, _ path: PathID, _ connection: ConnectionHandle, _ reading: Instant) {
        event("recovery:packet_lost", connection, reading) { json in
            json.key("header")
            json.object { json in
                json.key("packet_type")
                json.value("1RTT")
                json.key("packet_number")
                json.value(number)
                json.key("path_id")
                json.value(UInt64(path.value))
            }
        }
    }

    func metrics(_ path: PathStatistics, _ connection: ConnectionHandle, _ reading: Instant) {
        event("recovery:metrics_updated", connection, reading) { json in
            json.key("path_id")
            json.value(UInt64(path.path))
            for (name, value) in [
                ("min_rtt", path.leastRoundTrip), ("smoothed_rtt", path.smoothedRoundTrip),
                ("latest_rtt", path.latestRoundTrip), ("rtt_variance", path.roundTripVariation),
            ] {
                json.key(name)
                json.value(value.nanoseconds, places: 6)
            }
            json.key("congestion_window")
            json.value(UInt64(path.congestionWindow))
            json.key("bytes_in_flight")
            json.value(UInt64(path.bytesInFlight))
            if let threshold = path.slowStartThreshold {
                json.key("ssthresh")
                json.value(UInt64(threshold))
            }
        }
    }

    func life(_ life: ConnectionLife, _ connection: ConnectionHandle, _ reading: Instant) {
        event("connectivity:connection_state_updated", connection, reading) { json in
            json.key("new")
            json.value(life == .opening ? "attempted" : life == .established ? "handshake_confirmed" : life.word)
        }
    }

    /// The drafts have an event for the size of packets, and none yet for the rest; viewers pass over names that they
    /// do not know.
    func path(_ change: PathEvent, _ connection: ConnectionHandle, _ reading: Instant) {
        if case .packetSizeChanged(let bytes) = change.what {
            return event("connectivity:mtu_updated", connection, reading) { json in
                json.key("path_id")
                json.value(UInt64(change.path.value))
                json.key("new")
                json.value(UInt64(bytes))
            }
        }
        event("plait:path_changed", connection, reading) { json in
            json.key("path_id")
            json.value(String(change.path.value))
            json.key("change")
            json.value(change.what.word + change.what.detail)
        }
    }

    private func event(
        _ name: String,
        _ connection: ConnectionHandle,
        _ reading: Instant,
        _ data: (inout JSONWriter) -> Void
    ) {
        record { json in
            json.key("time")
            json.value(times.virtual(at: reading).nanoseconds, places: 6)
            json.key("name")
            json.value(name)
            json.key("group_id")
            json.value("\(connection.slot).\(connection.generation)")
            json.key("data")
            json.object(data)
        }
    }

    /// A record separator, a text, a line feed: RFC 7464.
    private func record(_ members: (inout JSONWriter) -> Void) {
        var json = JSONWriter(pretty: false)
        json.object(members)
        sink.text.append(byte: 0x1e)
        sink.text.append(span: json.text.span)
        sink.text.append("\n")
        sink.settle()
    }
}
