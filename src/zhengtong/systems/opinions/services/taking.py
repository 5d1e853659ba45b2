"""Taking a consultation or survey in hand for one act: locked, in reach, in a state that allows it."""

import unicodedata
import uuid
from typing import TypeVar

from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.systems.opinions import permissions
from zhengtong.systems.opinions.constants import REASON_MAX, REASON_MIN, Phase
from zhengtong.systems.opinions.models import Announced
from zhengtong.systems.opinions.selectors.finding import find, phase

Kind = TypeVar("Kind", bound=Announced)
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})  # categories of signs that show nothing


def locked(kind: type[Kind], key: uuid.UUID) -> Kind:
    """The row, locked until the transaction ends; raises NotFound."""
    row = kind._default_manager.select_for_update().filter(pk=key).first()
    if row is None:
        raise NotFound(_("没有找到这一件。"))
    return row


def unit_takes(kind: type[Kind], actor: Actor, key: uuid.UUID, *phases: Phase) -> Kind:
    """For an act of the unit's officers in one of the phases. Raises NotFound, NotPermitted, Conflict."""
    row = locked(kind, find(kind, actor, key).pk)
    permissions.check_unit(actor, row)
    check_phase(row, *phases)
    return row


def check_phase(row: Announced, *phases: Phase) -> None:
    """Raises Conflict where it stands in none of the phases."""
    stands = phase(row)
    if phases and stands not in phases:
        raise Conflict(_("这一件现在是“%(phase)s”，不能这样办理。请刷新页面后再看。") % {"phase": stands.label})


def words_in(text: str, *, field: str, least: int = REASON_MIN, most: int = REASON_MAX) -> str:
    """A text with enough words, its line breaks as the browser counts them; raises Invalid."""
    kept = clean(text)
    if not least <= len(kept) <= most:
        raise Invalid(_("请写明，%(a)d 到 %(b)d 个字。") % {"a": least, "b": most}, field=field)
    return kept


def clean(text: str) -> str:
    """The text without NUL; empty where nothing of it can be seen."""
    kept = text.replace("\x00", "").replace("\r\n", "\n").strip()
    return kept if any(unicodedata.category(sign) not in _INVISIBLE for sign in kept) else ""
