"""Two acts at once, always in the same way: the second meets the first before its transaction is over."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, connections, transaction


def meeting(first: Callable[[], Any], second: Callable[[], Any], *, meanwhile: Callable[[], Any] = lambda: None) -> Any:
    """What ``second`` gives or raises; it begins while ``first`` is done but not committed.

    ``first`` is committed as soon as the second waits for it, or is over without having waited; just before that
    ``meanwhile`` is called in its transaction. For tests with ``committed_db``.
    """
    name, told, outcome = connection.settings_dict["NAME"], threading.Event(), list[Any]()
    pids: list[int] = []

    def run() -> None:
        own = connections["default"]
        own.settings_dict["NAME"] = name
        try:
            with own.cursor() as cursor:
                cursor.execute("select pg_backend_pid()")
                pids.append(cursor.fetchone()[0])
            told.set()
            outcome.append(second())
        except Exception as error:  # noqa: BLE001  (the assertion of the test shows it)
            outcome.append(error)
        finally:
            told.set()
            own.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        told.wait()
        while thread.is_alive() and not _waits(pids[0]):
            time.sleep(0.01)
        meanwhile()
    thread.join()
    return outcome[0]


def _waits(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select cardinality(pg_blocking_pids(%s)) > 0", [pid])
        return bool(cursor.fetchone()[0])
