"""Erasing a person: each app registers what it finds of him and takes away, and says what stays and why.

个人信息保护法 第四十七条：删除；法律规定的保存期限未届满的，停止除存储之外的处理。A system joins by registering;
the order is from those who hold matters down to those who hold the person himself.
"""

import dataclasses
import enum
import functools
import uuid
from collections.abc import Callable
from typing import Final

from django.db import transaction

from zhengtong.kernel import traces
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.registry import Registry
from zhengtong.kernel.traces import Traces

LEGAL_BASIS: Final = "个人信息保护法第四十七条"
ERASED: Final = "（已删除）"


class Fate(enum.Enum):
    """What becomes of a kind of data."""

    ERASE = "删除"
    HIDE = "隐去个人信息，数量保留"
    KEEP = "依法保留"
    OPEN = "还没有办结"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Subject:
    """Who is erased, by pseudonyms only: his record and those merged into it; ``stays`` while a matter is open."""

    tenant: str
    person_ids: frozenset[uuid.UUID]
    stays: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    """So many of a kind of data, what becomes of them, and why they stay."""

    label: str
    count: int
    fate: Fate
    reason: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Eraser:
    """What an app does for an erasure: ``covers`` names the models whose data it answers for (``app.Model``).

    ``turn`` orders the erasers, the lowest first. ``preview`` changes nothing; ``erase`` runs in a transaction and
    may be repeated: what is gone is not found again.
    """

    turn: int
    covers: frozenset[str]
    preview: Callable[[Subject], list[Finding]]
    erase: Callable[[Subject, Traces], None]


erasers: Registry[Eraser] = Registry("erasure.erasers")
#: (tenant, person) → his record and those merged into it
whole_person: Registry[Callable[[str, uuid.UUID], frozenset[uuid.UUID]]] = Registry("erasure.whole_person")
#: told after an erasure was carried out: (tenant, person, number of the request)
afterwards: Registry[Callable[[str, uuid.UUID, uuid.UUID], None]] = Registry("erasure.afterwards")


def findings(*, tenant: str, person_id: uuid.UUID) -> list[Finding]:
    """What all apps hold of a person and what would become of it; open matters first asked for, as ``erase`` does."""
    subject = _subject(tenant, person_id)
    return [one for eraser in _in_turn() for one in eraser.preview(subject) if one.count]


def erase(*, actor: Actor, person_id: uuid.UUID) -> Traces:
    """Erase what may go, everywhere, in the caller's transaction; what went by kind is in the result."""
    subject = _subject(actor.tenant, person_id)
    left = Traces()
    for eraser in _in_turn():
        eraser.erase(subject, left)
    traces.remove(actor=actor, traces=left, reason=LEGAL_BASIS)
    return left


def tell_afterwards(*, tenant: str, person_id: uuid.UUID, request_id: uuid.UUID) -> None:
    """Tell those who must know once the transaction stands: what is told names the person by his pseudonym only."""
    for _app, tell in list(afterwards.items()):
        transaction.on_commit(functools.partial(tell, tenant, person_id, request_id))


def _subject(tenant: str, person_id: uuid.UUID) -> Subject:
    ids = frozenset([person_id]).union(*(find(tenant, person_id) for _app, find in whole_person.items()))
    asked = Subject(tenant=tenant, person_ids=ids)
    stays = any(one.fate is Fate.OPEN and one.count for eraser in _in_turn() for one in eraser.preview(asked))
    return dataclasses.replace(asked, stays=stays)


def _in_turn() -> list[Eraser]:
    return sorted((eraser for _app, eraser in erasers.items()), key=lambda one: one.turn)
