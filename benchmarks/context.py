"""What every benchmark needs: Django's connection, plain connections, the county, and the database's own counters."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from benchmarks.measure import cpu_of
from benchmarks.platform import Platform
from benchmarks.worker_process import WorkerProcess, running

_TABLES = Path(__file__).with_name("handwritten.sql")


class Context:
    """One scratch database; ``urls`` has the addresses ``app`` and ``owner``, Django is connected as ``app``."""

    def __init__(self, urls: dict[str, str]) -> None:
        self._urls = urls
        self._stack = contextlib.ExitStack()
        with self.as_owner() as owner:
            owner.execute(_TABLES.read_text(encoding="utf-8"))

    def close(self) -> None:
        """Close the plain connections."""
        self._stack.close()

    @functools.cached_property
    def platform(self) -> Platform:
        """The county whose cases are walked."""
        return Platform()

    def connect(self) -> psycopg.Connection[Any]:
        """A plain connection in the application's role, every statement prepared, commits said by the caller."""
        return self._stack.enter_context(psycopg.connect(self._urls["app"], autocommit=True, prepare_threshold=0))

    @contextlib.contextmanager
    def as_owner(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection of the owner of the tables, for making and filling them."""
        with psycopg.connect(self._urls["owner"], autocommit=True) as owner:
            yield owner

    @contextlib.contextmanager
    def worker(self, *loops: str) -> Iterator["WorkerProcess"]:
        """The platform's own worker beside the measurement, with these of its loops."""
        with running(self._urls["app"], loops) as process:
            yield process

    def django_pid(self) -> int:
        """The database process behind Django's connection."""
        connection.ensure_connection()
        return int(connection.connection.info.backend_pid)

    def server_cpu(self) -> float:
        """CPU seconds so far of all processes that serve this database now."""
        with self.as_owner() as owner:
            serving = owner.execute("select pid from pg_stat_activity where datname = current_database()").fetchall()
        return sum(cpu_of(pid) for (pid,) in serving)

    def server_version(self) -> str:
        """The version of the database server."""
        with connection.cursor() as cursor:
            cursor.execute("show server_version")
            return str(cursor.fetchone()[0]).split()[0]

    def flush_statistics(self) -> None:
        """Have the database process behind Django's connection report what it has done so far."""
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_force_next_flush()")

    def count_statements(self, work: Callable[[], None]) -> int:
        """How many statements Django's connection sends during ``work``, transaction control included."""
        before = connection.force_debug_cursor
        connection.force_debug_cursor = True
        connection.queries_log.clear()
        try:
            work()
            return len(connection.queries_log)
        finally:
            connection.force_debug_cursor = before
