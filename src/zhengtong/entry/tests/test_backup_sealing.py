"""How a part of a back-up is sealed, opened, and opened with somebody else's program."""

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.entry.backup.problems import BackupProblem
from zhengtong.entry.backup.sealing import OVERHEAD, Key, opened, seal

KEY = Key("00112233445566778899aabbccddeeff" * 2)
TEXT = "数据库的一份拷贝".encode() * 99


def sealed(folder: Path, text: bytes = TEXT, key: Key = KEY) -> Path:
    path = folder / "part.sealed"
    seal(key, [text[:100], text[100:]], path)
    return path


@settings(max_examples=30)
@given(pieces=st.lists(st.binary(max_size=2000), max_size=6))
def test_what_was_sealed_opens_as_it_was(tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("seal") / "part"

    size = seal(KEY, pieces, path)

    assert b"".join(opened(KEY, path)) == b"".join(pieces)
    assert path.stat().st_size == size + OVERHEAD


@pytest.mark.parametrize("place", [0, 15, 16, 500, -33, -32, -1])
def test_one_changed_bit_is_noticed_wherever_it_is(tmp_path: Path, place: int) -> None:
    path = sealed(tmp_path)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)

    with pytest.raises(BackupProblem, match="已经损坏"):
        list(opened(KEY, path))


@pytest.mark.parametrize("length", [0, 10, 47, 48, 300])
def test_a_part_cut_off_is_noticed(tmp_path: Path, length: int) -> None:
    path = sealed(tmp_path)
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(BackupProblem, match=r"不完整|已经损坏"):
        list(opened(KEY, path))


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    with pytest.raises(BackupProblem, match="不是用这个密钥"):
        list(opened(Key.new(), sealed(tmp_path)))


def test_nothing_of_the_text_shows(tmp_path: Path) -> None:
    hidden = sealed(tmp_path).read_bytes()

    assert "数据库".encode() not in hidden
    assert sealed(tmp_path).read_bytes() != hidden


def test_a_key_may_be_typed_with_spaces_and_a_wrong_one_is_refused() -> None:
    assert Key.read(" ".join(KEY.text[n : n + 8] for n in range(0, 64, 8)).upper() + "\n") == KEY
    for wrong in ("", "12", "g" * 64, KEY.text + "0"):
        with pytest.raises(BackupProblem, match="64 位"):
            Key.read(wrong)


def test_openssl_opens_it_by_hand(tmp_path: Path) -> None:
    """As the manual tells it, for the day when this program cannot be had."""
    path = sealed(tmp_path)
    whole = path.read_bytes()
    body = tmp_path / "body"
    body.write_bytes(whole[16:-32])
    covered = tmp_path / "covered"
    covered.write_bytes(whole[:-32])
    program = shutil.which("openssl")
    assert program, "openssl is needed as the referee"

    text = subprocess.run(
        [program, "enc", "-d", "-sm4-ctr", "-K", KEY.cipher_key.hex(), "-iv", whole[:16].hex(), "-in", str(body)],
        capture_output=True,
        check=True,
    ).stdout
    mac = subprocess.run(
        [program, "dgst", "-sm3", "-mac", "HMAC", "-macopt", f"hexkey:{KEY.seal_key.hex()}", "-r", str(covered)],
        capture_output=True,
        check=True,
        text=True,
    ).stdout

    assert text == TEXT
    assert mac.split()[0] == whole[-32:].hex()
