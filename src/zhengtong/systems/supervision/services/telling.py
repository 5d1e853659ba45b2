"""Telling units of their cards: gathered, so that a hundred cards of one night make one message a person."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel.actors import ObjectRef
from zhengtong.kernel.clock import lives_in_the_past, now
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.many import insert_values
from zhengtong.kernel.outbox import lags
from zhengtong.systems.supervision.constants import CARD_KIND, SUBSCRIBER, SUPERVISOR, UNIT_ROLES, Level
from zhengtong.systems.supervision.models import Card, News

_MOST_LISTED = 20
_BATCH = 10_000
_PATIENCE = dt.timedelta(seconds=10)
#: what happened → how a message about several cards begins
_HEADS = {
    "raised": gettext_lazy("亮牌"),
    "remind": gettext_lazy("亮牌处理期限将到"),
    "overdue": gettext_lazy("亮牌处理逾期"),
    "confirm": gettext_lazy("亮牌已认定，请整改"),
    "cancel": gettext_lazy("亮牌已撤销"),
    "send_back": gettext_lazy("复查不通过，请继续整改"),
    "close": gettext_lazy("亮牌已销号"),
    "transfer": gettext_lazy("亮牌已转督查"),  # not told any more; what an upgrade finds waiting is still sent
    "inspect": gettext_lazy("亮牌有了督查结果"),
    "propose": gettext_lazy("收到监察建议书"),
    "account": gettext_lazy("责任追究决定"),
    "appeal": gettext_lazy("责任单位申诉"),
}


def add_news(cards: Iterable[Card], about: str, *, text: str = "", to_unit: bool = True) -> None:
    """Have the unit (or the supervisors) told about cards; part of the caller's transaction.

    In a demonstration's invented past they are told at once, at its own instant.
    """
    if lives_in_the_past():
        _tell([News(tenant=card.tenant, card=card, about=about, text=text[:200], to_unit=to_unit) for card in cards])
        return
    news, at = {"about": about, "text": text[:200], "to_unit": to_unit}, now()
    insert_values(
        News._meta.db_table,
        [{"id": new_id(), "tenant": card.tenant, "created_at": at, "card_id": card.id, **news} for card in cards],
    )


def tell_news() -> int:
    """Send what waits, one message a person, unit and occasion; returns how many pieces of news were told.

    While events are still coming in it waits for them, at most ten seconds.
    """
    oldest = News.objects.order_by("created_at").values_list("created_at", flat=True).first()
    if oldest is None or (now() - oldest < _PATIENCE and lags(SUBSCRIBER)):
        return 0
    with transaction.atomic():
        rows = list(
            News.objects.select_for_update(of=("self",), skip_locked=True)
            .select_related("card")
            .order_by("created_at", "id")[:_BATCH]
        )
        _tell(rows)
        News.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _tell(rows: Sequence[News]) -> None:
    groups: dict[tuple[str, uuid.UUID | None, str], list[News]] = defaultdict(list)
    for row in rows:
        groups[row.tenant, row.card.org_id if row.to_unit else None, row.about].append(row)
    people: dict[tuple[str, uuid.UUID | None], list[uuid.UUID]] = {}
    for (tenant, org_id, about), news in groups.items():
        if (tenant, org_id) not in people:
            people[tenant, org_id] = _people(tenant, org_id)
        title, body, link = _words(about, news, to_unit=org_id is not None)
        for person_id in people[tenant, org_id]:
            notify.send_message(
                tenant=tenant,
                person_id=person_id,
                title=title,
                body=body,
                object_ref=ObjectRef(kind=CARD_KIND, id=str(news[0].card_id)),
                link=link,
            )


def _people(tenant: str, org_id: uuid.UUID | None) -> list[uuid.UUID]:
    """信号发给经办人和负责人（地方电子监察规则）；of the supervisors' own limits the supervisors are told."""
    if org_id is not None:
        places = [(org_id, role) for role in UNIT_ROLES]
    else:
        places = [(unit.id, SUPERVISOR) for unit in identity.units_with_role(tenant, SUPERVISOR)]
    return sorted({found.person_id for place, role in places for found in identity.people_in(tenant, place, role)})


def _words(about: str, news: Sequence[News], *, to_unit: bool) -> tuple[str, str, str]:
    head = str(_HEADS[about])
    if len(news) == 1:
        card, text = news[0].card, news[0].text
        told = {"level": card.get_level_display(), "title": card.case_title or card.step, "number": card.case_number}
        if about == "raised":
            title = _("%(level)s：%(title)s（%(number)s）") % told
        else:
            title = _("%(head)s：%(level)s %(card)s") % {"head": head, "card": card.number, **told}
        body = text or card.explanation
        return title, body, reverse("supervision:card", args=[card.id])
    cards = [row.card for row in news]
    counts = "、".join(
        _("%(level)s %(n)d 张") % {"level": level.label, "n": number}
        for level in Level
        if (number := sum(card.level == level for card in cards))
    )
    title = _("%(head)s：%(counts)s") % {"head": head, "counts": counts}
    lines = [f"{row.card.number} {row.card.case_title} {row.text or row.card.step}".strip() for row in news]
    body = "\n".join(lines[:_MOST_LISTED])
    if len(lines) > _MOST_LISTED:
        body += "\n" + _("另有 %(n)d 张，请打开清单查看。") % {"n": len(lines) - _MOST_LISTED}
    return title, body, reverse("supervision:mine" if to_unit else "supervision:cards") + "?state=open"
