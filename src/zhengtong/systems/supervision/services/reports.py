"""电子监察月报: frozen by one supervisor, published by another, corrected by a further issue with a reason."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.contracts.supervision import ReportPublished
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, NotFound
from zhengtong.kernel.measures import plain
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.ui import compared
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.supervision import permissions
from zhengtong.systems.supervision.constants import REPORT_KIND, SUPERVISOR, UNIT_ROLES, Level, ScoreState
from zhengtong.systems.supervision.models import SupervisionReport
from zhengtong.systems.supervision.rules.report_figures import (
    GROUPS,
    MEASURES,
    TABLE,
    Compared,
    MonthTally,
    sentences,
    unit_sentences,
)
from zhengtong.systems.supervision.selectors import report_figures as figures
from zhengtong.systems.supervision.selectors.score_inputs import first_of, month_after
from zhengtong.systems.supervision.services.moving import checked
from zhengtong.systems.supervision.services.scores import month_words, second_person

REPORT_UNIT = parameters.declare(
    "supervision.report_unit",
    default="",
    label="电子监察月报由哪个单位制发（机构编码；空的由第一个有监察员的单位）",
    unit="",
    source="本地职责分工",
    confirmed=False,
).key
#: whose post makes a unit the issuing one, where none is set
_ISSUERS = (Role.SUPERVISOR, Role.LEADER)


@transaction.atomic
def propose_report(*, actor: Actor, month: dt.date, reason: str = "") -> SupervisionReport:
    """编制月报: the month's figures as they stand now are frozen, for a second supervisor to publish.

    A correction of a published month needs a reason. Raises NotPermitted, Invalid, Conflict.
    """
    permissions.check_supervisor(actor)
    proposer, month = permissions.person_of(actor), first_of(month)
    if month_after(month) > local_date():
        raise Conflict(_("这个月还没有结束，月底以后才能编制月报。"))
    _lock(actor.tenant, month)
    rows = SupervisionReport.objects.filter(tenant=actor.tenant, month=month)
    if rows.filter(state=ScoreState.PROPOSED).exists():
        raise Conflict(_("这个月已经有一份月报在等待核准。"))
    published = rows.filter(state=ScoreState.PUBLISHED).first()
    newest = rows.order_by("-version").first()
    words = checked(reason) if published or reason.strip() else ""
    if newest is not None and not words:
        words = _("前一版没有核准，重新编制。")
    content, said = _content(actor.tenant, month)
    digest = _digest(content, said)
    if published is not None and published.digest == digest:
        raise Conflict(_("这个月的数据与已公布的一版完全相同，没有需要更正的内容。"))
    row = SupervisionReport.objects.create(
        tenant=actor.tenant,
        month=month,
        version=newest.version + 1 if newest else 1,
        figures=content,
        sentences=said,
        digest=digest,
        reason=words,
        proposed_by_id=proposer,
        proposed_by=actor.name,
        proposed_for_id=actor.delegator_id,
        proposed_post=actor.post_name,
        proposed_org=actor.org_name,
    )
    _record(actor, row, "supervision.propose_report", words)
    return row


@transaction.atomic
def decide_report(*, actor: Actor, report_id: uuid.UUID, agreed: bool, reason: str, digest: str) -> SupervisionReport:
    """核准公布: a second supervisor publishes exactly the figures he saw, or refuses; units are told, a paper follows.

    Raises NotPermitted, NotFound, Conflict, Invalid.
    """
    permissions.check_supervisor(actor)
    found = SupervisionReport.objects.filter(tenant=actor.tenant, pk=report_id).first()
    if found is None:
        raise NotFound(_("没有找到这份月报。"))
    _lock(actor.tenant, found.month)
    row = SupervisionReport.objects.select_for_update().get(pk=found.pk)
    if row.state != ScoreState.PROPOSED:
        raise Conflict(_("这份月报已经由%(who)s处理。") % {"who": row.decided_by})
    second_person(actor, row.proposed_by_id, row.proposed_for_id)
    if digest != row.digest:
        raise Conflict(_("月报与您看到的不一致，没有公布。请刷新页面重新查看。"))
    words = checked(reason)
    if agreed:
        standing = SupervisionReport.objects.filter(tenant=row.tenant, month=row.month, state=ScoreState.PUBLISHED)
        standing.update(state=ScoreState.SUPERSEDED)
    row.state = ScoreState.PUBLISHED if agreed else ScoreState.REFUSED
    row.decided_by_id, row.decided_by, row.decided_post = actor.person_id, actor.name, actor.post_name
    row.decided_at, row.decision = now(), words
    row.save()
    _record(actor, row, "supervision.publish_report" if agreed else "supervision.refuse_report", words)
    if agreed:
        _tell_units(row)
        publish(
            ReportPublished(
                tenant=row.tenant,
                object_ref=_ref(row),
                at=now(),
                report_id=row.id,
                month=f"{row.month:%Y-%m}",
                version=row.version,
            )
        )
    return row


@transaction.atomic
def issue_report(*, tenant: str, report_id: uuid.UUID) -> None:
    """Typeset a published report as a paper; a correction replaces the paper of the issue before. Safe to repeat."""
    row = SupervisionReport.objects.select_for_update().get(tenant=tenant, pk=report_id)
    papers = SupervisionReport.objects.filter(tenant=tenant, month=row.month, document_id__isnull=False)
    # an issue published in the meantime has its own paper: an older one is not put over it
    if row.document_id is not None or papers.filter(version__gt=row.version).exists():
        return
    former = papers.order_by("-version").first()
    issued = documents.issue_report(
        tenant=tenant,
        object_ref=_ref(row),
        title=title_of(row),
        fields=_paper_fields(row),
        issuer=str(parameters.value(REPORT_UNIT, tenant=tenant)),
        roles=_ISSUERS,
        supersedes=former.document_id if former else None,
        reason=row.reason or _("电子监察月报"),
    )
    if issued is not None:
        SupervisionReport.objects.filter(pk=row.pk, document_id__isnull=True).update(document_id=issued.id)


def why_no_paper(row: SupervisionReport) -> str:
    """Why a published report has no paper although it should, and who can mend it; empty while it is on its way."""
    if row.document_id is not None or row.state != ScoreState.PUBLISHED:
        return ""
    return documents.why_no_paper(row.tenant, REPORT_UNIT, _ISSUERS)


def check_typesetting(*, actor: Actor, report_id: uuid.UUID) -> SupervisionReport:
    """A published report whose paper a supervisor may ask for once more. Raises NotPermitted, NotFound, Conflict."""
    permissions.check_supervisor(actor)
    row = SupervisionReport.objects.filter(tenant=actor.tenant, pk=report_id).first()
    if row is None:
        raise NotFound(_("没有找到这份月报。"))
    if row.document_id is not None or row.state != ScoreState.PUBLISHED:
        raise Conflict(_("只有已公布、还没有文书的月报需要排版。"))
    if why := why_no_paper(row):
        raise Conflict(why)
    return row


def title_of(row: SupervisionReport) -> str:
    """电子监察月报（2026年10月）."""
    return _("电子监察月报（%(month)s）") % {"month": month_words(row.month)}


def may_publish(actor: Actor, row: SupervisionReport) -> bool:
    """Whether this supervisor is the second person of a frozen report."""
    waiting = row.state == ScoreState.PROPOSED and actor.kind == "official" and actor.has_role(SUPERVISOR)
    return waiting and identity.is_second_person(actor, row.proposed_by_id, row.proposed_for_id)


def tallies_of(stored: Mapping[str, Any], *, now_key: str = "whole") -> list[MonthTally]:
    """This month, the one before, the same month a year ago: of the county, or (``tally``) of a unit's row."""
    return [MonthTally.from_json(stored[name]) for name in (now_key, "before", "last_year")]


def _lock(tenant: str, month: dt.date) -> None:
    """One at a time for a month, until the transaction ends: there may be no row yet that could be locked."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"supervision.report {tenant} {month}"])


def _content(tenant: str, month: dt.date) -> tuple[dict[str, Any], list[str]]:
    """All that the report shows, as plain values, and in words."""
    now_, before, last_year = (
        figures.month_count(tenant, day) for day in (month, month_after(month, -1), month_after(month, -12))
    )
    ranking = figures.ranking(tenant, month)
    places = {row["org"]: row for row in ranking["rows"]}
    label = month_words(month)
    units = []
    for row in figures.unit_rows(now_, before, last_year):
        scored = places.get(row["key"])
        told = Compared(label, *tallies_of(row, now_key="tally"))
        place = scored["place"] if scored else None
        said = unit_sentences(row["label"], told, place, len(places))
        units.append({**row, "place": place, "total": scored["total"] if scored else "", "sentences": said})
    content = {
        "month": f"{month:%Y-%m}",
        "whole": now_.whole.to_json(),
        "before": before.whole.to_json(),
        "last_year": last_year.whole.to_json(),
        "units": units,
        "rules": figures.by_rule(tenant, month),
        "cancelled": figures.cancelled_cards(tenant, month),
        "ranking": ranking,
        "course": figures.course(tenant, month),
        "months": figures.months(tenant, month),
    }
    smallest = int(parameters.value("supervision.smallest_denominator", tenant=tenant))
    best = [row["name"] for row in ranking["rows"] if row["place"] == 1]
    named = [(name, tally) for name, tally in now_.units.values()]
    whole = Compared(label, now_.whole, before.whole, last_year.whole)
    return content, sentences(whole, named, best, smallest=smallest)


def _digest(content: Mapping[str, Any], said: list[str]) -> str:
    text = json.dumps([content, said], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _ref(row: SupervisionReport) -> ObjectRef:
    return ObjectRef(kind=REPORT_KIND, id=f"{row.month:%Y-%m}")


def _record(actor: Actor, row: SupervisionReport, act: str, words: str) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=_ref(row),
        payload={"month": f"{row.month:%Y-%m}", "version": row.version, "digest": row.digest, "reason": words},
    )


def _tell_units(row: SupervisionReport) -> None:
    """Each unit is told of its own part."""
    title = _("%(month)s电子监察月报已公布") if row.version == 1 else _("%(month)s电子监察月报已更正")
    for unit in row.figures["units"]:
        org_id = uuid.UUID(unit["key"])
        for person_id in _people(row.tenant, org_id):
            notify.send_message(
                tenant=row.tenant,
                person_id=person_id,
                title=title % {"month": month_words(row.month)},
                body="\n".join(unit["sentences"]),
                object_ref=_ref(row),
                link=reverse("supervision:report_unit", args=[row.id, org_id]),
            )


def _people(tenant: str, org_id: uuid.UUID) -> list[uuid.UUID]:
    return sorted({one.person_id for role in UNIT_ROLES for one in identity.people_in(tenant, org_id, role)})


def rules_of(stored: Mapping[str, Any], org: str = "") -> list[dict[str, Any]]:
    """The rules of a report with what they raised, the most first; of a unit, or of all together."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in stored["rules"]:
        if not org or row["org"] == org:
            one = found.setdefault(
                (row["rule"], row["level"]),
                {
                    "name": row["name"],
                    "level": str(Level(row["level"]).label),
                    "raised": 0,
                    "confirmed": 0,
                    "cancelled": 0,
                },
            )
            for key in ("raised", "confirmed", "cancelled"):
                one[key] += row[key]
    return sorted(found.values(), key=lambda one: (-one["raised"], one["name"], one["level"]))


def _paper_fields(row: SupervisionReport) -> dict[str, Any]:
    shown = [one for group in GROUPS for one in MEASURES.values() if one.group == group]
    tables = [compared.paper_table(_("一、全县主要指标"), shown, tallies_of(row.figures))]
    parts = [
        (
            _("二、各单位情况"),
            [_("单位"), *(f"{MEASURES[key].label}（{MEASURES[key].unit}）" for key in TABLE), _("名次")],
            [
                [
                    unit["label"],
                    *(plain(MEASURES[key].of(MonthTally.from_json(unit["tally"]))) for key in TABLE),
                    plain(unit["place"]),
                ]
                for unit in row.figures["units"]
            ],
        ),
        (
            _("三、按情形"),
            [_("情形"), _("等级"), _("亮牌"), _("已认定"), _("已撤销")],
            [
                [one["name"], one["level"], *(plain(one[key]) for key in ("raised", "confirmed", "cancelled"))]
                for one in rules_of(row.figures)
            ],
        ),
        (
            _("四、撤销的牌"),
            [_("监察编号"), _("责任单位"), _("原因"), _("理由")],
            [[one["number"], one["org_name"], one["cause"], one["reason"]] for one in row.figures["cancelled"]],
        ),
    ]
    tables += [
        {"title": title, "heads": heads, "rows": [{"cells": cells} for cells in rows]}
        for title, heads, rows in parts
        if rows
    ]
    return {
        "opening": row.sentences,
        "tables": tables,
        "notes": [
            _("第 %(n)d 版，%(by)s编制、%(who)s核准，数据截至 %(day)s。")
            % {"n": row.version, "by": row.proposed_by, "who": row.decided_by, "day": cn_date(row.created_at)},
            *([_("更正的理由：%(reason)s") % {"reason": row.reason}] if row.reason else []),
        ],
    }
