#!/usr/bin/env python3
"""Makes the project's own vectors for PlaitCrypto, with implementations that share nothing with it.

    make_crypto_vectors.py FOLDER        writes noise.json and packets.json into FOLDER

Noise messages come from `noiseprotocol`, everything about packets from `cryptography`. Every input is derived from a
label, so that the output is the same on each run; it is committed under Tests/PlaitCryptoTests/Vectors.
"""

import hashlib
import json
import pathlib
import sys
import warnings

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256, BLAKE2b
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from noise.connection import Keypair, NoiseConnection

PATTERNS = ["XX", "IK", "NK", "KK", "N", "K", "X", "XXpsk3", "IKpsk1", "IKpsk2", "KKpsk0", "Npsk0", "Xpsk1"]
SUITES = ["ChaChaPoly_SHA256", "ChaChaPoly_BLAKE2b", "AESGCM_SHA256", "ChaChaPoly_SHA512"]
MESSAGES = {"N": 1, "K": 1, "X": 1, "XX": 3}


def some_bytes(label: str, count: int) -> bytes:
    """Bytes that look random and are the same on each run."""
    return hashlib.shake_256(b"plait vectors " + label.encode()).digest(count)


def public(secret: bytes) -> bytes:
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def noise_vector(pattern: str, suite: str) -> dict:
    name = f"Noise_{pattern}_25519_{suite}"
    base = pattern.split("psk")[0]
    count = MESSAGES.get(base, 2)
    initiator_known, responder_known = base in ("KK", "K"), base in ("NK", "KK", "IK", "N", "K", "X")
    secret = {who: some_bytes(f"{name} {who}", 32) for who in ("is", "ie", "rs", "re")}
    prologue = some_bytes(f"{name} prologue", 1 + len(name))
    psk = some_bytes(f"{name} psk", 32) if "psk" in pattern else None
    vector = {"protocol_name": name, "init_prologue": prologue.hex(), "resp_prologue": prologue.hex()}
    sides = {}
    for side, static, ephemeral, other, knows in (
        ("init", "is", "ie", "rs", responder_known),
        ("resp", "rs", "re", "is", initiator_known),
    ):
        noise = NoiseConnection.from_name(name.encode())
        noise.set_as_initiator() if side == "init" else noise.set_as_responder()
        noise.set_prologue(prologue)
        if psk:
            noise.set_psks(psk)
            vector[f"{side}_psks"] = [psk.hex()]
        if side == "resp" or base not in ("N", "NK"):
            noise.set_keypair_from_private_bytes(Keypair.STATIC, secret[static])
            vector[f"{side}_static"] = secret[static].hex()
        if side == "init" or count > 1:
            noise.set_keypair_from_private_bytes(Keypair.EPHEMERAL, secret[ephemeral])
            vector[f"{side}_ephemeral"] = secret[ephemeral].hex()
        if knows:
            noise.set_keypair_from_public_bytes(Keypair.REMOTE_STATIC, public(secret[other]))
            vector[f"{side}_remote_static"] = public(secret[other]).hex()
        noise.start_handshake()
        sides[side] = noise
    messages = []
    lengths = [0, 1, 64, 300, 17, 120]
    for index in range(count + 4):
        one_way = count == 1
        writer, reader = ("init", "resp") if one_way or index % 2 == 0 else ("resp", "init")
        payload = some_bytes(f"{name} payload {index}", lengths[(index + len(pattern)) % len(lengths)])
        if index < count:
            message = bytes(sides[writer].write_message(payload))
            assert bytes(sides[reader].read_message(message)) == payload
        else:
            message = bytes(sides[writer].encrypt(payload))
            assert bytes(sides[reader].decrypt(message)) == payload
        messages.append({"payload": payload.hex(), "ciphertext": message.hex()})
        if index == count - 1:
            assert all(side.handshake_finished for side in sides.values())
            vector["handshake_hash"] = bytes(sides["init"].get_handshake_hash()).hex()
    vector["messages"] = messages
    return vector


def expand(secret: bytes, label: str, length: int, number: int) -> bytes:
    algorithm = BLAKE2b(64) if number == 2 else SHA256()
    return HKDFExpand(algorithm=algorithm, length=length, info=label.encode()).derive(secret)


def packet_vector(number: int, length: int, generation: int) -> dict:
    label = f"packet {number} {length} {generation}"
    first = secret = some_bytes(f"{label} secret", 32)
    for _ in range(generation):
        secret = expand(secret, "plait ku", 32, number)
    key, iv = expand(secret, "plait key", 32, number), expand(secret, "plait iv", 12, number)
    header_key = expand(first, "plait hp", 32, number)
    path = int.from_bytes(some_bytes(f"{label} path", 4), "big")
    packet_number = int.from_bytes(some_bytes(f"{label} number", 8), "big") >> 2
    header = some_bytes(f"{label} header", 9 + length % 9)
    payload = some_bytes(f"{label} payload", length)
    nonce = bytes(a ^ b for a, b in zip(iv, path.to_bytes(4, "big") + packet_number.to_bytes(8, "big")))
    aead = AESGCM(key) if number == 3 else ChaCha20Poly1305(key)
    sealed = aead.encrypt(nonce, payload, header)
    sample = sealed[:16]
    stream = Cipher(algorithms.ChaCha20(header_key, sample), mode=None).encryptor()
    return {
        "suite": number,
        "secret": first.hex(),
        "generation": generation,
        "path": path,
        "number": packet_number,
        "header": header.hex(),
        "payload": payload.hex(),
        "sealed": sealed.hex(),
        "mask": stream.update(bytes(16)).hex(),
    }


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    # Chosen ephemeral keys are the point here.
    warnings.filterwarnings("ignore", message="One of ephemeral keypairs is already set")
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    noise = [noise_vector(pattern, suite) for suite in SUITES for pattern in PATTERNS]
    packets = [
        packet_vector(number, length, generation)
        for number in (1, 2, 3)
        for length in (0, 1, 15, 16, 17, 63, 64, 65, 1157, 1500)
        for generation in (0, 1, 3)
    ]
    for name, vectors in (("noise", noise), ("packets", packets)):
        text = json.dumps({"vectors": vectors}, indent=1)
        (folder / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
