"""A set made while somebody writes, restored elsewhere, pruned; and every way in which a set can be bad."""

import datetime as dt
import hashlib
import json
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from zhengtong.entry.backup import making, schedule
from zhengtong.entry.backup.drill import drill
from zhengtong.entry.backup.problems import BackupProblem
from zhengtong.entry.backup.restoring import restore
from zhengtong.entry.backup.sealing import Key
from zhengtong.entry.backup.sets import BackupSet, Store
from zhengtong.entry.runtime.embedded_postgres import Cluster
from zhengtong.entry.runtime.state_folder import StateFolder

KEY = Key("0123456789abcdef" * 4)
CONTENT = [b"one paper", b"another paper" * 5000, b""]


def silent(_text: str) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StateFolder]:
    state = StateFolder(tmp_path_factory.mktemp("state"))
    cluster = Cluster(state.database, durable=False)
    info = cluster.hold()
    with psycopg.connect(info.owner_url, autocommit=True) as owner:
        owner.execute("create table kernel_storedfile (id bigserial primary key, digest text, size bigint)")
        owner.execute("create table notes (id bigserial primary key, text text not null unique)")
        owner.execute("insert into notes (text) select 'n' || g from generate_series(1, 2000) g")
    (state.path / "kind").write_text("demo\n")
    (state.path / "keys").mkdir()
    (state.path / "keys" / "seal.pem").write_text("a private key")
    state.secrets.mkdir(mode=0o700)
    (state.secrets / "field_key").write_text("f" * 64)
    (state.secrets / "more").write_text("another secret")
    for content in CONTENT:
        _store(state, info.owner_url, content)
    yield state
    cluster.release()


def _store(state: StateFolder, url: str, content: bytes) -> Path:
    digest = hashlib.sha256(content).hexdigest()
    path = state.path / "files" / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("insert into kernel_storedfile (digest, size) values (%s, %s)", [digest, len(content)])
    return path


def made(installation: StateFolder, store: Store, checkpoint: str = "") -> BackupSet:
    return making.make(installation, store=store, key=KEY, checkpoint=checkpoint, say=silent)


@pytest.fixture(scope="module")
def good(installation: StateFolder, tmp_path_factory: pytest.TempPathFactory) -> BackupSet:
    """A set made while another connection goes on writing."""
    url = Cluster(installation.database).ensure_running().owner_url
    stop = threading.Event()

    def write() -> None:
        with psycopg.connect(url, autocommit=True) as owner:
            while not stop.is_set():
                owner.execute("insert into notes (text) values (gen_random_uuid()::text)")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        return made(installation, Store(tmp_path_factory.mktemp("store")), checkpoint="kept")
    finally:
        stop.set()
        writer.join()


@pytest.fixture
def copy(good: BackupSet, tmp_path: Path) -> BackupSet:
    """The good set in a store of its own, to be spoilt."""
    shutil.copytree(good.store.path, tmp_path / "store")
    return BackupSet.at(tmp_path / "store" / "sets" / good.folder.name)


def test_what_is_restored_is_one_moment_of_the_whole(good: BackupSet, tmp_path: Path) -> None:
    done = restore(good, tmp_path / "new", key=KEY, say=silent)

    state = StateFolder(tmp_path / "new")
    assert done.different == ()
    assert done.files == len(CONTENT)
    assert good.manifest.tables["notes"] >= 2000
    assert done.rows == sum(good.manifest.tables.values())
    for content in CONTENT:
        digest = hashlib.sha256(content).hexdigest()
        assert (state.path / "files" / digest[:2] / digest[2:4] / digest).read_bytes() == content
    assert (state.path / "keys" / "seal.pem").read_text() == "a private key"
    assert (state.secrets / "field_key").read_text().strip() == os.environ["ZHENGTONG_FIELD_KEY"]  # it goes first
    assert (state.secrets / "more").read_text() == "another secret"
    assert (state.secrets / "field_key").stat().st_mode & 0o777 == 0o600
    cluster = Cluster(state.database)
    try:
        with psycopg.connect(cluster.ensure_running().app_url) as app:
            assert app.execute("select count(*) from notes").fetchone() == (good.manifest.tables["notes"],)
    finally:
        cluster.stop()


def test_nothing_in_the_store_can_be_read(good: BackupSet) -> None:
    for path in good.store.path.rglob("*"):
        if path.is_file() and path.name != "manifest.json":
            content = path.read_bytes()
            assert b"paper" not in content
            assert b"private" not in content
            assert b"PGDMP" not in content


def test_a_second_set_copies_no_file_again_and_old_ones_go_with_their_files(
    installation: StateFolder, copy: BackupSet, tmp_path: Path
) -> None:
    store = copy.store
    before = {path: path.stat().st_mtime_ns for path in (store.path / "files").rglob("*") if path.is_file()}
    url = Cluster(installation.database).ensure_running().owner_url
    passing = _store(installation, url, b"a paper that will be gone")

    second = made(installation, store)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert second.manifest.files == len(CONTENT) + 1

    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("delete from kernel_storedfile where digest = %s", [passing.name])
    passing.unlink()
    third = made(installation, store)
    assert making.prune(store, KEY, keep=1) == 2
    assert [one.manifest.name for one in store.sets()] == [third.manifest.name]
    assert {path for path in (store.path / "files").rglob("*") if path.is_file()} == set(before)


def test_the_newest_proven_set_stays(copy: BackupSet, installation: StateFolder) -> None:
    store = copy.store
    store.keep_report({"set": copy.manifest.name, "ok": True}, copy.manifest.ended)
    second = made(installation, store)
    third = made(installation, store)

    assert making.prune(store, KEY, keep=1) == 1
    assert [one.manifest.name for one in store.sets()] == [copy.manifest.name, third.manifest.name]
    assert second.manifest.name not in [one.manifest.name for one in store.sets()]


def test_a_file_spoilt_in_the_installation_itself_is_counted(installation: StateFolder, tmp_path: Path) -> None:
    url = Cluster(installation.database).ensure_running().owner_url
    path = _store(installation, url, b"will be spoilt")
    path.write_bytes(b"spoilt")
    try:
        found = made(installation, Store(tmp_path / "store"))
    finally:
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("delete from kernel_storedfile where digest = %s", [path.name])

    assert found.manifest.damaged == 1
    assert found.manifest.files == len(CONTENT)


def test_one_at_a_time(installation: StateFolder, tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    with store.opened(), pytest.raises(BackupProblem, match="另一个备份或演练正在进行"):
        made(installation, store)


def test_a_full_disk_leaves_no_half_set(
    installation: StateFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "store")

    def full(*_given: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "seal", full)
    with pytest.raises(BackupProblem, match=r"备份没有完成.*已经删除"):
        made(installation, store)

    assert store.sets() == []
    assert list((store.path / "sets").iterdir()) == []


@pytest.mark.parametrize("part", ["database.sealed", "state.sealed", "files.sealed"])
def test_a_spoilt_part_is_named_and_nothing_is_believed(copy: BackupSet, tmp_path: Path, part: str) -> None:
    path = copy.folder / part
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    with pytest.raises(BackupProblem, match=part):
        restore(copy, tmp_path / "new", key=KEY, say=silent)


def test_a_spoilt_or_missing_file_is_named(copy: BackupSet, tmp_path: Path) -> None:
    path = copy.store.file(KEY.name_of(hashlib.sha256(CONTENT[1]).hexdigest()))
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    with pytest.raises(BackupProblem, match=path.name):
        restore(copy, tmp_path / "one", key=KEY, say=silent)

    path.unlink()
    with pytest.raises(BackupProblem, match="缺少文件"):
        restore(copy, tmp_path / "two", key=KEY, say=silent)


def test_a_changed_manifest_another_key_and_a_missing_part_are_refused(copy: BackupSet, tmp_path: Path) -> None:
    with pytest.raises(BackupProblem, match="密钥不对"):
        restore(copy, tmp_path / "new", key=Key.new(), say=silent)
    (copy.folder / "state.sealed").rename(copy.folder / "away")
    with pytest.raises(BackupProblem, match=r"state\.sealed 缺失"):
        restore(copy, tmp_path / "new", key=KEY, say=silent)
    (copy.folder / "away").rename(copy.folder / "state.sealed")
    manifest = copy.folder / "manifest.json"
    body = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(body | {"damaged": 1}))
    with pytest.raises(BackupProblem, match="被改动过"):
        restore(BackupSet.at(copy.folder), tmp_path / "new", key=KEY, say=silent)
    manifest.write_text("{")
    with pytest.raises(BackupProblem, match="无法读取"):
        BackupSet.at(copy.folder)
    assert not (tmp_path / "new").exists()


def test_nothing_is_ever_overwritten(good: BackupSet, tmp_path: Path) -> None:
    (tmp_path / "kind").write_text("production")

    with pytest.raises(BackupProblem, match="不是空目录"):
        restore(good, tmp_path, key=KEY, say=silent)

    assert (tmp_path / "kind").read_text() == "production"


def test_a_drill_that_has_to_wait_for_a_back_up_leaves_no_folder(copy: BackupSet, tmp_path: Path) -> None:
    aside = tmp_path / "aside"
    aside.mkdir()

    with copy.store.opened(), pytest.raises(BackupProblem, match="正在进行"):
        drill(copy, store=copy.store, aside=aside, key=KEY, files=False, say=silent)

    assert list(aside.iterdir()) == []


def test_back_up_is_due_once_a_day_and_the_drill_once_a_week(copy: BackupSet, tmp_path: Path, settings: Any) -> None:
    settings.ZHENGTONG_BACKUP_AT = "02:00"
    begun = copy.manifest.begun
    before_two = begun.astimezone(schedule.SHANGHAI).replace(hour=1, minute=59) + dt.timedelta(days=1)
    at_two = before_two + dt.timedelta(minutes=1)

    assert schedule.due(Store(tmp_path / "empty"), begun) == "backup"
    assert schedule.due(copy.store, begun + dt.timedelta(seconds=1)) == "restore-drill"
    copy.store.keep_report({"set": copy.manifest.name, "ok": True, "at": begun.isoformat()}, begun)
    assert schedule.due(copy.store, begun + dt.timedelta(seconds=1)) == ""
    assert schedule.due(copy.store, max(at_two, begun + dt.timedelta(hours=25))) == "backup"
    settings.ZHENGTONG_BACKUP_AT = "off"
    assert schedule.due(copy.store, begun + dt.timedelta(days=30)) == ""
