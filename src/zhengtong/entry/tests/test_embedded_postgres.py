"""Life cycle and rights of the embedded database, on real clusters in temporary folders."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from zhengtong.entry.runtime.embedded_postgres import Cluster, ConnectionInfo
from zhengtong.entry.runtime.problems import StartProblem


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("state") / "postgres")
    made.ensure_running()
    yield made
    made.stop()


@pytest.fixture
def info(cluster: Cluster) -> ConnectionInfo:
    return cluster.ensure_running()


def _server_number(cluster: Cluster) -> int:
    return int((cluster.folder / "cluster" / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])


def _server_processes(info: ConnectionInfo) -> list[int]:
    """Live processes of the server behind ``info``: the main one carries its socket folder in its command line."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                command = (folder / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if str(info.socket_dir).encode() in command:
                found.append(int(folder.name))
    return found


def test_committed_data_is_safe_and_checked(info: ConnectionInfo) -> None:
    with psycopg.connect(info.superuser_url) as connection:
        settings = {
            name: connection.execute(f"show {name}").fetchone()[0]
            for name in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums")
        }

    assert settings == {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on"}


def test_the_server_listens_on_the_private_socket_only(info: ConnectionInfo) -> None:
    with psycopg.connect(info.superuser_url) as connection:
        assert connection.execute("show listen_addresses").fetchone()[0] == ""
    assert info.socket_dir.stat().st_mode & 0o777 == 0o700


def test_the_server_runs_without_roots_rights_and_owns_its_data_alone(cluster: Cluster, info: ConnectionInfo) -> None:
    data = cluster.folder / "cluster" / "data"

    owner = Path(f"/proc/{_server_number(cluster)}").stat().st_uid

    assert owner != 0
    assert data.stat().st_uid == owner
    assert data.stat().st_mode & 0o777 == 0o700
    assert (cluster.folder / "cluster").stat().st_mode & 0o777 == 0o700


def test_chinese_text_has_trigrams(info: ConnectionInfo) -> None:
    """Empty with a locale that knows no Chinese letters; the reason why initdb gets a locale."""
    with psycopg.connect(info.superuser_url) as connection:
        assert connection.execute("select show_trgm('公积金提取')").fetchone()[0]


def test_neither_role_has_rights_over_the_cluster(info: ConnectionInfo) -> None:
    with psycopg.connect(info.superuser_url) as connection:
        rows = connection.execute(
            "select rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls, rolreplication, rolcanlogin"
            " from pg_roles where rolname like 'zt\\_%' and not rolsuper order by 1"
        ).fetchall()
        (owner,) = connection.execute(
            "select pg_get_userbyid(datdba) from pg_database where datname = 'zhengtong'"
        ).fetchone()

    assert rows == [
        ("zt_app", False, False, False, False, False, True),
        ("zt_owner", False, False, False, False, False, True),
    ]
    assert owner == "zt_owner"


@pytest.mark.parametrize(
    "statement",
    [
        "create table app_made (a int)",
        "create temporary table app_made (a int)",
        "create schema app_made",
        "create extension hstore",
        "create function app_made() returns int language sql as 'select 1'",
        "create database app_made",
        "create role app_made",
        "alter table owner_made add column b int",
        "truncate owner_made",
        "drop table owner_made",
        "create index on owner_made (a)",
        "set role zt_owner",
        "copy (select 1) to program 'true'",
    ],
)
def test_the_application_may_not_define_anything(info: ConnectionInfo, statement: str) -> None:
    with psycopg.connect(info.owner_url, autocommit=True) as owner:
        owner.execute("create table if not exists owner_made (a int)")

    with (
        psycopg.connect(info.app_url, autocommit=True) as app,
        pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidObjectDefinition)),
    ):
        app.execute(statement)


def test_the_application_may_use_what_the_owner_makes(info: ConnectionInfo) -> None:
    with psycopg.connect(info.owner_url, autocommit=True) as owner:
        owner.execute("drop table if exists used")
        owner.execute(
            "create table used (id serial primary key, during daterange, exclude using gist (during with &&))"
        )
        owner.execute("create or replace function doubled(int) returns int language sql as 'select $1 * 2'")

    with psycopg.connect(info.app_url, autocommit=True) as app:
        app.execute("insert into used (during) values ('[2026-01-01,2026-02-01)')")
        app.execute("update used set during = '[2026-03-01,2026-04-01)'")
        assert app.execute("select doubled(count(*)::int) from used").fetchone() == (2,)
        assert app.execute("delete from used").rowcount == 1


def test_the_owner_has_the_extensions_without_being_superuser(info: ConnectionInfo) -> None:
    with psycopg.connect(info.owner_url) as owner:
        found = {name for (name,) in owner.execute("select extname from pg_extension")}

    assert {"btree_gist", "btree_gin", "pg_trgm", "citext"} <= found


def test_a_second_call_finds_the_running_server(cluster: Cluster, info: ConnectionInfo) -> None:
    before = _server_number(cluster)

    again = Cluster(cluster.folder).ensure_running()

    assert again == info
    assert _server_number(cluster) == before


def test_another_temporary_folder_does_not_hide_the_server(
    cluster: Cluster, info: ConnectionInfo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))

    assert Cluster(cluster.folder).ensure_running() == info


def test_a_killed_server_comes_back_with_every_committed_row(cluster: Cluster, info: ConnectionInfo) -> None:
    with psycopg.connect(info.owner_url, autocommit=True) as owner:
        owner.execute("create table if not exists survivors (n int)")
        owner.execute("truncate survivors")
        owner.execute("insert into survivors select generate_series(1, 20000)")
    pending = psycopg.connect(info.owner_url)
    pending.execute("insert into survivors values (-1)")

    os.kill(_server_number(cluster), signal.SIGKILL)
    again = cluster.ensure_running()

    with psycopg.connect(again.app_url) as app:
        assert app.execute("select count(*), min(n) from survivors").fetchone() == (20000, 1)
    with pytest.raises(psycopg.OperationalError):
        pending.execute("select 1")
    pending.close()


def test_a_lock_left_by_another_program_does_not_block_the_start(tmp_path: Path) -> None:
    """After a reboot the old server's number may belong to any program of the same user."""
    cluster = Cluster(tmp_path / "postgres", durable=False)
    cluster.ensure_running()
    pid_file = cluster.folder / "cluster" / "data" / "postmaster.pid"
    left_behind = pid_file.read_text(encoding="ascii").split("\n", 1)[1]
    user = pid_file.stat().st_uid
    cluster.stop()

    with subprocess.Popen(["sleep", "60"], user=user if os.geteuid() == 0 else None) as other_program:
        pid_file.write_text(f"{other_program.pid}\n{left_behind}", encoding="ascii")
        try:
            cluster.ensure_running()
            assert _server_number(cluster) != other_program.pid
        finally:
            cluster.stop()
            other_program.kill()


def test_stop_leaves_no_process_and_a_start_brings_it_back(tmp_path: Path) -> None:
    half_done = tmp_path / "postgres" / "cluster" / "data.new"
    half_done.mkdir(parents=True)
    (half_done / "PG_VERSION").write_text("18\n", encoding="ascii")
    cluster = Cluster(tmp_path / "postgres", durable=False)
    info = cluster.ensure_running()
    open_session = psycopg.connect(info.app_url)
    assert _server_processes(info)

    cluster.stop()

    assert not cluster.is_running()
    assert _server_processes(info) == []
    assert not info.socket_dir.parent.exists()
    open_session.close()
    cluster.stop()
    assert cluster.ensure_running() == info
    cluster.stop()


def test_the_last_user_stops_the_server(tmp_path: Path) -> None:
    one, other = (Cluster(tmp_path / "postgres", durable=False) for _ in range(2))
    one.hold()
    other.hold()

    one.release()
    still = other.is_running()
    other.release()

    assert still
    assert not other.is_running()
    assert not one.is_running()


def test_a_cluster_of_another_major_version_is_refused_untouched(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "cluster" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n", encoding="ascii")

    with pytest.raises(StartProblem, match="PostgreSQL 9"):
        Cluster(tmp_path / "postgres").ensure_running()

    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


def test_a_warm_start_is_quick(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "postgres", durable=False)
    cluster.ensure_running()
    cluster.stop()

    started = time.monotonic()
    cluster.ensure_running()
    took = time.monotonic() - started
    cluster.stop()

    assert took < 5
