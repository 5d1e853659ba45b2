"""What the applicant's pages show: the way so far, the clock day by day, materials, readers of the data."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.pages import Matter
from zhengtong.kernel.ui.formats import cn_date, cn_datetime
from zhengtong.kernel.uploads import ACCEPTED
from zhengtong.systems.service_hall import api
from zhengtong.systems.service_hall.constants import OBJECT_KIND, ApplicationStatus
from zhengtong.systems.service_hall.rules import material_state
from zhengtong.systems.service_hall.selectors.my_data import READ_ACTS
from zhengtong.systems.service_hall.web import desk_clocks

ACCEPT = ".pdf,.jpg,.jpeg,.png," + ",".join(ACCEPTED)
_MAIN_CLOCKS = ("supplement", "promised", "acceptance", "delivery", "statutory")


def actor_of(request: HttpRequest) -> Actor:
    """Who is asking, as the identity middleware found."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]  # set by the identity middleware


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    """The way to the page: portal, hall, then (label, address) pairs; the last one is the page itself."""
    first = [(_("首页"), "/"), (_("办事大厅"), reverse("service_hall:home"))]
    return [{"label": label, "url": url} for label, url in [*first, *steps]]


def matter(view: api.ApplicationView) -> Matter:
    """The application as other apps' blocks on its pages see it."""
    row = view.row
    return Matter(
        ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
        code=row.item_code,
        org_id=row.org_id,
        org_name=row.org_name,
        open=row.status != ApplicationStatus.CLOSED,
        detail=view,
    )


def is_editable(view: api.ApplicationView) -> bool:
    """Whether answers may be changed now: a draft, or a notice that waits."""
    return not view.form.frozen and view.row.status in (ApplicationStatus.DRAFT, ApplicationStatus.SUPPLEMENT)


def problems_of_section(view: api.ApplicationView, number: int) -> dict[str, str]:
    """The sentences of section ``number`` (from 1) by path."""
    keys = {field.key for field in view.form.definition.sections[number - 1].fields}
    return {path: sentence for path, sentence in view.form.problems().items() if path.partition(".")[0] in keys}


def asked_sections(view: api.ApplicationView) -> list[int]:
    """Numbers (from 1) of the sections in which something is asked, given the answers."""
    asked = view.form.asked_keys()
    sections = view.form.definition.sections
    return [number for number, part in enumerate(sections, 1) if any(field.key in asked for field in part.fields)]


def neighbour(view: api.ApplicationView, number: int, step: int) -> int | None:
    """The section before (-1) or after (1) a section, of those in which something is asked."""
    numbers = asked_sections(view)
    if step < 0:
        return max((one for one in numbers if one < number), default=None)
    return min((one for one in numbers if one > number), default=None)


def section_url(application_id: uuid.UUID, number: int) -> str:
    """Address of a section, by its number from 1."""
    return reverse("service_hall:section", args=[application_id, number])


def left_for_later(request: HttpRequest, row: api.Application) -> str:
    """Where who leaves the form goes: his list, the page of what he handed in, at a counter the sitting."""
    actor = actor_of(request)
    sitting = api.sitting_of(actor=actor, application_id=row.id) if actor.kind == "official" else None
    if sitting is not None:
        return reverse("service_hall:sitting", args=[sitting.id])
    if row.status == ApplicationStatus.DRAFT:
        return reverse("service_hall:mine")
    return reverse("service_hall:application", args=[row.id])


def next_step(view: api.ApplicationView) -> str:
    """Where the applicant goes on: the first section with a gap, then materials, then the review."""
    for number in range(1, len(view.form.definition.sections) + 1):
        if problems_of_section(view, number):
            return section_url(view.id, number)
    name = "materials" if view.missing else "review"
    return reverse(f"service_hall:{name}", args=[view.id])


def progress(view: api.ApplicationView, current: str) -> list[dict[str, str]]:
    """Sections, materials and review by name; ``current`` is a section's number, ``materials`` or ``review``."""
    if view.row.status != ApplicationStatus.DRAFT:
        return []
    asked = asked_sections(view)
    items = [
        (str(number), section.title, section_url(view.id, number), not problems_of_section(view, number))
        for number, section in enumerate(view.form.definition.sections, 1)
        if number in asked
    ]
    given = not view.missing and all(done for _key, _label, _url, done in items)
    items.append(("materials", _("材料"), reverse("service_hall:materials", args=[view.id]), given))
    items.append(("review", _("核对提交"), reverse("service_hall:review", args=[view.id]), False))
    return [
        {"label": label, "url": url, "state": "current" if key == current else "done" if done else "todo"}
        for key, label, url, done in items
    ]


@dataclasses.dataclass(frozen=True)
class AnswerRow:
    """A question with its answer as people read it; tables row by row, files and a drawn signature by themselves."""

    field: forms.Field
    value: str
    problem: str
    rows: tuple[tuple[tuple[forms.Field, str], ...], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    drawn: str = ""


def answers(view: api.ApplicationView) -> list[dict[str, Any]]:
    """Sections with their questions, answers as people read them, and what is wrong while they may be changed."""
    problems = view.form.problems() if is_editable(view) else {}
    number_of = {
        field.key: number for number, part in enumerate(view.form.definition.sections, 1) for field in part.fields
    }
    return [
        {
            "title": title,
            "url": section_url(view.id, number_of[lines[0][0].key]),
            "rows": [_answer_row(view, field, value, problems) for field, value in lines],
        }
        for title, lines in view.form.lines()
    ]


def _answer_row(view: api.ApplicationView, field: forms.Field, value: str, problems: Mapping[str, str]) -> AnswerRow:
    own = [said for path, said in problems.items() if path.partition(".")[0] == field.key]
    kept = view.form.answers.get(field.key)
    files = forms.files_in({field.key: kept})
    drawn = kept.get("drawn") if isinstance(kept, dict) else ""
    return AnswerRow(
        field,
        value,
        " ".join(dict.fromkeys(own)),
        rows=tuple(tuple(row) for row in view.form.rows(field)) if field.kind in ("group", "table") else (),
        files=tuple(
            (file["name"], reverse("service_hall:answer_file", args=[view.id, file["file"]])) for _path, file in files
        ),
        drawn=drawn if isinstance(drawn, str) and drawn.startswith("data:image/png;base64,") else "",
    )


def error_links(view: api.ApplicationView, errors: Mapping[str, str]) -> list[dict[str, str]]:
    """Sentences with links to the very page and field; keys are those of answers and ``material-<key>``."""
    numbers = {
        field.key: number for number, section in enumerate(view.form.definition.sections, 1) for field in section.fields
    }
    draft = view.row.status == ApplicationStatus.DRAFT
    materials = reverse(f"service_hall:{'materials' if draft else 'supplement'}", args=[view.id])

    def place(path: str) -> str:
        number = numbers.get(path.partition(".")[0])
        if number is not None:
            return f"{section_url(view.id, number)}?check=1#{forms.field_id(path)}"
        return f"{materials}#{path}" if path.startswith("material-") else f"#id_{path}"

    return [{"text": sentence, "href": place(path)} for path, sentence in errors.items()]


# --- the way so far ---------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class _Way:
    """Which phases are done, which wait now."""

    open: frozenset[str]
    done: frozenset[str]
    closed: bool

    def state(self, *phases: str) -> str:
        """done, current or todo for a step that stands for the phases."""
        if self.open & set(phases):
            return "current"
        return "done" if self.done & set(phases) else "todo"


def steps(view: api.ApplicationView) -> list[dict[str, Any]]:
    """The steps of an application: done, waiting for the applicant or for the offices, still to come."""
    case = view.case
    if case is None:
        return []
    finished = frozenset(item.phase for item in case.work_items if item.status == "done")
    way = _Way(frozenset(item.phase for item in case.open_items), finished, case.status == "closed")
    instant = (view.row.pins["process"]["key"] if view.row.pins else view.item.process_key) == "instant"
    found = [{"label": _("提交申请"), "state": "done", "time": view.row.submitted_at}]
    found += _supplement_steps(view)
    if not instant:
        found.append(_accept_step(view, case, way))
    if way.closed and case.outcome in ("not_accepted", "withdrawn", "terminated"):
        return [step for step in found if step["state"] == "done"] + [_end_step(case)]
    if not instant:
        found.append(_review_step(case, way))
    found.append(_step(_("作出决定"), way.state("decide"), _units(case, "decide")))
    found.append(_end_step(case) if way.closed else _issue_step(case, way))
    return found


def _step(label: str, state: str, note: str = "", time: Any = None) -> dict[str, Any]:
    found = {"label": label, "state": state, "note": note, "time": time}
    if state == "current":
        found["waiting"] = "us"
    return found


def _accept_step(view: api.ApplicationView, case: cases.CaseView, way: _Way) -> dict[str, Any]:
    note = _("法定期限内没有告知补正，自收到之日起视为受理。") if case.deemed_accepted else _units(case, "accept")
    state = "done" if case.accepted_on else way.state("accept")
    if view.open_notice:
        state, note = "todo", _("收到补正材料后继续核对。")
    return _step(_("核对材料，决定是否受理"), state, note, case.accepted_on)


def _supplement_steps(view: api.ApplicationView) -> list[dict[str, Any]]:
    found = []
    for notice in view.notices:
        names = "、".join(name for _key, name, _reason in notice.points)
        step: dict[str, Any] = {"label": _("补正材料"), "note": names, "time": notice.answered_at, "state": "done"}
        if notice.answered_at is None:
            step |= {"state": "current", "waiting": "you", "time": ""}
        found.append(step)
    return found


def _review_step(case: cases.CaseView, way: _Way) -> dict[str, Any]:
    items = [item for item in case.work_items if item.phase == "review" and item.status != "cancelled"]
    given = sum(item.status == "done" for item in items)
    state = way.state("review")
    if len({item.org_name for item in items}) <= 1:
        return _step(_("审查"), state, _units(case, "review"))
    note = _("%(all)d 个部门同时审查，%(given)d 个已提出意见。审查部门：%(units)s") % {
        "all": len(items),
        "given": given,
        "units": _units(case, "review"),
    }
    return _step(_("部门联合审查"), state, note)


def _issue_step(case: cases.CaseView, way: _Way) -> dict[str, Any]:
    state = "current" if not case.open_items else "todo"
    return _step(_("制发证照文书"), state, _("电子证照在本页下载，不用到窗口领取。"))


def _end_step(case: cases.CaseView) -> dict[str, Any]:
    return {"label": _("办结：%(outcome)s") % {"outcome": case.outcome_label}, "state": "done", "time": case.closed_at}


def _units(case: cases.CaseView, phase: str) -> str:
    names = [item.org_name for item in case.work_items if item.phase == phase and item.org_name]
    return "、".join(dict.fromkeys(names))


# --- the clock ----------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class ClockPage:
    """The limit that matters now with its days, and the other limits as lines."""

    label: str
    days: list[dict[str, Any]]
    sentence: str
    why: str
    lines: list[dict[str, str]]
    lamp: str
    others: list[dict[str, str]]
    renewal: str = ""


def renewal_words(tenant: str, paper: documents.IssuedDocument) -> str:
    """A licence that may be renewed: title, number, last day, and whether silence would renew it (第五十条)."""
    until = paper.valid_until or local_date()
    terms = cases.renewal_terms(tenant, until, local_date())
    words = {
        "title": paper.title,
        "number": paper.number,
        "until": cn_date(until),
        "by": cn_date(terms.apply_by),
    }
    if terms.in_time:
        said = _("延续%(title)s（%(number)s），有效期至%(until)s；届满前没有作出决定的，视为准予延续")
    else:
        said = _(
            "延续%(title)s（%(number)s），有效期至%(until)s；提出延续的最后一天是%(by)s，现在已经过了，"
            "届满前没有作出决定的，不视为准予延续"
        )
    return said % words


def clock(case: cases.CaseView | None) -> ClockPage | None:
    """The clock of a case: the applicant's own limit first, then the promised one."""
    if case is None or not case.clocks:
        return None
    ranked = sorted(
        case.clocks,
        key=lambda one: (not one.running, _MAIN_CLOCKS.index(one.kind) if one.kind in _MAIN_CLOCKS else 9),
    )
    main = ranked[0]
    if not main.running:
        main = next((one for one in case.clocks if one.kind == "promised"), main)
    return ClockPage(
        label=main.label,
        days=desk_clocks.bar(main),
        sentence=_clock_sentence(main),
        why=main.why,
        lines=desk_clocks.day_lines(main),
        lamp=main.lamp if main.running else "",
        others=[_other(one) for one in {one.kind: one for one in case.clocks}.values() if one.kind != main.kind],
        renewal=desk_clocks.renewal_sentence(case),
    )


def _clock_sentence(one: cases.ClockView) -> str:
    words = {"label": one.label, "limit": one.limit_label, "due": cn_date(one.due_on)}
    if not one.running:
        return _("%(label)s %(limit)s，截至%(due)s，已经完成。") % words if one.due_on else ""
    if one.due_on is None:
        return _("%(label)s %(limit)s，现在停止计时，恢复后重新推算截止日。") % words
    if one.state == "paused":
        return _("%(label)s %(limit)s，现在停止计时；按最长的停止时间推算，截至%(due)s。") % words
    today = local_date()
    left = sum(line.counted and line.day > today for line in one.days)
    if today > one.due_on:
        return _("%(label)s %(limit)s，已在%(due)s到期，还没有办完。您可以拨打监督电话反映。") % words
    if left == 0:
        return _("%(label)s %(limit)s，截至%(due)s，今天是最后一天。") % words
    return _("%(label)s %(limit)s，截至%(due)s，今天以后还有 %(left)d 天计入。") % {**words, "left": left}


def _other(one: cases.ClockView) -> dict[str, str]:
    due = cn_date(one.due_on) if one.due_on else _("停止计时")
    if one.ended_at:
        due = _("%(due)s（%(state)s）") % {"due": due, "state": one.state_label}
    value = _("%(limit)s，截至%(due)s") % {"limit": one.limit_label, "due": due}
    return {"label": one.label, "value": value, "note": one.basis}


# --- materials ----------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class MaterialRow:
    """A material as a row: ``state`` and ``word`` say where it stands, ``open`` whether a file may be given now.

    ``offers`` is what the applicant has already and may use by one press, or why a shared material is not asked for;
    ``collected`` pages were scanned one by one and wait to be put together.
    """

    material: api.MaterialView
    state: str
    word: str
    open: bool
    error: str
    files: tuple[api.FileView, ...]
    offers: tuple[api.Offer, ...] = ()
    collected: int = 0


def needs(item: catalogue.ItemVersionView) -> list[dict[str, str]]:
    """What will be needed for an item, before anything is begun."""
    words = {
        "online": ("reused", _("网上填写"), _("就是接下来填写的表单")),
        "shared": ("reused", _("不用提交"), _("由部门之间共享")),
        "may_follow": ("missing", _("可以后补"), _("可容缺，受理后再补")),
        "promised": ("reused", _("以承诺代替"), _("告知承诺，不用提交")),
        "missing": ("missing", _("需要上传"), _("照片或 PDF")),
    }
    words["if_applies"] = words["missing"]
    found = []
    for material in item.materials:
        state, word, how = words[material_state(material, given=False)]
        if material["condition"] and state != "reused":
            how = _("只有这种情形才需要：%(condition)s") % {"condition": material["condition"]}
        found.append({"name": material["name"], "note": material["note"], "state": state, "word": word, "how": how})
    return found


def material_rows(
    view: api.ApplicationView,
    *,
    error_key: str = "",
    error: str = "",
    offers: Mapping[str, tuple[api.Offer, ...]] | None = None,
    collected: Mapping[str, int] | None = None,
) -> list[MaterialRow]:
    """All materials that are needed, or during a notice those it names and those that may follow."""
    notice = view.open_notice
    named = {key for key, _name, _reason in notice.points} if notice else set()
    rows = []
    for material in view.materials:
        files = tuple(file for file in material.files if not file.replaced)
        if notice and material.key not in named and material.state != "may_follow":
            continue
        if material.state == "not_needed" and material.key not in named:
            continue
        if notice and material.key in named:
            files = tuple(file for file in files if file.uploaded_at > notice.told_at)
            corrected = material.state == "online" and view.form.saved_at > notice.told_at
            state, word = _named_state(material, given=bool(files) or corrected)
        else:
            state, word = _state(material)
        wrong = error if material.key == error_key else ""
        held = (offers or {}).get(material.key, ()) if not files else ()
        if held and material.state in ("missing", "if_applies", "may_follow"):
            word = _("可以直接使用")
        is_open, pages = material.state not in ("online", "shared"), (collected or {}).get(material.key, 0)
        rows.append(MaterialRow(material, state, word, is_open, wrong, files, held, pages))
    return rows


def _named_state(material: api.MaterialView, *, given: bool) -> tuple[str, str]:
    if material.state == "online":
        return ("ready", _("已更正")) if given else ("rejected", _("等您更正"))
    return ("ready", _("已重新上传")) if given else ("rejected", _("等您补正"))


def _state(material: api.MaterialView) -> tuple[str, str]:
    return {
        "given": ("ready", _("已上传")),
        "online": ("reused", _("网上填写")),
        "shared": ("reused", _("不用提交")),
        "may_follow": ("missing", _("可以后补")),
        "promised": ("reused", _("以承诺代替")),
        "if_applies": ("missing", _("符合情形的才交")),
    }.get(material.state, ("missing", _("待上传")))


# --- who read what --------------------------------------------------------------------------------------------------


def readings(application_id: uuid.UUID, tenant: str) -> list[dict[str, str]]:
    """Who looked at the application's data: time, unit and post, for what purpose; newest first."""
    ref = ObjectRef(kind=OBJECT_KIND, id=str(application_id))
    found = [entry for entry in ledger.entries_of(ref, tenant) if entry.act in READ_ACTS]
    return [
        {
            "at": cn_datetime(entry.at),
            "title": f"{entry.actor_org_name} {entry.actor_post_name}".strip() or entry.actor_name,
            "who": entry.act_label,
            "note": _("用途：%(purpose)s") % {"purpose": entry.purpose or _("办理本申请")},
        }
        for entry in reversed(found)
    ]
