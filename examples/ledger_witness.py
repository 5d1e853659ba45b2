"""The second body's own program: see that the ledger only ever grows, and co-sign its checkpoints.

    python3 ledger_witness.py key  --key witness.pem                 (once: make the key, print what to register)
    python3 ledger_witness.py sign --key witness.pem --state seen.jsonl --url https://ADDRESS --key-id ID

Runs on a machine of the second body (audit office, city), from cron or with ``--every SECONDS``. Needs Python 3.9 and
the ``openssl`` program (3.0 for SM2), nothing else, and nothing of the platform. ``--key-id`` is the key with which
the platform signs, learned from it by another way than the network; it is the log that this state file is about.

Each run takes the newest checkpoint, checks its signature and the proof that the ledger signed last time is its
beginning, writes both down in the state file, and only then sends its own signature. It never signs two histories.
Exit code 0: signed, or nothing new; 1: ALARM, the platform showed what cannot be of one growing ledger (evidence is
kept beside the state file); 2: it could not be done (network, files), which says nothing about the ledger.
"""

# ruff: noqa: T201, S310, UP017  (a script for the command line prints; the scheme is checked; Python 3.9 has no UTC)

import argparse
import base64
import datetime
import fcntl
import hashlib
import json
import os
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

CHECKPOINT_FORMAT = "zhengtong.ledger.checkpoint.v1"
COSIGNATURE_FORMAT = "zhengtong.ledger.cosignature.v1"
CHECKPOINT_FIELDS = ("algorithm", "at", "format", "key_id", "root", "size")  # what the platform's signature covers
DIGEST_OPTIONS = {"ECDSA-P256": ["-sha256"], "RSA-3072": ["-sha256"], "SM2": ["-sm3"]}
SM2_OPTIONS = ["-sigopt", "distid:1234567812345678"]  # GB/T 35276 §10: the user id where none was agreed on
KEY_OPTIONS = {
    "SM2": ["-algorithm", "SM2"],
    "ECDSA-P256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
}
LARGEST_ANSWER = 1 << 20
WAIT = 30  # seconds for an answer


class Alarm(Exception):
    """What the platform showed cannot come from one ledger that only grows; ``evidence`` is what it showed."""

    def __init__(self, sentence: str, **evidence: object) -> None:
        super().__init__(sentence)
        self.evidence = evidence


class Undone(Exception):
    """This run could not be carried out; says nothing about the ledger."""


def canonical(fields: dict) -> bytes:
    """The signed text: keys sorted, no white space, UTF-8 (RFC 8785; all keys here are ASCII)."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def openssl(*arguments: str) -> bytes:
    """What the program prints; raises Undone with its words when it fails."""
    try:
        done = subprocess.run(["openssl", *arguments], capture_output=True, check=False)
    except OSError as error:
        raise Undone(f"openssl 无法运行：{error}") from None
    if done.returncode != 0:
        raise Undone(f"openssl {arguments[0]} 失败：{done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def key_id_of(pem: str) -> str:
    """Hex of the first 20 bytes of SHA-256 over the public key's DER."""
    body = "".join(line for line in pem.splitlines() if not line.startswith("-----"))
    return hashlib.sha256(base64.b64decode(body)).hexdigest()[:40]


def signature_holds(checkpoint: dict) -> bool:
    """Check the platform's signature over a checkpoint, by openssl."""
    options = DIGEST_OPTIONS.get(checkpoint["algorithm"])
    if options is None or key_id_of(checkpoint["public_key_pem"]) != checkpoint["key_id"]:
        return False
    with tempfile.TemporaryDirectory() as folder:
        key, signature, text = (Path(folder) / name for name in ("key.pem", "signature", "text"))
        key.write_text(checkpoint["public_key_pem"], encoding="ascii")
        signature.write_bytes(base64.b64decode(checkpoint["signature"]))
        text.write_bytes(canonical({name: checkpoint[name] for name in CHECKPOINT_FIELDS}))
        command = ["openssl", "dgst", *options, "-verify", str(key)]
        command += SM2_OPTIONS if checkpoint["algorithm"] == "SM2" else []
        command += ["-signature", str(signature), str(text)]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def node(left: bytes, right: bytes) -> bytes:
    """An inner node of the tree (RFC 9162 §2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grew(old: int, new: int, old_root: bytes, new_root: bytes, path: list) -> bool:
    """True when the path proves that the newer tree begins with the older one (RFC 9162 §2.1.4.2)."""
    if not 0 < old < new:
        return False
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


class Platform:
    """The public addresses of the ledger that is watched."""

    def __init__(self, url: str, authority: str) -> None:
        if not url.startswith(("https://", "http://")):
            raise Undone("--url 须以 https:// 或 http:// 开头")
        self._base = url.rstrip("/") + "/ledger/"
        self._tls = ssl.create_default_context(cafile=authority or None)

    def get(self, path: str) -> tuple:
        """(status, JSON) of an address; raises Undone when there is no answer or none that is JSON."""
        return self._answer(urllib.request.Request(self._base + path))

    def post(self, path: str, fields: dict) -> tuple:
        """Send JSON; (status, JSON)."""
        head = {"Content-Type": "application/json"}
        return self._answer(urllib.request.Request(self._base + path, canonical(fields), head))

    def _answer(self, request: urllib.request.Request) -> tuple:
        try:
            with urllib.request.urlopen(request, timeout=WAIT, context=self._tls) as answer:
                return answer.status, json.loads(answer.read(LARGEST_ANSWER))
        except urllib.error.HTTPError as error:
            try:
                return error.code, json.loads(error.read(LARGEST_ANSWER))
            except (ValueError, OSError):
                return error.code, {}
        except (OSError, ValueError) as error:
            raise Undone(f"{request.full_url} 没有可用的回答：{error}") from None


def checkpoint_from(platform: Platform, key_ids: list) -> dict:
    """The newest checkpoint, signed by a key that we know."""
    status, fields = platform.get("checkpoint.json")
    if status != 200:
        raise Undone(f"取不到检查点（{status}）：账本还没有检查点，或者网站有故障")
    try:
        whole = fields["format"] == CHECKPOINT_FORMAT and isinstance(fields["size"], int) and fields["size"] > 0
        whole = whole and len(bytes.fromhex(fields["root"])) == hashlib.sha256().digest_size
        good = whole and signature_holds(fields)
    except (KeyError, TypeError, ValueError) as error:
        raise Undone(f"检查点不完整：{error!r}") from None
    if not good:
        raise Undone("检查点的格式或签名不对：不是平台签发的，可能在传输中被改动")
    if fields["key_id"] not in key_ids:
        raise Alarm("检查点由没有约定过的密钥签名。平台若更换了密钥，须另行书面告知后加上 --key-id", checkpoint=fields)
    return fields


def compare(platform: Platform, last: dict, newest: dict) -> None:
    """Raise Alarm unless the newest checkpoint is of the ledger that we signed last."""
    if newest["size"] < last["size"]:
        raise Alarm(
            f"账本变小了：上次共签 {last['size']} 条，现在只有 {newest['size']} 条", signed=last, checkpoint=newest
        )
    if newest["size"] == last["size"]:
        if newest["root"] != last["root"]:
            raise Alarm(f"同为 {last['size']} 条账目，树根与上次共签的不同：历史被改写", signed=last, checkpoint=newest)
        return
    status, proof = platform.get(f"consistency.json?old={last['size']}&new={newest['size']}")
    if status == 404 and "error" in proof:
        raise Alarm(
            f"平台不认得上次共签的检查点（{last['size']} 条）：{proof['error']}", signed=last, checkpoint=newest
        )
    if status != 200:
        raise Undone(f"平台给不出一致性证明（{status}）：{proof.get('error', '')}")
    try:
        path = [bytes.fromhex(step) for step in proof["path"]]
    except (KeyError, TypeError, ValueError) as error:
        raise Undone(f"一致性证明不完整：{error!r}") from None
    roots = bytes.fromhex(last["root"]), bytes.fromhex(newest["root"])
    if not grew(last["size"], newest["size"], *roots, path):
        raise Alarm(
            f"一致性证明不成立：现在的 {newest['size']} 条不以上次共签的 {last['size']} 条为开头，历史被改写",
            signed=last,
            checkpoint=newest,
            proof=proof,
        )


def cosign(newest: dict, key: Path) -> dict:
    """Our signature over the checkpoint and the time."""
    public = openssl("pkey", "-in", str(key), "-pubout").decode()
    algorithm = "SM2" if "SM2" in openssl("pkey", "-in", str(key), "-noout", "-text_pub").decode() else "ECDSA-P256"
    fields = {
        "algorithm": algorithm,
        "at": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "checkpoint": {name: newest[name] for name in CHECKPOINT_FIELDS},
        "format": COSIGNATURE_FORMAT,
        "key_id": key_id_of(public),
    }
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "text"
        text.write_bytes(canonical(fields))
        options = DIGEST_OPTIONS[algorithm] + (SM2_OPTIONS if algorithm == "SM2" else [])
        signature = openssl("dgst", *options, "-sign", str(key), str(text))
    return {**fields, "signature": base64.b64encode(signature).decode("ascii")}


def append_line(path: Path, fields: dict) -> None:
    """Write one line and have it on the disk before going on."""
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(fields, ensure_ascii=False, sort_keys=True) + "\n")
        file.flush()
        os.fsync(file.fileno())


def last_record(state: Path) -> dict:
    """The record that was written last, empty on the first run."""
    lines = state.read_text(encoding="utf-8").splitlines() if state.exists() else []
    try:
        return json.loads(lines[-1]) if lines else {}
    except ValueError:
        raise Undone(f"记录文件 {state} 的最后一行不完整：请核对后删去这一行再运行") from None


def once(options: argparse.Namespace) -> str:
    """One visit; returns what was done. Raises Alarm and Undone."""
    platform = Platform(options.url, options.ca)
    with options.state.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Undone("另一个共签程序正在使用这份记录") from None
        record = last_record(options.state)
        newest = checkpoint_from(platform, options.key_id)
        if record:
            compare(platform, record["checkpoint"], newest)
        if not record or newest["size"] > record["checkpoint"]["size"]:
            record = {"checkpoint": newest, "cosignature": cosign(newest, options.key)}
            append_line(options.state, record)
        status, answer = platform.post("cosignatures/", record["cosignature"])
    size = record["checkpoint"]["size"]
    if status == 409:
        raise Alarm(f"平台否认签发过 {size} 条的检查点：{answer.get('error', '')}", signed=record["checkpoint"])
    if status not in (200, 201):
        raise Undone(f"已共签 {size} 条并记录，平台没有收下（{status}）：{answer.get('error', '')}")
    return f"已共签 {size} 条账目的检查点" if status == 201 else f"没有新的账目，最近共签的是 {size} 条"


def make_key(options: argparse.Namespace) -> int:
    """Make the key pair and print what the platform's administrators register."""
    if options.key.exists():
        raise Undone(f"{options.key} 已经存在，不覆盖")
    before = os.umask(0o077)
    try:
        openssl("genpkey", *KEY_OPTIONS[options.algorithm], "-out", str(options.key))
    finally:
        os.umask(before)
    public = openssl("pkey", "-in", str(options.key), "-pubout").decode()
    print(f"密钥标识（请当面或电话核对）：{key_id_of(public)}\n公钥（交平台登记）：\n{public}", end="")
    return 0


def sign(options: argparse.Namespace) -> int:
    """Visit once, or for ever; an alarm ends it."""
    while True:
        stamp = datetime.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S%z")
        code = 0
        try:
            print(f"{stamp} {once(options)}", flush=True)
        except Alarm as alarm:
            evidence = options.state.with_suffix(".evidence.jsonl")
            append_line(evidence, {"at": stamp, "alarm": str(alarm), **alarm.evidence})
            print(
                f"{stamp} 【警报】{alarm}。没有共签；证据已存入 {evidence}，请勿删除，立即联系审计管理员。",
                file=sys.stderr,
            )
            return 1
        except (Undone, OSError) as error:
            print(f"{stamp} 没有完成：{error}", file=sys.stderr, flush=True)
            code = 2
        if not options.every:
            return code
        time.sleep(options.every)


def main() -> int:
    """Read the words of the command line and do what they say."""
    parser = argparse.ArgumentParser(description="第二机构核对并共签责任认定账本的检查点")
    acts = parser.add_subparsers(dest="act", required=True)
    key = acts.add_parser("key", help="生成本机构的密钥，打印要登记的公钥")
    key.add_argument("--key", type=Path, required=True, help="私钥文件，不得交给任何人")
    key.add_argument("--algorithm", choices=list(KEY_OPTIONS), default="SM2")
    key.set_defaults(run=make_key)
    visit = acts.add_parser("sign", help="取检查点，核对，共签")
    visit.add_argument("--key", type=Path, required=True, help="私钥文件")
    visit.add_argument("--state", type=Path, required=True, help="记录文件：每一个共签过的检查点，请备份")
    visit.add_argument("--url", required=True, help="平台网址")
    visit.add_argument("--key-id", action="append", required=True, help="平台签检查点的密钥标识，可写多次")
    visit.add_argument("--ca", default="", help="签发平台网站证书的根证书文件，默认用系统的")
    visit.add_argument("--every", type=int, default=0, metavar="SECONDS", help="每隔多少秒一次，默认只做一次")
    visit.set_defaults(run=sign)
    options = parser.parse_args()
    try:
        return options.run(options)
    except (Undone, OSError) as error:
        print(f"没有完成：{error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
