"""The joint review as rows: a department's branch with its rounds, who has it, its limit, and what may be done."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.forms import api as forms
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.calendar import WorkCalendar
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.rules.joint import Piece, Said, change_words, pieces, summary
from zhengtong.systems.service_hall.web import desk_clocks
from zhengtong.systems.service_hall.web.desk_pages import outcome_label

_REVIEW = "review"
_FILE_READ = "service_hall.read_file"
_WITHOUT_FILE = {
    "online": gettext_lazy("网上填写"),
    "shared": gettext_lazy("数据共享"),
    "may_follow": gettext_lazy("容缺，后补"),
}


@dataclasses.dataclass(frozen=True)
class Round:
    """One time a department said something; ``returned`` is why and by whom it was sent back afterwards."""

    no: int
    who: str
    unit: str
    conclusion: str
    text: str
    at: dt.datetime | None
    late: bool
    returned: str


@dataclasses.dataclass(frozen=True)
class Act:
    """What the reader may do with a branch: a form of this page (``fields`` hidden), or the task's own page."""

    name: str
    label: str
    url: str
    fields: tuple[tuple[str, str], ...] = ()
    reason_label: str = ""
    required: bool = False

    @property
    def place(self) -> str:
        """Which form of the page it is."""
        return place_of(self.name, dict(self.fields))


def place_of(name: str, sent: Mapping[str, str]) -> str:
    """The form of the page that an act with these fields comes from."""
    return "-".join([name, *(sent.get(field, "") for field in ("work_item", "node", "item"))])


@dataclasses.dataclass(frozen=True)
class Branch:
    """A department's part of the joint review: how it stands now, and every earlier round."""

    key: str
    unit: str
    step: str
    how: str
    state: str
    status: str
    who: str
    lamp: dict[str, str]
    late: bool
    latest: Round | None
    earlier: tuple[Round, ...]
    changed: str
    changed_text: tuple[Piece, ...]
    acts: tuple[Act, ...]


def branches(actor: Actor, case: cases.CaseView, calendar: WorkCalendar) -> list[Branch]:
    """A row per department in the order of their tasks, added signers behind the step they sign."""
    targets, offered = _targets(actor, case), cases.acts_of(actor=actor, case_id=case.id)
    groups: dict[tuple[str, str, str], list[cases.WorkItemView]] = {}
    for item in case.work_items:
        if item.phase == _REVIEW:
            groups.setdefault((item.node, item.item, item.adhoc), []).append(item)
    order = {node: place for place, node in enumerate(dict.fromkeys(key[0] for key in groups))}
    keys = sorted(groups, key=lambda key: (order[key[0]], key[2] != "", key[1]))
    return [_branch(case, groups[key], calendar, targets, offered) for key in keys]


def standing(rows: Sequence[Branch]) -> str:
    """Where the review stands as a whole."""
    return summary([row.status for row in rows], sum(row.late for row in rows))


def material_rows(row: Application) -> list[dict[str, Any]]:
    """Materials handed in once and used by all departments: which, how many files, for whom of a bundle."""
    item = catalogue.item_version(tenant=row.tenant, version_id=row.item_version_id)
    form = forms.submission(tenant=row.tenant, submission_id=row.form_submission_id)
    units = {member.code: member.org_name for member in item.members}
    members = {material["key"]: material.get("members") or [] for material in item.materials}
    return [
        {
            "name": material.name,
            "given": _given(material),
            "used_by": "、".join(dict.fromkeys(units[code] for code in members[material.key] if code in units))
            or _("全部审查部门"),
        }
        for material in selectors.materials_of(row, item, form)
        if material.state != "not_needed"
    ]


def openers(row: Application) -> list[str]:
    """Departments whose officials have opened files of the matter, in the order of the first time."""
    found = ledger.entries_of(ObjectRef(kind=OBJECT_KIND, id=str(row.id)), row.tenant)
    return list(
        dict.fromkeys(one.actor_org_name for one in found if one.act == _FILE_READ and one.actor_kind == "official")
    )


def _given(material: selectors.MaterialView) -> str:
    files = sum(not file.replaced for file in material.files)
    if files:
        return _("%(count)d 个文件") % {"count": files}
    return str(_WITHOUT_FILE.get(material.state, _("未提交")))


def _targets(actor: Actor, case: cases.CaseView) -> dict[tuple[str, str], uuid.UUID]:
    """Branches the reader may have done again from a task of his own: (node, entry) → that task."""
    found: dict[tuple[str, str], uuid.UUID] = {}
    for item in case.open_items:
        if not item.waits_for(actor):
            continue
        for target in cases.return_targets(actor=actor, work_item_id=item.id):
            if not target.whole:
                found.setdefault((target.node, target.item), item.id)
    return found


def _branch(
    case: cases.CaseView,
    items: list[cases.WorkItemView],
    calendar: WorkCalendar,
    targets: dict[tuple[str, str], uuid.UUID],
    offered: Mapping[uuid.UUID, frozenset[str]],
) -> Branch:
    last = items[-1]
    rounds = [_round(case, item, number, later) for number, (item, later) in enumerate(_with_next(items), 1)]
    spoken = [one for one in rounds if one is not None]
    done = last.status == "done"
    latest = spoken[-1] if spoken and done else None
    earlier = spoken[:-1] if done else spoken
    before = earlier[-1] if latest and earlier else None
    return Branch(
        key=f"{last.node}-{last.item}-{last.adhoc}".strip("-"),
        unit=last.org_name,
        step=last.step,
        how={"before": _("前加签"), "after": _("后加签"), "parallel": _("并签")}.get(last.adhoc, ""),
        state=_state(last, again=bool(earlier)),
        status=last.status,
        who=_who(last),
        lamp=desk_clocks.task_lamp(last, calendar),
        late=_late(last),
        latest=latest,
        earlier=tuple(earlier),
        changed=change_words(_said(before), _said(latest)) if before and latest else "",
        changed_text=pieces(before.text, latest.text) if before and latest else (),
        acts=tuple(_acts(case, last, targets, offered.get(last.id, frozenset()))),
    )


def _with_next(
    items: list[cases.WorkItemView],
) -> Iterable[tuple[cases.WorkItemView, cases.WorkItemView | None]]:
    return zip(items, [*items[1:], None], strict=True)


def _round(
    case: cases.CaseView, item: cases.WorkItemView, number: int, later: cases.WorkItemView | None
) -> Round | None:
    """What was said on one task of the branch; None where it was taken back before anybody said anything."""
    said = [one for one in case.opinions if one.work_item_id == item.id and one.outcome not in ("return", "advice")]
    if not said or item.status != "done":
        return None
    last = said[-1]
    return Round(
        no=number,
        who=f"{last.post} {last.who}".strip(),
        unit=last.org_name,
        conclusion=last.outcome_label,
        text=last.text,
        at=item.done_at,
        late=_late(item),
        returned=_returned(case, item, later) if later is not None else "",
    )


def _returned(case: cases.CaseView, item: cases.WorkItemView, later: cases.WorkItemView) -> str:
    """Who sent the branch back after a round, and why: the last such word before it opened again."""
    words = [
        one
        for one in case.opinions
        if one.outcome in ("return", "recall")
        and item.done_at is not None
        and item.done_at <= one.when <= later.opened_at
    ]
    if not words:
        return _("此后重新审查。")
    last = words[-1]
    return _("%(unit)s %(who)s %(what)s：%(why)s") % {
        "unit": last.org_name,
        "who": last.who,
        "what": last.outcome_label,
        "why": last.text or _("没有写明理由"),
    }


def _said(one: Round) -> Said:
    return Said(one.who, one.conclusion, one.text)


def _state(item: cases.WorkItemView, *, again: bool) -> str:
    if item.status == "cancelled":
        return _("已取消")
    if item.status == "done":
        return outcome_label(item)
    return _("退回后重新审查") if again else _("等待意见")


def _who(item: cases.WorkItemView) -> str:
    if item.status == "done":
        return f"{item.done_post} {item.done_by}".strip()
    if item.helper:
        return _("%(holder)s（请%(helper)s协办）") % {"holder": item.holder, "helper": item.helper}
    return item.holder or _("还没有人签收")


def _late(item: cases.WorkItemView) -> bool:
    if item.due_at is None or item.status == "cancelled":
        return False
    return (
        item.lamp in ("red", "breach") if item.status == "open" else bool(item.done_at and item.done_at > item.due_at)
    )


def _acts(
    case: cases.CaseView,
    item: cases.WorkItemView,
    targets: dict[tuple[str, str], uuid.UUID],
    offered: frozenset[str],
) -> Iterable[Act]:
    here = reverse("service_hall:joint", args=[case.id])
    if item.status == "done" and not item.adhoc and (item.node, item.item) in targets:
        yield Act(
            "return",
            _("只退回这一个分支"),
            reverse("service_hall:joint_act", args=[case.id, "return"]),
            (("work_item", str(targets[item.node, item.item])), ("node", item.node), ("item", item.item)),
            _("退回理由"),
            required=True,
        )
    if item.status != "open" or item.org_id is None:
        return
    if "urge" in offered:
        yield Act(
            "urge",
            _("催办"),
            reverse("service_hall:joint_act", args=[case.id, "urge"]),
            (("work_item", str(item.id)),),
            _("催办说明（可不填）"),
        )
    words = {
        "claim": _("签收"),
        "assign": _("指派"),
        "transfer": _("转办其他单位"),
        "add_signer": _("加签"),
        "ask": _("请人协办"),
    }
    for name, label in words.items():
        if name in offered:
            page = reverse("tasks:task", args=[item.id])
            yield Act(name, label, f"{page}?{urlencode({'back': here})}#{name}")
