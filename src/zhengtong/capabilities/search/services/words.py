"""What editors do about words: see to those that find nothing, pin or hide those on show."""

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.search import permissions
from zhengtong.capabilities.search.constants import WORD_KIND, Stand
from zhengtong.capabilities.search.models import HandledWord, WordStand
from zhengtong.capabilities.search.rules.counting import countable
from zhengtong.capabilities.search.rules.synonyms import line_of
from zhengtong.capabilities.search.selectors.missed import missed_word
from zhengtong.capabilities.search.selectors.synonyms import synonyms_text
from zhengtong.capabilities.search.services.synonyms import save_version
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.kernel.transactions import hold

_NOTE, _WORD = 200, 20


@transaction.atomic
def handle_missed(*, actor: Actor, words: str, note: str, synonym: str = "") -> HandledWord:
    """Note what was done about a word that finds nothing; with ``synonym`` it means the same as that from now on.

    Raises NotFound for a word nobody missed or somebody has just seen to, Invalid, NotPermitted.
    """
    permissions.check_may_handle(actor)
    synonym = " ".join(synonym.replace("\x00", "").split())
    if synonym:
        permissions.check_may_keep(actor)
        hold(f"search:synonyms:{actor.tenant}")
    hold(f"search:missed:{actor.tenant}")
    if not missed_word(actor.tenant, words):
        raise NotFound(_("“%(words)s”不在没有结果的检索词里，或者刚由别人处理过。") % {"words": words[:30]})
    note = note.replace("\x00", "").strip()
    if len(note) < 2 or len(note) > _NOTE:
        raise Invalid(_("请写明怎样处理的，例如“已请民政局补写办事指南”。"), field="note")
    if synonym:
        _add_synonym(actor, words, synonym)
    row = HandledWord.objects.create(tenant=actor.tenant, words=words, note=note, synonym=synonym)
    _record(actor, "search.missed_handled", row.pk, words=words, note=note, synonym=synonym)
    return row


@transaction.atomic
def set_stand(*, actor: Actor, words: str, stand: str) -> WordStand:
    """Pin a word among the hot words, or hide it; raises Invalid, NotPermitted."""
    permissions.check_may_keep(actor)
    short = countable(words)
    if not short:
        raise Invalid(_("请写二到三十个字的词；号码、邮箱不能作为热词。"), field="words")
    if stand not in Stand.values:
        raise Invalid(_("请选择固定显示或者不显示。"), field="stand")
    hold(f"search:stands:{actor.tenant}")
    row, _made = WordStand.objects.update_or_create(tenant=actor.tenant, words=short, defaults={"stand": stand})
    act = "search.word_shown" if stand == Stand.PINNED else "search.word_hidden"
    _record(actor, act, row.pk, words=short)
    return row


@transaction.atomic
def release_word(*, actor: Actor, words: str) -> None:
    """Let a word stand as its count says; raises NotFound, NotPermitted."""
    permissions.check_may_keep(actor)
    row = WordStand.objects.select_for_update().filter(tenant=actor.tenant, words=words).first()
    if row is None:
        raise NotFound(_("“%(words)s”没有固定，也没有隐藏。") % {"words": words[:30]})
    _record(actor, "search.word_released", row.pk, words=words, stand=row.stand)
    row.delete()


def _add_synonym(actor: Actor, words: str, synonym: str) -> None:
    """The word that finds nothing joins the group of the other word, or both make one."""
    said, meant = words.replace(" ", ""), synonym.replace(" ", "")
    if len(said) > _WORD:
        raise Invalid(_("“%(words)s”太长，不能设为同义词；每个词最多二十个字。") % {"words": said}, field="synonym")
    text, version = synonyms_text(actor.tenant)
    lines = text.splitlines()
    at = next((n for n, line in enumerate(lines) if not line.startswith("#") and meant in line.split()), None)
    if at is None:
        lines.append(line_of((said, meant)))
    elif said not in lines[at].split():
        lines[at] = f"{lines[at]} {said}"
    note = _("由没有结果的检索词“%(words)s”设为同义词") % {"words": said}
    save_version(actor, "\n".join(lines) + "\n", note, version + 1)


def _record(actor: Actor, act: str, key: object, **payload: str) -> None:
    ledger.append(actor=actor, act=act, object_ref=ObjectRef(kind=WORD_KIND, id=str(key)), payload=payload)
