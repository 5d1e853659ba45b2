"""A key that another process replaced or destroyed signs no more here: running processes need no restart."""

import subprocess
import sys
from pathlib import Path

import pytest

from zhengtong.capabilities.trust.tests.factories import AT
from zhengtong.kernel.signing.errors import KeyUnusable
from zhengtong.kernel.signing.keystore import KeyStore
from zhengtong.kernel.signing.provider import verify

# says which key it signs with, each time it is asked
_OTHER = """
import sys
from pathlib import Path
from zhengtong.kernel.signing.errors import KeyUnusable
from zhengtong.kernel.signing.keystore import KeyStore

store = KeyStore(Path(sys.argv[1]), "test", rounds=1000)
for _line in sys.stdin:
    try:
        print(store.load("seal").key_id, flush=True)
    except KeyUnusable:
        print("gone", flush=True)
"""


def test_a_running_process_goes_over_to_the_new_key_and_loses_a_destroyed_one(tmp_path: Path) -> None:
    mine = KeyStore(tmp_path, "test", rounds=1000)
    first = mine.load_or_generate("seal", "SM2", at=AT)

    with subprocess.Popen(
        [sys.executable, "-c", _OTHER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None

        def asked() -> str:
            other.stdin.write("which\n")
            other.stdin.flush()
            return other.stdout.readline().strip()

        before = [asked(), asked()]
        second = mine.rotate("seal", at=AT)
        after = asked()
        mine.destroy("seal")
        destroyed = asked()
        other.stdin.close()

    assert before == [first.key_id] * 2
    assert after == second.key_id != first.key_id
    assert destroyed == "gone"


def test_a_key_replaced_by_another_process_is_opened_anew(tmp_path: Path) -> None:
    mine, theirs = KeyStore(tmp_path, "test", rounds=1000), KeyStore(tmp_path, "test", rounds=1000)
    old = mine.load_or_generate("seal", "SM2", at=AT)
    assert theirs.load("seal") is theirs.load("seal")

    mine.rotate("seal", at=AT)

    signature = theirs.load("seal").sign(b"paper")
    assert verify("SM2", mine.load("seal").public_key_pem(), b"paper", signature)
    assert not verify("SM2", old.public_key_pem(), b"paper", signature)


def test_a_new_passphrase_stops_no_running_process_but_does_stop_a_new_one(tmp_path: Path) -> None:
    running = KeyStore(tmp_path, "old", rounds=1000)
    key = running.load_or_generate("seal", "SM2", at=AT)

    KeyStore(tmp_path, "new\nold", rounds=1000).change_passphrase()

    assert running.load("seal").key_id == key.key_id
    with pytest.raises(KeyUnusable):
        KeyStore(tmp_path, "old", rounds=1000).load("seal")
    # and a key under the new passphrase that is another one is not mistaken for it
    KeyStore(tmp_path, "new", rounds=1000).rotate("seal", at=AT)
    with pytest.raises(KeyUnusable):
        running.load("seal")
