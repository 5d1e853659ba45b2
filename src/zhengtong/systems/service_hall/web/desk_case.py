"""A case as officials see it: form and materials, opinions, limits, papers, what happened."""

import dataclasses
import datetime as dt
import functools
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.forms import api as form_api
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.kernel.ui.formats import cn_date, cn_datetime, group4
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.rules import Words, offered
from zhengtong.systems.service_hall.selectors.special import open_special_step
from zhengtong.systems.service_hall.web import desk_clocks
from zhengtong.systems.service_hall.web.desk_forms import (
    HearingDeclineForm,
    HearingMinutesForm,
    HearingNoticeForm,
    HearingRequestForm,
)
from zhengtong.systems.service_hall.web.desk_materials import change_rows, material_rows, notice_rows
from zhengtong.systems.service_hall.web.desk_pages import outcome_label

_LAMPS = {
    "cases.deadline_yellow": "yellow",
    "cases.deadline_red": "red",
    "cases.deadline_breach": "deep_red",
}
#: letters that choose an outcome; every other one is the good one
_KEYS = {"supplement": "s", "return": "r", "refuse": "x", "reject": "x", "disagree": "x", "fail": "x"}
_VERDICTS = {
    "supplement": "return",
    "return": "return",
    "refuse": "refuse",
    "reject": "refuse",
    "disagree": "refuse",
    "fail": "refuse",
}


@dataclasses.dataclass(frozen=True)
class Outcome:
    """A way a task may end: ``key`` chooses it on the keyboard, ``barred`` says why it is not open here."""

    code: str
    label: str
    key: str
    phrases: tuple[str, ...]
    barred: str


@dataclasses.dataclass(frozen=True)
class ReviewRow:
    """A department in the joint review: where it stands, who, until when, what it says."""

    unit: str
    step: str
    state: str
    who: str
    lamp: dict[str, str]
    at: dt.datetime | None
    text: str


def case_context(actor: Actor, view: api.ApplicationView, *, but_task: uuid.UUID | None = None) -> dict[str, Any]:
    """Everything of a case that its pages show; the task on the page itself is not told as waiting."""
    case = view.case
    if case is None:
        raise ValueError("an application that officials read has a case")
    calendar = cases.calendar_of(actor.tenant)
    return {
        "view": view,
        "case": case,
        "facts": case_facts(view, case),
        "sections": sections(view),
        "materials": material_rows(view),
        "notices": notice_rows(view),
        "opinions": opinions(case, calendar, but_task=but_task),
        "reviews": review_rows(case, calendar),
        "review_columns": review_columns(),
        "clocks": desk_clocks.clock_blocks(case, calendar),
        "renewal": desk_clocks.renewal_sentence(case),
        "papers": paper_rows(view),
        "pins": pin_rows(view),
        # read only by the pages that show them
        "drawing": functools.partial(drawing, case),
        "events": functools.partial(events, actor, case),
        "changes": change_rows(view),
        "hands": hands(actor, case),
        "hearing": case.hearing,
    }


def pin_rows(view: api.ApplicationView) -> list[dict[str, str]]:
    """The versions the case is judged by to its end, and the process it goes by now where that is another."""
    rows = [{"label": label, "value": words} for label, words in api.pins_of(view.row)]
    case = view.case
    if rows and case is not None and view.row.pins["process"]["version"] != case.process_version:
        now = {"key": case.process_key, "version": case.process_version}
        rows.append({"label": _("现在的流程"), "value": _("%(key)s 第 %(version)d 版（经批准迁移）") % now})
    return rows


def hands(actor: Actor, case: cases.CaseView) -> list[dict[str, Any]]:
    """Who has what now, and the actor's own step while he may take it back."""
    rows = [item for item in case.open_items if item.org_id is not None]
    if case.status == "open":
        rows += [item for item in case.work_items if item.recallable and item.done_by_id == actor.person_id]
    return [
        {
            "step": item.step,
            "unit": item.org_name,
            "who": _hand_word(item),
            "url": reverse("tasks:task", args=[item.id]),
        }
        for item in rows
    ]


def _hand_word(item: cases.WorkItemView) -> str:
    if item.status != "open":
        return _("您已办结，可以撤回重办")
    if item.helper:
        return _("%(holder)s签收，%(helper)s协办") % {"holder": item.holder, "helper": item.helper}
    if item.hand_note:
        return _("系统分派，%(note)s") % {"note": item.hand_note}
    return _("%(holder)s签收") % {"holder": item.holder} if item.holder else _("还没有人签收")


def outcomes(item: cases.WorkItemView, view: api.ApplicationView, phrases: Sequence[Words]) -> list[Outcome]:
    """The ways the task may end, as its drawing names them, each with the usual phrases for it."""
    code_of_item = view.row.item_code
    return [
        Outcome(
            code,
            label,
            _KEYS.get(code, "a"),
            tuple(offered(phrases, use="opinion", outcome=code, item_code=code_of_item)),
            _outcome_barred(code, view),
        )
        for code, label in item.outcomes
    ]


def _outcome_barred(code: str, view: api.ApplicationView) -> str:
    case = view.case
    if case is None:
        return ""
    if code == "supplement" and case.deemed_accepted:
        return _("收到材料已超过法定期限没有告知，依法视为受理，不能再要求补正。")
    if code in ("approve", "reject") and case.hearing is not None and case.hearing.bars_decision:
        return case.hearing.sentence
    if code in ("approve", "reject"):
        return open_special_step(view.row)
    return ""


def sections(view: api.ApplicationView) -> list[tuple[str, list[dict[str, str]], list[str]]]:
    """Per section of the form its title, its answers, and the promises given."""
    return [
        (
            title,
            [row for field, value in lines if field.kind != "consent" for row in _answer_rows(view, field, value)],
            [f"{value}：{field.label}" for field, value in lines if field.kind == "consent"],
        )
        for title, lines in view.form.lines()
    ]


def _answer_rows(view: api.ApplicationView, field: form_api.Field, value: str) -> list[dict[str, str]]:
    """An answer, and a line for every file given with it, to be opened."""
    files = form_api.files_in({field.key: view.form.answers.get(field.key)})
    found = [
        {
            "label": field.label,
            "value": str(file["name"]),
            "url": reverse("service_hall:desk-answer", args=[view.id, file["file"]]),
        }
        for _path, file in files
    ]
    return found if found and field.kind == "attachment" else [{"label": field.label, "value": value}, *found]


def case_facts(view: api.ApplicationView, case: cases.CaseView) -> list[dict[str, Any]]:
    """The head of a case: number, applicant, unit, when it came, when it was accepted."""
    row = view.row
    accepted = cn_date(case.accepted_on)
    if case.deemed_accepted:
        accepted = _("%(day)s（逾期没有告知，依法视为受理）") % {"day": accepted}
    state = case.outcome_label or (_("停止计时") if case.paused else case.status_label)
    applicant = row.applicant_name
    if row.person_name != row.applicant_name:
        applicant = _("%(name)s（填报人 %(person)s）") % {"name": applicant, "person": row.person_name}
    found = [
        (_("编号"), group4(case.number)),
        (_("申请人"), applicant),
        (_("主办单位"), case.org_name),
        (_("收到申请"), cn_datetime(row.submitted_at)),
        (_("受理日期"), accepted or _("还没有受理")),
        (_("状态"), state),
    ]
    return [{"label": label, "value": value} for label, value in found if value] + licence_facts(row)


def hearing_forms(actor: Actor, case: cases.CaseView, posted: Mapping[str, Any] | None = None) -> dict[str, forms.Form]:
    """The forms of the acts by name, filled with what was ``posted``; telling the right needs none."""
    waits = case.hearing is not None and case.hearing.waits
    hosts = cases.hosts_for_hearing(actor=actor, case_id=case.id) if waits else ()
    return {
        "request": HearingRequestForm(posted),
        "announce": HearingNoticeForm(posted, hosts=hosts),
        "hold": HearingMinutesForm(posted),
        "decline": HearingDeclineForm(posted),
    }


def licence_facts(row: Application) -> list[dict[str, str]]:
    """What is asked about which licence, with the way to it; nothing for a first application."""
    if row.licence_id is None:
        return []
    until = cn_date(row.licence_until)
    said = _("%(number)s（有效期至%(day)s）") if until else _("%(number)s（长期有效）")
    words = {"number": row.licence_number, "day": until}
    label = _("%(purpose)s的证照") % {"purpose": row.get_purpose_display()}
    return [{"label": label, "value": said % words, "url": reverse("service_hall:desk-licence", args=[row.licence_id])}]


def opinions(
    case: cases.CaseView, calendar: WorkCalendar, *, but_task: uuid.UUID | None = None
) -> list[dict[str, Any]]:
    """What everybody said, oldest first, then who is still asked."""
    said = [
        {
            "unit": opinion.org_name or _("申请人"),
            "post": opinion.post,
            "who": opinion.who,
            "at": opinion.when,
            "verdict": _VERDICTS.get(opinion.outcome, "agree"),
            "state_label": "：".join(dict.fromkeys([opinion.step, opinion.outcome_label])),
            "text": opinion.text,
        }
        for opinion in case.opinions
    ]
    for item in case.open_items:
        if item.id == but_task:
            continue
        lamp = desk_clocks.task_lamp(item, calendar)
        said.append(
            {
                "unit": item.org_name or _("申请人"),
                "post": "",
                "who": "",
                "verdict": "waiting",
                "state_label": _("%(step)s：等待办理") % {"step": item.step},
                "lamp": lamp["state"],
                "lamp_note": lamp["note"],
            }
        )
    return said


def review_rows(case: cases.CaseView, calendar: WorkCalendar) -> list[ReviewRow]:
    """A row per department: its latest task of the review."""
    latest = {(item.node, item.org_id): item for item in case.work_items if item.phase == "review"}
    return [_review_row(case, item, calendar) for item in latest.values()]


def review_columns() -> list[dict[str, str]]:
    """Heads of the table of the joint review."""
    return [
        {"key": "unit", "label": _("部门")},
        {"key": "step", "label": _("环节")},
        {"key": "state", "label": _("状态")},
        {"key": "who", "label": _("经办人")},
        {"key": "lamp", "label": _("时限"), "kind": "lamp"},
        {"key": "at", "label": _("办理时间"), "kind": "datetime"},
        {"key": "text", "label": _("意见")},
    ]


def _review_row(case: cases.CaseView, item: cases.WorkItemView, calendar: WorkCalendar) -> ReviewRow:
    said = [one for one in case.opinions if one.step == item.step and one.org_name == item.org_name]
    last = said[-1] if said and item.status == "done" else None
    states = {"open": _("等待意见"), "cancelled": _("已取消")}
    return ReviewRow(
        unit=item.org_name,
        step=item.step,
        state=states.get(item.status) or (last.outcome_label if last else outcome_label(item)),
        who=f"{item.done_post} {item.done_by}".strip(),
        lamp=desk_clocks.task_lamp(item, calendar),
        at=item.done_at,
        text=last.text if last else "",
    )


def paper_rows(view: api.ApplicationView) -> list[dict[str, Any]]:
    """Papers made so far."""
    return [
        {
            "title": paper.title,
            "number": paper.number,
            "at": paper.issued_at,
            "sealed": paper.sealed,
            "url": reverse("service_hall:desk-paper", args=[paper.id]),
            "ofd_url": reverse("papers:file", args=[paper.id, "ofd"]),
            "details_url": reverse("papers:paper", args=[paper.id]),
            "verify_url": paper.verify_url,
        }
        for paper in view.papers
    ]


def drawing(case: cases.CaseView) -> SafeString:
    """The process of the case, where it stands marked."""
    return mark_safe(cases.drawing_of(case))  # noqa: S308  (drawn by the engine, escaped)


def events(actor: Actor, case: cases.CaseView) -> list[dict[str, Any]]:
    """What the ledger knows of the case, newest first."""
    found = ledger.entries_of(ObjectRef(kind="case", id=str(case.id)), actor.tenant)
    return [
        {
            "at": entry.at,
            "title": entry.act_label,
            "who": " ".join(filter(None, [entry.actor_org_name, entry.actor_post_name, entry.actor_name])),
            "note": entry.basis,
            "lamp": _LAMPS.get(entry.act, ""),
        }
        for entry in reversed(found)
    ]
