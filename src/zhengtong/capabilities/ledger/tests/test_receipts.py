"""A receipt convinces a stranger who has only Python and openssl."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhengtong.capabilities.ledger import api, registry
from zhengtong.capabilities.ledger.services import record_cosignature, seal_batch
from zhengtong.capabilities.ledger.tests.factories import (
    TENANT,
    admitted_witness,
    citizen,
    cosignature_text,
    record,
    record_many,
)
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.signing import software

SCRIPT = Path(__file__).parents[5] / "examples" / "verify_ledger_receipt.py"

pytestmark = pytest.mark.django_db


def verify(path: Path, *options: str) -> tuple[int, str]:
    """Run the script as a stranger: outside the repository, without its packages."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "utf8", str(SCRIPT), str(path), *options],
        cwd=path.parent,
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={"PATH": os.environ["PATH"]},
    )
    return done.returncode, done.stdout + done.stderr


def receipt_in(folder: Path, *, sealed: bool = True) -> Path:
    record_many(4)
    wanted = record("case.applied", actor=citizen())
    record_many(2)
    if sealed:
        seal_batch()
    path = folder / "receipt.json"
    path.write_text(api.receipt_text(tenant=TENANT, entry_id=wanted.entry_id), encoding="utf-8")
    return path


@pytest.mark.parametrize("algorithm", ["ECDSA-P256", "SM2"])
def test_a_receipt_with_its_proof_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, algorithm: str) -> None:
    key = software.generate(algorithm)
    monkeypatch.setitem(registry.checkpoint_signer._items, registry.SIGNER, lambda: key)
    path = receipt_in(tmp_path)
    kept = tmp_path / "kept.json"
    newest = api.newest_checkpoint()
    assert newest is not None
    kept.write_text(newest.to_json(), encoding="utf-8")

    code, said = verify(path, "--key-id", key.key_id, "--checkpoint", str(kept))

    assert (code, "×" in said) == (0, False)
    assert "账目是检查点所载 7 条中的第 5 条" in said
    assert "与留存的检查点一致" in said
    assert verify(path, "--key-id", "0" * 40)[0] == 1


def test_before_sealing_a_receipt_holds_by_its_promise(tmp_path: Path) -> None:
    code, said = verify(receipt_in(tmp_path, sealed=False))

    assert code == 0
    assert "尚无包含证明" in said


def test_a_receipt_under_another_checkpoint_is_tied_to_the_kept_one_by_a_consistency_proof(tmp_path: Path) -> None:
    path = receipt_in(tmp_path)
    receipt_checkpoint = api.newest_checkpoint()
    record_many(5)
    seal_batch()
    kept, newest = tmp_path / "kept.json", api.newest_checkpoint()
    assert newest is not None
    assert receipt_checkpoint is not None
    kept.write_text(newest.to_json(), encoding="utf-8")
    proof = api.consistency_proof(receipt_checkpoint.size, newest.size)
    assert proof is not None
    steps = tmp_path / "proof.json"

    def with_path(path_steps: list[bytes]) -> tuple[int, str]:
        steps.write_text(json.dumps({"path": [step.hex() for step in path_steps]}), encoding="utf-8")
        return verify(path, "--checkpoint", str(kept), "--consistency", str(steps))

    code, said = with_path(list(proof.path))
    assert (code, "12 条的账本以 7 条的账本为开头" in said) == (0, True)
    assert with_path(list(proof.path)[:-1])[0] == 1
    code, said = verify(path, "--checkpoint", str(kept))
    assert (code, "/ledger/consistency.json?old=7&new=12" in said) == (1, True)


def test_a_receipt_shows_the_cosignature_of_the_second_body(tmp_path: Path) -> None:
    key, other = software.generate("SM2"), software.generate("SM2")
    admitted_witness(key)
    path = receipt_in(tmp_path)
    record_cosignature(cosignature_text(key))
    record_many(3)
    seal_batch()
    entry_id = json.loads(json.loads(path.read_text(encoding="utf-8"))["leaf_data"])["uuid"]
    path.write_text(api.receipt_text(tenant=TENANT, entry_id=uuid.UUID(entry_id)), encoding="utf-8")
    for name, who in (("witness.pem", key), ("other.pem", other)):
        (tmp_path / name).write_text(who.public_key_pem(), encoding="ascii")

    code, said = verify(path, "--witness-key", str(tmp_path / "witness.pem"))
    assert (code, "有第二机构的共签" in said, "所载 9 条中的第 7 条" in said) == (0, True, True)
    code, said = verify(path, "--witness-key", str(tmp_path / "other.pem"))
    assert (code, "没有这把公钥的有效共签" in said) == (1, True)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("zhengtong.ledger.cosignature.v1", "zhengtong.ledger.cosignature.v2"), encoding="utf-8"
    )
    assert verify(path, "--witness-key", str(tmp_path / "witness.pem"))[0] == 1


def change_text(receipt: dict[str, Any]) -> None:
    receipt["leaf_data"] = receipt["leaf_data"].replace("case.applied", "case.granted")


def change_text_and_promise(receipt: dict[str, Any]) -> None:
    change_text(receipt)
    receipt["promise"]["leaf_hash"] = "00" * 32


def change_place(receipt: dict[str, Any]) -> None:
    receipt["proof"]["index"] += 1


def change_path(receipt: dict[str, Any]) -> None:
    receipt["proof"]["path"].pop()


def change_size(receipt: dict[str, Any]) -> None:
    receipt["proof"]["checkpoint"]["size"] += 1


def change_key(receipt: dict[str, Any]) -> None:
    receipt["promise"]["public_key_pem"] = software.generate("ECDSA-P256").public_key_pem()


@pytest.mark.parametrize(
    "change", [change_text, change_text_and_promise, change_place, change_path, change_size, change_key]
)
def test_a_changed_receipt_does_not(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = receipt_in(tmp_path)
    receipt = json.loads(path.read_text(encoding="utf-8"))

    change(receipt)
    path.write_text(json.dumps(receipt), encoding="utf-8")

    code, said = verify(path)
    assert (code, "×" in said) == (1, True)


def test_what_is_no_receipt_is_no_verdict(tmp_path: Path) -> None:
    (tmp_path / "receipt.json").write_text("[]", encoding="utf-8")

    assert verify(tmp_path / "receipt.json")[0] == 2


def test_no_receipt_for_another_tenants_entry() -> None:
    entry = record()

    with pytest.raises(NotFound):
        api.receipt_text(tenant="980724", entry_id=entry.entry_id)
