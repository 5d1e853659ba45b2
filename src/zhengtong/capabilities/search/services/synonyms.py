"""Keeping the county's synonyms: each saving is a new version; the ones before it stay as they were."""

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.search import permissions
from zhengtong.capabilities.search.constants import SYNONYMS_KIND
from zhengtong.capabilities.search.models import SynonymList
from zhengtong.capabilities.search.rules.synonyms import parse
from zhengtong.capabilities.search.selectors.synonyms import synonyms_text
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.transactions import hold

_MOST, _NOTE = 2_000, 200


@transaction.atomic
def keep_synonyms(*, actor: Actor, text: str, note: str, seen: int) -> SynonymList:
    """Save a new version; ``seen`` is the version it was made from.

    Raises Conflict when somebody saved meanwhile, Invalid for lines that are no groups, NotPermitted.
    """
    permissions.check_may_keep(actor)
    hold(f"search:synonyms:{actor.tenant}")
    current = synonyms_text(actor.tenant)[1]
    if current != seen:
        raise Conflict(_("同义词刚由别人改过，现在是第 %(n)d 版。请刷新页面，再改一次。") % {"n": current})
    return save_version(actor, text.replace("\x00", ""), note, current + 1)


def save_version(actor: Actor, text: str, note: str, version: int) -> SynonymList:
    """A further version with its entry in the ledger; part of the caller's transaction, which holds the list."""
    groups, bad = parse(text)
    if bad:
        lines = "、".join(str(one) for one in bad[:10])
        raise Invalid(
            _("第 %(lines)s 行不对：每行两到八个意思相同的词，用空格隔开，每个词二到二十个字。") % {"lines": lines},
            field="text",
        )
    if len(groups) > _MOST:
        raise Invalid(_("同义词最多 %(n)d 组。") % {"n": _MOST}, field="text")
    note = note.replace("\x00", "").strip()
    if not note or len(note) > _NOTE:
        raise Invalid(_("请写明改了什么。"), field="note")
    row = SynonymList.objects.create(tenant=actor.tenant, version=version, text=text, note=note)
    ledger.append(
        actor=actor,
        act="search.synonyms",
        object_ref=ObjectRef(kind=SYNONYMS_KIND, id=str(row.pk)),
        payload={"version": version, "groups": len(groups), "note": note},
    )
    return row
