"""Verify a receipt of the ledger without the platform that issued it.

    python3 verify_ledger_receipt.py receipt.json [--key-id ID] [--checkpoint kept.json]

Needs Python 3.9 and the ``openssl`` program (3.0 for SM2), nothing else: no network, nothing of the platform.
Exit code 0: everything that the receipt holds is good; 1: something is not; 2: it could not be checked.

What it shows: the entry printed below was in the ledger whose root the checkpoint signs. That the key belongs to
the office you think of, you must know from elsewhere: compare the key id with the one it has published.
"""

# ruff: noqa: T201  (a script for the command line speaks by printing)

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

DIGEST_OPTIONS = {"ECDSA-P256": ["-sha256"], "RSA-3072": ["-sha256"], "SM2": ["-sm3"]}
SM2_OPTIONS = ["-sigopt", "distid:1234567812345678"]  # GB/T 35276 §10: the user id where none was agreed on


def canonical(fields: dict) -> bytes:
    """The signed text: keys sorted, no white space, UTF-8 (RFC 8785; all keys here are ASCII)."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def node(left: bytes, right: bytes) -> bytes:
    """An inner node of the tree (RFC 9162 §2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from_path(index: int, size: int, leaf: bytes, path: list) -> bytes:
    """The root to which an audit path leads (RFC 9162 §2.1.3.2); empty when the path has not the right length."""
    if not 0 <= index < size:
        return b""
    place, last, value = index, size - 1, leaf
    for step in path:
        if last == 0:
            return b""
        if place & 1 or place == last:
            value = node(step, value)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            value = node(value, step)
        place, last = place >> 1, last >> 1
    return value if last == 0 else b""


def key_id_of(pem: str) -> str:
    """Hex of the first 20 bytes of SHA-256 over the public key's DER."""
    body = "".join(line for line in pem.splitlines() if not line.startswith("-----"))
    return hashlib.sha256(base64.b64decode(body)).hexdigest()[:40]


def signature_holds(signed: dict) -> bool:
    """Check the signature over all fields but itself and the public key, by openssl."""
    fields = {name: value for name, value in signed.items() if name not in ("signature", "public_key_pem")}
    if key_id_of(signed["public_key_pem"]) != signed["key_id"]:
        return False
    with tempfile.TemporaryDirectory() as folder:
        places = {name: Path(folder) / name for name in ("key.pem", "signature", "text")}
        places["key.pem"].write_text(signed["public_key_pem"], encoding="ascii")
        places["signature"].write_bytes(base64.b64decode(signed["signature"]))
        places["text"].write_bytes(canonical(fields))
        command = ["openssl", "dgst", *DIGEST_OPTIONS[signed["algorithm"]], "-verify", str(places["key.pem"])]
        command += SM2_OPTIONS if signed["algorithm"] == "SM2" else []
        command += ["-signature", str(places["signature"]), str(places["text"])]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def check(receipt: dict, key_id: str, kept: dict) -> list:
    """(good, sentence) for everything that can be said of the receipt."""
    leaf = hashlib.sha256(b"\x00" + receipt["leaf_data"].encode()).digest()
    promise, proof = receipt["promise"], receipt["proof"]
    said = [
        (signature_holds(promise), "承诺的签名有效"),
        (promise["leaf_hash"] == leaf.hex(), "承诺针对的就是这条账目"),
    ]
    signers = {promise["key_id"]}
    if proof is None:
        said.append((True, "尚无包含证明：只有签名承诺，请稍后换取带证明的回执"))
    else:
        checkpoint = proof["checkpoint"]
        path = [bytes.fromhex(step) for step in proof["path"]]
        root = root_from_path(proof["index"], checkpoint["size"], leaf, path)
        said.append((signature_holds(checkpoint), "检查点的签名有效"))
        said.append(
            (
                root.hex() == checkpoint["root"],
                f"账目是检查点所载 {checkpoint['size']} 条中的第 {proof['index'] + 1} 条",
            )
        )
        signers.add(checkpoint["key_id"])
        if kept:
            same = kept["size"] == checkpoint["size"]
            said.append((signature_holds(kept), "留存的检查点签名有效"))
            if same:
                said.append((kept["root"] == checkpoint["root"], "与留存的检查点一致"))
            else:
                said.append((False, "留存的检查点与回执的检查点大小不同，不能直接比对：请索取两者之间的一致性证明"))
    if key_id:
        said.append((signers == {key_id}, "签名密钥就是指定的密钥"))
    return said


def main() -> int:
    """Read, check, tell."""
    parser = argparse.ArgumentParser(description="离线核验责任认定回执")
    parser.add_argument("receipt", type=Path)
    parser.add_argument("--key-id", default="", help="出具单位公布的签名密钥标识")
    parser.add_argument("--checkpoint", type=Path, help="自己留存的检查点文件")
    options = parser.parse_args()
    try:
        receipt = json.loads(options.receipt.read_text(encoding="utf-8"))
        kept = json.loads(options.checkpoint.read_text(encoding="utf-8")) if options.checkpoint else {}
        said = check(receipt, options.key_id, kept)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"无法核验：{error!r}", file=sys.stderr)
        return 2
    for name, value in json.loads(receipt["leaf_data"]).items():
        print(f"  {name}: {value}")
    for good, sentence in said:
        print(f"{'✓' if good else '×'} {sentence}")
    return 0 if all(good for good, _ in said) else 1


if __name__ == "__main__":
    sys.exit(main())
