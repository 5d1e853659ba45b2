"""Changing the master key of encrypted fields: every ciphertext and the blind index beside it, under the present key.

An index without its text (invitations to rate by short message, digests in events) cannot be made anew: it meets
nothing that is written later.
Ciphertexts stand in columns of ``EncryptedTextField`` (the index, where there is one, beside it as ``<name>_index``)
and as texts inside JSON columns (second factors). The platform must stand still meanwhile: a process that does not
know the new key cannot read what is already under it.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from zhengtong.kernel.fields import EncryptedTextField, blind_index, decrypt, encrypt, prefix_of

_BATCH: Final = 500
# the shape of a ciphertext, also of the oldest; shorter than nonce and tag none can be
_CIPHERTEXT: Final = r"k(1|[0-9a-f]{8}):[A-Za-z0-9+/]{38,}={0,2}"
_WHOLE: Final = re.compile(_CIPHERTEXT)


def encrypt_all_again(progress: Callable[[int], None] | None = None) -> int:
    """Bring every row under the present key; how many there were.

    Each batch is a transaction of its own: after an interruption another call finishes the rest. Raises
    cryptography's InvalidTag at a row that no key opens, before that row is touched.
    """
    done = 0
    for step in _steps():
        while count := step():
            done += count
            if progress:
                progress(done)
    return done


def _steps() -> Iterator[Callable[[], int]]:
    present = prefix_of(str(settings.ZHENGTONG_FIELD_KEY).split(",")[0])
    for model in apps.get_models():
        if model._meta.proxy or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield _column(model, field, present)
            elif isinstance(field, models.JSONField):
                yield _json(model, field, present)


def _column(model: type[models.Model], field: EncryptedTextField, present: str) -> Callable[[], int]:
    names = {other.name for other in model._meta.concrete_fields}
    index = f"{field.name}_index" if f"{field.name}_index" in names else ""
    quoted = _quoted(model, field)
    find = (
        f"select {quoted['key']}, {quoted['column']} from {quoted['table']} where {quoted['column']} <> ''"  # noqa: S608  (names of our own columns)
        f" and {quoted['column']} not like %s limit {_BATCH} for update"
    )
    also = f", {connection.ops.quote_name(index)} = %s" if index else ""
    change = f"update {quoted['table']} set {quoted['column']} = %s{also} where {quoted['key']} = %s"  # noqa: S608  (the same)

    def step() -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(find, [present + "%"])
            rows = cursor.fetchall()
            for key, stored in rows:
                text = decrypt(stored)
                values = [encrypt(text), *([blind_index(text)] if index else []), key]
                cursor.execute(change, values)
        return len(rows)

    return step


def _json(model: type[models.Model], field: Any, present: str) -> Callable[[], int]:
    quoted = _quoted(model, field)
    stale = f'"{_CIPHERTEXT}"'
    find = (
        f"select {quoted['key']} from {quoted['table']}"  # noqa: S608  (names of our own columns)
        f" where {quoted['column']}::text ~ %s and {quoted['column']}::text !~ %s limit {_BATCH}"
    )

    def step() -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(find, [stale, f'"{re.escape(present)}'])
            keys = [row[0] for row in cursor.fetchall()]
            for row in model._default_manager.select_for_update().filter(pk__in=keys):
                fresh = _again(getattr(row, field.name))
                model._default_manager.filter(pk=row.pk).update(**{field.name: fresh})
        return len(keys)

    return step


def _again(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _again(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_again(inner) for inner in value]
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return encrypt(decrypt(value))
    return value


def _quoted(model: type[models.Model], field: Any) -> dict[str, str]:
    names = {"table": model._meta.db_table, "key": model._meta.pk.column, "column": field.column}
    return {name: connection.ops.quote_name(value) for name, value in names.items()}
