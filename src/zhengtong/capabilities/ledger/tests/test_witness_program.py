"""The second body's program against the platform over HTTP: it signs what grew and cries out at everything else."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import psycopg
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from zhengtong.capabilities.ledger import api
from zhengtong.capabilities.ledger.models import Cosignature
from zhengtong.capabilities.ledger.services import approve_witness, register_witness, seal_batch
from zhengtong.capabilities.ledger.services.signer import signer
from zhengtong.capabilities.ledger.tests.factories import AUDITOR, SECURITY, cut, record, record_many, seal_all
from zhengtong.entry.commands import ledger
from zhengtong.entry.main import build_parser

SCRIPT = Path(__file__).parents[5] / "examples" / "ledger_witness.py"
Super = psycopg.Connection[tuple[object, ...]]
pytestmark = pytest.mark.enable_socket


class Quiet(WSGIRequestHandler):
    """Says nothing about requests."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name it overrides)
        """Nothing."""


class Body:
    """The second body: its own folder with key and records."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url
        self.state = folder / "seen.jsonl"

    def run(self, *words: str) -> tuple[int, str]:
        """Run the program as a stranger: outside the repository, without its packages."""
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-X", "utf8", str(SCRIPT), *words],
            cwd=self.folder,
            capture_output=True,
            check=False,
            encoding="utf-8",
            env={"PATH": os.environ["PATH"]},
        )
        return done.returncode, done.stdout + done.stderr

    def make_key(self, algorithm: str = "SM2") -> str:
        """Make a key; the public half as it is printed for the platform."""
        code, said = self.run("key", "--key", "witness.pem", "--algorithm", algorithm)
        assert code == 0
        return said[said.index("-----BEGIN") :]

    def sign(self, *words: str) -> tuple[int, str]:
        """One visit."""
        known = words or ("--key-id", signer().key_id)
        return self.run("sign", "--key", "witness.pem", "--state", str(self.state), "--url", self.url, *known)

    def records(self) -> list[dict[str, dict[str, object]]]:
        """Everything it ever signed."""
        return [json.loads(line) for line in self.state.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def url(committed_db: str) -> Iterator[str]:
    """The platform, served to programs on this machine."""
    server = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=Quiet)

    def serve() -> None:
        try:
            server.serve_forever(0.05)
        finally:
            connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def body(tmp_path: Path, url: str) -> Body:
    """An admitted witness that has signed ten entries, the three about its own admission among them."""
    found = Body(tmp_path, url)
    admit(found.make_key())
    record_many(8)
    seal_all(10)
    assert found.sign()[0] == 0
    return found


def admit(pem: str) -> None:
    witness_id = register_witness(actor=SECURITY, body="某县审计局", public_key_pem=pem, reason="共签协议")
    approve_witness(actor=AUDITOR, witness_id=witness_id)


def verify(*words: str) -> int:
    return ledger.handle(build_parser({"ledger": ledger}).parse_args(["ledger", "verify", *words]))


@pytest.mark.parametrize("algorithm", ["SM2", "ECDSA-P256"])
def test_it_signs_every_growth_once_and_keeps_what_it_signed(tmp_path: Path, url: str, algorithm: str) -> None:
    witness = Body(tmp_path, url)
    admit(witness.make_key(algorithm))
    assert witness.sign()[0] == 2, "no checkpoint yet says nothing about the ledger"
    seal_all(2)

    assert witness.sign()[0] == 0
    for count in (5, 1, 300):
        record_many(count)
        seal_all(count)
        code, said = witness.sign()
        assert (code, "已共签" in said) == (0, True)
    code, said = witness.sign()

    assert (code, "没有新的账目" in said) == (0, True)
    assert [record["checkpoint"]["size"] for record in witness.records()] == [2, 7, 8, 308]
    assert list(Cosignature.objects.order_by("size").values_list("size", flat=True)) == [2, 7, 8, 308]
    assert (tmp_path / "witness.pem").stat().st_mode & 0o077 == 0
    assert verify("--checkpoints", str(witness.state)) == 0


def test_a_signature_that_did_not_arrive_is_sent_again(
    body: Body, superuser_connection: Super, capsys: pytest.CaptureFixture[str]
) -> None:
    superuser_connection.execute("set zhengtong.ledger_maintenance = 'on'")
    superuser_connection.execute("delete from ledger_cosignature")

    assert body.sign()[0] == 0

    assert Cosignature.objects.count() == len(body.records()) == 1
    assert verify() == 0
    assert "比对 1 个" in capsys.readouterr().out


def recompute(superuser: Super) -> None:
    """The owner of the machine changes an act and makes tree, roots and signatures anew with the true key."""
    superuser.execute("update ledger_entry set act = 'case.forged' where act = 'case.step_3'")
    for table in ("leaf", "node", "checkpoint"):
        superuser.execute(f"delete from ledger_{table}")
    seal_all(10)


def recompute_and_grow(superuser: Super) -> None:
    recompute(superuser)
    record_many(7)
    seal_all(7)


def recompute_in_one_batch(superuser: Super) -> None:
    """The same, but the size that was signed before has no checkpoint any more."""
    superuser.execute("update ledger_entry set act = 'case.forged' where act = 'case.step_3'")
    for table in ("leaf", "node", "checkpoint"):
        superuser.execute(f"delete from ledger_{table}")
    record_many(7)
    seal_all(17)
    # a transaction of another test in this cluster may have split the batch just there
    superuser.execute("delete from ledger_checkpoint where size = 10")


def cut_tail(superuser: Super) -> None:
    cut(superuser, keep=0, checkpoints=0)
    record_many(4)
    seal_all(4)


@pytest.mark.parametrize(
    ("tamper", "cry"),
    [
        (recompute, "历史被改写"),
        (recompute_and_grow, "历史被改写"),
        (recompute_in_one_batch, "不认得上次共签的检查点"),
        (cut_tail, "账本变小了"),
    ],
)
def test_a_ledger_rewritten_or_cut_without_the_cosigner_is_found_by_it(
    body: Body, superuser_connection: Super, tamper: Callable[[Super], None], cry: str
) -> None:
    superuser_connection.execute("set zhengtong.ledger_maintenance = 'on'")
    tamper(superuser_connection)

    code, said = body.sign()

    assert (code, "警报" in said, cry in said) == (1, True, True), said
    assert len(body.records()) == 1, "it did not sign"
    evidence = json.loads((body.folder / "seen.evidence.jsonl").read_text(encoding="utf-8"))
    assert evidence["signed"]["size"] == 10
    assert evidence["checkpoint"]["signature"]
    assert body.sign()[0] == 1, "and it goes on crying"


@pytest.mark.parametrize("tamper", [recompute, recompute_and_grow, recompute_in_one_batch])
def test_a_tree_recomputed_without_the_cosigner_fails_the_audit_by_the_cosignatures(
    body: Body, superuser_connection: Super, tamper: Callable[[Super], None]
) -> None:
    superuser_connection.execute("set zhengtong.ledger_maintenance = 'on'")
    tamper(superuser_connection)

    (fault,) = api.verify().faults

    assert fault == "前 10 条账目的树根与“某县审计局”共签的检查点（10 条）不同：此后这些账目被改写过。"


@pytest.mark.parametrize(
    ("tamper", "cry"),
    [(recompute, "被改写过"), (recompute_in_one_batch, "被改写过"), (cut_tail, "末尾至少 6 条被删除")],
)
def test_with_the_cosignatures_deleted_too_the_cosigners_own_records_tell(
    body: Body,
    superuser_connection: Super,
    capsys: pytest.CaptureFixture[str],
    tamper: Callable[[Super], None],
    cry: str,
) -> None:
    superuser_connection.execute("set zhengtong.ledger_maintenance = 'on'")
    tamper(superuser_connection)
    superuser_connection.execute("delete from ledger_cosignature")
    assert verify() == 0, "nothing on the machine itself can tell"
    capsys.readouterr()

    assert verify("--checkpoints", str(body.state)) == 1

    assert cry in capsys.readouterr().out


def test_a_forged_cosignature_and_a_changed_witness_key_are_found(body: Body, superuser_connection: Super) -> None:
    superuser_connection.execute("set zhengtong.ledger_maintenance = 'on'")
    superuser_connection.execute("update ledger_cosignature set statement = replace(statement, '20', '21')")

    (fault,) = api.verify().faults

    assert fault == "“某县审计局”共签的检查点（10 条）签名无效：共签记录或共签机构的公钥被改动。"


def test_a_checkpoint_by_a_key_nobody_agreed_on_is_an_alarm(body: Body) -> None:
    record()
    seal_all(1)

    code, said = body.sign("--key-id", "0" * 40)

    assert (code, "没有约定过的密钥" in said) == (1, True)


def test_what_says_nothing_about_the_ledger_is_no_alarm(body: Body, tmp_path: Path) -> None:
    nobody = Body(tmp_path, "http://127.0.0.1:9")
    wrong = Body(tmp_path, body.url + "/nothing-here")

    assert nobody.sign()[0] == 2
    assert wrong.sign()[0] == 2
    assert body.run("key", "--key", "witness.pem")[0] == 2, "a key is never overwritten"
    body.state.write_text("{half", encoding="utf-8")
    assert body.sign()[0] == 2
    assert seal_batch() == 0
