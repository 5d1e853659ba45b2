"""A pytest plugin: tests run on a real PostgreSQL as the application's role.

Each worker has its own copy of a migrated template. Loaded by ``-p`` so that it comes before Django's settings.
"""

import hashlib
import itertools
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import hypothesis
import psycopg
import pytest
from psycopg import sql

from zhengtong.entry.runtime.embedded_postgres import Cluster
from zhengtong.kernel.signing import software
from zhengtong.kernel.signing.keystore import KeyStore

REPOSITORY = Path(__file__).parents[3]
STATE = REPOSITORY / "var" / "test"


# losing a test database in a power cut is no loss
_CLUSTER = Cluster(STATE / "postgres", durable=False)


def _start() -> dict[str, str]:
    STATE.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(STATE / "cluster.lock"):
        info = _CLUSTER.hold()
    return {"super": info.superuser_url, "owner": info.owner_url, "app": info.app_url}


URLS = _start()
os.environ.update(
    DATABASE_URL=URLS["app"],
    DATABASE_OWNER_URL=URLS["owner"],
    DJANGO_SETTINGS_MODULE="zhengtong.entry.settings.test",
    ZHENGTONG_SECRET_KEY="test-" + "x" * 50,
    ZHENGTONG_FIELD_KEY="00" * 32,
    ZHENGTONG_KEYSTORE_PASSPHRASE="test-passphrase",
    ZHENGTONG_DEMO="1",
    ZHENGTONG_VAR=str(STATE / "files" / os.environ.get("PYTEST_XDIST_WORKER", "main")),
)


def pytest_configure(config: pytest.Config) -> None:
    """Keys cost a test little: few rounds over a passphrase that is no secret, RSA keys out of a small stock.

    Examples of hypothesis are not timed: a busy machine is no fault of the code. A quick run draws fewer of them,
    other ones each time; a test that needs more says so itself.
    """
    quick = config.option.markexpr == "not full"
    hypothesis.settings.register_profile("house", deadline=None, max_examples=40 if quick else 100)
    hypothesis.settings.load_profile("house")
    KeyStore.__init__.__kwdefaults__["rounds"] = 1000  # type: ignore[index]  # it has keyword defaults
    make, stock = software.generate, itertools.cycle([software.generate("RSA-3072") for _ in range(4)])
    software.generate = lambda algorithm: next(stock) if algorithm == "RSA-3072" else make(algorithm)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys first, else as the dice fell: a long file that begins last keeps one worker alone at the end."""
    items.sort(key=lambda item: "/journeys/" not in item.nodeid)


def pytest_unconfigure() -> None:
    """The last process of the test run stops the server."""
    _CLUSTER.release()


def named(url: str, database: str) -> str:
    """The same address for another database."""
    head, _, query = url.partition("?")
    return head.rsplit("/", 1)[0] + "/" + database + ("?" + query if query else "")


def _migrations_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted((REPOSITORY / "src").rglob("migrations/*.py")):
        digest.update(str(path.relative_to(REPOSITORY)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _ensure_template() -> str:
    name = f"zt_template_{_migrations_digest()}"
    with filelock.FileLock(STATE / "template.lock"), psycopg.connect(URLS["super"], autocommit=True) as admin:
        if admin.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            return name
        building = sql.Identifier(name + "_building")
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(building))
        admin.execute(sql.SQL("create database {} owner zt_owner").format(building))
        with psycopg.connect(named(URLS["super"], name + "_building"), autocommit=True) as connection:
            connection.execute("create extension if not exists btree_gist")
        migrate(name + "_building")
        admin.execute(sql.SQL("alter database {} rename to {}").format(building, sql.Identifier(name)))
        # the newest few stay: another run of tests, with other migrations, may be cloning one of them
        for (old,) in admin.execute(
            "select datname from pg_database where datname ~ '^zt_template_[0-9a-f]+$' order by oid desc offset 4"
        ).fetchall():
            admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(old)))
    return name


def migrate(database: str) -> None:
    """Bring a database of the test cluster to the newest state, as the owner of its tables."""
    from django.core.management import call_command
    from django.db import connection

    from zhengtong.entry.runtime.migrating import cheaper_migrations
    from zhengtong.entry.runtime.privileges import grant_to_application

    with psycopg.connect(named(URLS["owner"], database), autocommit=True) as owner:
        grant_to_application(owner, "zt_app")
    app_user = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict.update(NAME=database, USER="zt_owner")
    with cheaper_migrations():
        call_command("migrate", verbosity=0)
    connection.close()
    connection.settings_dict.update(USER=app_user)


def _clone(template: str, name: str) -> None:
    with filelock.FileLock(STATE / "template.lock"), psycopg.connect(URLS["super"], autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        admin.execute(
            sql.SQL("create database {} owner zt_owner template {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def drop(name: str) -> None:
    """Remove a database of the test cluster."""
    with psycopg.connect(URLS["super"], autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Django talks to that database inside the block."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


@pytest.fixture(scope="session")
def template_database(django_db_blocker: object) -> str:
    """Name of the migrated template database."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # the plugin gives its blocker no type
        return _ensure_template()


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: object) -> Iterator[None]:
    """The worker's own database; each test runs in a transaction that is rolled back."""
    name = f"zt_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    _clone(template_database, name)
    with django_db_blocker.unblock(), connected_to(name):  # type: ignore[attr-defined]  # the plugin gives its blocker no type
        yield
    drop(name)


@pytest.fixture
def committed_db(template_database: str, django_db_blocker: object) -> Iterator[str]:
    """A fresh database whose transactions really commit (concurrency, tampering); yields its name."""
    name = f"zt_committed_{secrets.token_hex(4)}"
    _clone(template_database, name)
    with django_db_blocker.unblock(), connected_to(name):  # type: ignore[attr-defined]  # the plugin gives its blocker no type
        yield name
    drop(name)


@pytest.fixture
def superuser_connection(committed_db: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A superuser's connection to the database of ``committed_db``, for tampering."""
    with psycopg.connect(named(URLS["super"], committed_db), autocommit=True) as connection:
        yield connection


@pytest.fixture
def database_urls(committed_db: str) -> dict[str, str]:
    """Addresses (super, owner, app) of the database of ``committed_db``, for processes of their own."""
    return {role: named(url, committed_db) for role, url in URLS.items()}
