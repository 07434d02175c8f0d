#!/usr/bin/env python3
"""Read every packet of a capture, from docs/WIRE.md and nothing else.

    python3 wire.py CAPTURE.pcapng KEYS [--bytes] [--quiet] [--expect-data N]

Prints one JSON object a packet, and a summary on standard error. With --bytes, runs of bytes are printed too, in
hexadecimal; with --quiet, only the summary. Exit status 0: everything was read; 1: the first packet that cannot be
read, with its place and the reason, or fewer than N data packets; 2: the files cannot be used.

A link may damage packets. Those that the capture itself marks as damaged (a comment with "corrupted:") are counted and
not read, and so is any other packet with exactly the same bytes: the same packet on its further way, or a copy of it.
Everything else must be as it was sent, whatever became of it later.
"""
import argparse
import hashlib
import hmac
import json
import struct
import sys
from collections import Counter

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

VARINT_MAX = 2**62 - 1


class Unreadable(Exception):
    """Bytes that the page does not allow."""


class Unusable(Exception):
    """A file that is not what it should be."""


def need(condition, reason):
    if not condition:
        raise Unreadable(reason)


# ---- Numbers and fields


class Fields:
    """A cursor over a packet's frames."""

    def __init__(self, data):
        self.data = data
        self.place = 0

    def left(self):
        return len(self.data) - self.place

    def fixed(self, count):
        need(count <= self.left(), f"{count} bytes where {self.left()} are left")
        self.place += count
        return self.data[self.place - count : self.place]

    def integer(self, count):
        return int.from_bytes(self.fixed(count), "big")

    def varint(self):
        need(self.left() > 0, "a number where nothing is left")
        count = 1 << (self.data[self.place] >> 6)
        return self.integer(count) & ((1 << (8 * count - 2)) - 1)

    def run(self):
        return self.fixed(self.varint())

    def some(self):
        run = self.run()
        need(run, "an empty run where something must be")
        return run

    def rest(self):
        return self.fixed(self.left())

    def frame_type(self):
        start = self.place
        value = self.varint()
        shortest = 1 if value < 2**6 else 2 if value < 2**14 else 4 if value < 2**30 else 8
        need(self.place - start == shortest, "a frame type in a longer form than it needs")
        return value

    def path(self):
        value = self.varint()
        need(value < 2**32, f"path {value}")
        return value

    def count(self):
        value = self.varint()
        need(value <= 2**60, f"{value} streams")
        return value


# ---- Frames


def ack(f, kind):
    frame = {"frame": "ACK", "path": f.path(), "largest": f.varint(), "delay": f.varint()}
    further = f.varint()
    need(further <= 63, f"an ACK with {further} further ranges")
    last = frame["largest"]
    first = last - f.varint()
    ranges = [[first, last]]
    for _ in range(further):
        last = first - f.varint() - 2
        first = last - f.varint()
        ranges.append([first, last])
    need(first >= 0, "a range of an ACK below 0")
    frame["ranges"] = ranges
    if kind == 0x03:
        frame["ecn"] = [f.varint(), f.varint(), f.varint()]
    return frame


def stream(f, kind):
    frame = {"frame": "STREAM", "stream": f.varint(), "offset": f.varint() if kind & 4 else 0}
    frame["bytes"] = f.run() if kind & 2 else f.rest()
    frame["end"] = bool(kind & 1)
    need(frame["offset"] + len(frame["bytes"]) <= VARINT_MAX, "stream data beyond 2^62 - 1")
    return frame


def new_connection_id(f):
    frame = {"frame": "NEW_CONNECTION_ID", "path": f.path(), "sequence": f.varint(), "retire_prior": f.varint()}
    frame["id"] = f.fixed(8).hex()
    need(frame["retire_prior"] <= frame["sequence"], "an id that retires itself")
    need(int(frame["id"], 16) != 0, "connection id 0")
    return frame


def path_status(f):
    frame = {"frame": "PATH_STATUS", "path": f.path(), "sequence": f.varint(), "status": f.varint()}
    need(frame["status"] <= 1, f"path status {frame['status']}")
    return frame


def both(name):
    return lambda f, direction: {"frame": name, "direction": direction, "count": f.count()}


max_streams, streams_blocked = both("MAX_STREAMS"), both("STREAMS_BLOCKED")
BIDIRECTIONAL, UNIDIRECTIONAL = "bidirectional", "unidirectional"

FRAMES = {
    0x01: lambda f: {"frame": "PING"},
    0x02: lambda f: ack(f, 0x02),
    0x03: lambda f: ack(f, 0x03),
    0x04: lambda f: {"frame": "RESET_STREAM", "stream": f.varint(), "code": f.varint(), "final_size": f.varint()},
    0x05: lambda f: {"frame": "STOP_SENDING", "stream": f.varint(), "code": f.varint()},
    0x06: lambda f: {"frame": "HANDSHAKE", "bytes": f.some()},
    0x07: lambda f: {"frame": "COOKIE", "bytes": f.some()},
    0x10: lambda f: {"frame": "MAX_DATA", "limit": f.varint()},
    0x11: lambda f: {"frame": "MAX_STREAM_DATA", "stream": f.varint(), "limit": f.varint()},
    0x12: lambda f: max_streams(f, BIDIRECTIONAL),
    0x13: lambda f: max_streams(f, UNIDIRECTIONAL),
    0x14: lambda f: {"frame": "DATA_BLOCKED", "limit": f.varint()},
    0x15: lambda f: {"frame": "STREAM_DATA_BLOCKED", "stream": f.varint(), "limit": f.varint()},
    0x16: lambda f: streams_blocked(f, BIDIRECTIONAL),
    0x17: lambda f: streams_blocked(f, UNIDIRECTIONAL),
    0x18: new_connection_id,
    0x19: lambda f: {"frame": "RETIRE_CONNECTION_ID", "path": f.path(), "sequence": f.varint()},
    0x1A: lambda f: {"frame": "PATH_CHALLENGE", "data": f.fixed(8).hex()},
    0x1B: lambda f: {"frame": "PATH_RESPONSE", "data": f.fixed(8).hex()},
    0x1C: lambda f: {"frame": "CLOSE", "code": f.varint(), "frame_type": f.varint(), "bytes": f.run()},
    0x1D: path_status,
    0x1E: lambda f: {"frame": "PATH_ABANDON", "path": f.path(), "code": f.varint()},
    0x1F: lambda f: {"frame": "KEY_UPDATE", "generation": f.varint()},
    0x20: lambda f: {"frame": "TICKET", "bytes": f.some()},
    0x21: lambda f: {"frame": "OFFER", "bytes": f.some()},
    0x22: lambda f: {"frame": "REFUSAL", "code": f.varint(), "bytes": f.run()},
    0x23: lambda f: {"frame": "APPLICATION_CLOSE", "code": f.varint(), "bytes": f.run()},
    0x24: lambda f: {"frame": "HANDSHAKE_CONFIRMED"},
    0x30: lambda f: {"frame": "DATAGRAM", "bytes": f.rest()},
    0x31: lambda f: {"frame": "DATAGRAM", "bytes": f.run()},
}
HANDSHAKE_ONLY = {"HANDSHAKE", "COOKIE", "OFFER", "REFUSAL"}


def read_frame(f):
    kind = f.frame_type()
    if kind == 0x00:
        count = 1
        while f.left() > 0 and f.data[f.place] == 0:
            f.place += 1
            count += 1
        return {"frame": "PADDING", "count": count}
    if 0x08 <= kind <= 0x0F:
        return stream(f, kind)
    if kind in FRAMES:
        return FRAMES[kind](f)
    need(kind >= 0x80 and kind % 2 == 0, f"frame type {kind:#x}")
    return {"frame": "EXTENSION", "type": kind, "bytes": f.run()}


def read_frames(data, allowed):
    f = Fields(data)
    frames = []
    need(f.left() > 0, "a packet without any frame")
    while f.left() > 0:
        place = f.place
        try:
            frame = read_frame(f)
            need(allowed(frame["frame"]), f"{frame['frame']} is not allowed in this packet")
        except Unreadable as error:
            raise Unreadable(f"byte {place} of the frames: {error}") from None
        frames.append(frame)
    return frames


# ---- Handshake packets

KINDS = {
    0: ("initiation", {"OFFER", "COOKIE", "HANDSHAKE", "PADDING"}),
    1: ("reply", {"HANDSHAKE", "PADDING"}),
    2: ("finish", {"HANDSHAKE", "PADDING"}),
    3: ("cookie", {"COOKIE", "PADDING"}),
    4: ("refusal", {"REFUSAL", "PADDING"}),
}
MUST_HOLD = {0: ("OFFER", "HANDSHAKE"), 1: ("HANDSHAKE",), 2: ("HANDSHAKE",), 3: ("COOKIE",), 4: ("REFUSAL",)}


def read_offer(data):
    f = Fields(data)
    offer = {"source": f.fixed(8).hex(), "pattern": f.integer(1)}
    need(offer["pattern"] <= 1, f"pattern {offer['pattern']}")
    offer["versions"] = [f.integer(4) for _ in range(f.integer(1))]
    offer["version"] = f.integer(4)
    offer["suites"] = [f.integer(2) for _ in range(f.integer(1))]
    offer["suite"] = f.integer(2)
    offer["supported"], offer["required"] = f.integer(8), f.integer(8)
    need(f.left() == 0, "bytes behind an offer")
    need(len(offer["versions"]) <= 8 and len(offer["suites"]) <= 8, "an offer with more than 8 choices")
    need(offer["version"] in offer["versions"] and offer["suite"] in offer["suites"], "a choice that is not offered")
    need(offer["required"] & ~offer["supported"] == 0, "a capability required and not supported")
    return offer


def read_refusal(code, details):
    need(1 <= code <= 5, f"refusal code {code}")
    size = {1: 4, 2: 2}.get(code)
    if size is None:
        need(not details, "details of a refusal that has none")
        return []
    need(len(details) % size == 0, "details of a refusal that end in the middle")
    return [int.from_bytes(details[at : at + size], "big") for at in range(0, len(details), size)]


def read_handshake(data):
    kind = data[0] & 0x3F
    need(kind in KINDS, f"handshake packet of kind {kind}")
    name, allowed = KINDS[kind]
    packet = {"packet": name, "version": int.from_bytes(data[1:5], "big")}
    packet["destination"], packet["source"] = data[5:13].hex(), data[13:21].hex()
    nobody = "0" * 16
    need(packet["version"] == 1, f"version {packet['version']}")
    need((packet["destination"] == nobody) == (kind == 0), f"{name} to {packet['destination']}")
    need((packet["source"] == nobody) == (kind in (3, 4)), f"{name} from {packet['source']}")
    need(kind != 0 or len(data) >= 1200, f"an initiation of {len(data)} bytes")
    packet["frames"] = read_frames(data[21:], lambda frame: frame in allowed)
    held = Counter(frame["frame"] for frame in packet["frames"])
    for frame in MUST_HOLD[kind]:
        need(held[frame] > 0, f"{name} without {frame}")
    for frame, count in held.items():
        need(count == 1 or frame == "PADDING", f"{name} with {count} {frame}")
    for frame in packet["frames"]:
        if frame["frame"] == "OFFER":
            frame["offer"] = read_offer(frame["bytes"])
            need(frame["offer"]["source"] == packet["source"], "the offer is of another source than its packet")
            need(frame["offer"]["version"] == packet["version"], "the offer is of another version than its packet")
        if frame["frame"] == "COOKIE":
            need(len(frame["bytes"]) == 17 and frame["bytes"][0] <= 1, "a cookie that is not 17 bytes of key and MAC")
        if frame["frame"] == "REFUSAL":
            frame["details"] = read_refusal(frame["code"], frame["bytes"])
    return packet


# ---- Keys

HASHES = {1: "sha256", 2: "blake2b", 3: "sha256"}
# Of more paths in one connection the first ids are not looked for.
PATHS_MAX = 64


def expand(suite, secret, label, length):
    """HKDF-Expand of RFC 5869."""
    output, block = b"", b""
    while len(output) < length:
        info = block + label + bytes([len(output) // hashlib.new(HASHES[suite]).digest_size + 1])
        block = hmac.new(secret, info, HASHES[suite]).digest()
        output += block
    return output[:length]


class Receiver:
    """The keys under which one end of a connection receives."""

    def __init__(self, name):
        self.name = name
        self.secrets = {}
        self.keys = {}
        self.generation = 0
        self.header_key = None
        self.largest = {}

    def add(self, generation, suite, secret):
        if self.secrets.get(generation, (suite, secret)) != (suite, secret):
            raise Unusable(f"two secrets of {self.name}, generation {generation}")
        self.secrets[generation] = (suite, secret)

    def prepare(self):
        """What the log says of later generations must follow from the one before."""
        if 0 not in self.secrets:
            raise Unusable(f"no secret of {self.name}, generation 0")
        for generation in sorted(self.secrets)[1:]:
            if generation - 1 in self.secrets and self.secrets[generation] != self.following(generation - 1):
                raise Unusable(f"generation {generation} of {self.name} does not follow from the one before")
        self.header_key = expand(*self.secrets[0], b"plait hp", 32)

    def following(self, generation):
        suite, secret = self.secrets[generation]
        return suite, expand(suite, secret, b"plait ku", 32)

    def key(self, generation):
        """AEAD and IV; a generation that the log leaves out is computed from the one before."""
        if generation not in self.secrets:
            self.secrets[generation] = self.following(generation - 1)
        if generation not in self.keys:
            suite, secret = self.secrets[generation]
            aead = AESGCM if suite == 3 else ChaCha20Poly1305
            iv = int.from_bytes(expand(suite, secret, b"plait iv", 12), "big")
            self.keys[generation] = aead(expand(suite, secret, b"plait key", 32)), iv
        return self.keys[generation]

    def open(self, data):
        mask = Cipher(algorithms.ChaCha20(self.header_key, data[17:33]), None).encryptor().update(bytes(16))
        first = data[0] ^ mask[0] & 0x1F
        count = (first & 3) + 1
        path = bytes(a ^ b for a, b in zip(data[9:13], mask[1:5]))
        number = bytes(a ^ b for a, b in zip(data[13 : 13 + count], mask[5:9]))
        header = bytes([first]) + data[1:9] + path + number
        phase = first >> 2 & 1
        path = int.from_bytes(path, "big")
        for generation in range(self.generation + 1, -1, -1):
            if generation & 1 != phase:
                continue
            aead, iv = self.key(generation)
            for full in self.candidates(path, int.from_bytes(number, "big"), 1 << 8 * count):
                nonce = (iv ^ (path << 64 | full)).to_bytes(12, "big")
                try:
                    frames = aead.decrypt(nonce, data[13 + count :], header)
                except InvalidTag:
                    continue
                self.generation = max(self.generation, generation)
                self.largest[path] = max(self.largest.get(path, -1), full)
                need(first & 0x18 == 0, "a reserved bit that is not 0")
                return {"path": path, "number": full, "number_length": count, "generation": generation}, frames
        raise Unreadable(f"no key of {self.name} opens it (as path {path}, phase {phase}, {count} bytes of number)")

    def candidates(self, path, low, window):
        """The number nearest to the one expected, as its receiver would take it, and its neighbours a window away: a
        capture may see packets in another order than their receiver."""
        expected = self.largest.get(path, -1) + 1
        nearest = (expected & ~(window - 1)) | low
        around = sorted((nearest + step * window for step in range(-3, 4)), key=lambda number: abs(number - expected))
        return [number for number in around if 0 <= number <= VARINT_MAX]


class Keys:
    """The key log, and which connection ids stand for which keys."""

    def __init__(self, path):
        self.receivers = {}
        self.aliases = {}
        self.peers = {}
        with open(path, encoding="ascii") as lines:
            for number, line in enumerate(lines, 1):
                words = line.split()
                if not words or words[0] != "PLAIT_TRAFFIC":
                    continue
                if len(words) != 5 or len(words[1]) != 16 or len(words[4]) != 64 or int(words[3]) not in HASHES:
                    raise Unusable(f"line {number} of the key log")
                receiver = self.receivers.setdefault(words[1], Receiver(words[1]))
                receiver.add(int(words[2]), int(words[3]), bytes.fromhex(words[4]))
        for receiver in self.receivers.values():
            receiver.prepare()
            # How many paths there may be is said in the handshake, which is not decrypted here: a prefix of an expansion is
            # the same whatever its length.
            names = expand(*receiver.secrets[0], b"plait path", 8 * PATHS_MAX)
            for place in range(0, len(names), 8):
                value = max(int.from_bytes(names[place : place + 8], "big"), 1)
                self.aliases[f"{value:016x}"] = receiver.name

    def receiver(self, name):
        name = self.aliases.get(name, name)
        need(name in self.receivers, f"no key for connection id {name}")
        return self.receivers[name]

    def met(self, client, server):
        """A reply shows who belongs together; a client may have been answered more than once."""
        self.peers[server] = client
        if server in self.receivers:
            self.peers[client] = server

    def issued(self, name, to):
        """Whoever sends to `to` can be reached as `name` from now on."""
        sender = self.peers.get(to)
        need(sender is not None, f"a new connection id of whoever sends to {to}, whose handshake was not seen")
        self.aliases[name] = sender


def read_data(data, keys):
    receiver = keys.receiver(data[1:9].hex())
    header, plaintext = receiver.open(data)
    packet = {"packet": "data", "destination": data[1:9].hex(), **header}
    packet["frames"] = read_frames(plaintext, lambda frame: frame not in HANDSHAKE_ONLY)
    for frame in packet["frames"]:
        if frame["frame"] == "NEW_CONNECTION_ID":
            keys.issued(frame["id"], receiver.name)
    return packet


def read_packet(data, keys):
    if len(data) >= 33 and data[0] >> 5 == 0b010:
        return read_data(data, keys)
    if len(data) >= 21 and data[0] >> 6 == 0b11:
        packet = read_handshake(data)
        if packet["packet"] == "reply":
            keys.met(packet["destination"], packet["source"])
        return packet
    raise Unreadable(f"{len(data)} bytes beginning with {data[:1].hex()}: not of this protocol")


# ---- The capture (draft-ietf-opsawg-pcapng)


def options(data, order):
    place = 0
    while place + 4 <= len(data):
        code, length = struct.unpack_from(order + "HH", data, place)
        if code == 0:
            return
        yield code, data[place + 4 : place + 4 + length]
        place += 4 + (length + 3) // 4 * 4


def blocks(data):
    order, place = "<", 0
    while place < len(data):
        if len(data) - place < 12:
            raise Unusable(f"the capture ends in the middle of a block at byte {place}")
        if data[place : place + 4] == b"\x0a\x0d\x0d\x0a":
            order = "<" if data[place + 8 : place + 12] == b"\x4d\x3c\x2b\x1a" else ">"
        kind, length = struct.unpack_from(order + "II", data, place)
        if length < 12 or length % 4 or place + length > len(data):
            raise Unusable(f"a block of {length} bytes at byte {place} of the capture")
        yield kind, data[place + 8 : place + length - 4], order
        place += length


def captured(path):
    """(number, time, interface, comment, datagram or None) of each packet."""
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != b"\x0a\x0d\x0d\x0a":
        raise Unusable("the capture is not pcapng")
    interfaces, number = [], 0
    for kind, block, order in blocks(data):
        if kind == 1:
            if struct.unpack_from(order + "H", block)[0] != 101:
                raise Unusable("an interface whose link type is not raw IP")
            interfaces.append(next((v.decode() for c, v in options(block[8:], order) if c == 2), "?"))
        if kind == 6:
            number += 1
            interface, high, low, length, whole = struct.unpack_from(order + "IIIII", block)
            comments = [v.decode() for c, v in options(block[20 + (length + 3) // 4 * 4 :], order) if c == 1]
            datagram = udp(block[20 : 20 + length]) if length == whole else None
            yield number, high << 32 | low, interfaces[interface], "; ".join(comments), datagram


def udp(packet):
    """(source, destination, payload)"""
    if packet[0] >> 4 == 4:
        header, protocol, (source, target) = (packet[0] & 15) * 4, packet[9], (packet[12:16], packet[16:20])
    else:
        header, protocol, (source, target) = 40, packet[6], (packet[8:24], packet[24:40])
    if protocol != 17:
        raise Unusable("a packet that is not UDP")
    ports = struct.unpack_from(">HH", packet, header)
    return (source.hex(), ports[0]), (target.hex(), ports[1]), packet[header + 8 :]


# ---- All together


def plain(packet, with_bytes):
    """Runs of bytes as their length, and in hexadecimal if they are wanted."""
    for frame in packet.get("frames", []):
        if "bytes" in frame:
            run = frame.pop("bytes")
            frame["length"] = len(run)
            if with_bytes:
                frame["bytes"] = run.hex()
    return packet


def main():
    parser = argparse.ArgumentParser(description="Read every packet of a capture, from docs/WIRE.md and nothing else.")
    parser.add_argument("capture")
    parser.add_argument("keys")
    parser.add_argument("--bytes", action="store_true", help="print runs of bytes in hexadecimal")
    parser.add_argument("--quiet", action="store_true", help="print the summary only")
    parser.add_argument("--expect-data", type=int, default=0, metavar="N", help="fail with fewer data packets")
    arguments = parser.parse_args()
    counts = Counter()
    try:
        keys = Keys(arguments.keys)
        packets = list(captured(arguments.capture))
        damaged = {datagram for _, _, _, comment, datagram in packets if "corrupted:" in comment}
        for number, time, interface, comment, datagram in packets:
            line = {"number": number, "time": time, "interface": interface}
            if datagram is None:
                counts["without their bytes"] += 1
                packet = {"packet": "without its bytes"}
            elif datagram in damaged:
                counts["damaged"] += 1
                packet = {"packet": "damaged"}
            else:
                try:
                    packet = plain(read_packet(datagram[2], keys), arguments.bytes)
                except Unreadable as error:
                    print(f"packet {number}, {time} ns, {interface}: {error}", file=sys.stderr)
                    print(f"    {comment or 'no comment'}; {datagram[2].hex()}", file=sys.stderr)
                    return 1
                counts[packet["packet"]] += 1
                line["length"] = len(datagram[2])
            if not arguments.quiet:
                print(json.dumps({"capture": line, **packet}))
    except (Unusable, OSError, ValueError, struct.error) as error:
        print(f"wire.py: {error}", file=sys.stderr)
        return 2
    print("wire.py: " + (", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "nothing"), file=sys.stderr)
    if counts["data"] < arguments.expect_data:
        print(f"wire.py: only {counts['data']} data packets, {arguments.expect_data} expected", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
