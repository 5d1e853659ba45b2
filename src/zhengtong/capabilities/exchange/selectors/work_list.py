"""Rows that somebody has to put right: refused by the upper platform, or held here because they cannot be reported."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from zhengtong.capabilities.exchange.constants import REASONS, Verdict
from zhengtong.capabilities.exchange.models import ChangedRow, ReportedRow, ReportReconciliation
from zhengtong.capabilities.exchange.permissions import may_resend_row, may_see_all, visible_rows
from zhengtong.capabilities.exchange.registry import data_sets
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.paging import Page, page_of


@dataclasses.dataclass(frozen=True, kw_only=True)
class WorkRow:
    """One row on the list; ``again`` says that it changed or was sent again and is on its way."""

    id: uuid.UUID
    dataset: str
    title: str
    org_name: str
    reason: str
    since: dt.datetime
    sequence: int | None
    place: str
    may_resend: bool
    again: bool = False


def refused_rows(*, actor: Actor, page: object = 1, dataset: str = "") -> Page[WorkRow]:
    """Rows the upper platform refused, the oldest first, for operators, watchers and the units that answer for them."""
    rows = ReportedRow.objects.filter(visible_rows(actor), latest=True, verdict=Verdict.REFUSED)
    if dataset in data_sets:
        rows = rows.filter(dataset=dataset)
    found = page_of(rows.select_related("package").order_by("created_at", "number"), page, size=30)
    waiting = _waiting(actor.tenant, found.rows)
    return dataclasses.replace(
        found,
        rows=[
            WorkRow(
                id=row.id,
                dataset=title_of(row.dataset),
                title=row.title,
                org_name=row.org_name,
                reason=reason_words(row.dataset, row.reason_code, row.reason),
                since=row.package.settled_at or row.created_at,
                sequence=row.package.sequence,
                place=_place(actor, row),
                may_resend=may_resend_row(actor, row.org_id) and (row.dataset, row.row_key) not in waiting,
                again=(row.dataset, row.row_key) in waiting,
            )
            for row in found.rows
        ],
    )


def held_rows(*, actor: Actor, dataset: str = "") -> list[WorkRow]:
    """Rows that were not sent because they are not as declared, the oldest first; a hundred at most."""
    rows = ChangedRow.objects.filter(visible_rows(actor), held_at__isnull=False)
    if dataset in data_sets:
        rows = rows.filter(dataset=dataset)
    return [
        WorkRow(
            id=row.id,
            dataset=title_of(row.dataset),
            title=row.title,
            org_name=row.org_name,
            reason="；".join(reason_words(row.dataset, code, element) for code, element in row.problems),
            since=row.held_at or row.marked_at,
            sequence=None,
            place=_place(actor, row),
            may_resend=may_resend_row(actor, row.org_id),
        )
        for row in rows.order_by("held_at", "id")[:100]
    ]


def rows_to_correct(*, actor: Actor) -> int:
    """How many rows wait for the actor or his unit to put them right."""
    refused = ReportedRow.objects.filter(visible_rows(actor), latest=True, verdict=Verdict.REFUSED)
    return refused.count() + ChangedRow.objects.filter(visible_rows(actor), held_at__isnull=False).count()


def reconciliations(*, actor: Actor, page: object = 1) -> Page[ReportReconciliation]:
    """Comparisons of days, the newest first; none for who may not see them."""
    rows = ReportReconciliation.objects.filter(tenant=actor.tenant)
    return page_of((rows if may_see_all(actor) else rows.none()).order_by("-day", "dataset"), page, size=30)


def difference_words(differences: Sequence[Sequence[object]]) -> list[str]:
    """Differences in words."""
    words = {
        "missing_there": _("第 %(n)s 包上级平台没有"),
        "missing_here": _("第 %(n)s 包我方没有"),
        "content": _("第 %(n)s 包内容不同"),
        "verdicts": _("第 %(n)s 包采纳情况不同"),
    }
    return [words[str(kind)] % {"n": sequence} for sequence, kind in differences]


def reason_words(dataset: str, code: str, said: str) -> str:
    """Why a row was refused: the code in words, and the element by its label where one is named."""
    words = str(REASONS.get(code, code))
    labels = {column.element: column.label for column in data_sets.get(dataset).columns} if dataset in data_sets else {}
    if said in labels:
        return f"{labels[said]}（{said}）：{words}"
    return f"{words}：{said}" if said else words


def title_of(dataset: str) -> str:
    """What people call a data set."""
    return data_sets.get(dataset).title if dataset in data_sets else dataset


def _waiting(tenant: str, rows: Sequence[ReportedRow]) -> set[tuple[str, str]]:
    keys = {row.row_key for row in rows}
    found = ChangedRow.objects.filter(tenant=tenant, row_key__in=keys, held_at__isnull=True)
    return set(found.values_list("dataset", "row_key"))


def _place(actor: Actor, row: ReportedRow | ChangedRow) -> str:
    """Where the row is put right, for who belongs to the unit that can."""
    if row.dataset not in data_sets or row.org_id is None or row.org_id != actor.org_id:
        return ""
    return data_sets.get(row.dataset).source.place(row.tenant, row.row_key)
