"""Verify a receipt of the ledger without the platform that issued it.

    python3 verify_ledger_receipt.py receipt.json [--key-id ID] [--checkpoint kept.json [--consistency proof.json]]
                                                  [--witness-key witness.pem]

Needs Python 3.9 and the ``openssl`` program (3.0 for SM2), nothing else: no network, nothing of the platform.
Exit code 0: everything that the receipt holds is good; 1: something is not; 2: it could not be checked.

What it shows: the entry printed below was in the ledger whose root the checkpoint signs. That the key belongs to
the office you think of, you must know from elsewhere: compare the key id with the one it has published. With a
checkpoint that you kept yourself and the proof of consistency between the two (the platform's address
``/ledger/consistency.json?old=SIZE&new=SIZE``) you see that the ledger was not rewritten in between; with the public
key of a second body (``--witness-key``, got from that body) you see that it has co-signed the checkpoint.
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
COSIGNATURE_FORMAT = "zhengtong.ledger.cosignature.v1"
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


def grew(old: int, new: int, old_root: bytes, new_root: bytes, path: list) -> bool:
    """True when the path proves that the newer tree begins with the older one (RFC 9162 §2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node(step, first), node(step, second)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            second = node(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


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


def check(receipt: dict, key_id: str, kept: dict, consistency: dict, witness: str) -> list:
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
        if witness:
            said.append((False, "尚无检查点，谈不上共签"))
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
            said += compare(kept, checkpoint, consistency)
        if witness:
            said.append(cosigned(checkpoint, proof.get("cosignatures", []), witness))
    if key_id:
        said.append((signers == {key_id}, "签名密钥就是指定的密钥"))
    return said


def compare(kept: dict, checkpoint: dict, consistency: dict) -> list:
    """What the checkpoint kept by the reader says of the receipt's."""
    said = [(signature_holds(kept), "留存的检查点签名有效")]
    if kept["size"] == checkpoint["size"]:
        return [*said, (kept["root"] == checkpoint["root"], "与留存的检查点一致")]
    if not consistency:
        where = f"/ledger/consistency.json?old={min(kept['size'], checkpoint['size'])}"
        where += f"&new={max(kept['size'], checkpoint['size'])}"
        return [*said, (False, f"留存的检查点与回执的大小不同：请从平台 {where} 下载一致性证明，用 --consistency 给出")]
    old, new = sorted((kept, checkpoint), key=lambda item: item["size"])
    path = [bytes.fromhex(step) for step in consistency["path"]]
    good = grew(old["size"], new["size"], bytes.fromhex(old["root"]), bytes.fromhex(new["root"]), path)
    return [*said, (good, f"{new['size']} 条的账本以 {old['size']} 条的账本为开头，其间没有改写")]


def cosigned(checkpoint: dict, cosignatures: list, witness: str) -> tuple:
    """Whether the second body whose public key the reader has co-signed the checkpoint."""
    names = ("algorithm", "at", "format", "key_id", "root", "size")
    for item in cosignatures:
        if item["key_id"] != key_id_of(witness) or item["checkpoint"] != {name: checkpoint[name] for name in names}:
            continue
        fields = {name: item[name] for name in ("algorithm", "at", "checkpoint", "format", "key_id", "signature")}
        if fields["format"] == COSIGNATURE_FORMAT and signature_holds({**fields, "public_key_pem": witness}):
            return (True, f"检查点有第二机构的共签（{item['at']}）")
    return (False, "检查点没有这把公钥的有效共签")


def main() -> int:
    """Read, check, tell."""
    parser = argparse.ArgumentParser(description="离线核验责任认定回执")
    parser.add_argument("receipt", type=Path)
    parser.add_argument("--key-id", default="", help="出具单位公布的签名密钥标识")
    parser.add_argument("--checkpoint", type=Path, help="自己留存的检查点文件")
    parser.add_argument("--consistency", type=Path, help="留存的检查点与回执检查点之间的一致性证明")
    parser.add_argument("--witness-key", type=Path, help="共签机构的公钥文件，由该机构提供")
    options = parser.parse_args()
    try:
        receipt = json.loads(options.receipt.read_text(encoding="utf-8"))
        kept = json.loads(options.checkpoint.read_text(encoding="utf-8")) if options.checkpoint else {}
        consistency = json.loads(options.consistency.read_text(encoding="utf-8")) if options.consistency else {}
        witness = options.witness_key.read_text(encoding="ascii") if options.witness_key else ""
        said = check(receipt, options.key_id, kept, consistency, witness)
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
