#!/usr/bin/env python3
"""Recompute every metric of a run folder from packets.csv, and compare.

An independent reading of results/METRICS.md: it shares nothing with the Swift that wrote the tables. Standard
library only, whole numbers and fractions only, so that "equal" means equal.

    python3 metrics.py FOLDER      exit status 0: all equal; 1: differences, printed; 2: cannot be compared
"""
import csv
import json
import os
import sys
from fractions import Fraction

LINK_REASONS = ["too-big", "down", "queue-full", "aqm", "flushed", "loss", "cut"]
HOST_REASONS = ["no-route", "host-down", "unreachable", "partitioned", "buffer-full", "controlled"]
BEFORE_SERIALISATION = {"too-big", "down", "queue-full", "aqm", "flushed"}
FLOW_COUNTS = ["sent", "copied", "delivered", "duplicate", "corrupted", "good", "dropped"]
LINK_COUNTS = ["offered", "departed", "arrived", "copied", "corrupted", "marked"]


def rounded(value):
    """To the nearest whole number, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def fixed(number, places=6):
    """number / 10**places in decimal."""
    return f"{number // 10**places}.{number % 10**places:0{places}d}"


def mbps(count, nanoseconds):
    if nanoseconds == 0:
        return fixed(0)
    return fixed(rounded(Fraction(count * 8 * 10**9, nanoseconds)))


def quantile(delays, percent):
    """The largest value of the bucket of the ceil(percent n / 100)-th smallest delay, at most the largest delay."""
    ordered = sorted(delays)
    rank = max(1, -(-len(ordered) * percent // 100))
    value = ordered[rank - 1]
    shift = max(0, value.bit_length() - 8)
    return min(((value >> shift) + 1 << shift) - 1, ordered[-1])


def mean_min_max(delays):
    if not delays:
        return "", "", ""
    return fixed(rounded(Fraction(sum(delays), len(delays)))), fixed(min(delays)), fixed(max(delays))


def six_delays(delays):
    mean, least, largest = mean_min_max(delays)
    quantiles = [fixed(quantile(delays, p)) if delays else "" for p in (50, 95, 99)]
    return dict(zip(["mean", "min", "p50", "p95", "p99", "max"], [mean, least, *quantiles, largest]))


class Counts(dict):
    def add(self, name, length):
        packets, size = self.get(name, (0, 0))
        self[name] = (packets + 1, size + length)

    def of(self, name):
        return self.get(name, (0, 0))


class Datagrams:
    """For every packet: who it is a copy of, when that was sent, and whether it is corrupted by now."""

    def __init__(self):
        self.origin, self.sent_at, self.corrupted, self.delivered = {}, {}, set(), set()

    def deliver(self, packet):
        origin = self.origin[packet]
        if packet in self.corrupted:
            kind = "corrupted"
        elif origin in self.delivered:
            kind = "duplicate"
        else:
            kind = "good"
            self.delivered.add(origin)
        return self.sent_at[origin], kind


class Queue:
    """What waits, how long the wire was busy; `history` has (time, packets, bytes) after each change."""

    def __init__(self):
        self.history = [(0, 0, 0)]
        self.busy = []
        self.serving = None

    def change(self, time, packets, size):
        last = self.history[-1]
        self.history.append((time, last[1] + packets, last[2] + size))

    def end_service(self, packet, time):
        if self.serving and self.serving[0] == packet:
            self.busy.append((self.serving[1], time))
            self.serving = None


def read(folder):
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    with open(os.path.join(folder, "packets.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return manifest, rows


def table(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Run:
    def __init__(self, manifest, rows, end):
        self.manifest, self.rows, self.end = manifest, rows, end
        step = manifest["sampling_interval_ns"]
        self.ends = list(range(step, end, step)) + [end]
        self.step = step
        self.links = {}  # (direction, interval) -> Counts
        self.flows = {}  # (flow, interval) -> Counts
        self.delays = {}  # (flow, interval) -> [ns]
        self.queues = {}
        self.host_drops = Counts()
        self.datagrams = Datagrams()
        for row in rows:
            self.take(row)
        for queue in self.queues.values():
            if queue.serving:
                queue.end_service(queue.serving[0], end)

    def interval(self, time):
        """Which (start, end] holds this time."""
        return max(0, min(-(-time // self.step) - 1, len(self.ends) - 1))

    def take(self, row):
        kind = row["event"]
        if kind == "changed":
            return
        time, packet, length = int(row["time_ns"]), int(row["packet"]), int(row["length_bytes"])
        place, reason, at = row["place"], row["reason"], self.interval(time)
        flow = self.flows.setdefault((row["flow"], at), Counts())
        if kind == "sent":
            self.datagrams.origin[packet] = packet
            self.datagrams.sent_at[packet] = time
            flow.add("sent", length)
        elif kind == "delivered":
            sent_at, what = self.datagrams.deliver(packet)
            flow.add("delivered", length)
            flow.add(what, length)
            self.delays.setdefault((row["flow"], at), []).append(time - sent_at)
        elif kind == "dropped":
            flow.add("dropped", length)
        if kind == "copied":
            original = int(row["detail"])
            self.datagrams.origin[packet] = self.datagrams.origin[original]
            if original in self.datagrams.corrupted:
                self.datagrams.corrupted.add(packet)
            flow.add("copied", length)
        if kind == "corrupted":
            self.datagrams.corrupted.add(packet)
        if kind in ("sent", "delivered"):
            return
        if kind == "dropped" and reason in HOST_REASONS:
            self.host_drops.add(reason, length)
            return
        self.on_link(kind, reason, place, packet, length, time, at)

    def on_link(self, kind, reason, place, packet, length, time, at):
        counts = self.links.setdefault((place, at), Counts())
        queue = self.queues.setdefault(place, Queue())
        if kind == "dropped":
            counts.add("dropped " + reason, length)
            if reason in BEFORE_SERIALISATION:
                queue.change(time, -1, -length)
            elif reason == "cut":
                queue.end_service(packet, time)
        elif kind == "offered":
            counts.add("offered", length)
            queue.change(time, +1, +length)
        elif kind == "started":
            queue.change(time, -1, -length)
            queue.serving = (packet, time)
        elif kind == "departed":
            counts.add("departed", length)
            queue.end_service(packet, time)
        else:
            counts.add(kind, length)

    # What the tables should say, as text.

    def expected_links(self):
        rows = [[] for _ in self.ends]
        for direction in self.manifest["directions"]:
            heading = direction["from"] + ">" + direction["to"]
            name = direction["link"] + "/" + heading
            queue = self.queues.get(name, Queue())
            levels = self.queue_levels(queue)
            busy = self.busy_times(queue)
            for at, end in enumerate(self.ends):
                length = end - (self.ends[at - 1] if at else 0)
                counts = self.links.get((name, at), Counts())
                row = {"time_ms": fixed(end), "interval_ms": fixed(length)}
                row |= {"link": direction["link"], "direction": heading}
                for what in LINK_COUNTS:
                    row |= traffic(what, counts.of(what))
                for reason in LINK_REASONS:
                    row |= traffic("dropped_" + reason.replace("-", "_"), counts.of("dropped " + reason))
                row["rate_mbps"] = mbps(counts.of("departed")[1], length)
                row["utilisation"] = fixed(rounded(Fraction(busy[at] * 10**6, length)) if length else 0)
                row |= traffic("queue", levels[at][0]) | traffic("queue_max", levels[at][1])
                rows[at].append(row)
        return [row for interval in rows for row in interval]

    def queue_levels(self, queue):
        """For each interval: the level at its end, and the largest level that lasted."""
        levels, place, history = [], 0, queue.history
        level = (0, 0)
        start = 0
        for end in self.ends:
            most, since = (0, 0), start
            while place < len(history) and history[place][0] <= end:
                if history[place][0] > since:
                    most = tuple(map(max, most, level))
                    since = history[place][0]
                level = history[place][1:]
                place += 1
            if end > since:
                most = tuple(map(max, most, level))
            levels.append((level, most))
            start = end
        return levels

    def busy_times(self, queue):
        total = [0] * len(self.ends)
        for first, last in queue.busy:
            at = max(0, first // self.step)
            while at < len(self.ends):
                start = self.ends[at - 1] if at else 0
                if start >= last:
                    break
                total[at] += max(0, min(last, self.ends[at]) - max(first, start))
                at += 1
        return total

    def expected_flows(self):
        rows = []
        for at, end in enumerate(self.ends):
            length = end - (self.ends[at - 1] if at else 0)
            for flow in self.manifest["flows"]:
                counts = self.flows.get((flow, at), Counts())
                row = {"time_ms": fixed(end), "interval_ms": fixed(length), "flow": flow}
                for what in FLOW_COUNTS:
                    row |= traffic(what, counts.of(what))
                row["goodput_mbps"] = mbps(counts.of("good")[1], length)
                mean, least, largest = mean_min_max(self.delays.get((flow, at), []))
                row |= {"delay_mean_ms": mean, "delay_min_ms": least, "delay_max_ms": largest}
                rows.append(row)
        return rows

    def whole(self, flows):
        sums, delays = {}, []
        for (flow, at), counts in self.flows.items():
            if flows is None or flow in flows:
                for what, (packets, size) in counts.items():
                    old = sums.get(what, (0, 0))
                    sums[what] = (old[0] + packets, old[1] + size)
                delays += self.delays.get((flow, at), [])
        row = {}
        for what in FLOW_COUNTS:
            row |= traffic(what, sums.get(what, (0, 0)))
        row["goodput_mbps"] = mbps(sums.get("good", (0, 0))[1], self.end)
        row |= {f"delay_{name}_ms": value for name, value in six_delays(delays).items()}
        return row

    def expected_flow_totals(self):
        return [{"flow": flow} | self.whole({flow}) for flow in self.manifest["flows"]]

    def expected_run(self):
        row = {"scenario": self.manifest["scenario"], "seed": str(self.manifest["seeds"][0])}
        row |= {"ended_ms": fixed(self.end), "trace_events": str(len(self.rows))} | self.whole(None)
        for reason in LINK_REASONS:
            packets = sum(c.of("dropped " + reason)[0] for c in self.links.values())
            row[f"dropped_{reason.replace('-', '_')}_packets"] = str(packets)
        for reason in HOST_REASONS:
            row[f"dropped_{reason.replace('-', '_')}_packets"] = str(self.host_drops.of(reason)[0])
        n = {what: int(row[what + "_packets"]) for what in FLOW_COUNTS}
        row["unfinished_packets"] = str(n["sent"] + n["copied"] - n["delivered"] - n["dropped"])
        return row


WORK_COUNTS = ["lost_packets", "spurious_packets", "probe_timeouts", "retransmitted_bytes"]
WORK_COLUMNS = [
    "connections", "lost_connections", "handshake_ms", "exchanges", "complete_exchanges", "work_bytes",
    "work_goodput_mbps", "completion_p50_ms", "completion_p95_ms", "completion_p99_ms", "completion_max_ms",
] + WORK_COUNTS


def nanoseconds(text):
    return int(text.replace(".", ""))


class Work:
    """What runs.csv says of a workload, from the rows of its own tables, and what those rows say of each other."""

    def __init__(self, folder, end):
        self.streams = table(folder, "streams.csv")
        self.connections = table(folder, "connections.csv")
        self.paths = table(folder, "paths.csv")
        self.end = end

    def expected_run(self):
        if self.streams is None:
            return dict.fromkeys(WORK_COLUMNS, "")
        # Streams by which datagrams are begun and ended move no data of their own.
        exchanges = [row for row in self.streams if row["kind"] != "datagrams"]
        complete = [row for row in exchanges if row["complete_ms"]]
        durations = sorted(nanoseconds(row["complete_ms"]) - nanoseconds(row["start_ms"]) for row in complete)
        clients = [row for row in self.connections if row["role"] == "client"]
        row = {"connections": str(len(clients))}
        row["lost_connections"] = str(sum(r["lost"] == "1" for r in clients))
        handshakes = [nanoseconds(r["handshake_ms"]) for r in clients if r["handshake_ms"]]
        row["handshake_ms"] = fixed(max(handshakes)) if handshakes else ""
        row |= {"exchanges": str(len(exchanges)), "complete_exchanges": str(len(complete))}
        good = sum(int(r["good_bytes"]) for r in self.streams)
        row |= {"work_bytes": str(good), "work_goodput_mbps": ""}
        if exchanges:
            last = self.end
            if len(complete) == len(exchanges):
                last = max(nanoseconds(r["complete_ms"]) for r in complete)
            row["work_goodput_mbps"] = mbps(good, last - min(nanoseconds(r["start_ms"]) for r in exchanges))
        for name, percent in [("p50", 50), ("p95", 95), ("p99", 99), ("max", 100)]:
            rank = max(1, -(-len(durations) * percent // 100))
            row[f"completion_{name}_ms"] = fixed(durations[rank - 1]) if durations else ""
        for what in WORK_COUNTS:
            row[what] = str(sum(int(r[what]) for r in self.connections))
        return row

    def expected_streams(self):
        rows = []
        for found in self.streams:
            row = dict(found)
            if row["complete_ms"]:
                duration = nanoseconds(row["complete_ms"]) - nanoseconds(row["start_ms"])
                row |= {"duration_ms": fixed(duration), "goodput_mbps": mbps(int(row["good_bytes"]), duration)}
                row["good_bytes"] = str(int(row["request_bytes"]) + int(row["response_bytes"]))
                row["outcome"] = "complete"
            else:
                row |= {"duration_ms": "", "goodput_mbps": ""}
            rows.append(row)
        return rows

    def expected_connections(self):
        """Handshakes from their two ends in time, and sums from the samples of the paths."""
        rows = []
        samples, ends = {}, {}
        for row in self.paths:
            sums = samples.setdefault((row["connection"], row["host"]), {})
            for what in ["sent_packets", "sent_bytes", "received_packets", "received_bytes"] + WORK_COUNTS[:3]:
                sums[what] = sums.get(what, 0) + int(row[what])
        for row in self.connections:
            key = (row["connection"], row["host"])
            ends[key] = ends.get(key, 0) + 1
        for found in self.connections:
            row = dict(found)
            key = (row["connection"], row["host"])
            if row["established_ms"]:
                took = nanoseconds(row["established_ms"]) - nanoseconds(row["began_ms"])
                row["handshake_ms"] = fixed(took)
                # Samples of a connection that was begun anew cannot be told apart.
                if ends[key] == 1:
                    row |= {what: str(value) for what, value in samples.get(key, {}).items()}
            else:
                row["handshake_ms"] = ""
            rows.append(row)
        return rows


def traffic(name, pair):
    return {name + "_packets": str(pair[0]), name + "_bytes": str(pair[1])}


def compare(name, expected, found, missing_is_fine=()):
    differences = []
    if len(expected) != len(found):
        differences.append(f"{name}: {len(found)} rows, recomputed {len(expected)}")
    for number, (mine, its) in enumerate(zip(expected, found), start=2):
        for column in its:
            if column in missing_is_fine:
                continue
            if column not in mine:
                differences.append(f"{name}:{number}: column {column} has no formula here")
            elif mine[column] != its[column]:
                differences.append(f"{name}:{number}: {column} is {its[column]!r}, recomputed {mine[column]!r}")
        differences += [f"{name}:{number}: column {c} is missing" for c in mine if c not in its]
    return differences


def main(folder):
    manifest, rows = read(folder)
    if manifest["format_version"] != 2:
        print(f"format version {manifest['format_version']} is not 2", file=sys.stderr)
        return 2
    runs = table(folder, "runs.csv")
    if not runs or len(runs) != 1:
        print("runs.csv must hold the one run of packets.csv", file=sys.stderr)
        return 2
    end = nanoseconds(runs[0]["ended_ms"])
    run, work = Run(manifest, rows, end), Work(folder, end)
    differences = compare("runs.csv", [run.expected_run() | work.expected_run()], runs, ("hash", "engine_events"))
    compared = ["runs.csv"]
    tables = [
        ("links.csv", run.expected_links),
        ("flows.csv", run.expected_flows),
        ("flow_totals.csv", run.expected_flow_totals),
    ]
    if work.streams is not None:
        tables += [("streams.csv", work.expected_streams), ("connections.csv", work.expected_connections)]
    for name, expected in tables:
        found = table(folder, name)
        if found is None:
            differences.append(f"{name} is missing")
            continue
        differences += compare(name, expected(), found)
        compared.append(name)
    for difference in differences[:50]:
        print(difference)
    if len(differences) > 50:
        print(f"and {len(differences) - 50} more differences")
    if not differences:
        print(f"{', '.join(compared)}: every column of {len(rows)} events recomputed, all equal")
    return 1 if differences else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    sys.exit(main(sys.argv[1]))
