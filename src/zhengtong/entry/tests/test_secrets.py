"""Secrets of an installation."""

from pathlib import Path

import pytest

from zhengtong.entry.runtime import secrets
from zhengtong.entry.runtime.problems import StartProblem


def test_first_start_makes_every_secret_readable_by_the_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"

    values = secrets.load(folder, data_exists=False, environ={})

    assert set(values) == {"ZHENGTONG_SECRET_KEY", "ZHENGTONG_FIELD_KEY", "ZHENGTONG_KEYSTORE_PASSPHRASE"}
    assert len(bytes.fromhex(values["ZHENGTONG_FIELD_KEY"])) == 32
    assert len(values["ZHENGTONG_SECRET_KEY"]) >= 50
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert len(list(folder.iterdir())) == 3


def test_two_installations_share_no_secret(tmp_path: Path) -> None:
    one = secrets.load(tmp_path / "one", data_exists=False, environ={})
    other = secrets.load(tmp_path / "other", data_exists=False, environ={})

    assert not set(one.values()) & set(other.values())


def test_later_starts_read_what_the_first_one_made(tmp_path: Path) -> None:
    first = secrets.load(tmp_path, data_exists=False, environ={})

    assert secrets.load(tmp_path, data_exists=True, environ={}) == first


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    secrets.load(tmp_path, data_exists=False, environ={})

    values = secrets.load(tmp_path, data_exists=True, environ={"ZHENGTONG_FIELD_KEY": "ab" * 32})

    assert values["ZHENGTONG_FIELD_KEY"] == "ab" * 32


@pytest.mark.parametrize("name", ["field_key", "keystore_passphrase"])
def test_a_lost_encryption_secret_is_never_replaced_while_there_is_data(tmp_path: Path, name: str) -> None:
    secrets.load(tmp_path, data_exists=False, environ={})
    (tmp_path / name).unlink()

    with pytest.raises(StartProblem, match="备份"):
        secrets.load(tmp_path, data_exists=True, environ={})

    assert not (tmp_path / name).exists()


def test_a_lost_session_key_is_made_anew(tmp_path: Path) -> None:
    before = secrets.load(tmp_path, data_exists=False, environ={})
    (tmp_path / "secret_key").unlink()

    after = secrets.load(tmp_path, data_exists=True, environ={})

    assert after["ZHENGTONG_SECRET_KEY"] != before["ZHENGTONG_SECRET_KEY"]
    assert after["ZHENGTONG_FIELD_KEY"] == before["ZHENGTONG_FIELD_KEY"]
