"""A scratch database of the benchmarks' own: started, migrated, and removed afterwards."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg

from zhengtong.entry.runtime import roles
from zhengtong.entry.runtime.embedded_postgres import SUPERUSER, Cluster, ConnectionInfo

STATE = Path(__file__).parents[1] / "var" / "bench"
NAME = "zt_bench"
_DROP = "drop database if exists {} with (force)"


@contextlib.contextmanager
def scratch_database(name: str = NAME) -> Iterator[dict[str, str]]:
    """Start a cluster with the safety of production (fsync), migrate, set up Django; yields the addresses by role."""
    cluster = Cluster(STATE / "postgres")
    info = cluster.hold()
    urls = {"owner": info.url(roles.OWNER_ROLE, name), "app": info.url(roles.APP_ROLE, name)}
    try:
        _create(info, name)
        _set_up_django(urls)
        _migrate()
        yield urls
    finally:
        with psycopg.connect(info.superuser_url, autocommit=True) as superuser:
            superuser.execute(_DROP.format(name))
        cluster.release()
        if not cluster.is_running():
            shutil.rmtree(STATE, ignore_errors=True)


def _create(info: ConnectionInfo, name: str) -> None:
    with psycopg.connect(info.superuser_url, autocommit=True) as superuser:
        superuser.execute(_DROP.format(name))
        roles.create_database(superuser, name)
    with (
        psycopg.connect(info.url(SUPERUSER, name), autocommit=True) as superuser,
        psycopg.connect(info.url(roles.OWNER_ROLE, name), autocommit=True) as owner,
    ):
        roles.equip_database(superuser, owner)


def _set_up_django(urls: dict[str, str]) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="zhengtong.entry.settings.base",
        DATABASE_URL=urls["app"],
        DATABASE_OWNER_URL=urls["owner"],
        ZHENGTONG_DB_ROLE="app",
        ZHENGTONG_SECRET_KEY=secrets.token_hex(32),
        ZHENGTONG_FIELD_KEY=secrets.token_hex(32),
        ZHENGTONG_KEYSTORE_PASSPHRASE=secrets.token_hex(16),
        ZHENGTONG_DEMO="1",
        ZHENGTONG_VAR=str(STATE / "files"),
    )
    import django

    django.setup()


def _migrate() -> None:
    """As the owner of the tables, then back to the application's role."""
    from django.core.management import call_command
    from django.db import connection

    settings = connection.settings_dict
    application = settings["USER"]
    settings["USER"] = roles.OWNER_ROLE
    call_command("migrate", interactive=False, verbosity=0)
    connection.close()
    settings["USER"] = application


@contextlib.contextmanager
def database_beside(name: str) -> Iterator[dict[str, str]]:
    """An empty database on the same server, for a program that is not ours; yields the parts of its address."""
    cluster = Cluster(STATE / "postgres")
    info = cluster.hold()
    try:
        with psycopg.connect(info.superuser_url, autocommit=True) as superuser:
            superuser.execute(_DROP.format(name))
            roles.create_database(superuser, name)
        parts = psycopg.conninfo.conninfo_to_dict(info.url(roles.OWNER_ROLE, name))
        yield {"NAME": name, "USER": roles.OWNER_ROLE, "HOST": str(parts["host"]), "PORT": str(parts["port"])}
    finally:
        with psycopg.connect(info.superuser_url, autocommit=True) as superuser:
            superuser.execute(_DROP.format(name))
        cluster.release()
