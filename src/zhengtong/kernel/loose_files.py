"""Stored files nobody names any more: found, taken off the disk, and swept when something was left half done.

A column names a file when it is a foreign key to ``StoredFile`` or an identifier called ``file_id``; an app that keeps
identifiers of files elsewhere (inside JSON) registers them in ``named_elsewhere``.
"""

import contextlib
import datetime as dt
import itertools
import logging
import os
import re
import uuid
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import recording_time
from zhengtong.kernel.models import StoredFile
from zhengtong.kernel.registry import Registry
from zhengtong.kernel.traces import Traces

log = logging.getLogger(__name__)

#: app → the identifiers of a tenant's files that it names outside columns of files
named_elsewhere: Registry[Callable[[str], Collection[str]]] = Registry("loose_files.named_elsewhere")

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_PIECE: Final = 1 << 20


def references() -> Iterator[tuple[type[models.Model], str]]:
    """Every column of ours that names a stored file."""
    for model in apps.get_models():
        if not model.__module__.startswith("zhengtong."):
            continue
        for field in model._meta.concrete_fields:
            if (field.remote_field is not None and field.remote_field.model is StoredFile) or (
                isinstance(field, models.UUIDField) and field.name.endswith("file_id")
            ):
                yield model, field.attname


def unnamed(tenant: str, before: dt.datetime | None = None) -> "models.QuerySet[StoredFile]":
    """Files of a tenant that nothing names; ``before``: only those stored before that moment."""
    named = Q()
    for model, column in references():
        named |= Q(Exists(model._default_manager.filter(**{column: OuterRef("pk")})))
    elsewhere = {key for _app, keys in named_elsewhere.items() for key in keys(tenant)}
    rows = StoredFile.objects.filter(tenant=tenant).exclude(pk__in=_identifiers(elsewhere)).exclude(named)
    return rows if before is None else rows.filter(created_at__lt=before)


def let_go(*, tenant: str, file_ids: Collection[uuid.UUID]) -> int:
    """Delete those of the files that nothing names; their content leaves the disk after the transaction.

    Other rows of the same content keep it. Returns how many rows went.
    """
    if not file_ids:
        return 0
    rows = list(unnamed(tenant).filter(pk__in=file_ids))
    StoredFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    digests = sorted({row.digest for row in rows})
    transaction.on_commit(lambda: _unlink_all(digests))
    return len(rows)


def forget(actor: Actor, traces: Traces, _reason: str) -> None:
    """What ``kernel.traces`` asks: let the files of what is gone go."""
    traces.count("文件", let_go(tenant=actor.tenant, file_ids=traces.files))


def sweep_disk(*, older_than: dt.timedelta) -> int:
    """Take content off the disk that no row names, and half-written pieces; returns how many files went.

    Such content is left by a process that was killed or a transaction that was rolled back.
    """
    gone, limit = 0, (recording_time() - older_than).timestamp()
    var = Path(settings.ZHENGTONG_VAR)
    # a key that was being written is encrypted, and a private key all the same
    for path in itertools.chain((var / "files").glob("??/??/*"), (var / "keys").glob("*.partial")):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime >= limit:
                continue
            if path.name.endswith(".partial"):
                _destroy(path)
                gone += 1
            elif _DIGEST.fullmatch(path.name):
                gone += _unlink(path.name)
    return gone


def _unlink_all(digests: Collection[str]) -> None:
    for digest in digests:
        try:
            _unlink(digest)
        except OSError:
            log.exception("content %s could not be removed; the sweep tries again", digest)


def _unlink(digest: str) -> bool:
    """Remove a content no row names; one who is storing the same content just now goes first, or waits."""
    with transaction.atomic():
        storage.lock_content(digest, shared=False)
        if StoredFile.objects.filter(digest=digest).exists():
            return False
        path = storage.path_of(digest)
        if not path.is_file():
            return False
        _destroy(path)
    return True


def _destroy(path: Path) -> None:
    """Overwrite and unlink; on a disk that writes elsewhere (SSD, copy on write) only its own encryption helps."""
    with path.open("r+b") as out:
        left = os.fstat(out.fileno()).st_size
        while left > 0:
            left -= out.write(bytes(min(_PIECE, left)))
        out.flush()
        os.fsync(out.fileno())
    path.unlink()


def _identifiers(words: Collection[Any]) -> list[uuid.UUID]:
    found = []
    for word in words:
        with contextlib.suppress(ValueError):
            found.append(uuid.UUID(str(word)))
    return found
