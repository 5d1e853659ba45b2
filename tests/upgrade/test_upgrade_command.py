"""``zhengtong upgrade`` on the town of the previous release: a migration fails, the way back, the way on."""

import gzip
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.journeys.town import environment
from tests.upgrade.conftest import TOWN
from zhengtong.entry.runtime.embedded_postgres import Cluster
from zhengtong.entry.runtime.state_folder import StateFolder
from zhengtong.entry.upkeep import maintenance

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]

#: a table that a migration in the middle of the upgrade makes
_IN_THE_WAY = "supervision_outage"


def command(state: StateFolder, *words: str) -> subprocess.CompletedProcess[str]:
    """``zhengtong`` as an operator calls it."""
    return subprocess.run(
        [sys.executable, "-m", "zhengtong.entry.main", *words, "--var", str(state.path)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def old_town(tmp_path: Path) -> Iterator[StateFolder]:
    """The state folder of the previous release, stopped."""
    state = StateFolder(tmp_path / "var")
    state.path.mkdir()
    with tarfile.open(TOWN / "files.tar.xz") as archive:
        archive.extractall(state.path, filter="data")
    (state.path / "kind").write_text("demo\n")
    state.secrets.mkdir(mode=0o700, exist_ok=True)
    for name, value in (("secret_key", "x" * 60), ("field_key", "00" * 32), ("keystore_passphrase", "test-passphrase")):
        (state.secrets / name).write_text(value)
        (state.secrets / name).chmod(0o600)
    cluster = Cluster(state.database, durable=False)
    info = cluster.hold()
    script = tmp_path / "town.sql"
    script.write_bytes(b"set role zt_owner;\n" + gzip.decompress((TOWN / "town.sql.gz").read_bytes()))
    subprocess.run(
        [cluster.program("psql"), info.superuser_url, "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    cluster.release()
    yield state
    Cluster(state.database).stop()


def owner_of(state: StateFolder) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(Cluster(state.database).ensure_running().owner_url, autocommit=True)


def digests(state: StateFolder) -> dict[str, object]:
    """The content of every table, as a digest."""
    with owner_of(state) as owner:
        names = owner.execute(
            "select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'public' and relkind = 'r' order by 1"
        ).fetchall()
        query = "select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {} t"
        found = {
            str(name): owner.execute(sql.SQL(query).format(sql.Identifier(str(name)))).fetchone() for (name,) in names
        }
    Cluster(state.database).stop()
    return found


def applied(state: StateFolder) -> int:
    with owner_of(state) as owner:
        row = owner.execute("select count(*) from django_migrations").fetchone()
    Cluster(state.database).stop()
    return int(str(row[0])) if row else 0


def test_an_upgrade_that_fails_in_the_middle_leads_back_to_whole_data_and_then_succeeds(old_town: StateFolder) -> None:
    with owner_of(old_town) as owner:
        owner.execute(f"create table {_IN_THE_WAY} (id int)")  # type: ignore[arg-type]  # our own word
        owner.execute(f"insert into {_IN_THE_WAY} values (1)")  # type: ignore[arg-type]  # the same
    Cluster(old_town.database).stop()
    before, steps = digests(old_town), applied(old_town)

    checked = command(old_town, "upgrade", "--check")
    assert checked.returncode == 0, checked.stderr
    assert "supervision.0004" in checked.stdout
    assert digests(old_town) == before
    assert maintenance.read(old_town.path) is None

    failed = command(old_town, "upgrade")
    assert failed.returncode == 1, failed.stdout
    assert "数据表升级没有完成" in failed.stderr
    assert "zhengtong upgrade --back" in failed.stderr
    assert (on := maintenance.read(old_town.path)) is not None
    assert on.still
    assert not on.ends_with_start, "starting the platform opens no half-made tables"
    half = applied(old_town)
    assert half > steps, "it failed in the middle, not at the first step"

    again = command(old_town, "upgrade")
    assert again.returncode == 1
    sets = json.loads((old_town.running / "upgrade.json").read_text())["set"]
    assert [path.name for path in (old_town.path / "backups" / "sets").iterdir()] == [sets], "half data are never kept"

    back = command(old_town, "upgrade", "--back")
    assert back.returncode == 0, back.stdout + back.stderr
    after = digests(old_town)
    # the ledger and supervision may have heard of the maintenance before the copy; nothing else may differ
    assert {name for name in before if before[name] != after.get(name)} <= {"ledger_entry", "ledger_payload"}
    assert after.keys() == before.keys()
    assert not list(old_town.path.glob("upgrade-back-*"))
    assert (on := maintenance.read(old_town.path)) is not None
    assert on.ends_with_start
    assert command(old_town, "upgrade", "--back").returncode == 1, "there is no second way back"

    with owner_of(old_town) as owner:
        owner.execute(f"drop table {_IN_THE_WAY}")  # type: ignore[arg-type]  # our own word
    Cluster(old_town.database).stop()
    done = command(old_town, "upgrade")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "核对无误" in done.stdout
    assert maintenance.read(old_town.path) is None
    with owner_of(old_town) as owner:
        assert owner.execute("select count(*) from cases_case").fetchone() == (6,)
        assert owner.execute("select count(*) from supervision_outage where ends_at is not null").fetchone() == (1,)
        assert owner.execute("select count(*) from ledger_entry where act = 'operations.upgraded'").fetchone() == (1,)
    Cluster(old_town.database).stop()
    nothing = command(old_town, "upgrade")
    assert nothing.returncode == 0
    assert "不需要升级" in nothing.stdout


def test_data_of_a_later_release_are_not_touched(old_town: StateFolder) -> None:
    with owner_of(old_town) as owner:
        owner.execute("insert into django_migrations (app, name, applied) values ('cases', '9999_from_later', now())")
    Cluster(old_town.database).stop()
    before = digests(old_town)

    refused = command(old_town, "upgrade")

    assert refused.returncode == 1
    assert "较新的版本" in refused.stderr
    assert maintenance.read(old_town.path) is None
    assert digests(old_town) == before
