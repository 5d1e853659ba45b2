"""办理规则: what may be done in which state and by whom, to whom a complaint may be given, which answers there are.

信访工作条例（2005 条例 第二十三条；2022 第三十条、第三十二条）：检举揭发材料不得转给被检举的单位；有利害关系的回避。
"""

import dataclasses
from collections.abc import Collection

#: acts of the supervisor's office, of the handling unit and of who wrote, by state
_OFFICE = {
    "received": {"accept", "reject", "transfer", "merge"},
    "accepted": {"assign", "self", "transfer", "merge", "suspend"},
    "assigned": {"assign", "self", "suspend", "time", "release"},
    "drafted": {"answer", "return", "time"},
    "answered": {"publish"},
    "review": {"uphold", "redo"},
    "closed": {"publish"},
}
_UNIT = {"assigned": {"draft", "ask_time"}}
_WRITER = {
    "received": {"withdraw"},
    "accepted": {"withdraw"},
    "assigned": {"withdraw"},
    "drafted": {"withdraw"},
    "answered": {"satisfy", "ask_review"},
    "closed": {"satisfy"},
}
_FINDINGS = {
    "consult": ("explained",),
    "complaint": ("founded", "partly", "unfounded", "unclear"),
    "report": ("founded", "partly", "unfounded", "unclear"),
    "suggestion": ("adopted", "noted"),
}
#: findings on which measures may follow
_WITH_MEASURES = {"founded", "partly", "adopted"}


@dataclasses.dataclass(frozen=True)
class Accused:
    """Whom a complaint is about: the unit, its place in the tree, and whether it is about the unit or its head."""

    kind: str
    about: str
    org_id: str
    org_path: str
    leads: bool


def refusal_to_assign(accused: Accused, *, org_id: str, org_path: str) -> str:
    """Why a unit must not handle it, in Chinese; empty when it may.

    A report never goes to the unit reported; a complaint about a unit or its head goes neither to the unit nor to one
    below it.
    """
    if not accused.org_id:
        return ""
    same = org_id == accused.org_id
    below = bool(accused.org_path) and org_path.startswith(accused.org_path)
    if accused.kind == "report" and (same or below):
        return "举报不得转给被举报的单位或者它的下级办理。请交上级主管单位，或者由监察机构直接办理。"
    if accused.about == "unit" and (same or below):
        return "投诉的就是这个单位，不能交它自己（和它的下级）办理。请交上级主管单位，或者由监察机构直接办理。"
    if accused.about == "post" and accused.leads and (same or below):
        return "投诉的是这个单位的负责人，不能交本单位（和它的下级）办理。请交上级主管单位，或者由监察机构直接办理。"
    return ""


def must_leave_hands(accused: Accused, *, office_id: str) -> bool:
    """Whether the office itself is what the complaint is about: then it can only transfer it."""
    aimed = accused.about == "unit" or accused.kind == "report" or (accused.about == "post" and accused.leads)
    return bool(accused.org_id) and accused.org_id == office_id and aimed


def office_acts(state: str, *, own_matter: bool, by_office: bool, paused: bool, asked: bool) -> set[str]:
    """What the supervisor's office may do now; one that is about the office itself may only be transferred."""
    acts = set(_OFFICE.get(state, ()))
    if own_matter:
        return acts & {"transfer"} or ({"transfer"} if state in ("received", "accepted") else set())
    if by_office and state == "assigned":
        acts = (acts | {"draft"}) - {"self"}
    if paused:
        acts = (acts - {"suspend"}) | {"resume"}
    return acts if asked else acts - {"time"}


def unit_acts(state: str, *, asked_time: bool) -> set[str]:
    """What the handling unit may do now; more time is asked for once."""
    acts = set(_UNIT.get(state, ()))
    return acts - {"ask_time"} if asked_time else acts


def writer_acts(state: str, *, kind: str, turn: int, rated: bool, review_open: bool, ending: str) -> set[str]:
    """What the person who wrote may do now: a report is not withdrawn, an answer rated once, a review asked once."""
    acts = set(_WRITER.get(state, ()))
    if kind == "report":
        acts -= {"withdraw"}
    if rated or (state == "closed" and ending != "answered"):
        acts -= {"satisfy"}
    return acts if review_open and turn == 1 else acts - {"ask_review"}


def findings_of(kind: str) -> tuple[str, ...]:
    """The findings an answer to this kind may have."""
    return _FINDINGS[kind]


def refusal_of_finding(kind: str, finding: str, measures: Collection[str]) -> str:
    """Why a finding or its measures do not fit, in Chinese; empty when they do."""
    if finding not in _FINDINGS[kind]:
        return "请选择一个结论。"
    if measures and finding not in _WITH_MEASURES:
        return "只有属实、部分属实或者采纳的，才有处理措施。请改结论，或者去掉措施。"
    if finding in ("founded", "partly") and not measures:
        return "结论是属实或者部分属实的，请至少选择一项处理措施。"
    return ""


def needs_second_person(firsts: Collection[str], deciders: Collection[str], office: Collection[str]) -> bool:
    """Whether somebody else of the office has to decide: who acted first decides only where there is nobody else.

    ``firsts`` and ``deciders``: each the person and whom he stands in for.
    """
    return not set(firsts).isdisjoint(deciders) and bool(set(office) - set(firsts))
