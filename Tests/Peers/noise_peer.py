"""One end of a Plait handshake with `noiseprotocol`, over UDP on loopback; written from docs/WIRE.md.

    noise_peer.py respond XX|IK SUITE SECRET                    prints {"port": N}, then serves one client
    noise_peer.py initiate XX|IK SUITE SECRET PORT [SERVER_KEY]  talks to the server at 127.0.0.1:PORT

Keys are hexadecimal. The last line printed is the outcome. Exit status 1: no handshake within ten seconds.
"""

import json
import os
import socket
import struct
import sys
import time

from noise.connection import Keypair, NoiseConnection

SUITES = {1: "ChaChaPoly_SHA256", 2: "ChaChaPoly_BLAKE2b", 3: "AESGCM_SHA256"}
PATTERNS = {"XX": 0, "IK": 1}
INITIATION, REPLY, FINISH = 0, 1, 2
HANDSHAKE, OFFER, PADDING = 0x06, 0x21, 0x00
VERSION = 1
LABEL = b"plait handshake 1"
# dataMax 1,234 and pathsMax 3, in any order; an id that nobody knows between them.
PARAMETERS = bytes([0x0B, 1, 3]) + bytes([0x7F, 0xFF, 2, 9, 9]) + bytes([0x02, 2, 0x44, 0xD2])


def varint(number):
    if number < 1 << 6:
        return struct.pack(">B", number)
    if number < 1 << 14:
        return struct.pack(">H", number | 1 << 14)
    raise ValueError("longer than this peer needs")


def read_varint(data, place):
    length = 1 << (data[place] >> 6)
    number = int.from_bytes(data[place : place + length], "big") & ((1 << (8 * length - 2)) - 1)
    return number, place + length


def packet(kind, destination, source, *frames):
    head = struct.pack(">BIQQ", 0b1100_0000 | kind, VERSION, destination, source)
    return head + b"".join(varint(type) + varint(len(body)) + body for type, body in frames)


def parse(data):
    first, version, destination, source = struct.unpack_from(">BIQQ", data)
    assert first & 0b1100_0000 == 0b1100_0000, "not a handshake packet"
    assert version == VERSION, f"version {version}"
    frames, place = {}, 21
    while place < len(data):
        type, place = read_varint(data, place)
        if type == PADDING:
            continue
        length, place = read_varint(data, place)
        frames[type] = data[place : place + length]
        place += length
    return first & 0x3F, destination, source, frames


def connection(pattern, suite, secret, prologue, initiator, server_key=None):
    noise = NoiseConnection.from_name(f"Noise_{pattern}_25519_{SUITES[suite]}".encode())
    noise.set_as_initiator() if initiator else noise.set_as_responder()
    noise.set_keypair_from_private_bytes(Keypair.STATIC, secret)
    if server_key is not None:
        noise.set_keypair_from_public_bytes(Keypair.REMOTE_STATIC, server_key)
    noise.set_prologue(prologue)
    noise.start_handshake()
    return noise


def outcome(noise, initiator, peer_key, peer_payload, capabilities=None):
    mine, theirs = noise.noise_protocol.cipher_state_encrypt.k, noise.noise_protocol.cipher_state_decrypt.k
    forth, back = (mine, theirs) if initiator else (theirs, mine)
    print(
        json.dumps(
            {
                "hash": noise.get_handshake_hash().hex(),
                "forth": forth.hex(),
                "back": back.hex(),
                "peer": peer_key.hex(),
                "payload": peer_payload.hex(),
                "capabilities": capabilities,
            }
        ),
        flush=True,
    )


def remote_key(noise, state):
    """The peer's static key; the state is gone from the connection when the handshake is finished."""
    return state.rs.public_bytes


def respond(pattern, suite, secret):
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    udp.settimeout(10)
    print(json.dumps({"port": udp.getsockname()[1]}), flush=True)
    server_id = int.from_bytes(os.urandom(8), "big") | 1
    noise = state = reply = None
    while True:
        data, address = udp.recvfrom(2_000)
        kind, _, client_id, frames = parse(data)
        if kind == INITIATION and noise is None:
            assert len(data) >= 1_200, "a short initiation"
            offer = frames[OFFER]
            assert int.from_bytes(offer[:8], "big") == client_id, "two ids"
            assert offer[8] == PATTERNS[pattern], "another pattern"
            noise = connection(pattern, suite, secret, LABEL + offer, initiator=False)
            state = noise.noise_protocol.handshake_state
            payload = bytes(noise.read_message(frames[HANDSHAKE]))
            assert pattern == "IK" or payload == b"", "a payload where none is encrypted"
            body = struct.pack(">QQQ", server_id, 0b101, 0b001) + PARAMETERS
            reply = packet(REPLY, client_id, server_id, (HANDSHAKE, bytes(noise.write_message(body))))
            udp.sendto(reply, address)
            if pattern == "IK":
                return outcome(noise, False, remote_key(noise, state), payload)
        elif kind == INITIATION:
            udp.sendto(reply, address)
        elif kind == FINISH and noise is not None:
            payload = bytes(noise.read_message(frames[HANDSHAKE]))
            return outcome(noise, False, remote_key(noise, state), payload)


def initiate(pattern, suite, secret, port, server_key):
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.connect(("127.0.0.1", port))
    udp.settimeout(0.5)
    client_id = int.from_bytes(os.urandom(8), "big") | 1
    offer = struct.pack(">QBBIIBHHQQ", client_id, PATTERNS[pattern], 1, VERSION, VERSION, 1, suite, suite, 0b011, 0)
    noise = connection(pattern, suite, secret, LABEL + offer, True, server_key if pattern == "IK" else None)
    state = noise.noise_protocol.handshake_state
    message = bytes(noise.write_message(PARAMETERS if pattern == "IK" else b""))
    first = packet(INITIATION, 0, client_id, (OFFER, offer), (HANDSHAKE, message))
    first += bytes(1_200 - len(first))
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up:
        udp.send(first)
        try:
            data = udp.recv(2_000)
        except (TimeoutError, ConnectionRefusedError):
            continue
        kind, destination, server_id, frames = parse(data)
        assert kind == REPLY and destination == client_id, f"kind {kind}"
        body = bytes(noise.read_message(frames[HANDSHAKE]))
        inner_id, supported, required = struct.unpack_from(">QQQ", body)
        assert inner_id == server_id, "two ids"
        if pattern == "XX":
            finish = packet(FINISH, server_id, client_id, (HANDSHAKE, bytes(noise.write_message(PARAMETERS))))
            udp.send(finish)
        return outcome(noise, True, remote_key(noise, state), body[24:], [supported, required])
    sys.exit(1)


if __name__ == "__main__":
    role, pattern, suite, secret = sys.argv[1], sys.argv[2], int(sys.argv[3]), bytes.fromhex(sys.argv[4])
    if role == "respond":
        respond(pattern, suite, secret)
    else:
        key = bytes.fromhex(sys.argv[6]) if len(sys.argv) > 6 else None
        initiate(pattern, suite, secret, int(sys.argv[5]), key)
