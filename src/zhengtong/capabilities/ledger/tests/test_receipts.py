"""A receipt convinces a stranger who has only Python and openssl."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zhengtong.capabilities.ledger import api, registry
from zhengtong.capabilities.ledger.services import seal_batch
from zhengtong.capabilities.ledger.tests.factories import TENANT, citizen, record, record_many
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
