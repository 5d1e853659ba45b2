"""Verify the offline token of an electronic licence without the platform that issued it and without a network.

    python3 verify_licence_token.py keys.json "EL1:…"
    zbarimg -q --raw licence.png | python3 verify_licence_token.py keys.json -

``keys.json`` is what the platform publishes at /verify/keys.json: fetch it once, from the office you trust.
Needs Python 3.9, nothing else: SM2 and SM3 (GB/T 32918, GB/T 32905) are written out below; they only check
published signatures, so that they need not be fast nor hide their timing.
Exit code 0: good and in its period; 1: altered, foreign, expired or not yet valid; 2: it could not be checked.

What it shows: the platform signed exactly these words. What nobody can see without a network: whether the licence
was withdrawn since. Ask the platform's verification page for that, with the code that is printed.
"""

# ruff: noqa: T201  (a script for the command line speaks by printing)

import argparse
import base64
import datetime as dt
import json
import struct
import sys
import zlib
from pathlib import Path
from typing import Any

PREFIX = "EL1:"
SHANGHAI = dt.timezone(dt.timedelta(hours=8))
USER_ID = b"1234567812345678"  # GB/T 35276 §10: the user id where none was agreed on

# The curve of GB/T 32918.5
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
ORIGIN = None
Point = Any  # two coordinates, or ORIGIN
STDIN = "-"


def add(one: Point, other: Point) -> Point:
    """The sum of two points."""
    if one is ORIGIN:
        return other
    if other is ORIGIN:
        return one
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return ORIGIN
    slope = (3 * x1 * x1 + A) * pow(2 * y1, -1, P) if one == other else (y2 - y1) * pow(x2 - x1, -1, P)
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


def times(number: int, point: Point) -> Point:
    """A multiple of a point."""
    total = ORIGIN
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def rotated(value: int, count: int) -> int:
    """A 32-bit word turned left."""
    count %= 32
    return (value << count | value >> (32 - count)) & 0xFFFFFFFF


def sm3(message: bytes) -> bytes:
    """The SM3 digest (GB/T 32905—2016)."""
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = message + b"\x80" + bytes(-(len(message) + 9) % 64) + struct.pack(">Q", len(message) * 8)
    for place in range(0, len(padded), 64):
        state = [old ^ new for old, new in zip(state, compressed(state, padded[place : place + 64]))]  # noqa: B905  (Python 3.9)
    return struct.pack(">8I", *state)


def compressed(state: list, block: bytes) -> list:
    """The compression function of SM3."""
    w = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        mixed = w[j - 16] ^ w[j - 9] ^ rotated(w[j - 3], 15)
        w.append(mixed ^ rotated(mixed, 15) ^ rotated(mixed, 23) ^ rotated(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        constant = 0x79CC4519 if j < 16 else 0x7A879D8A
        ss1 = rotated((rotated(a, 12) + e + rotated(constant, j)) & 0xFFFFFFFF, 7)
        ss2 = ss1 ^ rotated(a, 12)
        ff = a ^ b ^ c if j < 16 else a & b | a & c | b & c
        gg = e ^ f ^ g if j < 16 else e & f | ~e & g
        tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
        tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
        a, b, c, d = tt1, a, rotated(b, 9), c
        e, f, g, h = tt2 ^ rotated(tt2, 9) ^ rotated(tt2, 17), e, rotated(f, 19), g
    return [a, b, c, d, e, f, g, h]


def signature_holds(point: tuple, data: bytes, signature: bytes) -> bool:
    """Check r and s (32 bytes each) over ``data`` (GB/T 32918.2 §7)."""
    x, y = point
    if not (0 <= x < P and 0 <= y < P) or (y * y - x * x * x - A * x - B) % P:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < N and 0 < s < N) or (r + s) % N == 0:
        return False
    numbers = (A, B, *G, x, y)
    z = sm3(struct.pack(">H", len(USER_ID) * 8) + USER_ID + b"".join(n.to_bytes(32, "big") for n in numbers))
    e = int.from_bytes(sm3(z + data), "big")
    found = add(times(s, G), times((r + s) % N, point))
    return found is not ORIGIN and (e + found[0]) % N == r


def point_of(pem: str) -> tuple:
    """The point of a public key: the last 64 bytes of its DER."""
    body = base64.b64decode("".join(line for line in pem.splitlines() if not line.startswith("-----")))
    return int.from_bytes(body[-64:-32], "big"), int.from_bytes(body[-32:], "big")


def taken_apart(text: str) -> tuple:
    """(facts, signed bytes, signature) of a token; raises ValueError for anything else."""
    tidy = "".join(text.split()).upper()
    body = tidy[len(PREFIX) :]
    if not tidy.startswith(PREFIX):
        raise ValueError("离线核验码应当以 EL1: 开头")
    data = base64.b32decode(body + "=" * (-len(body) % 8))
    # the last character has bits to spare: only one way to write a token is admitted
    if base64.b32encode(data).decode().rstrip("=") != body or len(data) <= 64:
        raise ValueError("离线核验码不完整")
    unpacker = zlib.decompressobj()
    facts = json.loads(unpacker.decompress(data[:-64], 8000))
    if not unpacker.eof or unpacker.unused_data or facts["v"] != 1:
        raise ValueError("离线核验码不完整")
    return facts, PREFIX.encode() + data[:-64], data[-64:]


def check(text: str, keys: list, today: str) -> tuple:
    """(good, sentence) for everything that can be said of the token, and its facts."""
    try:
        facts, signed, signature = taken_apart(text)
    except (ValueError, KeyError, TypeError, zlib.error):
        return [(False, "离线核验码不完整或者已被改动")], {}
    known = [key for key in keys if facts.get("k") and key["key_id"].startswith(facts["k"])]
    if not known:
        return [(False, "不是这些公钥的持有者签发的")], {}
    if not signature_holds(point_of(known[0]["public_key_pem"]), signed, signature):
        return [(False, "签名不成立：内容已被改动")], {}
    said = [(True, "签名有效：由公钥的持有者签发，内容没有改动")]
    if "f" in facts and today < facts["f"]:
        said.append((False, "尚未生效"))
    elif "u" in facts and today > facts["u"]:
        said.append((False, "已过有效期"))
    else:
        said.append((True, "在有效期内"))
    return said, facts


LABELS = {
    "t": "证照名称", "n": "编号", "h": "持有人", "i": "签发单位", "s": "签发日期",
    "f": "有效期起", "u": "有效期止", "c": "查验码", "d": "内容摘要",
}  # fmt: skip


def main() -> int:
    """Read, check, tell."""
    parser = argparse.ArgumentParser(description="离线核验电子证照的离线核验码")
    parser.add_argument("keys", type=Path, help="平台公布的公钥文件（/verify/keys.json）")
    parser.add_argument("token", help="以 EL1: 开头的离线核验码；- 表示从标准输入读取")
    options = parser.parse_args()
    try:
        keys = json.loads(options.keys.read_text(encoding="utf-8"))["keys"]
        text = sys.stdin.read() if options.token == STDIN else options.token
        said, facts = check(text, keys, f"{dt.datetime.now(SHANGHAI):%Y%m%d}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"无法核验：{error!r}", file=sys.stderr)
        return 2
    for name, label in LABELS.items():
        if name in facts:
            print(f"  {label}: {facts[name]}")
    for good, sentence in said:
        print(f"{'✓' if good else '×'} {sentence}")
    if facts:
        print("! 离线无法知道证照是否已被撤回或者替换，有网络时请用查验码到平台查验页查验")
    return 0 if all(good for good, _ in said) else 1


if __name__ == "__main__":
    sys.exit(main())
