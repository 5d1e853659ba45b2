"""Keeping the county's dictionary: each saving is a new version; what was signed for before stays as it was."""

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.systems.sites import permissions
from zhengtong.systems.sites.constants import WORDS_KIND
from zhengtong.systems.sites.models.words import WordList
from zhengtong.systems.sites.rules.checks import parse_words
from zhengtong.systems.sites.selectors.checking import dictionary_text
from zhengtong.systems.sites.services.telling import record

_MOST, _NOTE = 5_000, 200


@transaction.atomic
def keep_words(*, actor: Actor, text: str, note: str, seen: int) -> WordList:
    """Save a new version; ``seen`` is the version it was made from.

    Raises Conflict when somebody saved meanwhile, Invalid for lines that are no entries, NotPermitted.
    """
    permissions.check_may_keep_words(actor)
    entries, bad = parse_words(text)
    if bad:
        lines = "、".join(str(one) for one in bad[:10])
        raise Invalid(_("第 %(lines)s 行不对：每行一个错词，空格，再写正词。") % {"lines": lines}, field="text")
    if len(entries) > _MOST:
        raise Invalid(_("用词表最多 %(n)d 条。") % {"n": _MOST}, field="text")
    note = note.replace("\x00", "").strip()
    if not note or len(note) > _NOTE:
        raise Invalid(_("请写明改了什么。"), field="note")
    list(WordList.objects.select_for_update().filter(tenant=actor.tenant).values_list("pk", flat=True))
    current = dictionary_text(actor.tenant)[1]
    if current != seen:
        raise Conflict(_("用词表刚由别人改过，现在是第 %(n)d 版。请刷新页面，再改一次。") % {"n": current})
    row = WordList.objects.create(tenant=actor.tenant, version=current + 1, text=text, note=note)
    ref = ObjectRef(kind=WORDS_KIND, id=str(row.pk))
    record(actor, "sites.words", ref, version=row.version, entries=len(entries), note=note)
    return row
