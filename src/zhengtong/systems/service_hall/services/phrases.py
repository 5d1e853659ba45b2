"""Keeping usual phrases: one's own freely, those of the unit by who answers for its words."""

import uuid
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.systems.service_hall.constants import PHRASE_KIND, PhraseUse
from zhengtong.systems.service_hall.models import Phrase
from zhengtong.systems.service_hall.permissions import check_may_keep_phrases
from zhengtong.systems.service_hall.rules import DEFAULTS, Words, unprintable, used_in

_LONGEST = 300
_MOST = 200  # phrases of a unit or a person: more than that nobody finds anything in


@transaction.atomic
def keep_phrase(*, actor: Actor, words: Words, of_unit: bool = False) -> Phrase:
    """Keep a phrase for the actor, or for his unit; one that is there already is given back.

    Raises NotPermitted, and Invalid for words that cannot stand on a paper.
    """
    check_may_keep_phrases(actor, of_unit=of_unit)
    words = words._replace(text=words.text.strip())
    _check_words(words)
    unit, whose = _unit(actor), None if of_unit else actor.person_id
    if Phrase.objects.filter(tenant=actor.tenant, org_id=unit, person_id=whose).count() >= _MOST:
        raise Invalid(_("已经有 %(most)d 条常用语。请先删除不用的，再收入新的。") % {"most": _MOST}, field="text")
    notice = words.use == PhraseUse.NOTICE
    row, new = Phrase.objects.get_or_create(
        tenant=actor.tenant,
        org_id=unit,
        person_id=whose,
        use=words.use,
        outcome="" if notice else words.outcome,
        item_code=words.item_code,
        material=words.material if notice else "",
        text=words.text,
        defaults={"kept_by": actor.name},
    )
    if new and of_unit:
        _record(actor, row, "service_hall.keep_phrase")
    return row


@transaction.atomic
def drop_phrase(*, actor: Actor, phrase_id: uuid.UUID) -> None:
    """Take a phrase out: one's own, or one of the unit by who keeps those; NotFound for another's."""
    row = Phrase.objects.filter(_offered_to(actor), tenant=actor.tenant, pk=phrase_id).first()
    if row is None:
        raise NotFound(_("没有找到这条常用语，可能已经删除。"))
    of_unit = row.person_id is None
    check_may_keep_phrases(actor, of_unit=of_unit)
    if of_unit:
        _record(actor, row, "service_hall.drop_phrase")
    row.delete()


@transaction.atomic
def adopt_defaults(*, actor: Actor) -> int:
    """Make the platform's phrases the unit's own, so that they can be changed; gives how many there were."""
    for words in DEFAULTS:
        keep_phrase(actor=actor, words=words, of_unit=True)
    return len(DEFAULTS)


@transaction.atomic
def count_uses(*, actor: Actor, written: Sequence[str]) -> None:
    """Count the phrases whose words stand in what was handed in; a row that another counts just now is left out."""
    rows = Phrase.objects.filter(_offered_to(actor), tenant=actor.tenant).values_list("id", "text")
    texts = dict(rows)
    used = set(used_in(list(texts.values()), written))
    found = [key for key, text in texts.items() if text in used]
    if found:
        free = Phrase.objects.filter(pk__in=found).select_for_update(skip_locked=True).values_list("pk", flat=True)
        Phrase.objects.filter(pk__in=list(free)).update(uses=F("uses") + 1)


def _unit(actor: Actor) -> uuid.UUID:
    if actor.org_id is None:
        raise ValueError("who keeps phrases works in a unit")
    return actor.org_id


def _offered_to(actor: Actor) -> Q:
    return Q(org_id=actor.org_id) & (Q(person_id__isnull=True) | Q(person_id=actor.person_id))


def _check_words(words: Words) -> None:
    if not words.text:
        raise Invalid(_("请写出常用语的内容。"), field="text")
    if len(words.text) > _LONGEST:
        raise Invalid(_("常用语最多 %(most)d 个字。") % {"most": _LONGEST}, field="text")
    if words.use not in PhraseUse.values:
        raise Invalid(_("请选择常用语用在哪里。"), field="use")
    found = unprintable(words.text)
    if found:
        raise Invalid(
            _("常用语中有不能印在文书上的字符“%(characters)s”（表情符号或不可见字符）。") % {"characters": found},
            field="text",
        )


def _record(actor: Actor, row: Phrase, act: str) -> None:
    payload = {"use": row.use, "outcome": row.outcome, "item": row.item_code, "material": row.material}
    ref = ObjectRef(kind=PHRASE_KIND, id=str(row.id))
    ledger.append(actor=actor, act=act, object_ref=ref, payload={**payload, "text": row.text})
