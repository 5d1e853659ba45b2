"""The list beside the back-ups: sealed, by pseudonyms, written once, and what of it a set does not know."""

import datetime as dt
import os
import uuid
from pathlib import Path
from typing import Any

import pytest

from zhengtong.entry.backup import erasures, making
from zhengtong.entry.backup.problems import BackupProblem
from zhengtong.entry.backup.sealing import Key
from zhengtong.entry.backup.sets import Store
from zhengtong.kernel.clock import recording_time

KEY = Key("0123456789abcdef" * 4)
BEGUN = dt.datetime(2026, 11, 9, 2, tzinfo=dt.UTC)


def erased(hours: int) -> erasures.Erased:
    return erasures.Erased("980723", uuid.uuid4(), uuid.uuid4(), BEGUN + dt.timedelta(hours=hours))


def test_what_a_set_may_not_know_is_repeated(tmp_path: Path) -> None:
    store = Store(tmp_path)
    before, close, after = erased(-5), erased(0), erased(5)

    assert erasures.bring_up_to_date(store, KEY, [after, before, close]) == 3
    assert erasures.bring_up_to_date(store, KEY, [after, before, close]) == 0

    assert erasures.listed(store, KEY) == [before, close, after]
    assert erasures.to_repeat(store, KEY, BEGUN) == [close, after]


def test_nobody_reads_or_changes_the_list_without_the_key(tmp_path: Path) -> None:
    store, one = Store(tmp_path), erased(1)
    erasures.note(store, KEY, one)
    [path] = (tmp_path / erasures.FOLDER).iterdir()

    assert str(one.person_id).encode() not in path.read_bytes()
    assert erasures.listed(store, Key("fedcba9876543210" * 4)) == []
    spoilt = bytearray(path.read_bytes())
    spoilt[20] ^= 1
    path.write_bytes(bytes(spoilt))
    with pytest.raises(BackupProblem):
        erasures.listed(store, KEY)


def test_what_a_killed_writer_left_is_swept_when_nobody_can_be_writing_it(tmp_path: Path) -> None:
    store = Store(tmp_path)
    erasures.note(store, KEY, erased(1))
    old, new = (tmp_path / erasures.FOLDER / f".{name}.partial" for name in ("old", "new"))
    old.write_bytes(b"half")
    os.utime(old, (0, 0))
    new.write_bytes(b"half")

    assert store.sweep(set()) == 1

    assert not old.exists()
    assert new.exists()
    assert len(erasures.listed(store, KEY)) == 1


def test_it_is_written_at_once_where_there_is_a_key(settings: Any, tmp_path: Path) -> None:
    settings.ZHENGTONG_VAR = str(tmp_path)
    settings.ZHENGTONG_BACKUP_TO = str(tmp_path / "store")
    person, request = uuid.uuid4(), uuid.uuid4()

    erasures.note_carried_out("980723", person, request)
    assert not (tmp_path / "store").exists()
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / making.KEY_FILE).write_text(KEY.text)
    erasures.note_carried_out("980723", person, request)

    [one] = erasures.listed(Store(tmp_path / "store"), KEY)
    assert (one.person_id, one.request_id) == (person, request)
    assert abs(one.at - recording_time()) < dt.timedelta(minutes=5)
